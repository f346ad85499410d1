package filter_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/exp/ebnf"

	"github.com/colloquy-go/colloquy/filter"
)

var grammar = sync.OnceValues(func() (ebnf.Grammar, error) {
	file, err := os.ReadFile("search.ebnf")
	if err != nil {
		return nil, err
	}
	return ebnf.Parse("search.ebnf", bytes.NewReader(file))
})

func TestGrammarIsComplete(t *testing.T) {
	g, err := grammar()
	require.NoError(t, err)
	require.NoError(t, ebnf.Verify(g, "Search"))
}

func TestDocumentationShowsTheGrammar(t *testing.T) {
	source, err := os.ReadFile("search.go")
	require.NoError(t, err)
	file, err := os.ReadFile("search.ebnf")
	require.NoError(t, err)
	shown := 0
	for line := range strings.Lines(string(source)) {
		if rule, is := strings.CutPrefix(line, "//\t"); is && strings.Contains(rule, " = ") {
			require.Contains(t, string(file), rule)
			shown++
		}
	}
	require.Equal(t, 11, shown, "the rules above those of single characters")
}

// Each production makes the samples, and each sample, where it can stand, is read.
func TestParseSearchReadsWhatTheGrammarSays(t *testing.T) {
	around := func(before, behind string) func(string) string {
		return func(s string) string { return before + s + behind }
	}
	itself := around("", "")
	rules := map[string]struct {
		search  func(string) string // with a sample inside
		samples []string
	}{
		"Search":    {itself, []string{``, ` `, `spam`, exampleLine}},
		"Either":    {itself, []string{`spam`, `spam or assigned`, `spam OR assigned form or linked`}},
		"All":       {itself, []string{`spam`, `spam assigned`, `spam and assigned AND form`}},
		"Part":      {itself, []string{`spam`, `-spam`, `not spam`, `NOT - not(spam)`, `status:new`, `()`, `invoice`, `"an invoice"`}},
		"Group":     {itself, []string{`()`, `(or)`, `( OR )`, `(spam)`, `(spam or assigned)`}},
		"condition": {itself, []string{`status:new`, `status:new,queued`, `rating:>3`, `rating:2..4`, `status:()`, `customer:=()`, `agent:"me"`, `number:-1..2`}},
		"sign":      {around(`rating:`, `3`), []string{`>`, `>=`, `<`, `<=`, `=`}},
		"nothing":   {around(`agent:`, ``), []string{`()`}},
		"value":     {around(`number:`, ``), []string{`1`, `"1"`, `1..2`, `-2..-1`}},
		"flag":      {itself, []string{`spam`, `assigned`, `has_links`, `form_submitted`}},
		"text":      {itself, []string{`invoice`, `"an invoice"`, `10:30`, `a-b`}},
		"word":      {around(``, `:()`), []string{`agent`, `open_channel_id`, `status`}},
		"letter":    {itself, []string{`a`, `z`, `A`, `Z`}},
		"quoted":    {around(`agent:`, ``), []string{`""`, `"a b"`, `"\"\\"`, "\"a\nb\""}},
		"quotable":  {around(`"a`, `"`), []string{`a`, ` `, `(`, `,`, "\t", `ł`, `^`}},
		"bare":      {around(`source:`, ``), []string{`a`, `a=b`, `a!`, `-5`, `:`, `a..b`, `live-chat`, `日本`}},
		"first":     {around(`source:`, ``), []string{`a`, `-`, `#`, `'`, `;`, `?`, `_`, `~`, `日`}},
		"plain":     {itself, []string{`a`, `,`, `.`, `a-b`, `a,b`, `>5`, `#7`, `日本`}},
		"visible":   {itself, []string{`a`, `!`, `#`, `*`, `+`, `/`, `~`, `日`}},
		"other":     {itself, []string{`ł`, `日`, `👩`}},
	}
	g, err := grammar()
	require.NoError(t, err)
	for name := range g {
		t.Run(name, func(t *testing.T) {
			rule := rules[name]
			require.NotEmpty(t, rule.samples)
			for _, sample := range rule.samples {
				require.True(t, inGrammar(t, name, sample), sample)
				search := rule.search(sample)
				require.True(t, inGrammar(t, "Search", search), search)
				_, err := filter.ParseSearch(search)
				require.NoError(t, err, search)
			}
		})
	}
}

