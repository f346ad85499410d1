package filter_test

import (
	"encoding"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
)

// question is a predicate in plain words and values. It is asked twice: as a
// predicate of the package, and of the JSON of a snapshot, which knows nothing
// of fields, operators and codes.
type question struct {
	word   string // and, or, not; or how a field is compared
	field  string
	values []any // string, int64, bool, time.Time, time.Duration or conversation.Link
	parts  []question
}

func (q question) String() string {
	var parts []string
	for _, p := range q.parts {
		parts = append(parts, p.String())
	}
	for _, v := range q.values {
		parts = append(parts, fmt.Sprintf("%#v", v))
	}
	return fmt.Sprintf("%s %s(%s)", q.field, q.word, strings.Join(parts, ", "))
}

type askable interface {
	Key() string
	Present() filter.Predicate
	Absent() filter.Predicate
}

// typed are all fields as a program writes them.
var typed = []askable{
	filter.ConversationNumber, filter.OpenChannelID, filter.OpenChannel, filter.Direction, filter.General, filter.Detailed,
	filter.Spam, filter.Source, filter.CustomerID, filter.Customer, filter.Agent, filter.HasLinks, filter.LinkKinds,
	filter.Links, filter.SitePage, filter.FormSubmitted, filter.HistoryRequested, filter.Assigned, filter.CustomerRating,
	filter.RatedAgent, filter.ReviewComment, filter.ReviewRating, filter.CreatedAt, filter.QueuedAt, filter.FirstReplyAt,
	filter.AcceptedAt, filter.LastMessageAt, filter.AgentFinishedAt, filter.ClosedAt, filter.ModifiedAt, filter.WaitingSince,
	filter.FirstReplyWait, filter.AcceptTime, filter.AgentFinishTime, filter.Duration, filter.InitialReaction, filter.BotTime,
	filter.TotalReaction, filter.MeanReaction, filter.MaxReaction, filter.MessageCount, filter.Participants,
}

// predicate asks the question of the package.
func (q question) predicate() filter.Predicate {
	var parts []filter.Predicate
	for _, p := range q.parts {
		parts = append(parts, p.predicate())
	}
	switch q.word {
	case "and":
		return filter.And(parts...)
	case "or":
		return filter.Or(parts...)
	case "not":
		return filter.Not(parts[0])
	}
	field := typed[slices.IndexFunc(typed, func(f askable) bool { return f.Key() == q.field })]
	switch q.word {
	case "present":
		return field.Present()
	case "absent":
		return field.Absent()
	}
	switch f := any(field).(type) {
	case filter.EnumField[conversation.Direction]:
		return f.In(codes[conversation.Direction](q.values)...)
	case filter.EnumField[status.General]:
		return f.In(codes[status.General](q.values)...)
	case filter.EnumField[status.Detailed]:
		return f.In(codes[status.Detailed](q.values)...)
	case filter.KeyField[conversation.OpenChannelID]:
		return f.In(strs[conversation.OpenChannelID](q.values)...)
	case filter.KeyField[conversation.Source]:
		return f.In(strs[conversation.Source](q.values)...)
	case filter.KeyField[conversation.CustomerID]:
		return f.In(strs[conversation.CustomerID](q.values)...)
	case filter.KeyField[conversation.AgentID]:
		return f.In(strs[conversation.AgentID](q.values)...)
	case filter.BoolField:
		return f.Is(q.values[0].(bool))
	case filter.TextField:
		texts := all[string](q.values)
		switch q.word {
		case "in":
			return f.In(texts...)
		case "contains":
			return f.Contains(texts[0])
		case "starts with":
			return f.StartsWith(texts[0])
		}
	case filter.InstantField:
		times := all[time.Time](q.values)
		switch q.word {
		case "less":
			return f.Before(times[0])
		case "greater":
			return f.After(times[0])
		case "between":
			return f.Between(times[0], times[1])
		}
	case filter.SpanField:
		spans := all[time.Duration](q.values)
		switch q.word {
		case "is":
			return f.Is(spans[0])
		case "less":
			return f.Less(spans[0])
		case "greater":
			return f.Greater(spans[0])
		case "between":
			return f.Between(spans[0], spans[1])
		}
	case filter.NumberField:
		ns := all[int64](q.values)
		switch q.word {
		case "in":
			return f.In(ns...)
		case "less":
			return f.Less(ns[0])
		case "greater":
			return f.Greater(ns[0])
		case "between":
			return f.Between(ns[0], ns[1])
		}
	case filter.SetField[string]:
		return ofSet(f, q.word, all[string](q.values))
	case filter.SetField[conversation.AgentID]:
		return ofSet(f, q.word, strs[conversation.AgentID](q.values))
	case filter.SetField[conversation.Link]:
		return ofSet(f, q.word, all[conversation.Link](q.values))
	}
	panic(fmt.Sprintf("%s cannot be asked", q))
}

func all[T any](values []any) []T {
	ts := make([]T, len(values))
	for i, v := range values {
		ts[i] = v.(T)
	}
	return ts
}

