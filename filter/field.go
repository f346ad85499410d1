package filter

import (
	"encoding"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/exp/constraints"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/metrics"
	"github.com/colloquy-go/colloquy/status"
)

// Type is what kind of values a field has. The zero Type is invalid. The text
// form is stored.
type Type uint8

// The types, with the operators of each besides Present, which is of all.
const (
	Enum    Type = iota + 1 // a closed set of words in an order: In
	Key                     // an opaque id or word, compared exactly: In
	Text                    // In exactly; Contains and StartsWith by the folded form
	Instant                 // milliseconds since 1970: Less, AtMost, Greater, AtLeast
	Span                    // milliseconds: In, Less, AtMost, Greater, AtLeast
	Number                  // a whole number: In, Less, AtMost, Greater, AtLeast
	Bool                    // 0 or 1: In
	Set                     // any number of keys: AnyOf, AllOf; cannot be sorted by
)

var typeTexts = [...]string{
	Enum: "enum", Key: "key", Text: "text", Instant: "instant", Span: "span", Number: "number", Bool: "bool", Set: "set",
}

// String returns the stored text, or type(n) for an invalid t.
func (t Type) String() string {
	if t == 0 || int(t) >= len(typeTexts) {
		return fmt.Sprintf("type(%d)", uint8(t))
	}
	return typeTexts[t]
}

// Field is something that can be asked about. Fields compare with ==. The zero
// Field is none: it has no key and no type, and [Validate] and [Order.Validate]
// refuse it.
type Field struct{ def *definition }

type definition struct {
	key      string
	typ      Type
	optional presence
	value    func(row) Value        // texts not folded
	words    []string               // of an enumeration, by number; none at 0
	agents   bool                   // whether its keys are ids of agents
	members  func(row) []string     // of a set, instead of value
	has      func(row, string) bool // whether the set has a member
}

// Key returns the stored name of the field: the one it has in the JSON of a
// [conversation.Snapshot], where it stands there by itself.
func (f Field) Key() string {
	if f.def == nil {
		return ""
	}
	return f.def.key
}

// Type returns what kind of values the field has.
func (f Field) Type() Type {
	if f.def == nil {
		return 0
	}
	return f.def.typ
}

// Optional reports whether the field can be absent.
func (f Field) Optional() bool { return f.def != nil && bool(f.def.optional) }

// Sortable reports whether rows can be sorted by the field: all but sets.
func (f Field) Sortable() bool { return f.def != nil && f.def.typ != Set }

// String returns the key.
func (f Field) String() string { return f.Key() }

// ValueOf returns the field's value in a conversation, as rows are sorted by it:
// a text in its folded form. It is absent for a set.
func (f Field) ValueOf(c *conversation.Conversation) Value {
	if !f.Sortable() {
		return Value{}
	}
	v := f.def.value(c)
	if f.def.typ == Text {
		v.Text = Fold(v.Text)
	}
	return v
}

// MembersOf returns the members of a set in a conversation; none for other
// fields. The slice must not be changed.
func (f Field) MembersOf(c *conversation.Conversation) []string {
	if f.Type() != Set {
		return nil
	}
	return f.def.members(c)
}

// Asc sorts by the field, least first, absent last.
func (f Field) Asc() SortKey { return SortKey{Field: f} }

// Desc sorts by the field, greatest first, absent last.
func (f Field) Desc() SortKey { return SortKey{Field: f, Descending: true} }

// Present is true where the field is there; for a set, where it has a member.
func (f Field) Present() Predicate { return f.condition(Present) }

// Absent is true where the field is not there.
func (f Field) Absent() Predicate { return Not(f.Present()) }

func (f Field) condition(op Op, values ...Value) Predicate {
	return Condition{field: f, op: op, values: values}
}

// EnumField is a field of a closed set of words.
type EnumField[E constraints.Unsigned] struct{ Field }

// Is is true where the field is e.
func (f EnumField[E]) Is(e E) Predicate { return f.In(e) }

// In is true where the field is one of es.
func (f EnumField[E]) In(es ...E) Predicate {
	return f.condition(In, each(es, func(e E) Value { return number(int64(e)) })...)
}

// KeyField is a field of opaque ids or words, compared exactly.
type KeyField[K ~string] struct{ Field }

// Is is true where the field is k.
func (f KeyField[K]) Is(k K) Predicate { return f.In(k) }

// In is true where the field is one of ks.
func (f KeyField[K]) In(ks ...K) Predicate {
	return f.condition(In, each(ks, func(k K) Value { return text(string(k)) })...)
}

// TextField is a field of text. An empty text is absent.
type TextField struct{ Field }

