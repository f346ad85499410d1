package filter_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/metrics"
	"github.com/colloquy-go/colloquy/status"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func fieldKeys() []string {
	var keys []string
	for f := range filter.Fields() {
		keys = append(keys, f.Key())
	}
	return keys
}

func TestEveryColumnOfTheSpecificationHasItsRow(t *testing.T) {
	r := filter.NewRegistry(filter.Labels{})
	var numbers []int
	for _, c := range r.Columns {
		if c.Number != 0 {
			numbers = append(numbers, c.Number)
		}
	}
	var want []int
	for n := range 36 {
		want = append(want, n+1)
	}
	require.Equal(t, want, numbers, "in their order")

	// columns is written by hand from the specification, see field_test.go.
	for _, f := range columns {
		i := slices.IndexFunc(r.Columns, func(c filter.RegistryColumn) bool { return c.Key == f.field.Column() })
		require.GreaterOrEqual(t, i, 0, f.key)
		require.Equal(t, f.column, r.Columns[i].Number, f.key)
	}
}

func TestEveryFieldStandsInOneColumn(t *testing.T) {
	var listed, described []string
	for c := range filter.Columns() {
		for i, f := range c.Fields() {
			require.Equal(t, c, f.Column())
			require.Equal(t, i == 0, string(c) == f.Key(), "%s: the first field is what the column shows", c)
			listed = append(listed, f.Key())
		}
	}
	for _, c := range filter.NewRegistry(filter.Labels{}).Columns {
		for _, f := range c.Fields {
			described = append(described, f.Key)
		}
	}
	require.ElementsMatch(t, fieldKeys(), listed)
	require.Equal(t, listed, described)
}

// What of a snapshot is no column of its own: the place in its JSON, and why.
var noColumns = map[string]string{
	"id":                 "names the conversation in programs; people have the number",
	"version":            "is for those who save",
	"previous":           "is a way to another conversation",
	"state":              "is private to package conversation",
	"metrics.reactions":  "is what the mean is taken over",
	"customer_rating.by": "is the customer of column 8",
	"customer_rating.at": "is shown with the rating",
	"review.by":          "is shown with the review",
	"review.at":          "is shown with the review",
}

// What stands in a snapshot under another name than the field's.
var elsewhere = map[string]string{
	"customer_rating.rating": "customer_rating",
	"customer_rating.agent":  "rated_agent",
	"review.rating":          "review_rating",
	"review.comment":         "review_comment",
}

func TestEveryColumnOfASnapshotHasAField(t *testing.T) {
	for _, place := range places(t, reflect.TypeFor[conversation.Snapshot](), "") {
		key := strings.TrimPrefix(place, "metrics.")
		if renamed, ok := elsewhere[place]; ok {
			key = renamed
		}
		if _, none := noColumns[place]; none {
			require.NotContains(t, fieldKeys(), key)
			continue
		}
		require.Contains(t, fieldKeys(), key, "%s of a snapshot: give it a field and a row in the registry, or say here why not", place)
	}
}

// places returns the paths of all plain values in the JSON of a type.
func places(t *testing.T, typ reflect.Type, in string) []string {
	plain := []reflect.Type{
		reflect.TypeFor[time.Time](), reflect.TypeFor[conversation.ID](), reflect.TypeFor[conversation.Rating](), reflect.TypeFor[metrics.Span](),
	}
	var all []string
	for _, f := range reflect.VisibleFields(typ) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		require.NotEmpty(t, name, "%s.%s", typ, f.Name)
		if f.Type.Kind() == reflect.Struct && !slices.Contains(plain, f.Type) {
			all = append(all, places(t, f.Type, in+name+".")...)
		} else {
			all = append(all, in+name)
		}
	}
	return all
}

func TestDefaultColumnsAreStatusCustomerAndAgent(t *testing.T) {
	require.Equal(t, []filter.Column{filter.General.Column(), filter.Customer.Column(), filter.Agent.Column()}, filter.DefaultColumns())
	filter.DefaultColumns()[0] = "spam"
	require.Equal(t, filter.General.Column(), filter.DefaultColumns()[0], "the caller's slice is his own")

	var marked []filter.Column
	for _, c := range filter.NewRegistry(filter.Labels{}).Columns {
		if c.Default {
			marked = append(marked, c.Key)
		}
	}
	require.ElementsMatch(t, filter.DefaultColumns(), marked)
}

