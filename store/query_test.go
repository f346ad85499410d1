package store_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

func TestNewQueryAsksForTheLatestMessagesFirst(t *testing.T) {
	plan, err := store.NewQuery(access.System()).Plan()
	require.NoError(t, err)
	require.Equal(t, store.DefaultLimit, plan.Limit)
	require.Equal(t, filter.Order{filter.LastMessageAt.Desc()}, plan.Order)
	require.Nil(t, plan.After)
	require.True(t, plan.Where.Match(&rows(t, 1)[0]))
}

func TestZeroQueryFindsNothing(t *testing.T) {
	var q store.Query
	plan, err := q.Where(filter.All).Plan()
	require.NoError(t, err)
	require.False(t, plan.Where.Match(&rows(t, 1)[0]))
}

func TestPlanChecksTheLimit(t *testing.T) {
	for _, test := range []struct{ limit, want int }{{0, 50}, {1, 1}, {1000, 1000}} {
		plan, err := store.NewQuery(access.System()).Limit(test.limit).Plan()
		require.NoError(t, err)
		require.Equal(t, test.want, plan.Limit)
	}
	for _, limit := range []int{-1, 1001} {
		_, err := store.NewQuery(access.System()).Limit(limit).Plan()
		require.ErrorIs(t, err, store.ErrLimit)
		require.EqualError(t, err, fmt.Sprintf("store: query: limit is out of range: %d is not in 1 to 1000", limit))
	}
}

func TestPlanReportsAllThatIsWrong(t *testing.T) {
	_, err := store.NewQuery(access.System()).Where(filter.Not(nil)).OrderBy(filter.Links.Asc()).Limit(-1).Plan()
	require.ErrorIs(t, err, filter.ErrPredicate)
	require.ErrorIs(t, err, filter.ErrOrder)
	require.ErrorIs(t, err, store.ErrLimit)

	_, err = store.NewQuery(access.Within(filter.Not(nil))).Plan()
	require.ErrorIs(t, err, filter.ErrPredicate)
}

func TestWhereAsksForAllPredicates(t *testing.T) {
	cs := rows(t, 4) // of ann, bob, ann, bob
	q := store.NewQuery(access.Within(filter.ConversationNumber.Less(4)))
	anns := q.Where(filter.Agent.Is("ann"))
	require.Equal(t, []int64{1, 2, 3}, matching(t, q, cs))
	require.Equal(t, []int64{1, 3}, matching(t, anns, cs))
	require.Equal(t, []int64{3}, matching(t, anns.Where(filter.ConversationNumber.Greater(1)), cs))
	require.Empty(t, matching(t, anns.Where(filter.Agent.Is("bob")), cs))
	require.Equal(t, []int64{1, 3}, matching(t, anns.Where(), cs))
	require.Equal(t, []int64{3}, matching(t, q.Where(filter.Agent.Is("ann"), filter.ConversationNumber.Greater(2)), cs))
}

func TestWhereInSeveralCallsIsWhereInOne(t *testing.T) {
	cs := rows(t, 3)
	a, b := filter.Agent.Present(), filter.ConversationNumber.Less(9)
	q := store.NewQuery(access.System()).Limit(2)
	next := planned(t, q.Where(a, b)).Page(cs).Next
	require.NotNil(t, planned(t, q.Where(a).Where().Where(b).After(next)).After)

	for range filter.MaxLeaves {
		q = q.Where(a)
	}
	require.Equal(t, []int64{1, 2, 3}, matching(t, q, cs))
	_, err := q.Where(a).Plan()
	require.ErrorIs(t, err, filter.ErrPredicate)
}

func TestQueriesFromOneGoTheirOwnWays(t *testing.T) {
	cs := rows(t, 4)
	base := store.NewQuery(access.System()).Where(filter.ConversationNumber.Greater(0)).Where(filter.ConversationNumber.Less(5))
	anns, bobs := base.Where(filter.Agent.Is("ann")), base.Where(filter.Agent.Is("bob"))
	require.Equal(t, []int64{1, 3}, matching(t, anns, cs))
	require.Equal(t, []int64{2, 4}, matching(t, bobs, cs))
	require.Equal(t, []int64{1, 2, 3, 4}, matching(t, base, cs))

	keys := []filter.SortKey{filter.Agent.Asc(), filter.CreatedAt.Desc()}
	ordered := base.OrderBy(keys...)
	keys[0] = filter.ConversationNumber.Desc()
	require.Equal(t, "agent,-created_at", planned(t, ordered).Order.String())
	require.Empty(t, planned(t, ordered.OrderBy()).Order)
}

func TestPageEndsWithItsLimit(t *testing.T) {
	cs := rows(t, 3)
	for _, test := range []struct {
		found, limit, want int
		more               bool
	}{
		{found: 0, limit: 2, want: 0},
		{found: 1, limit: 2, want: 1},
		{found: 2, limit: 2, want: 2},
		{found: 3, limit: 2, want: 2, more: true},
	} {
		page := planned(t, store.NewQuery(access.System()).Limit(test.limit)).Page(cs[:test.found])
		require.Len(t, page.Conversations, test.want)
		require.Equal(t, test.more, page.Next != "")
	}
}

