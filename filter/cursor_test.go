package filter_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
)

func TestCursorGivesThePositionBack(t *testing.T) {
	cs := actors(t)
	for f := range filter.Fields() {
		if !f.Sortable() {
			continue
		}
		t.Run(f.Key(), func(t *testing.T) {
			for _, o := range []filter.Order{{f.Asc()}, {f.Desc()}, {filter.Customer.Asc(), f.Desc()}} {
				if o.Validate() != nil {
					continue // the customer twice
				}
				for i := range cs {
					p := o.PositionOf(&cs[i])
					got, err := filter.ParseCursor(p.Cursor(filter.Active, o), filter.Active, o)
					require.NoError(t, err)
					require.Equal(t, p, got)
				}
			}
		})
	}
	t.Run("the number alone", func(t *testing.T) {
		p := filter.Order(nil).PositionOf(&cs[3])
		got, err := filter.ParseCursor(p.Cursor(filter.All, nil), filter.All, nil)
		require.NoError(t, err)
		require.Equal(t, filter.Position{Values: []filter.Value{}, Number: 4}, got)
	})
	t.Run("the way back", func(t *testing.T) {
		p := filter.Order(nil).PositionOf(&cs[3])
		on := p.Cursor(filter.All, nil)
		p.Back = true
		got, err := filter.ParseCursor(p.Cursor(filter.All, nil), filter.All, nil)
		require.NoError(t, err)
		require.Equal(t, p, got)
		require.NotEqual(t, on, p.Cursor(filter.All, nil))
	})
	t.Run("the longest comment, whose folded form is longer still", func(t *testing.T) {
		comment := strings.Repeat("\U0001d160", conversation.MaxCommentLen/4) // three times as long in its composed form
		c := conversationtest.Play(t, `0 customer, 1 review zoe "`+comment+`"`)
		o := filter.Order{filter.ReviewComment.Asc(), filter.Customer.Asc(), filter.SitePage.Asc()}
		p := o.PositionOf(&c)
		require.Len(t, p.Values[0].Text, 3*conversation.MaxCommentLen)
		got, err := filter.ParseCursor(p.Cursor(filter.All, o), filter.All, o)
		require.NoError(t, err)
		require.Equal(t, p, got)
	})
}

func TestCursorIsSafeInAnAddress(t *testing.T) {
	s := newSample(t, 50)
	rapid.Check(t, func(t *rapid.T) {
		o := someOrder().Draw(t, "order")
		p := o.PositionOf(&s.conversations[rapid.IntRange(0, len(s.rows)-1).Draw(t, "row")])
		require.Regexp(t, `^[A-Za-z0-9_-]+$`, p.Cursor(filter.All, o))
	})
}

func TestCursorBelongsToItsQuestion(t *testing.T) {
	c := generated(t, 7)
	where := filter.And(filter.Agent.Is("ann"), filter.Not(filter.Detailed.In(status.Closed, status.Spam)))
	order := filter.Order{filter.General.Asc(), filter.LastMessageAt.Desc()}
	cursor := order.PositionOf(&c).Cursor(where, order)

	again := filter.And(filter.Agent.Is("ann"), filter.Not(filter.Detailed.In(status.Closed, status.Spam)))
	_, err := filter.ParseCursor(cursor, again, slices.Clone(order))
	require.NoError(t, err, "the same question, put again")

	for _, tt := range []struct {
		has   string
		where filter.Predicate
		order filter.Order
	}{
		{"another value", filter.And(filter.Agent.Is("bob"), where.(filter.Conjunction)[1]), order},
		{"a value more", filter.And(filter.Agent.In("ann", "bob"), where.(filter.Conjunction)[1]), order},
		{"values in another order", filter.And(filter.Agent.Is("ann"), filter.Not(filter.Detailed.In(status.Spam, status.Closed))), order},
		{"another field", filter.And(filter.RatedAgent.Is("ann"), where.(filter.Conjunction)[1]), order},
		{"another operator", filter.And(filter.Agent.Present(), where.(filter.Conjunction)[1]), order},
		{"no not", filter.And(filter.Agent.Is("ann"), filter.Detailed.In(status.Closed, status.Spam)), order},
		{"or instead of and", filter.Disjunction(where.(filter.Conjunction)), order},
		{"a part more", filter.And(where, filter.Or()), order},
		{"a part less", where.(filter.Conjunction)[0], order},
		{"no condition", filter.All, order},
		{"no order", where, nil},
		{"another direction", where, filter.Order{filter.General.Asc(), filter.LastMessageAt.Asc()}},
		{"another key", where, filter.Order{filter.Detailed.Asc(), filter.LastMessageAt.Desc()}},
		{"a key less", where, filter.Order{filter.General.Asc()}},
		{"a key more", where, append(slices.Clone(order), filter.Customer.Desc())},
		{"keys in another order", where, filter.Order{filter.LastMessageAt.Desc(), filter.General.Asc()}},
	} {
		t.Run(tt.has, func(t *testing.T) {
			p, err := filter.ParseCursor(cursor, tt.where, tt.order)
			require.ErrorIs(t, err, filter.ErrCursor)
			require.Zero(t, p)
		})
	}
}

