package filter

import (
	"errors"
	"fmt"
	"iter"
	"slices"
)

// Column is a column of the list, by its key: "customer", "created_at". Views keep
// the key and front ends send it, so that a Column may be one that is unknown: its
// methods then return nothing, and [View.Validate] refuses it. [Field.Column]
// gives a known one.
type Column string

// columnRow says what can be asked about a column. The first field is what the
// column shows and has its key.
type columnRow struct {
	number int // in spec section 3; 0 for what a list may show besides
	column Column
	fields []Field
}

// columnTable has a row for every column, in the order in which a front end offers
// them, and every field in one of them.
var columnTable = []columnRow{
	{1, "number", []Field{ConversationNumber.Field}},
	{2, "open_channel", []Field{OpenChannel.Field, OpenChannelID.Field}},
	{3, "direction", []Field{Direction.Field}},
	{4, "general", []Field{General.Field}},
	{5, "detailed", []Field{Detailed.Field}},
	{6, "spam", []Field{Spam.Field}},
	{7, "source", []Field{Source.Field}},
	{8, "customer", []Field{Customer.Field, CustomerID.Field}},
	{9, "agent", []Field{Agent.Field}},
	{10, "links", []Field{Links.Field, HasLinks.Field, LinkKinds.Field}},
	{11, "site_page", []Field{SitePage.Field}},
	{12, "actions", nil}, // depends on who asks
	{13, "form_submitted", []Field{FormSubmitted.Field}},
	{14, "history_requested", []Field{HistoryRequested.Field}},
	{15, "assigned", []Field{Assigned.Field}},
	{16, "customer_rating", []Field{CustomerRating.Field, RatedAgent.Field}},
	{17, "review_comment", []Field{ReviewComment.Field}},
	{18, "review_rating", []Field{ReviewRating.Field}},
	{19, "created_at", []Field{CreatedAt.Field}},
	{20, "queued_at", []Field{QueuedAt.Field}},
	{21, "first_reply_at", []Field{FirstReplyAt.Field}},
	{22, "accepted_at", []Field{AcceptedAt.Field}},
	{23, "last_message_at", []Field{LastMessageAt.Field}},
	{24, "agent_finished_at", []Field{AgentFinishedAt.Field}},
	{25, "closed_at", []Field{ClosedAt.Field}},
	{26, "modified_at", []Field{ModifiedAt.Field}},
	{0, "waiting_since", []Field{WaitingSince.Field}},
	{27, "first_reply_wait", []Field{FirstReplyWait.Field}},
	{28, "accept_time", []Field{AcceptTime.Field}},
	{29, "agent_finish_time", []Field{AgentFinishTime.Field}},
	{30, "duration", []Field{Duration.Field}},
	{31, "initial_reaction", []Field{InitialReaction.Field}},
	{32, "bot_time", []Field{BotTime.Field}},
	{33, "total_reaction", []Field{TotalReaction.Field}},
	{34, "mean_reaction", []Field{MeanReaction.Field}},
	{35, "max_reaction", []Field{MaxReaction.Field}},
	{36, "message_count", []Field{MessageCount.Field}},
	{0, "participants", []Field{Participants.Field}},
}

// Columns yields all columns in the order in which a front end offers them: that
// of spec section 3, and at their places what a list may show besides.
func Columns() iter.Seq[Column] {
	return func(yield func(Column) bool) {
		for _, r := range columnTable {
			if !yield(r.column) {
				return
			}
		}
	}
}

// DefaultColumns returns what a list shows to somebody who has chosen no columns:
// status, customer and agent (spec section 5).
func DefaultColumns() []Column { return []Column{"general", "customer", "agent"} }

// ErrColumn is what a key of no column gives.
var ErrColumn = errors.New("unknown column")

// ColumnByKey returns the column of a key. An unknown key is [ErrColumn].
func ColumnByKey(key string) (Column, error) {
	if !Column(key).known() {
		return "", fmt.Errorf("filter: %w: %s", ErrColumn, short(key))
	}
	return Column(key), nil
}

func (c Column) row() columnRow {
	i := slices.IndexFunc(columnTable, func(r columnRow) bool { return r.column == c })
	if i < 0 {
		return columnRow{}
	}
	return columnTable[i]
}

func (c Column) known() bool { return c.row().column != "" }

// Fields returns what can be asked about the column, the first being what it
// shows. There is nothing for Actions, which depend on who asks.
func (c Column) Fields() []Field { return slices.Clone(c.row().fields) }

