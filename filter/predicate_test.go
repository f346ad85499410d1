package filter_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
)

// causes returns what Validate says is wrong, in order.
func causes(t testing.TB, p filter.Predicate) []string {
	t.Helper()
	return causesOf(t, filter.Validate(p))
}

// causesOf returns what joined errors say is wrong, in order.
func causesOf(t testing.TB, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok)
	var all []string
	for _, err := range joined.Unwrap() {
		var e *filter.PredicateError
		require.ErrorAs(t, err, &e)
		require.ErrorIs(t, err, filter.ErrPredicate)
		if e.Field != "" {
			require.Equal(t, "filter: invalid predicate: "+e.Field+": "+e.Cause, e.Error())
			all = append(all, e.Field+": "+e.Cause)
			continue
		}
		require.Equal(t, "filter: invalid predicate: "+e.Cause, e.Error())
		all = append(all, e.Cause)
	}
	return all
}

// nested returns a predicate of that many levels around p.
func nested(levels int, p filter.Predicate) filter.Predicate {
	around := []func(filter.Predicate) filter.Predicate{
		filter.Not,
		func(p filter.Predicate) filter.Predicate { return filter.And(p) },
		func(p filter.Predicate) filter.Predicate { return filter.Or(p) },
	}
	for i := range levels {
		p = around[i%len(around)](p)
	}
	return p
}

func times(n int, p filter.Predicate) []filter.Predicate {
	return slices.Repeat([]filter.Predicate{p}, n)
}

func numbers(n int) []int64 { return make([]int64, n) }

// foreign satisfies Predicate by embedding one; no other package can in another way.
type foreign struct{ filter.Predicate }

func (foreign) Match(*conversation.Conversation) bool { return true }

func TestValidateTakesWhatIsWithinTheLimits(t *testing.T) {
	for _, tt := range []struct {
		is    string
		where filter.Predicate
	}{
		{"everything", filter.And()},
		{"nothing", filter.Or()},
		{"a conjunction that was never filled", filter.Conjunction(nil)},
		{"a condition in as many levels as there may be", nested(filter.MaxDepth, filter.Agent.Present())},
		{"as many conditions as there may be", filter.Or(times(filter.MaxLeaves, filter.Agent.Is("ann"))...)},
		{"as many values as there may be", filter.MessageCount.In(numbers(filter.MaxList)...)},
		{"a text as long as it may be", filter.Customer.Contains(strings.Repeat("a", filter.MaxText))},
		{"the longest id", filter.Agent.Is(conversation.AgentID(strings.Repeat("a", conversation.MaxIDLen)))},
		{"the longest name", filter.Customer.Is(strings.Repeat("a", conversation.MaxNameLen))},
		{"the longest link", filter.Links.AnyOf(conversation.Link{
			Kind: strings.Repeat("k", conversation.MaxIDLen), ID: strings.Repeat("i", conversation.MaxIDLen),
		})},
		{"an empty text", filter.Customer.Contains("")},
		{"no value", filter.Detailed.In()},
		{"numbers as far apart as can be", filter.MessageCount.Between(math.MinInt64, math.MaxInt64)},
		{"durations as far apart as can be", filter.Duration.Between(math.MinInt64, math.MaxInt64)},
		{"no instant", filter.CreatedAt.Before(time.Time{})},
		{"an emoji", filter.Customer.Contains("👩‍🚀")},
	} {
		t.Run(tt.is, func(t *testing.T) { require.Empty(t, causes(t, tt.where)) })
	}
}