// Is is true where the text is exactly s.
func (f TextField) Is(s string) Predicate { return f.In(s) }

// In is true where the text is exactly one of ss.
func (f TextField) In(ss ...string) Predicate { return f.condition(In, each(ss, text)...) }

// Contains is true where the text contains s, whatever the case.
func (f TextField) Contains(s string) Predicate { return f.condition(Contains, folded(s)) }

// StartsWith is true where the text begins with s, whatever the case.
func (f TextField) StartsWith(s string) Predicate { return f.condition(StartsWith, folded(s)) }

// folded leaves what is not UTF-8 as it is, for [Validate] to refuse.
func folded(s string) Value {
	if !utf8.ValidString(s) {
		return text(s)
	}
	return text(Fold(s))
}

// InstantField is a field of instants, in milliseconds: what is finer is cut off
// before comparing.
type InstantField struct{ Field }

func millis(t time.Time) Value { return number(t.UnixMilli()) }

// Before is true where the instant lies before t.
func (f InstantField) Before(t time.Time) Predicate { return f.condition(Less, millis(t)) }

// After is true where the instant lies after t.
func (f InstantField) After(t time.Time) Predicate { return f.condition(Greater, millis(t)) }

// Between is true from from on and before to.
func (f InstantField) Between(from, to time.Time) Predicate {
	return And(f.condition(AtLeast, millis(from)), f.condition(Less, millis(to)))
}

// SpanField is a field of durations, in milliseconds: what is finer is cut off
// before comparing.
type SpanField struct{ Field }

func millisOf(d time.Duration) Value { return number(d.Milliseconds()) }

// Is is true where the duration is d.
func (f SpanField) Is(d time.Duration) Predicate { return f.condition(In, millisOf(d)) }

// Less is true where the duration is shorter than d.
func (f SpanField) Less(d time.Duration) Predicate { return f.condition(Less, millisOf(d)) }

// Greater is true where the duration is longer than d.
func (f SpanField) Greater(d time.Duration) Predicate { return f.condition(Greater, millisOf(d)) }

// Between is true from least to most, both included.
func (f SpanField) Between(least, most time.Duration) Predicate {
	return And(f.condition(AtLeast, millisOf(least)), f.condition(AtMost, millisOf(most)))
}

// NumberField is a field of whole numbers.
type NumberField struct{ Field }

// Is is true where the number is n.
func (f NumberField) Is(n int64) Predicate { return f.In(n) }

// In is true where the number is one of ns.
func (f NumberField) In(ns ...int64) Predicate { return f.condition(In, each(ns, number)...) }

// Less is true where the number is less than n.
func (f NumberField) Less(n int64) Predicate { return f.condition(Less, number(n)) }

// Greater is true where the number is greater than n.
func (f NumberField) Greater(n int64) Predicate { return f.condition(Greater, number(n)) }

// Between is true from least to most, both included.
func (f NumberField) Between(least, most int64) Predicate {
	return And(f.condition(AtLeast, number(least)), f.condition(AtMost, number(most)))
}

// BoolField is a field of yes and no.
type BoolField struct{ Field }

// Is is true where the field is b.
func (f BoolField) Is(b bool) Predicate { return f.condition(In, truth(b)) }

func truth(b bool) Value {
	if b {
		return number(1)
	}
	return number(0)
}

// SetField is a field of any number of keys.
type SetField[K any] struct {
	Field
	encode func(K) string
}

// AnyOf is true where the set has one of ks; never when there are none.
func (f SetField[K]) AnyOf(ks ...K) Predicate { return f.condition(AnyOf, f.values(ks)...) }

// AllOf is true where the set has all of ks; always when there are none.
func (f SetField[K]) AllOf(ks ...K) Predicate { return f.condition(AllOf, f.values(ks)...) }

// NoneOf is true where the set has none of ks.
func (f SetField[K]) NoneOf(ks ...K) Predicate { return Not(f.AnyOf(ks...)) }

func (f SetField[K]) values(ks []K) []Value {
	return each(ks, func(k K) Value { return text(f.encode(k)) })
}

func each[T any](ts []T, value func(T) Value) []Value {
	values := make([]Value, len(ts))
	for i, t := range ts {
		values[i] = value(t)
	}
	return values
}

