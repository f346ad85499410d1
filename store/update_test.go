package store_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

func millis(ms int64) time.Time { return time.UnixMilli(ms) }

func millisOf(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// after returns an event some seconds after the start, whose id derives from its name.
func after(seconds int, name string, by conversation.Author, body conversation.Body) conversation.Event {
	return conversation.Event{
		ID: conversation.DeriveEventID(name), At: conversationtest.At(time.Duration(seconds) * time.Second), By: by, Body: body,
	}
}

func question(seconds int, name string) conversation.Event {
	return after(seconds, name, conversation.ByCustomer(), conversation.Wrote{Text: name})
}

// one creates a conversation from a line.
func one(t *testing.T, st store.Store, line string) conversation.Conversation {
	t.Helper()
	stored, err := st.Create(t.Context(), conversationtest.Play(t, line))
	require.NoError(t, err)
	return stored[0]
}

// applying counts how often it runs.
func applying(e conversation.Event, runs *int) func(conversation.Conversation) (conversation.Conversation, error) {
	return func(c conversation.Conversation) (conversation.Conversation, error) {
		*runs++
		return c.Apply(e)
	}
}

func TestUpdateRunsOnceWhenNobodyInterferes(t *testing.T) {
	st := open(t)
	c := one(t, st, "0 customer")
	runs := 0
	got, err := store.Update(t.Context(), st, access.System(), c.ID(), applying(question(9, "q"), &runs))
	require.NoError(t, err)
	require.Equal(t, 1, runs)
	require.Equal(t, c.Version()+1, got.Version())
	require.Equal(t, got.Version(), got.Base())
	stored, err := st.Get(t.Context(), access.System(), c.ID())
	require.NoError(t, err)
	require.Equal(t, stored.Snapshot(), got.Snapshot())
}

func TestUpdateStartsAgainOnWhatOthersSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t)
		c := one(t, st, "0 customer")
		saves, runs, others := 0, 0, 0
		disturbed := &fake{Store: st, beforeSave: func() error {
			if saves++; saves > 4 {
				return nil
			}
			_, err := store.Update(t.Context(), st, access.System(), c.ID(), applying(question(saves, "other "+string(rune('a'+saves))), &others))
			return err
		}}
		got, err := store.Update(t.Context(), disturbed, access.System(), c.ID(), applying(question(9, "q"), &runs))
		require.NoError(t, err)
		require.Equal(t, 5, runs)
		require.Equal(t, c.MessageCount()+4+1, got.MessageCount())
	})
}

func TestUpdatePausesLongerAndLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t)
		c := one(t, st, "0 customer")
		var tries []time.Time
		busy := &fake{
			Store:      st,
			beforeGet:  func() error { tries = append(tries, time.Now()); return nil },
			beforeSave: func() error { return &store.ConflictError{ID: c.ID(), Base: c.Base()} },
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		runs := 0
		_, err := store.Update(ctx, busy, access.System(), c.ID(), applying(question(9, "q"), &runs))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, len(tries), runs)
		longest := time.Duration(0)
		for i := 1; i < len(tries); i++ {
			pause := tries[i].Sub(tries[i-1])
			longest = max(longest, pause)
			require.Less(t, pause, min(5*time.Millisecond<<min(i-1, 10), 320*time.Millisecond), "pause %d", i)
		}
		require.Greater(t, longest, 100*time.Millisecond)
		require.Greater(t, len(tries), 60*1000/320)
	})
}

func TestUpdateEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t)
		c := one(t, st, "0 customer")
		gone := errors.New("the caller has gone")
		ctx, cancel := context.WithCancelCause(t.Context())
		saves := 0
		busy := &fake{Store: st, beforeSave: func() error {
			if saves++; saves == 3 {
				cancel(gone)
			}
			return &store.ConflictError{ID: c.ID(), Base: c.Base()}
		}}
		runs := 0
		_, err := store.Update(ctx, busy, access.System(), c.ID(), applying(question(9, "q"), &runs))
		require.ErrorIs(t, err, gone)
		require.LessOrEqual(t, runs, 4)
	})
}

func TestUpdateOfARepeatedEventHasNoEffect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, line := range []string{"0 customer, 20 accept ann", "0 customer, 20 accept ann, 20 note bob", "0 customer, 20 accept ann, 30 agent ann"} {
			st := open(t)
			c := one(t, st, line)
			events, err := store.Events(t.Context(), st, access.System(), c.ID())
			require.NoError(t, err)
			for _, e := range events {
				runs := 0
				got, err := store.Update(t.Context(), st, access.System(), c.ID(), applying(e, &runs))
				require.NoError(t, err, "%s: %s", line, e.Kind())
				require.Equal(t, c.Snapshot(), got.Snapshot(), "%s: %s", line, e.Kind())
			}
		}
	})
}

func TestUpdatePutsALateEventWhereItBelongs(t *testing.T) {
	st := open(t)
	c := one(t, st, "0 customer, 60 accept ann, 90 customer")
	runs := 0
	got, err := store.Update(t.Context(), st, access.System(), c.ID(), applying(after(70, "r", conversation.ByAgent("ann"), conversation.Wrote{}), &runs))
	require.NoError(t, err)
	require.Equal(t, 2, runs)
	conversationtest.Expect(t, got, "detailed=waiting_again first_reply_at=70 last_message_at=90 message_count=3")
	require.Equal(t, c.Number(), got.Number())
	require.Equal(t, got.Version(), got.Base())
}

