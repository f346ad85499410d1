package filter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
)

// sorted returns the names of the cast in an order.
func sorted(cs []conversation.Conversation, o filter.Order) string {
	places := make([]int, len(cs))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(i, j int) int { return o.Compare(&cs[i], &cs[j]) })
	var names []string
	for _, i := range places {
		names = append(names, cast[i].name)
	}
	return strings.Join(names, " ")
}

func TestOrder(t *testing.T) {
	cs := actors(t)
	for _, tt := range []struct {
		by    string
		order filter.Order
		gives string
	}{
		{"nothing: by number", nil, "bare bot queued held waiting replied again closing closed spam outgoing"},
		{"number", filter.Order{filter.ConversationNumber.Asc()}, "bare bot queued held waiting replied again closing closed spam outgoing"},
		{"number, greatest first", filter.Order{filter.ConversationNumber.Desc()}, "outgoing spam closed closing again replied waiting held queued bot bare"},
		{"detailed status: as in the table of statuses", filter.Order{filter.Detailed.Asc()}, "bare bot queued held outgoing waiting again replied closing closed spam"},
		{"detailed status, last first", filter.Order{filter.Detailed.Desc()}, "spam closed closing replied again waiting outgoing held queued bot bare"},
		{"first reply wait: absent last, ties by number", filter.Order{filter.FirstReplyWait.Asc()}, "closing closed replied again bare bot queued held waiting spam outgoing"},
		{"first reply wait, longest first: absent last, ties by number, greatest first", filter.Order{filter.FirstReplyWait.Desc()}, "again replied closed closing outgoing spam waiting held queued bot bare"},
		{"agent: ids byte by byte", filter.Order{filter.Agent.Asc()}, "held replied again closed outgoing waiting closing bare bot queued spam"},
		{"open channel's id: capitals first", filter.Order{filter.OpenChannelID.Asc()}, "closed queued held waiting replied again spam outgoing closing bare bot"},
		{"open channel's name: absent last", filter.Order{filter.OpenChannel.Asc()}, "closed queued held waiting replied again spam outgoing closing bare bot"},
		{"customer: folded, by code points", filter.Order{filter.Customer.Asc()}, "replied closed spam again outgoing bot held waiting closing queued bare"},
		{"customer, last first", filter.Order{filter.Customer.Desc()}, "queued closing waiting held bot outgoing again spam closed replied bare"},
		{"spam: no before yes", filter.Order{filter.Spam.Desc()}, "spam outgoing closed closing again replied waiting held queued bot bare"},
		{"rating of the customer", filter.Order{filter.CustomerRating.Desc()}, "closed spam outgoing closing again replied waiting held queued bot bare"},
		{
			"general status, then the latest message; ties by number, greatest first",
			filter.Order{filter.General.Asc(), filter.LastMessageAt.Desc()},
			"again waiting bot queued held outgoing bare replied closing closed spam",
		},
		{
			"general status, last first, then messages, least first; ties by number, least first",
			filter.Order{filter.General.Desc(), filter.MessageCount.Asc()},
			"spam closed replied closing bare outgoing queued held bot waiting again",
		},
	} {
		t.Run(tt.by, func(t *testing.T) {
			require.NoError(t, tt.order.Validate())
			require.Equal(t, tt.gives, sorted(cs, tt.order))
		})
	}
}

func TestOrderValidateNamesTheFirstMistake(t *testing.T) {
	var many filter.Order
	for f := range filter.Fields() {
		if f.Sortable() && len(many) < filter.MaxSortKeys {
			many = append(many, f.Desc())
		}
	}
	require.NoError(t, many.Validate())
	require.NoError(t, filter.Order{}.Validate())
	for _, tt := range []struct {
		has   string
		order filter.Order
		err   string
	}{
		{"too many keys", append(many, filter.MessageCount.Asc()), "filter: invalid order: 9 keys, more than 8"},
		{"a key without a field", filter.Order{filter.Agent.Asc(), {}}, "filter: invalid order: key 2 has no field"},
		{"a set", filter.Order{filter.Links.Asc()}, "filter: invalid order: links cannot be sorted by"},
		{
			"a field twice, in whatever direction",
			filter.Order{filter.Agent.Asc(), filter.Customer.Asc(), filter.Agent.Desc()},
			"filter: invalid order: agent stands twice",
		},
	} {
		t.Run(tt.has, func(t *testing.T) {
			require.ErrorIs(t, tt.order.Validate(), filter.ErrOrder)
			require.EqualError(t, tt.order.Validate(), tt.err)
		})
	}
}