func TestActionsCanOnlyBeShown(t *testing.T) {
	actions, err := filter.ColumnByKey("actions")
	require.NoError(t, err)
	require.Empty(t, actions.Fields())
	require.Zero(t, actions.SortField())
	require.Equal(t, filter.RegistryColumn{
		Key: "actions", Label: "Actions", Number: 12, Fields: []filter.RegistryField{},
	}, described(t, "actions"))
}

func described(t *testing.T, key filter.Column) filter.RegistryColumn {
	r := filter.NewRegistry(filter.Labels{})
	i := slices.IndexFunc(r.Columns, func(c filter.RegistryColumn) bool { return c.Key == key })
	require.GreaterOrEqual(t, i, 0, key)
	return r.Columns[i]
}

func TestEveryColumnOfTheSpecificationButActionsCanBeSortedBy(t *testing.T) {
	for _, c := range filter.NewRegistry(filter.Labels{}).Columns {
		sort := c.Key.SortField()
		require.Equal(t, c.Sortable, sort.Sortable(), c.Key)
		require.Equal(t, c.SortBy, sort.Key(), c.Key)
		switch c.Key {
		case "actions", "participants":
			require.False(t, c.Sortable, c.Key)
		case "links":
			require.Equal(t, filter.HasLinks.Field, sort, "a set has no order, but there can be one or none")
		default:
			require.Equal(t, string(c.Key), c.SortBy)
		}
		if c.Sortable {
			require.NoError(t, filter.Order{sort.Desc()}.Validate())
		}
	}
}

func TestRegistryRepeatsWhatFieldsSay(t *testing.T) {
	for _, c := range filter.NewRegistry(filter.Labels{}).Columns {
		require.Equal(t, len(c.Fields) > 0, c.Filterable, c.Key)
		for _, d := range c.Fields {
			f, err := filter.FieldByKey(d.Key)
			require.NoError(t, err)
			require.Equal(t, f.Type().String(), d.Type, d.Key)
			require.Equal(t, f.Optional(), d.Optional, d.Key)
			require.Equal(t, f.Sortable(), d.Sortable, d.Key)
			require.Equal(t, f.Optional(), slices.Contains(d.Operators, "absent"), d.Key)
			require.Equal(t, f.Optional(), slices.Contains(d.Operators, "present"), d.Key)
			require.Equal(t, f.Type() == filter.Enum || f.Type() == filter.Bool, len(d.Words) > 0, d.Key)
		}
	}
}

func TestRegistryListsTheWordsOfClosedSetsInTheirOrder(t *testing.T) {
	wordsOf := func(key string) []string {
		var all []string
		for _, c := range filter.NewRegistry(filter.Labels{}).Columns {
			for _, f := range c.Fields {
				for _, w := range f.Words {
					if f.Key == key {
						all = append(all, w.Key)
					}
				}
			}
		}
		return all
	}
	var general, detailed []string
	for g := range status.AllGeneral() {
		general = append(general, g.String())
	}
	for d := range status.AllDetailed() {
		detailed = append(detailed, d.String())
	}
	require.Equal(t, general, wordsOf("general"))
	require.Equal(t, detailed, wordsOf("detailed"))
	require.Equal(t, []string{"incoming", "outgoing"}, wordsOf("direction"))
	require.Equal(t, []string{"true", "false"}, wordsOf("spam"))
	require.Empty(t, wordsOf("source"), "an open set")
}

func TestRegistryNamesNothingThatItDoesNotExplain(t *testing.T) {
	keys := func(words []filter.Word) []string {
		var all []string
		for _, w := range words {
			all = append(all, w.Key)
		}
		return all
	}
	r := filter.NewRegistry(filter.Labels{})
	var operators, terms, units []string
	for _, c := range r.Columns {
		for _, f := range c.Fields {
			operators, terms = append(operators, f.Operators...), append(terms, f.Terms...)
			if f.Unit != "" {
				units = append(units, f.Unit)
			}
		}
	}
	for _, used := range [][]string{operators, terms, units} {
		slices.Sort(used)
	}
	var explained []string
	for _, o := range r.Operators {
		explained = append(explained, o.Key)
	}
	require.ElementsMatch(t, slices.Compact(operators), explained)
	require.ElementsMatch(t, slices.Compact(terms), keys(r.Terms))
	require.ElementsMatch(t, slices.Compact(units), keys(r.Units))
}

