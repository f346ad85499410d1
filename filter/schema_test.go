package filter

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

func TestSchemaIsThatOfTheFields(t *testing.T) {
	made, err := json.MarshalIndent(makeSchema(), "", "  ")
	require.NoError(t, err)
	made = append(made, '\n')
	if updating() {
		require.NoError(t, os.WriteFile("schema.json", made, 0o644))
		return
	}
	require.Equal(t, string(made), Schema(), "rewrite it: go test ./filter -run Schema -update")
}

// updating reports whether golden files are rewritten; other tests of the package
// define the flag.
func updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

type dict = map[string]any

func ref(name string) dict { return dict{"$ref": "#/$defs/" + name} }

// makeSchema returns the schema of a question. A leaf has one form for each group
// of fields that are asked for alike, and kind of operand.
func makeSchema() dict {
	var sorts []string
	for _, f := range registry {
		if f.Sortable() {
			sorts = append(sorts, f.Key(), "-"+f.Key())
		}
	}
	node := func(word string, value dict) dict {
		return dict{"type": "object", "properties": dict{word: value}, "required": []string{word}, "additionalProperties": false}
	}
	predicates := []any{
		node("and", dict{"type": "array", "items": ref("predicate")}),
		node("or", dict{"type": "array", "items": ref("predicate")}),
		node("not", ref("predicate")),
	}
	defs := dict{
		"period":  dict{"type": "string", "pattern": periodPattern, "description": `A period such as "today", "last 7 days" or "2026-01-31".`},
		"ago":     dict{"type": "string", "pattern": agoPattern, "description": `An instant such as "30 minutes ago".`},
		"text":    dict{"type": "string", "maxLength": MaxText},
		"instant": dict{"type": "string", "format": "date-time"},
		"span":    dict{"type": "integer", "description": "Milliseconds."},
		"number":  dict{"type": "integer"},
		"bool":    dict{"type": "boolean"},
		"link": dict{
			"type": "object", "properties": dict{"kind": ref("text"), "id": ref("text")},
			"required": []string{"kind", "id"}, "additionalProperties": false,
		},
	}
	for _, g := range groups() {
		defs[g.name+"_leaf"] = dict{"anyOf": g.leaves(defs)}
		predicates = append(predicates, ref(g.name+"_leaf"))
	}
	defs["predicate"] = dict{"anyOf": predicates}
	return dict{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"$id":                  "https://github.com/colloquy-go/colloquy/filter/schema.json",
		"title":                "A question to a list of conversations",
		"type":                 "object",
		"required":             []string{"v"},
		"additionalProperties": false,
		"properties": dict{
			"v":      dict{"const": jsonVersion},
			"where":  ref("predicate"),
			"sort":   dict{"type": "array", "items": dict{"enum": sorts}, "maxItems": MaxSortKeys},
			"limit":  dict{"type": "integer", "minimum": 1, "maximum": MaxPageSize},
			"cursor": dict{"type": "string"},
		},
		"$defs": defs,
	}
}

var (
	periodPattern = "^(" + strings.Join(termTexts[today:fixedTerms], "|") + "|last " + countPattern + "|" + datePattern + ")$"
	agoPattern    = "^" + countPattern + " ago$"
	countPattern  = func() string {
		one := strings.Join(unitTexts[Second:], "|")
		return fmt.Sprintf("(1 (%s)|([2-9]|[1-9][0-9]{1,4}|%d) (%ss))", one, MaxCount, strings.Join(unitTexts[Second:], "s|"))
	}()
	datePattern = "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?"
)

// group are fields that are asked for alike.
type group struct {
	name   string
	fields []Field
}

func groups() []group {
	var gs []group
	for _, f := range registry {
		name := f.Type().String()
		switch {
		case f.Type() == Enum || f == Links.Field:
			name = f.Key()
		case f.def.agents:
			name = "agent_" + name
		}
		i := slices.IndexFunc(gs, func(g group) bool { return g.name == name })
		if i < 0 {
			i, gs = len(gs), append(gs, group{name: name})
		}
		gs[i].fields = append(gs[i].fields, f)
	}
	return gs
}

func (g group) leaves(defs dict) []any {
	var keys []string
	for _, f := range g.fields {
		keys = append(keys, f.Key())
	}
	defs[g.name+"_field"] = dict{"enum": keys}
	f := g.fields[0]
	value := ref("text")
	switch f.Type() {
	case Enum:
		defs[f.Key()+"_word"] = dict{"enum": f.def.words[1:]}
		value = ref(f.Key() + "_word")
	case Instant, Span, Number, Bool:
		value = ref(f.Type().String())
	case Set:
		if f == Links.Field {
			value = ref("link")
		}
	case Key, Text:
	}
	var single, list, ordered []string
	for _, op := range f.Type().operators() {
		switch {
		case op == Present:
		case op.isList():
			list = append(list, op.String())
		default:
			single = append(single, op.String())
		}
		if op.compares() {
			ordered = append(ordered, op.String())
		}
	}
	leaves := []any{g.leaf([]string{Present.String()}, "", nil)}
	if list != nil {
		leaves = append(leaves, g.leaf(list, valuesKey, dict{"type": "array", "items": value, "maxItems": MaxList}))
	}
	if single != nil {
		leaves = append(leaves, g.leaf(single, valueKey, value))
	}
	switch {
	case f.Type() == Instant:
		leaves = append(leaves, g.leaf(append([]string{In.String()}, ordered...), termKey, ref("period")), g.leaf(ordered, termKey, ref("ago")))
	case f.def.agents:
		leaves = append(leaves, g.leaf(list[:1], termKey, dict{"const": Me.String()}))
	}
	return leaves
}