func TestValidateNamesWhatIsWrong(t *testing.T) {
	ann := filter.Agent.Is("ann")
	itself := make(filter.Conjunction, 2)
	itself[0], itself[1] = itself, itself
	var notThere *filter.Conjunction

	for _, tt := range []struct {
		is     string
		where  filter.Predicate
		causes []string
	}{
		{"no predicate", nil, []string{"a predicate is nil"}},
		{"nil in an and", filter.And(ann, nil), []string{"a predicate is nil"}},
		{"nil in an or", filter.Or(nil, ann, nil), []string{"a predicate is nil", "a predicate is nil"}},
		{"nil in a not", filter.Not(nil), []string{"a predicate is nil"}},
		{"the zero negation", filter.Negation{}, []string{"a predicate is nil"}},
		{"the zero condition", filter.Condition{}, []string{"a condition is empty"}},
		{"a predicate of another package", filter.And(foreign{ann}), []string{"a filter_test.foreign is no predicate of this package"}},
		{"a pointer", filter.Not(&filter.Conjunction{ann}), []string{"a *filter.Conjunction is no predicate of this package"}},
		{"a nil pointer", notThere, []string{"a *filter.Conjunction is no predicate of this package"}},

		{"too many levels", nested(filter.MaxDepth+1, ann), []string{"more than 16 levels"}},
		{"too many levels around nothing", nested(filter.MaxDepth, filter.Or()), []string{"more than 16 levels"}},
		{"too many conditions", filter.And(times(filter.MaxLeaves+1, ann)...), []string{"more than 50 conditions"}},
		{
			"too many conditions here and there", filter.And(filter.Or(times(25, ann)...), filter.Not(filter.Or(times(26, ann)...))),
			[]string{"more than 50 conditions"},
		},
		{"too many empty disjunctions", filter.And(times(filter.MaxLeaves+1, filter.Or())...), []string{"more than 50 conditions"}},
		{"too many values", filter.MessageCount.In(numbers(filter.MaxList + 1)...), []string{"message_count: 301 values, more than 300"}},
		{"a text too long", filter.Customer.Is(strings.Repeat("a", 513)), []string{"customer: a value has 513 bytes, more than 512"}},
		{"a text too long when folded", filter.Customer.Contains(strings.Repeat("İ", 200)), []string{"customer: a value has 600 bytes, more than 512"}},
		{"a member too long", filter.Participants.NoneOf(conversation.AgentID(strings.Repeat("a", 513))), []string{"participants: a value has 513 bytes, more than 512"}},

		{"a status that is not", filter.Detailed.Is(0), []string{"detailed: 0 is none of its words"}},
		{"a status of a later version", filter.Detailed.In(status.New, status.Spam+1), []string{"detailed: 10 is none of its words"}},
		{"a direction that is not", filter.Direction.Is(3), []string{"direction: 3 is none of its words"}},
		{"bytes that are no text", filter.Customer.Is("\xff"), []string{"customer: a text is not UTF-8"}},
		{"bytes that are no text, to search for", filter.Customer.Contains("\xffA"), []string{"customer: a text is not UTF-8"}},
		{"bytes that are no text, to start with", filter.Customer.StartsWith("\xff"), []string{"customer: a text is not UTF-8"}},
		{"an id that is no text", filter.Agent.In("ann", "\xc5"), []string{"agent: a text is not UTF-8"}},
		{"a NUL character", filter.SitePage.Contains("a\x00b"), []string{"site_page: a text contains a NUL character"}},
		{"a member with a NUL character", filter.LinkKinds.AllOf("\x00"), []string{"link_kinds: a text contains a NUL character"}},

		{"several mistakes", filter.And(
			filter.Detailed.Is(77), filter.Or(filter.Not(nil), filter.Condition{}), filter.Agent.In("\xff", conversation.AgentID(strings.Repeat("a", 600))),
		), []string{
			"detailed: 77 is none of its words",
			"a predicate is nil",
			"a condition is empty",
			"agent: a text is not UTF-8",
			"agent: a value has 600 bytes, more than 512",
		}},
	} {
		t.Run(tt.is, func(t *testing.T) { require.Equal(t, tt.causes, causes(t, tt.where)) })
	}

	t.Run("a conjunction within itself", func(t *testing.T) {
		all := causes(t, itself)
		require.Equal(t, "more than 50 conditions", all[len(all)-1])
		require.Len(t, all, filter.MaxLeaves+2)
	})
	t.Run("one error stands for all of its kind", func(t *testing.T) {
		err := filter.Validate(filter.And(times(10_000, nil)...))
		require.ErrorIs(t, err, filter.ErrPredicate)
		require.Less(t, len(err.Error()), 10_000)
	})
}

func TestPredicatesKeepNothingOfTheirCaller(t *testing.T) {
	c := generated(t, 1)
	ps := []filter.Predicate{filter.And()}
	and, or := filter.And(ps...), filter.Or(ps...)
	numbers := []int64{c.Number()}
	in := filter.ConversationNumber.In(numbers...)

	ps[0], numbers[0] = filter.Or(), -1
	require.True(t, and.Match(&c))
	require.True(t, or.Match(&c))
	require.True(t, in.Match(&c))
}

func TestPredicateErrorIsFound(t *testing.T) {
	err := filter.Validate(filter.Customer.Is(strings.Repeat("a", 513)))
	var e *filter.PredicateError
	require.True(t, errors.As(err, &e))
	require.Equal(t, "customer", e.Field)
	require.EqualError(t, err, "filter: invalid predicate: customer: a value has 513 bytes, more than 512")
}