// A front end that knows nothing but the registry writes every question that can be
// asked of a field, and it means what the words of the operator say.
func TestEveryOperatorOfTheRegistryCanBeAsked(t *testing.T) {
	s := newSample(t, 60)
	r := filter.NewRegistry(filter.Labels{})
	for _, f := range columns {
		row := described(t, f.field.Column())
		d := row.Fields[slices.IndexFunc(row.Fields, func(d filter.RegistryField) bool { return d.Key == f.key })]
		for _, o := range r.Operators {
			if !slices.Contains(d.Operators, o.Key) {
				continue
			}
			t.Run(f.key+" "+o.Label, func(t *testing.T) {
				for seed := range 5 {
					values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) any { return s.value(t, f.key, f.typ) }), 2, 2).Example(seed)
					form := leafAsToldBy(o, d, values)
					asked, err := filter.ParseJSON([]byte(form))
					require.NoError(t, err, form)
					if o.Operand == "term" {
						continue // what it finds depends on when it is asked
					}
					said := meaningOf(f.key, o.Key, values)
					for i := range s.rows {
						require.Equal(t, said.holds(s.rows[i]), asked.Where.Match(&s.conversations[i]), "%s: %v", form, s.rows[i])
					}
				}
			})
		}
	}
}

// leafAsToldBy writes a question by what the registry says of an operator and a field.
func leafAsToldBy(o filter.RegistryOperator, f filter.RegistryField, values []any) string {
	var written []string
	for _, v := range values {
		switch x := v.(type) {
		case time.Time:
			v = x.Format(time.RFC3339Nano)
		case time.Duration:
			v = x.Milliseconds()
		case conversation.Link:
			v = map[string]string{"kind": x.Kind, "id": x.ID}
		}
		text, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		written = append(written, string(text))
	}
	var leaves []string
	for i, op := range o.Ops {
		operand := ""
		switch {
		case o.Operand == "term":
			operand = `,"term":"` + f.Terms[0] + `"`
		case o.Operand == "value":
			operand = `,"value":` + written[i]
		case o.Single:
			operand = `,"values":[` + written[0] + `]`
		case o.Operand == "values":
			operand = `,"values":[` + strings.Join(written, ",") + `]`
		}
		leaves = append(leaves, `{"field":"`+f.Key+`","op":"`+op+`"`+operand+`}`)
	}
	where := leaves[0]
	if len(leaves) > 1 {
		where = `{"and":[` + strings.Join(leaves, ",") + `]}`
	}
	if o.Not {
		where = `{"not":` + where + `}`
	}
	return `{"v":1,"where":` + where + `}`
}

// meaningOf is what an operator of the registry means.
func meaningOf(field, operator string, values []any) question {
	say := func(word string, values ...any) question { return question{word: word, field: field, values: values} }
	not := func(q question) question { return question{word: "not", parts: []question{q}} }
	there := func(q question) question { return question{word: "and", parts: []question{say("present"), q}} }
	atLeast, atMost := there(not(say("less", values[0]))), there(not(say("greater", values[0])))
	switch operator {
	case "is":
		return say("in", values[0])
	case "is_not":
		return not(say("in", values[0]))
	case "in", "contains", "present", "absent":
		return say(operator, values...)
	case "not_in":
		return not(say("in", values...))
	case "starts_with":
		return say("starts with", values...)
	case "before", "less":
		return say("less", values...)
	case "after", "greater":
		return say("greater", values...)
	case "at_most":
		return atMost
	case "at_least":
		return atLeast
	case "between":
		return question{word: "and", parts: []question{atLeast, there(not(say("greater", values[1])))}}
	case "any_of":
		return say("any of", values...)
	case "all_of":
		return say("all of", values...)
	case "none_of":
		return say("none of", values...)
	}
	panic("what does " + operator + " mean?")
}

func TestTermsStandInsteadOfValues(t *testing.T) {
	r := filter.NewRegistry(filter.Labels{})
	fill := strings.NewReplacer("{n}", "7", "{unit}", "days")
	for _, c := range r.Columns {
		for _, f := range c.Fields {
			for _, o := range r.Operators {
				if o.Operand == "" || !slices.Contains(f.Operators, o.Key) {
					continue
				}
				o.Operand = "term"
				for _, term := range f.Terms {
					told := f
					told.Terms = []string{fill.Replace(term)}
					_, err := filter.ParseJSON([]byte(leafAsToldBy(o, told, nil)))
					if o.Key == "all_of" || o.Key == "during" && term == "{n} {unit} ago" {
						require.ErrorIs(t, err, filter.ErrForm)
					} else {
						require.NoError(t, err, "%s %s %s", f.Key, o.Key, term)
					}
				}
			}
		}
	}
}