func TestUpdateReturnsTheErrorOfTheChange(t *testing.T) {
	st := open(t)
	c := one(t, st, "0 customer, 20 accept ann")
	runs := 0
	_, err := store.Update(t.Context(), st, access.System(), c.ID(), applying(after(30, "a", conversation.ByAgent("bob"), conversation.Accepted{}), &runs))
	var held *conversation.HeldError
	require.ErrorAs(t, err, &held)
	require.Equal(t, conversation.AgentID("ann"), held.Holder)
	require.Equal(t, 2, runs, "once more on the whole timeline")

	refused := errors.New("refused")
	_, err = store.Update(t.Context(), st, access.System(), c.ID(), func(conversation.Conversation) (conversation.Conversation, error) {
		return conversation.Conversation{}, refused
	})
	require.Equal(t, refused, err)
	stored, err := st.Get(t.Context(), access.System(), c.ID())
	require.NoError(t, err)
	require.Equal(t, c.Snapshot(), stored.Snapshot())
}

func TestUpdateReturnsOtherErrorsOfTheStore(t *testing.T) {
	st := open(t)
	c := one(t, st, "0 customer, 20 accept ann")
	broken := errors.New("broken")
	late := after(10, "r", conversation.ByAgent("ann"), conversation.Noted{})
	for what, failing := range map[string]*fake{
		"Get":      {Store: st, beforeGet: func() error { return broken }},
		"Save":     {Store: st, beforeSave: func() error { return broken }},
		"Timeline": {Store: st, beforeTimeline: func() error { return broken }},
	} {
		runs := 0
		_, err := store.Update(t.Context(), failing, access.System(), c.ID(), applying(late, &runs))
		require.Equal(t, broken, err, what)
		require.LessOrEqual(t, runs, 2, what)
	}
}

func TestUpdateFindsNothingOutsideTheScope(t *testing.T) {
	st := open(t)
	c := one(t, st, "0 customer, 20 accept ann")
	runs := 0
	_, err := store.Update(t.Context(), st, access.Within(filter.Mine("bob")), c.ID(), applying(question(30, "q"), &runs))
	require.ErrorIs(t, err, store.ErrNotFound)
	require.Zero(t, runs)
}

func TestUpdateSavesWhatLeavesTheScope(t *testing.T) {
	st := open(t)
	c := one(t, st, "0 customer, 20 accept ann")
	scope := access.Within(filter.Mine("ann"))
	runs := 0
	got, err := store.Update(t.Context(), st, scope, c.ID(), applying(after(30, "t", conversation.ByAgent("bob"), conversation.TakenOver{}), &runs))
	require.NoError(t, err)
	require.Equal(t, conversation.AgentID("bob"), got.Agent())
	_, err = st.Get(t.Context(), scope, c.ID())
	require.ErrorIs(t, err, store.ErrNotFound)
}

func TestUpdateOfWhatIsDeletedMeanwhileFindsNothing(t *testing.T) {
	for _, late := range []bool{false, true} {
		st := open(t)
		c := one(t, st, "0 customer, 20 accept ann")
		drop := func() error {
			_, err := st.DeleteOpenChannel(t.Context(), c.OpenChannel().ID)
			return err
		}
		disturbed, e := &fake{Store: st, beforeSave: drop}, question(30, "q")
		if late {
			disturbed, e = &fake{Store: st, beforeTimeline: drop}, question(10, "q")
		}
		runs := 0
		_, err := store.Update(t.Context(), disturbed, access.System(), c.ID(), applying(e, &runs))
		require.ErrorIs(t, err, store.ErrNotFound)
	}
}

func TestUpdateStartsAgainWhenTheTimelineHasGrownMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t)
		c := one(t, st, "0 customer, 20 accept ann")
		reads, others, runs := 0, 0, 0
		disturbed := &fake{Store: st, beforeTimeline: func() error {
			if reads++; reads > 1 {
				return nil
			}
			_, err := store.Update(t.Context(), st, access.System(), c.ID(), applying(question(50, "other"), &others))
			return err
		}}
		got, err := store.Update(t.Context(), disturbed, access.System(), c.ID(), applying(question(10, "q"), &runs))
		require.NoError(t, err)
		require.Equal(t, c.MessageCount()+2, got.MessageCount())
		require.Equal(t, 3, runs)
	})
}

// forgetful is a store that has lost an event.
type forgetful struct{ store.Store }

func (s forgetful) Timeline(ctx context.Context, scope access.Scope, id conversation.ID, r store.Range) (store.TimelinePage, error) {
	page, err := s.Store.Timeline(ctx, scope, id, r)
	if err == nil {
		page.Events = page.Events[:len(page.Events)-1]
	}
	return page, err
}

func TestUpdateEndsWhenTheTimelineIsNotThatOfTheRow(t *testing.T) {
	st := open(t)
	c := one(t, st, "0 customer, 20 accept ann")
	runs := 0
	_, err := store.Update(t.Context(), forgetful{st}, access.System(), c.ID(), applying(question(10, "q"), &runs))
	require.ErrorIs(t, err, conversation.ErrTimeline)
}