func TestPageSaysHowToGoBack(t *testing.T) {
	cs := rows(t, 5)
	q := store.NewQuery(access.System()).OrderBy().Limit(2)
	first := planned(t, q).Page(cs[:3])
	require.Empty(t, first.Prev, "it is the first one")

	second := planned(t, q.After(first.Next)).Page(cs[2:5])
	plan := planned(t, q.After(second.Prev))
	require.True(t, plan.After.Back)
	require.Negative(t, plan.Compare(&cs[1], &cs[0]), "the nearest comes first")
	for i, reached := range []bool{true, true, false, false, false} {
		require.Equal(t, reached, plan.Reaches(&cs[i]), "number %d", i+1)
	}
	again := plan.Page([]conversation.Conversation{cs[1], cs[0]}) // as an adapter comes to them
	require.Equal(t, int64(1), again.Conversations[0].Number(), "a page is in the order of its query")
	require.Equal(t, first.Next, again.Next)
	require.Empty(t, again.Prev)

	third := planned(t, q.After(second.Next)).Page(cs[4:])
	back := planned(t, q.After(third.Prev)).Page([]conversation.Conversation{cs[3], cs[2], cs[1]})
	require.Equal(t, second, back)

	require.Zero(t, planned(t, q.After(third.Prev)).Page(nil), "an empty page has no cursors")
}

func TestPageDoesNotShareItsRoom(t *testing.T) {
	cs := rows(t, 3)
	third := cs[2].ID()
	page := planned(t, store.NewQuery(access.System()).Limit(2)).Page(cs)
	_ = append(page.Conversations, conversation.Conversation{})
	require.Equal(t, third, cs[2].ID())
}

func TestAfterGoesOnBehindThePage(t *testing.T) {
	cs := rows(t, 3)
	q := store.NewQuery(access.System()).Where(filter.Agent.Present()).OrderBy(filter.Agent.Desc(), filter.CreatedAt.Asc())
	next := planned(t, q.Limit(2)).Page(cs).Next

	for _, same := range []store.Query{q, q.Limit(7)} {
		plan := planned(t, same.After(next))
		require.Equal(t, plan.Order.PositionOf(&cs[1]), *plan.After)
	}
	require.Nil(t, planned(t, q.After(next).After("")).After)

	narrower := store.NewQuery(access.Within(filter.Mine("ann"))).Where(filter.Agent.Present()).
		OrderBy(filter.Agent.Desc(), filter.CreatedAt.Asc()).After(next)
	plan := planned(t, narrower)
	require.NotNil(t, plan.After, "a cursor carries no scope")
	require.False(t, plan.Where.Match(&cs[1]), "and no permission")

	for _, other := range []store.Query{
		q.Where(filter.Active), q.OrderBy(filter.Agent.Desc()), q.OrderBy(filter.Agent.Asc(), filter.CreatedAt.Asc()),
	} {
		_, err := other.After(next).Plan()
		require.ErrorIs(t, err, filter.ErrCursor)
	}
	_, err := q.After("no cursor").Plan()
	require.ErrorIs(t, err, filter.ErrCursor)
}

func planned(t *testing.T, q store.Query) store.Plan {
	t.Helper()
	plan, err := q.Plan()
	require.NoError(t, err)
	return plan
}

// matching returns the numbers of the rows that a query finds.
func matching(t *testing.T, q store.Query, cs []conversation.Conversation) []int64 {
	t.Helper()
	var ns []int64
	for i := range cs {
		if planned(t, q).Where.Match(&cs[i]) {
			ns = append(ns, cs[i].Number())
		}
	}
	return ns
}

func TestAskAsksAQuestionBesidesTheRest(t *testing.T) {
	cs := rows(t, 4) // of ann, bob, ann, bob
	q := store.NewQuery(access.System()).Where(filter.ConversationNumber.Less(4)).Limit(7)

	all := q.Ask(filter.Question{})
	require.Equal(t, []int64{1, 2, 3}, matching(t, all, cs))
	plan, err := all.Plan()
	require.NoError(t, err)
	require.Equal(t, store.DefaultLimit, plan.Limit)
	require.Equal(t, filter.Order{filter.LastMessageAt.Desc()}, plan.Order)

	anns := filter.Question{Where: filter.Agent.Is("ann"), Order: filter.Order{}, Limit: 3}
	require.Equal(t, []int64{1, 3}, matching(t, q.Ask(anns), cs))
	plan, err = q.Ask(anns).Plan()
	require.NoError(t, err)
	require.Equal(t, 3, plan.Limit)
	require.Empty(t, plan.Order)

	anns.Cursor = "AQ"
	_, err = q.Ask(anns).Plan()
	require.ErrorIs(t, err, filter.ErrCursor)

	_, err = q.Ask(filter.Question{Where: filter.IsMe(filter.Agent)}).Plan()
	require.ErrorIs(t, err, filter.ErrPredicate, "nobody has said who asks")
}