func TestOrderAsText(t *testing.T) {
	require.Equal(t, "-last_message_at,number", filter.Order{filter.LastMessageAt.Desc(), filter.ConversationNumber.Asc()}.String())
	require.Empty(t, filter.Order(nil).String())
	require.Equal(t, "[-]", fmt.Sprintf("[%s]", filter.Order{{Descending: true}}), "a mistake can be printed")
}

// someOrder draws a valid order.
func someOrder() *rapid.Generator[filter.Order] {
	var sortable []filter.Field
	for f := range filter.Fields() {
		if f.Sortable() {
			sortable = append(sortable, f)
		}
	}
	return rapid.Custom(func(t *rapid.T) filter.Order {
		var o filter.Order
		for _, f := range rapid.SliceOfNDistinct(rapid.SampledFrom(sortable), 0, 4, rapid.ID).Draw(t, "fields") {
			o = append(o, filter.SortKey{Field: f, Descending: rapid.Bool().Draw(t, "descending")})
		}
		return o
	})
}

func TestOrderIsTotal(t *testing.T) {
	s := newSample(t, 150)
	row := rapid.Map(rapid.IntRange(0, len(s.rows)-1), func(i int) *conversation.Conversation { return &s.conversations[i] })
	rapid.Check(t, func(t *rapid.T) {
		o := someOrder().Draw(t, "order")
		require.NoError(t, o.Validate())
		for range 50 {
			a, b, c := row.Draw(t, "a"), row.Draw(t, "b"), row.Draw(t, "c")
			ab, bc, ac := o.Compare(a, b), o.Compare(b, c), o.Compare(a, c)
			require.Equal(t, -ab, o.Compare(b, a), "a and b, b and a")
			require.Equal(t, a.Number() == b.Number(), ab == 0, "equal only to itself")
			if ab <= 0 && bc <= 0 {
				require.LessOrEqual(t, ac, 0, "a before b before c")
			}
			require.Equal(t, ab, o.ComparePositions(o.PositionOf(a), o.PositionOf(b)), "as their positions")
		}
	})
}

// The order again, out of the words of the specification.
func TestOrderIsThatOfTheWords(t *testing.T) {
	s := newSample(t, 100)
	inTurn := make([]int, len(s.rows))
	for i := range inTurn {
		inTurn[i] = i
	}
	rapid.Check(t, func(t *rapid.T) {
		o := someOrder().Draw(t, "order")
		places := rapid.Permutation(inTurn).Draw(t, "places")
		slices.SortFunc(places, func(i, j int) int { return o.Compare(&s.conversations[i], &s.conversations[j]) })
		for n := range len(places) - 1 {
			i, j := places[n], places[n+1]
			if !inWords(o, s.rows[i], s.rows[j]) {
				t.Fatalf("%s: conversation %d is before %d: %v, %v", o, i+1, j+1, s.rows[i], s.rows[j])
			}
		}
	})
}

// inWords tells whether a row may stand before another.
func inWords(o filter.Order, row, next map[string]any) bool {
	last := false
	for _, k := range o {
		v, w := row[k.Field.Key()], next[k.Field.Key()]
		last = k.Descending
		switch {
		case v == w:
			continue
		case v == nil || w == nil:
			return w == nil
		}
		d := compareWords(k.Field, v, w)
		if d == 0 {
			continue
		}
		return d < 0 != k.Descending
	}
	return row["number"].(int64) < next["number"].(int64) != last
}

func compareWords(f filter.Field, v, w any) int {
	switch f.Type() {
	case filter.Enum:
		words := []string{
			"incoming", "outgoing", "new", "queued", "accepted", "waiting", "waiting_again", "replied", "closing", "closed", "spam",
		}
		if f == filter.General.Field {
			words = []string{"waiting", "replied", "closed"}
		}
		return slices.Index(words, v.(string)) - slices.Index(words, w.(string))
	case filter.Key:
		return strings.Compare(v.(string), w.(string))
	case filter.Text:
		return slices.Compare([]rune(slowFold(v.(string))), []rune(slowFold(w.(string))))
	case filter.Bool:
		if v == false {
			return -1
		}
		return 1
	case filter.Instant, filter.Span, filter.Number:
		return int(millis(v) - millis(w))
	case filter.Set:
	}
	panic("rows are not sorted by " + f.Key())
}