// SortField returns what rows are sorted by when the list is sorted by the column:
// its first field that has an order. It is the zero Field for Actions and for the
// participants, which have none.
func (c Column) SortField() Field {
	for _, f := range c.row().fields {
		if f.Sortable() {
			return f
		}
	}
	return Field{}
}

// Column returns the column that the field belongs to. It is empty for the zero
// Field.
func (f Field) Column() Column {
	for _, r := range columnTable {
		if slices.Contains(r.fields, f) {
			return r.column
		}
	}
	return ""
}

// Registry is everything that a front end needs to build its column chooser and
// its filter panel, in the words of one language. It is plain data, meant to be
// sent as JSON.
type Registry struct {
	Version   int                `json:"v"`        // of this form
	Language  string             `json:"language"` // of the labels: "en", "pl" ...
	Columns   []RegistryColumn   `json:"columns"`  // in the order of [Columns]
	Operators []RegistryOperator `json:"operators"`
	Terms     []Word             `json:"terms"` // values known only when a question is asked, see [Term]
	Times     []Word             `json:"times"` // units of time, as they stand in terms
	Units     []Word             `json:"units"` // what values are measured in
}

// RegistryVersion is the version of the form of a [Registry]. It grows when a key
// changes its meaning, not when one is added.
const RegistryVersion = 1

// RegistryColumn describes a [Column].
type RegistryColumn struct {
	Key        Column          `json:"key"`
	Label      string          `json:"label"`
	Number     int             `json:"number,omitempty"` // in spec section 3
	Default    bool            `json:"default"`          // one of [DefaultColumns]
	Sortable   bool            `json:"sortable"`
	SortBy     string          `json:"sort_by,omitempty"` // the field it is sorted by
	Filterable bool            `json:"filterable"`
	Fields     []RegistryField `json:"fields"` // what can be asked about it; the first is what it shows
}

// RegistryField describes a [Field].
type RegistryField struct {
	Key       string   `json:"key"`
	Word      string   `json:"word"` // in a URL and a search box
	Label     string   `json:"label"`
	Type      string   `json:"type"`           // the text of its [Type]
	Unit      string   `json:"unit,omitempty"` // what its values are measured in: "ms", "utc", "score_1_5", "message"
	Optional  bool     `json:"optional"`       // whether it can be absent
	Sortable  bool     `json:"sortable"`
	Operators []string `json:"operators"`       // keys of [RegistryOperator]
	Words     []Word   `json:"words,omitempty"` // its values, if they are a closed set
	Terms     []string `json:"terms,omitempty"` // what it can be compared with besides
}

// RegistryOperator describes what people choose to compare by, and how that is
// written in the JSON form of a question: as a leaf with an operator of the package,
// as the "not" of one, or as the "and" of two, each with a value of its own. A term
// can stand instead of values if the field has terms; but all_of takes none, and
// nothing is during an instant such as "5 minutes ago".
type RegistryOperator struct {
	Key     string   `json:"key"`
	Label   string   `json:"label"`
	Ops     []string `json:"ops"`               // texts of [Op]
	Not     bool     `json:"not,omitempty"`     // whether the leaf is negated
	Operand string   `json:"operand,omitempty"` // the leaf's key of what is compared with; none for present
	Single  bool     `json:"single,omitempty"`  // whether "values" are one value
}

// Word is something stored or sent, and what people read instead.
type Word struct {
	Key   string `json:"key"`
	Label string `json:"label"`
}

// NewRegistry returns the registry with labels of one language. It is the
// caller's: nothing else refers to it.
func NewRegistry(l Labels) Registry {
	r := Registry{
		Version:  RegistryVersion,
		Language: l.Language().String(),
		Terms:    worded(slices.Concat(agentTerms, instantTerms), l.term),
		Times:    worded(unitTexts[Second:], l.time),
		Units:    worded(measures, l.unit),
	}
	for _, o := range operatorTable {
		o.Label, o.Ops = l.operator(o.Key), slices.Clone(o.Ops)
		r.Operators = append(r.Operators, o)
	}
	defaults := DefaultColumns()
	for _, row := range columnTable {
		sort := row.column.SortField()
		c := RegistryColumn{
			Key: row.column, Label: l.Column(row.column), Number: row.number,
			Default:  slices.Contains(defaults, row.column),
			Sortable: sort.Sortable(), SortBy: sort.Key(),
			Filterable: len(row.fields) > 0,
			Fields:     make([]RegistryField, 0, len(row.fields)),
		}
		for _, f := range row.fields {
			c.Fields = append(c.Fields, describe(f, l))
		}
		r.Columns = append(r.Columns, c)
	}
	return r
}