func strs[K ~string](values []any) []K {
	ks := make([]K, len(values))
	for i, v := range values {
		ks[i] = K(v.(string))
	}
	return ks
}

func codes[E any, P interface {
	*E
	encoding.TextUnmarshaler
}](values []any) []E {
	es := make([]E, len(values))
	for i, v := range values {
		if err := P(&es[i]).UnmarshalText([]byte(v.(string))); err != nil {
			panic(err)
		}
	}
	return es
}

func ofSet[K any](f filter.SetField[K], word string, ks []K) filter.Predicate {
	switch word {
	case "any of":
		return f.AnyOf(ks...)
	case "all of":
		return f.AllOf(ks...)
	default:
		return f.NoneOf(ks...)
	}
}

// rowOf returns the columns of a conversation by the key of their fields, out of
// the JSON of its snapshot. What is not there, is absent.
func rowOf(t testing.TB, c conversation.Conversation) map[string]any {
	data, err := json.Marshal(c)
	require.NoError(t, err)
	var doc map[string]any
	require.NoError(t, json.Unmarshal(data, &doc))
	at := func(path ...string) any {
		var v any = doc
		for _, name := range path {
			m, _ := v.(map[string]any)
			v = m[name]
		}
		return v
	}
	row := map[string]any{}
	put := func(key string, v any) {
		switch v := v.(type) {
		case nil:
		case string:
			if v != "" {
				row[key] = v
			}
		case float64:
			row[key] = int64(v)
		case []any:
			var members []string
			for _, m := range v {
				members = append(members, m.(string))
			}
			if members != nil {
				row[key] = members
			}
		default:
			row[key] = v
		}
	}
	for _, f := range columns {
		switch key := f.key; {
		case f.typ == filter.Span:
			if v := at("metrics", key); v != nil {
				row[key] = time.Duration(v.(float64)) * time.Millisecond
			}
		case f.typ == filter.Instant:
			if v := at(key); v != nil {
				instant, err := time.Parse(time.RFC3339Nano, v.(string))
				require.NoError(t, err)
				row[key] = instant
			}
		case slices.Contains([]string{"customer_rating", "links"}, key): // is more than one column
		default:
			put(key, at(key))
		}
	}
	put("customer_rating", at("customer_rating", "rating", "score"))
	put("rated_agent", at("customer_rating", "agent"))
	put("review_rating", at("review", "rating", "score"))
	put("review_comment", at("review", "comment"))
	var kinds, links []any
	recorded, _ := at("links").([]any)
	for _, l := range recorded {
		link := l.(map[string]any)
		kinds = append(kinds, link["kind"])
		links = append(links, plainLink(link["kind"].(string), link["id"].(string)))
	}
	put("link_kinds", kinds)
	put("links", links)
	put("has_links", len(links) > 0)
	return row
}

func plainLink(kind, id string) string { return kind + "\x00" + id }

// holds asks the question of the columns of a conversation: slowly, and by
// nothing but the words of the specification.
func (q question) holds(row map[string]any) bool {
	switch q.word {
	case "and":
		return !slices.ContainsFunc(q.parts, func(p question) bool { return !p.holds(row) })
	case "or":
		return slices.ContainsFunc(q.parts, func(p question) bool { return p.holds(row) })
	case "not":
		return !q.parts[0].holds(row)
	}
	has := row[q.field]
	members, _ := has.([]string)
	isMember := func(v any) bool {
		if l, ok := v.(conversation.Link); ok {
			v = plainLink(l.Kind, l.ID)
		}
		return slices.Contains(members, v.(string))
	}
	switch q.word {
	case "any of":
		return slices.ContainsFunc(q.values, isMember)
	case "none of":
		return !slices.ContainsFunc(q.values, isMember)
	case "all of":
		return !slices.ContainsFunc(q.values, func(v any) bool { return !isMember(v) })
	case "absent":
		return has == nil
	}
	if has == nil {
		return false
	}
	switch q.word {
	case "present":
		return true
	case "contains":
		return strings.Contains(slowFold(has.(string)), slowFold(q.values[0].(string)))
	case "starts with":
		return strings.HasPrefix(slowFold(has.(string)), slowFold(q.values[0].(string)))
	case "is", "in":
		return slices.ContainsFunc(q.values, func(v any) bool {
			if d, ok := v.(time.Duration); ok {
				return has == d.Truncate(time.Millisecond)
			}
			return has == v
		})
	case "less":
		return millis(has) < millis(q.values[0])
	case "greater":
		return millis(has) > millis(q.values[0])
	case "between": // of instants without the end, of the others with it
		n, from, to := millis(has), millis(q.values[0]), millis(q.values[1])
		_, open := has.(time.Time)
		return from <= n && (n < to || n == to && !open)
	}
	panic("how does one compare by " + q.word + "?")
}

func millis(v any) int64 {
	switch v := v.(type) {
	case time.Time:
		return v.UnixMilli()
	case time.Duration:
		return v.Milliseconds()
	default:
		return v.(int64)
	}
}

func slowFold(s string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(s))) }