// The fields, in the order of the list's columns (spec section 3). The column
// Actions cannot be asked about: it depends on who asks.
var (
	ConversationNumber = numberField("number", required, func(c row) Value { return number(c.Number()) })
	OpenChannelID      = keyField[conversation.OpenChannelID]("open_channel_id", required, func(c row) Value { return textOf(c.OpenChannel().ID) })
	OpenChannel        = textField("open_channel", func(c row) Value { return textOf(c.OpenChannel().Name) })
	Direction          = enumField[conversation.Direction]("direction", func(c row) Value { return codeOf(c.Direction()) })
	General            = enumField[status.General]("general", func(c row) Value { return codeOf(c.General()) })
	Detailed           = enumField[status.Detailed]("detailed", func(c row) Value { return codeOf(c.Detailed()) })
	Spam               = boolField("spam", func(c row) Value { return truth(c.Spam()) })
	Source             = keyField[conversation.Source]("source", required, func(c row) Value { return textOf(c.Source()) })
	CustomerID         = keyField[conversation.CustomerID]("customer_id", required, func(c row) Value { return textOf(c.Customer().ID) })
	Customer           = textField("customer", func(c row) Value { return textOf(c.Customer().Name) })
	Agent              = keyField[conversation.AgentID]("agent", optional, func(c row) Value { return textOf(c.Agent()) })
	HasLinks           = boolField("has_links", func(c row) Value { return truth(c.HasLinks()) })
	LinkKinds          = setField("link_kinds", linkKinds, hasLinkKind, func(kind string) string { return kind })
	Links              = setField("links", links, hasLink, encodeLink)
	SitePage           = textField("site_page", func(c row) Value { return textOf(c.SitePage()) })
	FormSubmitted      = boolField("form_submitted", func(c row) Value { return truth(c.FormSubmitted()) })
	HistoryRequested   = boolField("history_requested", func(c row) Value { return truth(c.HistoryRequested()) })
	Assigned           = boolField("assigned", func(c row) Value { return truth(c.Assigned()) })
	CustomerRating     = numberField("customer_rating", optional, func(c row) Value { return scoreOf(c.CustomerRating().Rating) })
	RatedAgent         = keyField[conversation.AgentID]("rated_agent", optional, func(c row) Value { return textOf(c.CustomerRating().Agent) })
	ReviewComment      = textField("review_comment", func(c row) Value { return textOf(c.Review().Comment) })
	ReviewRating       = numberField("review_rating", optional, func(c row) Value { return scoreOf(c.Review().Rating) })
	CreatedAt          = instantField("created_at", required, func(c row) Value { return instantOf(c.CreatedAt()) })
	QueuedAt           = instantField("queued_at", optional, func(c row) Value { return instantOf(c.QueuedAt()) })
	FirstReplyAt       = instantField("first_reply_at", optional, func(c row) Value { return instantOf(c.FirstReplyAt()) })
	AcceptedAt         = instantField("accepted_at", optional, func(c row) Value { return instantOf(c.AcceptedAt()) })
	LastMessageAt      = instantField("last_message_at", optional, func(c row) Value { return instantOf(c.LastMessageAt()) })
	AgentFinishedAt    = instantField("agent_finished_at", optional, func(c row) Value { return instantOf(c.AgentFinishedAt()) })
	ClosedAt           = instantField("closed_at", optional, func(c row) Value { return instantOf(c.ClosedAt()) })
	ModifiedAt         = instantField("modified_at", required, func(c row) Value { return instantOf(c.ModifiedAt()) })
	WaitingSince       = instantField("waiting_since", optional, func(c row) Value { return instantOf(c.WaitingSince()) })
	FirstReplyWait     = spanField(metrics.FirstReplyWait)
	AcceptTime         = spanField(metrics.AcceptTime)
	AgentFinishTime    = spanField(metrics.AgentFinishTime)
	Duration           = spanField(metrics.Duration)
	InitialReaction    = spanField(metrics.InitialReaction)
	BotTime            = spanField(metrics.BotTime)
	TotalReaction      = spanField(metrics.TotalReaction)
	MeanReaction       = spanField(metrics.MeanReaction)
	MaxReaction        = spanField(metrics.MaxReaction)
	MessageCount       = numberField("message_count", required, func(c row) Value { return number(int64(c.MessageCount())) })
	Participants       = setField("participants", participants, hasParticipant, func(a conversation.AgentID) string { return string(a) })
)

var registry []Field

// Fields yields all fields in the order of the list's columns.
func Fields() iter.Seq[Field] { return slices.Values(registry) }

// ErrField is what a key of no field gives.
var ErrField = errors.New("unknown field")

// FieldByKey returns the field of a key. An unknown key is [ErrField].
func FieldByKey(key string) (Field, error) {
	f, ok := fieldByKey(key)
	if !ok {
		return Field{}, fmt.Errorf("filter: %w: %q", ErrField, key)
	}
	return f, nil
}