// What does not matter to any conversation does not matter to a cursor: a form may
// lose it.
func TestCursorKnowsItsQuestionWrittenAnotherWay(t *testing.T) {
	ann, bob, closed := filter.Agent.Is("ann"), filter.RatedAgent.Is("bob"), filter.Detailed.Is(status.Closed)
	for _, tt := range []struct{ one, other filter.Predicate }{
		{filter.And(ann, bob), filter.And(bob, ann)},
		{filter.Or(ann, filter.And(bob, closed)), filter.Or(filter.And(closed, bob), ann)},
		{filter.And(filter.And(ann), bob), filter.And(filter.And(ann, bob))},
		{filter.Or(ann, filter.Or(bob, closed)), filter.Or(filter.Or(ann, bob), closed)},
		{ann, filter.And(filter.Or(filter.And(ann)))},
		{ann, filter.Not(filter.And(filter.Not(filter.Or(ann))))},
		{filter.And(ann, filter.And()), ann},
		{filter.Or(ann, filter.Or()), ann},
	} {
		cursor := filter.Position{Number: 1}.Cursor(tt.one, nil)
		_, err := filter.ParseCursor(cursor, tt.other, nil)
		require.NoError(t, err, "%s\n%s", rendered(tt.one), rendered(tt.other))
	}
}

func TestCursorTellsApartWhatIsSpelledAlike(t *testing.T) {
	ann, bob := filter.Agent.Is("ann"), filter.Agent.Is("bob")
	for _, tt := range []struct{ one, other filter.Predicate }{
		{filter.And(filter.Or(), ann), filter.And(filter.Or(ann))},
		{filter.And(filter.Or(ann), bob), filter.Or(filter.And(ann, bob), bob)},
		{filter.Not(filter.And(ann, bob)), filter.And(filter.Not(ann), bob)},
		{filter.And(ann, ann), ann},
		{filter.Agent.In("ann", "bob"), filter.Agent.In("annbob")},
		{filter.Agent.In("a", "bb"), filter.Agent.In("ab", "b")},
		{filter.Agent.In("a", "b\x00c"), filter.Agent.In("a\x00b", "c")},
		{filter.MessageCount.In(1, 0), filter.MessageCount.In(1)},
		{filter.Links.AnyOf(conversation.Link{Kind: "a", ID: "bc"}), filter.Links.AnyOf(conversation.Link{Kind: "ab", ID: "c"})},
	} {
		cursor := filter.Position{Number: 1}.Cursor(tt.one, nil)
		_, err := filter.ParseCursor(cursor, tt.other, nil)
		require.ErrorIs(t, err, filter.ErrCursor, "%s\n%s", rendered(tt.one), rendered(tt.other))
	}
}

// Questions that find different conversations never share a cursor, however alike
// they are.
func TestDifferentQuestionsHaveDifferentCursors(t *testing.T) {
	s := newSample(t, 40)
	position := filter.Position{Number: 1}
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			q := s.question(3).Draw(t, "question")
			other := rapid.OneOf(s.question(3), changed(q)).Draw(t, "other question")
			p, r := q.predicate(), other.predicate()

			_, err := filter.ParseCursor(position.Cursor(p, nil), r, nil)
			found := func(p filter.Predicate) (numbers []int64) {
				for i := range s.conversations {
					if p.Match(&s.conversations[i]) {
						numbers = append(numbers, s.conversations[i].Number())
					}
				}
				return numbers
			}
			if rendered(p) == rendered(r) {
				require.NoError(t, err)
			} else if !slices.Equal(found(p), found(r)) {
				require.ErrorIs(t, err, filter.ErrCursor, "%s\n%s", rendered(p), rendered(r))
			}
		}
	})
}