// sample are conversations and their columns, for questions that some answer.
type sample struct {
	conversations []conversation.Conversation
	rows          []map[string]any
}

func newSample(t testing.TB, size uint64) sample {
	var s sample
	for seed := range size {
		c := generated(t, seed)
		s.conversations = append(s.conversations, c)
		s.rows = append(s.rows, rowOf(t, c))
	}
	return s
}

// question draws a tree of questions about the sample.
func (s sample) question(levels int) *rapid.Generator[question] {
	return rapid.Custom(func(t *rapid.T) question {
		word := "leaf"
		if levels > 0 {
			word = rapid.SampledFrom([]string{"leaf", "leaf", "leaf", "and", "or", "not"}).Draw(t, "node")
		}
		switch word {
		case "leaf":
			return s.leaf(t)
		case "not":
			return question{word: word, parts: []question{s.question(levels-1).Draw(t, "part")}}
		default:
			return question{word: word, parts: rapid.SliceOfN(s.question(levels-1), 0, 4).Draw(t, "parts")}
		}
	})
}

func (s sample) leaf(t *rapid.T) question {
	column := rapid.SampledFrom(columns).Draw(t, "column")
	q := question{field: column.key}
	words := map[filter.Type][]string{
		filter.Enum: {"in"}, filter.Key: {"in"}, filter.Bool: {"in"},
		filter.Text:    {"in", "contains", "contains", "starts with"},
		filter.Instant: {"less", "greater", "between"},
		filter.Span:    {"is", "less", "greater", "between"},
		filter.Number:  {"in", "less", "greater", "between"},
		filter.Set:     {"any of", "all of", "none of"},
	}[column.typ]
	q.word = rapid.SampledFrom(append([]string{"present", "absent"}, slices.Repeat(words, 3)...)).Draw(t, "word")
	least, most := 1, 1
	switch q.word {
	case "present", "absent":
		return q
	case "between":
		least, most = 2, 2
	case "in", "any of", "all of", "none of":
		if column.typ != filter.Bool {
			least, most = 0, 3
		}
	}
	q.values = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) any { return s.value(t, column.key, column.typ) }), least, most).Draw(t, "values")
	if q.word == "contains" || q.word == "starts with" {
		q.values[0] = partOf(t, q.values[0].(string), q.word == "starts with")
	}
	return q
}

// value draws a value that a conversation has in a column, or is close to, or any other.
func (s sample) value(t *rapid.T, key string, typ filter.Type) any {
	has := rapid.SampledFrom(s.rows).Draw(t, "row")[key]
	switch typ {
	case filter.Enum:
		return has
	case filter.Bool:
		return rapid.Bool().Draw(t, "bool")
	case filter.Number:
		n, _ := has.(int64)
		return n + rapid.Int64Range(-1, 1).Draw(t, "more")
	case filter.Span:
		d, _ := has.(time.Duration)
		return d + rapid.SampledFrom(nearby).Draw(t, "longer")
	case filter.Instant:
		at, ok := has.(time.Time)
		if !ok {
			at = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
		}
		return at.Add(rapid.SampledFrom(nearby).Draw(t, "later"))
	case filter.Set:
		members, _ := has.([]string)
		member := rapid.SampledFrom(append(members, "", "nobody")).Draw(t, "member")
		if kind, id, ok := strings.Cut(member, "\x00"); key == "links" {
			if !ok {
				kind, id = "deal", "7"
			}
			return conversation.Link{Kind: kind, ID: id}
		}
		return member
	case filter.Key, filter.Text:
		text, _ := has.(string)
		return rapid.SampledFrom([]string{text, text, text, strings.ToUpper(text), "", "%", "_"}).Draw(t, "text")
	}
	panic("there are values of " + typ.String())
}

var nearby = []time.Duration{0, 0, -time.Millisecond, time.Millisecond, 500 * time.Microsecond, -500 * time.Microsecond, time.Hour, -time.Hour}

// partOf draws a part of a text, in any case.
func partOf(t *rapid.T, text string, first bool) string {
	runes := []rune(text)
	from := 0
	if !first {
		from = rapid.IntRange(0, len(runes)).Draw(t, "from")
	}
	part := string(runes[from:rapid.IntRange(from, len(runes)).Draw(t, "to")])
	return rapid.SampledFrom([]string{part, strings.ToUpper(part), strings.ToLower(part), part + "%", "_" + part}).Draw(t, "case")
}

func TestMatchSaysWhatTheWordsSay(t *testing.T) {
	s := newSample(t, 150)
	holding := 0
	rapid.Check(t, func(t *rapid.T) {
		for range 100 {
			q := s.question(4).Draw(t, "question")
			p := q.predicate()
			for i := range s.rows {
				want := q.holds(s.rows[i])
				if want {
					holding++
				}
				if p.Match(&s.conversations[i]) != want {
					t.Fatalf("%s is %t of conversation %d, but Match is not: %v", q, want, i+1, s.rows[i])
				}
			}
		}
	})
	require.NotZero(t, holding)
}