func (g group) leaf(ops []string, operand string, value dict) dict {
	required := []string{fieldKey, opKey}
	properties := dict{fieldKey: ref(g.name + "_field"), opKey: dict{"enum": ops}}
	if operand != "" {
		required = append(required, operand)
		properties[operand] = value
	}
	return dict{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func compiled(t testing.TB) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(Schema()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("schema.json", doc))
	s, err := c.Compile("schema.json")
	require.NoError(t, err)
	return s
}

func satisfies(t testing.TB, s *jsonschema.Schema, text string) error {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
	return s.Validate(doc)
}

// What the parser takes, satisfies the schema, and each mistake that a schema can
// tell is one to both.
func TestSchemaAgreesWithTheParser(t *testing.T) {
	if updating() {
		t.Skip("what is compiled in is the file from before")
	}
	s := compiled(t)
	check := func(t *testing.T, text string, valid bool) {
		_, err := ParseJSON([]byte(text))
		require.Equal(t, valid, err == nil, "%s: %v", text, err)
		require.Equal(t, valid, satisfies(t, s, text) == nil, "%s", text)
	}
	operands := []string{
		``, `,"value":"new"`, `,"value":7`, `,"value":true`, `,"value":"2026-01-31T10:00:00Z"`, `,"value":["new"]`, `,"values":[]`, `,"values":["new"]`, `,"values":["incoming"]`, `,"values":["waiting"]`,
		`,"values":[7,-7]`, `,"values":[1.5]`, `,"values":[true,false]`, `,"values":["2026-01-31T10:00:00Z"]`, `,"values":[{"kind":"deal","id":"7"}]`, `,"values":[{"kind":"deal"}]`,
		`,"values":[{"kind":"deal","id":"7","caption":"x"}]`, `,"values":"new"`, `,"term":"me"`, `,"term":"today"`, `,"term":"last 7 days"`, `,"term":"last 1 day"`, `,"term":"last 1 days"`,
		`,"term":"last 100001 days"`, `,"term":"30 minutes ago"`, `,"term":"2026-01-31"`, `,"term":"2026-01-31T10:00"`, `,"term":"2026-1-31"`, `,"term":7`, `,"values":["a"],"unit":"s"`,
	}
	for _, f := range registry {
		check(t, fmt.Sprintf(`{"v":1,"where":{"field":%q,"op":"present"}}`, f.Key()), true)
	}
	valid := 0
	for _, g := range groups() {
		f := g.fields[0]
		for op := In; op < Op(len(opTexts)); op++ {
			for _, operand := range operands {
				text := fmt.Sprintf(`{"v":1,"where":{"field":%q,"op":%q%s}}`, f.Key(), op, operand)
				_, err := ParseJSON([]byte(text))
				check(t, text, err == nil)
				if err == nil {
					valid++
				}
			}
		}
	}
	require.Greater(t, valid, 4*len(groups()))

	for _, text := range []string{
		`{"v":1}`,
		`{"v":1,"where":{"and":[]},"sort":[],"limit":1,"cursor":""}`,
		`{"v":1,"where":{"or":[{"not":{"and":[{"field":"spam","op":"in","values":[true]}]}},{"field":"agent","op":"present"}]},"sort":["-last_message_at","number"],"limit":1000}`,
	} {
		check(t, text, true)
	}
	for _, text := range []string{
		`null`, `[]`, `{}`, `{"v":2}`, `{"v":"1"}`, `{"v":1,"order":[]}`, `{"v":1,"where":null}`, `{"v":1,"where":{}}`, `{"v":1,"where":{"and":{}}}`, `{"v":1,"where":{"and":[],"or":[]}}`,
		`{"v":1,"where":{"not":[]}}`, `{"v":1,"where":{"and":[7]}}`, `{"v":1,"where":{"field":"status","op":"present"}}`, `{"v":1,"where":{"field":"agent","op":"is","value":"a"}}`,
		`{"v":1,"sort":"number"}`, `{"v":1,"sort":["rank"]}`, `{"v":1,"sort":["links"]}`, `{"v":1,"sort":["number","number","number","number","number","number","number","number","number"]}`,
		`{"v":1,"limit":0}`, `{"v":1,"limit":1001}`, `{"v":1,"limit":1.5}`, `{"v":1,"limit":"1"}`, `{"v":1,"cursor":7}`,
		`{"v":1,"where":{"field":"agent","op":"in","values":[` + strings.Repeat(`"a",`, MaxList) + `"a"]}}`,
		`{"v":1,"where":{"field":"agent","op":"in","values":["` + strings.Repeat("a", MaxText+1) + `"]}}`,
	} {
		check(t, text, false)
	}
}