// changed draws what a question becomes by one small change.
func changed(q question) *rapid.Generator[question] {
	return rapid.Custom(func(t *rapid.T) question {
		if len(q.parts) > 0 && rapid.Bool().Draw(t, "in a part") {
			i := rapid.IntRange(0, len(q.parts)-1).Draw(t, "which part")
			q.parts = slices.Clone(q.parts)
			q.parts[i] = changed(q.parts[i]).Draw(t, "part")
			return q
		}
		around := func(word string, parts ...question) question { return question{word: word, parts: parts} }
		changes := []question{around("and", q), around("or", q), around("not", q), around("and", q, around("or")), q}
		switch q.word {
		case "and":
			changes = append(changes, around("or", q.parts...), around("and", around("and", q.parts...)))
		case "or":
			changes = append(changes, around("and", q.parts...))
		case "in", "any of", "all of":
			if len(q.values) > 0 {
				less, twice, swapped := q, q, q
				less.values = q.values[1:]
				twice.values = append(slices.Clone(q.values), q.values[0])
				swapped.values = slices.Clone(q.values)
				slices.Reverse(swapped.values)
				changes = append(changes, less, swapped)
				if _, yesOrNo := q.values[0].(bool); !yesOrNo {
					changes = append(changes, twice)
				} else {
					changes = slices.DeleteFunc(changes, func(q question) bool { return q.word == "in" && len(q.values) == 0 })
				}
			}
		}
		return rapid.SampledFrom(changes).Draw(t, "change")
	})
}

// rendered writes a predicate as unmistakable text.
func rendered(p filter.Predicate) string {
	parts := func(ps []filter.Predicate) string {
		var b strings.Builder
		for _, p := range ps {
			b.WriteString(rendered(p) + ", ")
		}
		return b.String()
	}
	switch p := p.(type) {
	case filter.Conjunction:
		return "and(" + parts(p) + ")"
	case filter.Disjunction:
		return "or(" + parts(p) + ")"
	case filter.Negation:
		return "not(" + rendered(p.Predicate) + ")"
	case filter.Condition:
		return fmt.Sprintf("%s %s %q", p.Field(), p.Op(), fmt.Sprintf("%#v", p.Values()))
	}
	panic(fmt.Sprintf("%T", p))
}

func TestCursorThatWasTamperedWith(t *testing.T) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	c := conversationtest.Play(t, "0 customer, 20 agent ann, 30.5 finish ann")
	order := filter.Order{filter.Agent.Asc(), filter.Customer.Desc(), filter.BotTime.Asc(), filter.Detailed.Asc(), filter.Spam.Asc(), filter.ClosedAt.Desc()}
	cursor := order.PositionOf(&c).Cursor(filter.All, order)

	check := func(t *testing.T, cursor string) {
		p, err := filter.ParseCursor(cursor, filter.All, order)
		if err != nil {
			require.ErrorIs(t, err, filter.ErrCursor)
			require.Zero(t, p)
			return
		}
		requirePosition(t, p, order)
	}
	t.Run("one character is another", func(t *testing.T) {
		for i := range cursor {
			for _, r := range alphabet + "+/=. \n\x00é" {
				check(t, cursor[:i]+string(r)+cursor[i+1:])
			}
		}
	})
	t.Run("one byte is another", func(t *testing.T) {
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		require.NoError(t, err)
		for i := range raw {
			for b := range 256 {
				changed := slices.Clone(raw)
				changed[i] = byte(b)
				check(t, base64.RawURLEncoding.EncodeToString(changed))
			}
		}
	})
	t.Run("it is cut short", func(t *testing.T) {
		for i := range cursor {
			_, err := filter.ParseCursor(cursor[:i], filter.All, order)
			require.ErrorIs(t, err, filter.ErrCursor, "%d characters", i)
		}
	})
	t.Run("something follows", func(t *testing.T) {
		for _, more := range []string{"A", "AA", "AAAA", "=", " ", cursor} {
			_, err := filter.ParseCursor(cursor+more, filter.All, order)
			require.ErrorIs(t, err, filter.ErrCursor)
		}
	})
	t.Run("it is endless", func(t *testing.T) {
		_, err := filter.ParseCursor(strings.Repeat("A", 64<<10+1), filter.All, order)
		require.ErrorIs(t, err, filter.ErrCursor)
		require.Less(t, len(err.Error()), 200)
	})
}

// requirePosition requires values that a conversation can have: a database gets them.
func requirePosition(t require.TestingT, p filter.Position, order filter.Order) {
	require.Len(t, p.Values, len(order))
	for i, k := range order {
		v := p.Values[i]
		require.True(t, v.Present || k.Field.Optional(), "%s is absent", k.Field)
		require.True(t, v.Present || v == filter.Value{})
		require.NotContains(t, v.Text, "\x00")
		require.Equal(t, strings.ToValidUTF8(v.Text, "?"), v.Text)
		if k.Field == filter.Detailed.Field {
			require.NotZero(t, status.Detailed(v.Num).General())
		}
	}
	again, err := filter.ParseCursor(p.Cursor(filter.All, order), filter.All, order)
	require.NoError(t, err)
	require.Equal(t, p, again)
}