func describe(f Field, l Labels) RegistryField {
	r := RegistryField{
		Key: f.Key(), Word: wordOf(f), Label: l.Field(f), Type: f.Type().String(),
		Unit: measureOf(f), Optional: f.Optional(), Sortable: f.Sortable(), Operators: operatorsOf(f),
	}
	word := func(key string) string { return l.Word(f, key) }
	switch f.Type() {
	case Enum:
		r.Words = worded(f.def.words[1:], word)
	case Bool:
		r.Words = worded([]string{"true", "false"}, word)
	case Instant:
		r.Terms = slices.Clone(instantTerms)
	case Key, Set:
		if f.def.agents {
			r.Terms = slices.Clone(agentTerms)
		}
	case Text, Span, Number:
	}
	return r
}

func worded(keys []string, label func(string) string) []Word {
	ws := make([]Word, len(keys))
	for i, key := range keys {
		ws[i] = Word{key, label(key)}
	}
	return ws
}

// operatorTable are all operators, without labels.
var operatorTable = []RegistryOperator{
	{Key: "is", Ops: opsOf(In), Operand: valuesKey, Single: true},
	{Key: "is_not", Ops: opsOf(In), Not: true, Operand: valuesKey, Single: true},
	{Key: "in", Ops: opsOf(In), Operand: valuesKey},
	{Key: "not_in", Ops: opsOf(In), Not: true, Operand: valuesKey},
	{Key: "contains", Ops: opsOf(Contains), Operand: valueKey},
	{Key: "starts_with", Ops: opsOf(StartsWith), Operand: valueKey},
	{Key: "during", Ops: opsOf(In), Operand: termKey},
	{Key: "before", Ops: opsOf(Less), Operand: valueKey},
	{Key: "after", Ops: opsOf(Greater), Operand: valueKey},
	{Key: "less", Ops: opsOf(Less), Operand: valueKey},
	{Key: "at_most", Ops: opsOf(AtMost), Operand: valueKey},
	{Key: "greater", Ops: opsOf(Greater), Operand: valueKey},
	{Key: "at_least", Ops: opsOf(AtLeast), Operand: valueKey},
	{Key: "between", Ops: opsOf(AtLeast, AtMost), Operand: valueKey},
	{Key: "any_of", Ops: opsOf(AnyOf), Operand: valuesKey},
	{Key: "all_of", Ops: opsOf(AllOf), Operand: valuesKey},
	{Key: "none_of", Ops: opsOf(AnyOf), Not: true, Operand: valuesKey},
	{Key: "present", Ops: opsOf(Present)},
	{Key: "absent", Ops: opsOf(Present), Not: true},
}

func opsOf(ops ...Op) []string {
	texts := make([]string, len(ops))
	for i, o := range ops {
		texts[i] = o.String()
	}
	return texts
}

func operatorsOf(f Field) []string {
	var own []string
	switch f.Type() {
	case Enum, Key:
		own = []string{"is", "is_not", "in", "not_in"}
	case Text:
		own = []string{"is", "is_not", "in", "not_in", "contains", "starts_with"}
	case Instant:
		own = []string{"during", "before", "after", "between"}
	case Span, Number:
		own = []string{"is", "is_not", "in", "not_in", "less", "at_most", "greater", "at_least", "between"}
	case Bool:
		own = []string{"is"}
	case Set:
		own = []string{"any_of", "all_of", "none_of"}
	}
	if f.Optional() {
		own = append(own, "present", "absent")
	}
	return own
}

// agentTerms and instantTerms are the texts of terms; what stands in braces is for
// the front end to fill in.
var (
	agentTerms   = termTexts[me : me+1]
	instantTerms = append(slices.Clone(termTexts[today:fixedTerms]), "last {n} {unit}", "{n} {unit} ago")
)

// measures are what values are measured in: milliseconds, instants of UTC, the
// scores of a rating, messages.
var measures = []string{"ms", "utc", "score_1_5", "message"}

func measureOf(f Field) string {
	switch {
	case f.Type() == Span:
		return "ms"
	case f.Type() == Instant:
		return "utc"
	case f == CustomerRating.Field || f == ReviewRating.Field:
		return "score_1_5"
	case f == MessageCount.Field:
		return "message"
	}
	return ""
}
