package store_test

import (
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

func TestRangeChecksItsLimit(t *testing.T) {
	id := conversation.DeriveID("a")
	for _, test := range []struct{ limit, want int }{{0, 50}, {1, 1}, {1000, 1000}} {
		plan, err := store.Range{Limit: test.limit, NewestFirst: true}.Plan(id)
		require.NoError(t, err)
		require.Equal(t, test.want, plan.Limit)
		require.True(t, plan.NewestFirst)
		require.Nil(t, plan.After)
	}
	for _, limit := range []int{-1, 1001} {
		_, err := store.Range{Limit: limit}.Plan(id)
		require.ErrorIs(t, err, store.ErrLimit)
		require.EqualError(t, err, fmt.Sprintf("store: timeline: limit is out of range: %d is not in 1 to 1000", limit))
	}
}

func TestTimelinePageEndsWithItsLimit(t *testing.T) {
	id := conversation.DeriveID("a")
	events := conversationtest.Generate(5)[:1]
	for len(events) < 3 {
		events = append(events, events[0])
	}
	for _, newestFirst := range []bool{false, true} {
		r := store.Range{Limit: 2, NewestFirst: newestFirst}
		plan, err := r.Plan(id)
		require.NoError(t, err)
		seq := func(i int) uint64 { return uint64(40 + i) }
		require.Empty(t, plan.Page(events[:2], seq).Next)
		page := plan.Page(events, seq)
		require.Len(t, page.Events, 2)

		r.After = page.Next
		next, err := r.Plan(id)
		require.NoError(t, err)
		require.Equal(t, store.Place{At: events[1].At.UnixMilli(), Seq: 41}, *next.After)

		r.NewestFirst = !newestFirst
		_, err = r.Plan(id)
		require.ErrorIs(t, err, filter.ErrCursor, "the other direction")
		r.NewestFirst = newestFirst
		_, err = r.Plan(conversation.DeriveID("b"))
		require.ErrorIs(t, err, filter.ErrCursor, "another conversation")
	}
}

func FuzzRangeTakesOnlyItsOwnCursors(f *testing.F) {
	id := conversation.DeriveID("a")
	key := id.Bytes()
	own := base64.RawURLEncoding.EncodeToString(append(append([]byte{1, 0}, key[:]...), make([]byte, 16)...))
	for _, seed := range []string{own, own[:len(own)-1], own + "A", own + "=", "A", "żółć", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		plan, err := store.Range{After: cursor}.Plan(id)
		if cursor == "" {
			require.NoError(t, err)
			return
		}
		if err != nil {
			require.ErrorIs(t, err, filter.ErrCursor)
			return
		}
		events := []conversation.Event{{At: millis(plan.After.At)}, {}}
		next, err := store.Range{Limit: 1}.Plan(id)
		require.NoError(t, err)
		require.Equal(t, cursor, next.Page(events, func(int) uint64 { return plan.After.Seq }).Next, "a place has one form")
	})
}

func TestEventsReturnsTheWholeTimeline(t *testing.T) {
	st := open(t)
	c := conversationtest.Play(t, "0 customer")
	for i := range store.MaxLimit + 5 {
		var err error
		c, err = c.Apply(conversation.Event{
			ID: conversation.DeriveEventID(fmt.Sprint(i)), At: conversationtest.At(0).Add(millisOf(i)), By: conversation.BySystem(), Body: conversation.Wrote{},
		})
		require.NoError(t, err)
	}
	_, err := st.Create(t.Context(), c)
	require.NoError(t, err)
	events, err := store.Events(t.Context(), st, access.System(), c.ID())
	require.NoError(t, err)
	want, _ := c.Timeline()
	require.Equal(t, want, events)

	_, err = store.Events(t.Context(), st, access.Scope{}, c.ID())
	require.ErrorIs(t, err, store.ErrNotFound)
}