func TestCursorRefusesValuesThatNoConversationHas(t *testing.T) {
	value := func(n int64, text string) filter.Value { return filter.Value{Present: true, Num: n, Text: text} }
	for _, tt := range []struct {
		has   string
		key   filter.SortKey
		value filter.Value
		fine  bool
	}{
		{"a status", filter.Detailed.Asc(), value(9, ""), true},
		{"a status that is none", filter.Detailed.Asc(), value(10, ""), false},
		{"a negative status", filter.Detailed.Asc(), value(-255, ""), false},
		{"a yes", filter.Spam.Asc(), value(1, ""), true},
		{"neither yes nor no", filter.Spam.Asc(), value(2, ""), false},
		{"no status", filter.Detailed.Asc(), filter.Value{}, false},
		{"no creation", filter.CreatedAt.Asc(), filter.Value{}, false},
		{"no closing", filter.ClosedAt.Asc(), filter.Value{}, true},
		{"a text", filter.Customer.Asc(), value(0, "ł"), true},
		{"bytes that are no text", filter.Customer.Asc(), value(0, "\xff"), false},
		{"a NUL character", filter.Agent.Asc(), value(0, "a\x00"), false},
	} {
		t.Run(tt.has, func(t *testing.T) {
			order := filter.Order{tt.key}
			p := filter.Position{Number: 1, Values: []filter.Value{tt.value}}
			got, err := filter.ParseCursor(p.Cursor(filter.All, order), filter.All, order)
			if tt.fine {
				require.NoError(t, err)
				require.Equal(t, p, got)
				return
			}
			require.ErrorIs(t, err, filter.ErrCursor)
		})
	}
}

func TestCursorErrorsSayWhy(t *testing.T) {
	good := filter.Position{Number: 1}.Cursor(filter.All, nil)
	for cursor, why := range map[string]string{
		"":           "filter: cursor does not belong to this query: it is cut short or of another version",
		"-_-_":       "filter: cursor does not belong to this query: it is cut short or of another version",
		"AA" + good:  "filter: cursor does not belong to this query: it is cut short or of another version",
		"nö":         "filter: cursor does not belong to this query: illegal base64 data at input byte 1",
		good + "AAA": "filter: cursor does not belong to this query: illegal base64 data at input byte 16",
	} {
		_, err := filter.ParseCursor(cursor, filter.All, nil)
		require.EqualError(t, err, why, cursor)
		require.True(t, errors.Is(err, filter.ErrCursor))
	}
}

func FuzzParseCursor(f *testing.F) {
	c := conversationtest.Play(f, "0 customer, 20 agent ann, 30.5 finish ann")
	orders := []filter.Order{
		nil,
		{filter.Customer.Asc()},
		{filter.FirstReplyWait.Desc(), filter.Agent.Asc(), filter.Detailed.Desc()},
		{filter.BotTime.Asc(), filter.CreatedAt.Desc(), filter.Spam.Desc()},
	}
	for i, o := range orders {
		f.Add(uint8(i), o.PositionOf(&c).Cursor(filter.All, o))
		f.Add(uint8(i), o.PositionOf(&c).Cursor(filter.Active, o))
	}
	f.Add(uint8(0), "")
	f.Add(uint8(0), "AQ==")
	f.Fuzz(func(t *testing.T, i uint8, cursor string) {
		o := orders[int(i)%len(orders)]
		p, err := filter.ParseCursor(cursor, filter.All, o)
		if err != nil {
			require.ErrorIs(t, err, filter.ErrCursor)
			require.Zero(t, p)
			return
		}
		requirePosition(t, p, o)
	})
}

// A page is read from a cursor while time goes on: the place stays where it was.
func TestPositionOutlivesItsConversation(t *testing.T) {
	cs := actors(t)
	order := filter.Order{filter.LastMessageAt.Desc()}
	place := order.PositionOf(&cs[4]) // waiting
	moved, err := conversationtest.Apply(cs[4], "1h customer")
	require.NoError(t, err)
	behind := func(c *conversation.Conversation) bool { return order.ComparePositions(order.PositionOf(c), place) > 0 }

	require.False(t, behind(&cs[4]), "the last row of the page")
	require.True(t, behind(&cs[3]), "the first message came earlier")
	require.False(t, behind(&moved), "it has moved to the front")
	require.Equal(t, second(3600), moved.LastMessageAt())
	require.Equal(t, 40*time.Second, time.Duration(place.Values[0].Num-second(0).UnixMilli())*time.Millisecond)
}