func TestRegistryTermsAreTerms(t *testing.T) {
	fill := strings.NewReplacer("{n}", "7", "{unit}", "days")
	for _, w := range filter.NewRegistry(filter.Labels{}).Terms {
		_, err := filter.ParseTerm(fill.Replace(w.Key))
		require.NoError(t, err)
	}
	for _, w := range filter.NewRegistry(filter.Labels{}).Times {
		_, err := filter.ParseTerm("last 7 " + w.Key + "s")
		require.NoError(t, err)
	}
	for _, c := range filter.NewRegistry(filter.Labels{}).Columns {
		for _, f := range c.Fields {
			agents := slices.Contains([]string{"agent", "rated_agent", "participants"}, f.Key)
			require.Equal(t, agents, slices.Equal(f.Terms, []string{"me"}), f.Key)
			require.Equal(t, f.Type == "instant", slices.Contains(f.Terms, "today"), f.Key)
		}
	}
}

func TestRegistryBelongsToTheCaller(t *testing.T) {
	want, err := json.Marshal(filter.NewRegistry(filter.Labels{}))
	require.NoError(t, err)
	r := filter.NewRegistry(filter.Labels{})
	for i := range r.Columns {
		for j := range r.Columns[i].Fields {
			f := &r.Columns[i].Fields[j]
			clear(f.Operators)
			clear(f.Terms)
			clear(f.Words)
		}
	}
	for _, o := range r.Operators {
		clear(o.Ops)
	}
	clear(r.Columns)
	clear(r.Operators)
	clear(r.Terms)
	clear(r.Times)
	clear(r.Units)
	got, err := json.Marshal(filter.NewRegistry(filter.Labels{}))
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

// A front end has this document, in one of its languages. For a native speaker the
// golden files are the whole of it to review.
func TestRegistryHasAStableForm(t *testing.T) {
	for _, tag := range filter.Languages() {
		t.Run(tag.String(), func(t *testing.T) {
			data, err := json.Marshal(filter.NewRegistry(filter.LabelsIn(tag)))
			require.NoError(t, err)
			got := inLines(data)
			golden := filepath.Join("testdata", "registry."+tag.String()+".json")
			if *update {
				require.NoError(t, os.WriteFile(golden, got, 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got))

			var read filter.Registry
			require.NoError(t, json.Unmarshal(want, &read))
			require.Equal(t, filter.NewRegistry(filter.LabelsIn(tag)), read)
		})
	}
}

// inLines gives each object of a registry a line of its own.
func inLines(data []byte) []byte {
	return []byte(strings.ReplaceAll(string(data), `{"key":`, "\n"+`{"key":`) + "\n")
}

func TestColumnByKeyKnowsKeysExactly(t *testing.T) {
	for c := range filter.Columns() {
		found, err := filter.ColumnByKey(string(c))
		require.NoError(t, err)
		require.Equal(t, c, found)
	}
	for _, key := range []string{"", "Customer", "customer ", "customer_id", "has_links", "id", "status"} {
		c, err := filter.ColumnByKey(key)
		require.ErrorIs(t, err, filter.ErrColumn)
		require.EqualError(t, err, "filter: unknown column: \""+key+"\"")
		require.Empty(t, c)
	}
	_, err := filter.ColumnByKey(strings.Repeat("x", 1<<20))
	require.Less(t, len(err.Error()), 100, "what comes from outside is not repeated at length")
}

func TestUnknownColumnHasNothing(t *testing.T) {
	for _, c := range []filter.Column{"", "colour"} {
		require.Empty(t, c.Fields())
		require.Zero(t, c.SortField())
		require.Empty(t, filter.Labels{}.Column(c))
	}
	require.Empty(t, filter.Field{}.Column())
}

func TestColumnsCanBeLeftHalfway(t *testing.T) {
	for c := range filter.Columns() {
		require.Equal(t, filter.Column("number"), c)
		break
	}
}