func TestWhatTheGrammarDoesNotSayIsNotRead(t *testing.T) {
	for _, search := range []string{`(`, `)`, `(spam`, `spam)`, `a(b`, `"a`, `a"`, `"a\b"`, `-`, `-)`, `(-)`, `()(`, `a:(`, `agent:"`} {
		require.False(t, inGrammar(t, "Search", search), search)
		_, err := filter.ParseSearch(search)
		require.Error(t, err, search)
	}
}

// inGrammar reports whether a production makes a text. It follows all ways at once:
// the places that each expression can end at.
func inGrammar(t require.TestingT, production, text string) bool {
	g, err := grammar()
	require.NoError(t, err)
	m := matching{g: g, text: text, known: map[place][]int{}}
	name := &ebnf.Name{String: production}
	spaced := unicode.IsUpper(rune(production[0]))
	for _, end := range m.ends(name, 0, spaced) {
		if spaced {
			end = m.space(end)
		}
		if end == len(text) {
			return true
		}
	}
	return false
}

type place struct {
	production string
	at         int
}

type matching struct {
	g     ebnf.Grammar
	text  string
	known map[place][]int
}

func isSpace(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

func (m *matching) space(at int) int {
	return len(m.text) - len(strings.TrimLeftFunc(m.text[at:], isSpace))
}

// ends returns where an expression that begins at a place can end. Spaces before a
// token are skipped if it is spaced.
func (m *matching) ends(e ebnf.Expression, at int, spaced bool) []int {
	switch e := e.(type) {
	case nil:
		return []int{at}
	case ebnf.Alternative:
		var ends []int
		for _, x := range e {
			ends = append(ends, m.ends(x, at, spaced)...)
		}
		return distinct(ends)
	case ebnf.Sequence:
		ends := []int{at}
		for _, x := range e {
			ends = m.from(ends, x, spaced)
		}
		return ends
	case *ebnf.Group:
		return m.ends(e.Body, at, spaced)
	case *ebnf.Option:
		return distinct(append(m.ends(e.Body, at, spaced), at))
	case *ebnf.Repetition:
		all := []int{at}
		for last := all; len(last) > 0; {
			last = slices.DeleteFunc(m.from(last, e.Body, spaced), func(end int) bool { return slices.Contains(all, end) })
			all = append(all, last...)
		}
		return all
	case *ebnf.Name:
		return m.production(e.String, at, spaced)
	case *ebnf.Token:
		if spaced {
			at = m.space(at)
		}
		if strings.HasPrefix(m.text[at:], e.String) {
			return []int{at + len(e.String)}
		}
	case *ebnf.Range:
		first, _ := utf8.DecodeRuneInString(e.Begin.String)
		last, _ := utf8.DecodeRuneInString(e.End.String)
		if r, size := utf8.DecodeRuneInString(m.text[at:]); size > 0 && first <= r && r <= last {
			return []int{at + size}
		}
	}
	return nil
}

func (m *matching) from(starts []int, e ebnf.Expression, spaced bool) []int {
	var ends []int
	for _, at := range starts {
		ends = append(ends, m.ends(e, at, spaced)...)
	}
	return distinct(ends)
}

func (m *matching) production(name string, at int, spaced bool) []int {
	if spaced {
		at = m.space(at)
	}
	if ends, ok := m.known[place{name, at}]; ok {
		return ends
	}
	ends := m.ends(m.g[name].Expr, at, unicode.IsUpper(rune(name[0])))
	if name == "bare" || name == "plain" || name == "first" || name == "visible" {
		// What the grammar says in a comment.
		ends = slices.DeleteFunc(ends, func(end int) bool { return strings.ContainsFunc(m.text[at:end], isSpace) })
	}
	m.known[place{name, at}] = ends
	return ends
}

func distinct(ends []int) []int {
	slices.Sort(ends)
	return slices.Compact(ends)
}