// row is what a field is read from. Its readers call the accessors themselves: a
// method expression such as (*conversation.Conversation).Source copies the whole
// conversation at every call, an inlined call does not.
type row = *conversation.Conversation

// presence says whether every conversation has the field.
type presence bool

const (
	required presence = false
	optional presence = true
)

// defect says what is wrong with a value that no conversation can have in the
// field; empty if one can.
func (d *definition) defect(v Value) string {
	switch d.typ {
	case Enum:
		if v.Num < 1 || v.Num >= int64(len(d.words)) {
			return fmt.Sprintf("%d is none of its words", v.Num)
		}
	case Bool:
		if v.Num != 0 && v.Num != 1 {
			return fmt.Sprintf("%d is neither yes nor no", v.Num)
		}
	case Key, Text, Set:
		if !utf8.ValidString(v.Text) {
			return "a text is not UTF-8"
		}
		if strings.IndexByte(v.Text, 0) >= 0 {
			return "a text contains a NUL character"
		}
	case Instant, Span, Number:
	}
	return ""
}

func register(d definition) Field {
	f := Field{&d}
	registry = append(registry, f)
	return f
}

func define(key string, t Type, p presence, value func(row) Value) Field {
	return register(definition{key: key, typ: t, optional: p, value: value})
}

// code is a closed set of words.
type code interface {
	constraints.Unsigned
	encoding.TextMarshaler
}

func enumField[E code](key string, value func(row) Value) EnumField[E] {
	words := []string{""}
	for e := E(1); ; e++ {
		word, err := e.MarshalText()
		if err != nil {
			break
		}
		words = append(words, string(word))
	}
	return EnumField[E]{register(definition{key: key, typ: Enum, value: value, words: words})}
}

func keyField[K ~string](key string, p presence, value func(row) Value) KeyField[K] {
	return KeyField[K]{register(definition{key: key, typ: Key, optional: p, value: value, agents: isAgent[K]()})}
}

func textField(key string, value func(row) Value) TextField {
	return TextField{define(key, Text, optional, value)}
}

func boolField(key string, value func(row) Value) BoolField {
	return BoolField{define(key, Bool, required, value)}
}

func numberField(key string, p presence, value func(row) Value) NumberField {
	return NumberField{define(key, Number, p, value)}
}

func instantField(key string, p presence, value func(row) Value) InstantField {
	return InstantField{define(key, Instant, p, value)}
}

func spanField(m metrics.Metric) SpanField {
	return SpanField{define(m.String(), Span, optional, func(c row) Value {
		ms, ok := c.Metric(m).Millis()
		return Value{Present: ok, Num: ms}
	})}
}

func setField[K any](key string, members func(row) []string, has func(row, string) bool, encode func(K) string) SetField[K] {
	return SetField[K]{register(definition{key: key, typ: Set, optional: true, members: members, has: has, agents: isAgent[K]()}), encode}
}

func isAgent[K any]() bool {
	var k K
	_, is := any(k).(conversation.AgentID)
	return is
}

func codeOf[E code](e E) Value { return number(int64(e)) }

func textOf[S ~string](s S) Value { return Value{Present: s != "", Text: string(s)} }

func scoreOf(r conversation.Rating) Value {
	return Value{Present: r.Present(), Num: int64(r.Score())}
}

func instantOf(t time.Time) Value {
	if t.IsZero() {
		return Value{}
	}
	return millis(t)
}

func linkKinds(c row) []string {
	var kinds []string
	for l := range c.Links() { // sorted by kind
		if n := len(kinds); n == 0 || kinds[n-1] != l.Kind {
			kinds = append(kinds, l.Kind)
		}
	}
	return kinds
}

func hasLinkKind(c row, kind string) bool {
	for l := range c.Links() {
		if l.Kind == kind {
			return true
		}
	}
	return false
}

func links(c row) []string {
	var keys []string
	for l := range c.Links() {
		keys = append(keys, encodeLink(l))
	}
	return keys
}

func hasLink(c row, key string) bool {
	for l := range c.Links() {
		if encodeLink(l) == key {
			return true
		}
	}
	return false
}

// encodeLink writes kind and id as one key. The length keeps "a"+"bc" and
// "ab"+"c" apart.
func encodeLink(l conversation.Link) string {
	return strconv.Itoa(len(l.Kind)) + ":" + l.Kind + l.ID
}

func participants(c row) []string {
	var ids []string
	for a := range c.Participants() {
		ids = append(ids, string(a))
	}
	return ids
}

func hasParticipant(c row, agent string) bool { return c.TookPart(conversation.AgentID(agent)) }
