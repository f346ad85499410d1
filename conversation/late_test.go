package conversation_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/status"
)

func TestLateEventsCountWhereTheyBelong(t *testing.T) {
	for _, row := range []struct{ rule, line, want string }{
		{"a customer's message before the reply", "0 customer, 50 agent ann, 20 customer", "detailed=replied message_count=3 total_reaction=50s last_message_at=50"},
		{"a customer's message before the end", "0 customer, 50 agent ann, 90 finish ann, 80 customer", "detailed=closed closed_at=90 message_count=3"},
		{"an agent's message before the customer's", "0 customer, 50 customer, 20 agent ann", "detailed=waiting_again first_reply_at=20 reactions=1 accepted_at=20"},
		{"a colleague's message before the acceptance by the same", "0 customer, 10 accept ann, 50 customer, 20 agent bob", "detailed=waiting_again agent=ann first_reply_at=20"},
		{"a bot's message", "0 customer, 50 agent ann, 20 bot", "message_count=3 last_message_at=50 bot_time=50s"},
		{"a note", "0 customer, 50 agent ann, 20 note bob", "participants=bob,ann message_count=2"},
		{"an acceptance before the reply of the same agent", "0 customer, 50 agent ann, 20 accept ann", "accepted_at=20 first_reply_at=50"},
		{"a queueing between two acceptances", "0 customer, 10 accept ann, 50 customer, 30 decline ann, 40 accept bob", "agent=bob detailed=waiting"},
		{"a rating, credited to who served then", "0 customer, 10 accept ann, 30 takeover bob, 20 rate 5", "customer_rating.agent=ann agent=bob"},
		{"a customer's message that withdraws a closing", "0 customer, 10 rating-request ann, 40 finish ann, 20 customer", "detailed=closed agent_finished_at=40 closed_at=40"},
		{"events of one instant, in the order of arrival", "0 customer, 20 accept ann, 10 link a/1, 10 unlink a/1", "links=-"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			c := conversationtest.Play(t, row.line)
			conversationtest.Expect(t, c, row.want)

			events, err := conversationtest.Parse(row.line)
			require.NoError(t, err)
			rebuilt, err := conversation.Rebuild(events)
			require.NoError(t, err)
			require.Equal(t, rebuilt.Snapshot(), c.Snapshot())
			require.Equal(t, events, c.Changes(), "in the order of arrival")
			timeline, known := c.Timeline()
			require.True(t, known)
			require.True(t, slices.IsSortedFunc(timeline, func(a, b conversation.Event) int { return a.At.Compare(b.At) }))
		})
	}
}

func TestMessagesMayArriveInAnyOrder(t *testing.T) {
	const start = "0 customer, "
	entries := []string{"10 customer", "20 agent ann", "30 bot", "40 system", "50 note bob"}
	want := conversationtest.Play(t, start+"10 customer, 20 agent ann, 30 bot, 40 system, 50 note bob").Snapshot()
	orders := 0
	permute(entries, func(order []string) {
		orders++
		c := conversationtest.Play(t, "0 customer")
		for _, entry := range order {
			e := event(t, entry)
			next, err := c.Apply(e)
			require.NoError(t, err, order)
			c = next
		}
		got := c.Snapshot()
		got.ID, got.State = want.ID, want.State // both name ids, which derive from the line
		require.Equal(t, want, got, order)
	})
	require.Equal(t, 120, orders)
}

// event returns the event of an entry, with an id that derives from the entry.
func event(t *testing.T, entry string) conversation.Event {
	t.Helper()
	events, err := conversationtest.Parse("0 start, " + entry)
	require.NoError(t, err)
	events[1].ID = conversation.DeriveEventID(entry)
	return events[1]
}

// permute visits every order of all.
func permute[T any](all []T, visit func([]T)) {
	var from func(int)
	from = func(k int) {
		if k == len(all) {
			visit(all)
			return
		}
		for i := k; i < len(all); i++ {
			all[k], all[i] = all[i], all[k]
			from(k + 1)
			all[k], all[i] = all[i], all[k]
		}
	}
	from(0)
}

func TestALateEventThatCannotHaveHappenedIsRefused(t *testing.T) {
	t.Run("because of what was before it", func(t *testing.T) {
		c := conversationtest.Play(t, "0 customer, 10 accept ann, 20 finish ann, 60 note ann")
		before := c.Snapshot()
		for _, row := range []struct {
			late string
			want any
		}{
			{"30 customer", new(*conversation.ClosedError)},
			{"30 agent ann", new(*status.TransitionError)},
			{"30 accept bob", new(*status.TransitionError)},
			{"15 accept bob", new(*conversation.HeldError)},
			{"15 takeover ann", new(*conversation.HeldError)},
		} {
			_, err := conversationtest.Apply(c, row.late)
			require.ErrorAs(t, err, row.want, row.late)
			require.NotErrorIs(t, err, conversation.ErrNoRoom)
			require.Equal(t, before, c.Snapshot())
		}
	})
	t.Run("because of what is known to have happened later", func(t *testing.T) {
		for _, row := range []struct{ line, late, cause string }{
			{"0 customer, 50 customer", "20 finish ann", "wrote"},
			{"0 customer, 50 agent ann", "20 spam bob", "wrote"},
			{"0 customer, 50 accept ann", "20 agent bob", "accepted"},
			{"0 customer, 10 accept ann, 50 takeover bob", "20 timeout", "taken_over"},
			{"0 customer, 10 accept ann, 50 forward ann to bob", "20 takeover bob", "forwarded_to_agent"},
		} {
			c := conversationtest.Play(t, row.line)
			before := c.Snapshot()
			_, err := conversationtest.Apply(c, row.late)
			require.ErrorIs(t, err, conversation.ErrNoRoom, row.late)
			require.NotErrorIs(t, err, conversation.ErrClosed, "a late event starts no new conversation")
			require.NotErrorIs(t, err, conversation.ErrHeld, "what is late was not in anybody's way")
			require.NotErrorIs(t, err, status.ErrTransition)
			events, _ := c.Timeline()
			var noRoom *conversation.NoRoomError
			require.ErrorAs(t, err, &noRoom)
			require.Equal(t, events[len(events)-1], noRoom.Later.Event)
			require.ErrorContains(t, err, "leaves no room for a later event: conversation: "+row.cause)
			require.Equal(t, before, c.Snapshot())
		}
	})
	t.Run("an acceptance names who accepted after it", func(t *testing.T) {
		c := conversationtest.Play(t, "0 customer, 50 accept ann, 60 takeover carl")
		_, err := conversationtest.Apply(c, "20 accept bob")
		var held *conversation.HeldError
		require.ErrorAs(t, err, &held)
		require.Equal(t, conversation.AgentID("ann"), held.Holder)
	})
	t.Run("and succeeds once what lies between them is known", func(t *testing.T) {
		c := conversationtest.Play(t, "0 customer, 50 accept ann")
		_, err := conversationtest.Apply(c, "20 accept bob")
		require.ErrorIs(t, err, conversation.ErrHeld)
		c, err = conversationtest.Apply(c, "30 decline bob, 20 accept bob")
		require.NoError(t, err)
		conversationtest.Expect(t, c, "agent=ann accepted_at=20 participants=bob,ann")
	})
}

func TestLateEventsThatNeedEachOtherAreRebuiltTogether(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 10 accept ann, 40 takeover carl")
	queued, accepted := event(t, "20 timeout"), event(t, "30 accept bob")
	_, err := c.Apply(queued)
	require.ErrorIs(t, err, conversation.ErrNoRoom, "carl would take over from nobody")
	_, err = c.Apply(accepted)
	require.ErrorIs(t, err, conversation.ErrHeld, "ann holds it")

	events, _ := c.Timeline()
	c, err = conversation.Rebuild(append(events, accepted, queued))
	require.NoError(t, err)
	conversationtest.Expect(t, c, "agent=carl participants=ann,bob,carl")
}

func TestALateEventNeedsTheTimeline(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 50 accept ann")
	events, _ := c.Timeline()
	row, err := conversation.FromSnapshot(c.Snapshot())
	require.NoError(t, err)
	for _, stored := range []conversation.Conversation{row, c.Saved(7)} {
		_, known := stored.Timeline()
		require.False(t, known)
		_, err := conversationtest.Apply(stored, "20 agent ann")
		require.ErrorIs(t, err, conversation.ErrLate)

		known1, err := stored.WithTimeline(events)
		require.NoError(t, err)
		require.Equal(t, stored.Snapshot(), known1.Snapshot())
		require.Equal(t, stored.Base(), known1.Base())
		require.Empty(t, known1.Changes())
		next, err := conversationtest.Apply(known1, "20 customer")
		require.NoError(t, err)
		conversationtest.Expect(t, next, "version=4 message_count=2 detailed=accepted")
		require.Len(t, next.Changes(), 1)
		require.Equal(t, stored.Number(), next.Number())
	}

	same, err := conversationtest.Apply(row, "50 agent ann")
	require.NoError(t, err, "an event of the latest instant is not late")
	_, known := same.Timeline()
	require.False(t, known, "the value knows what it was told, not what is stored")
	require.Len(t, same.Changes(), 1)
}

func TestWithTimelineTakesTheTimelineOfTheRow(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 50 accept ann, 20 customer").Saved(3)
	events, err := conversationtest.Parse("0 customer, 50 accept ann, 20 customer")
	require.NoError(t, err)

	t.Run("in the order it was saved", func(t *testing.T) {
		known, err := c.WithTimeline(events)
		require.NoError(t, err)
		require.Equal(t, c.Snapshot(), known.Snapshot())
		timeline, ok := known.Timeline()
		require.True(t, ok)
		require.Equal(t, []conversation.Event{events[0], events[1], events[3], events[2]}, timeline)
	})
	t.Run("with instants in any zone", func(t *testing.T) {
		warsaw := slices.Clone(events)
		for i := range warsaw {
			warsaw[i].At = warsaw[i].At.In(time.FixedZone("", 3600)).Add(999 * time.Microsecond)
		}
		known, err := c.WithTimeline(warsaw)
		require.NoError(t, err)
		timeline, _ := known.Timeline()
		require.Equal(t, events[1], timeline[1])
	})
	t.Run("dropping what is not saved", func(t *testing.T) {
		changed, err := conversationtest.Apply(c, "60 agent ann")
		require.NoError(t, err)
		known, err := changed.WithTimeline(events)
		require.NoError(t, err)
		require.Equal(t, c.Snapshot(), known.Snapshot())
		require.Empty(t, known.Changes())
	})
	another, err := conversationtest.Parse("0 customer, 50 accept ann, 21 customer")
	require.NoError(t, err)
	for name, wrong := range map[string][]conversation.Event{
		"none":                      nil,
		"one without its start":     events[1:],
		"one that lacks an event":   events[:3],
		"one with an event twice":   append(slices.Clone(events), events[3]),
		"that of another":           another,
		"one that is no timeline":   append(slices.Clone(events[:3]), event(t, "60 takeover ann")),
		"one with an invalid event": append(slices.Clone(events[:3]), conversation.Event{}),
	} {
		t.Run("and not "+name, func(t *testing.T) {
			before := c.Snapshot()
			_, err := c.WithTimeline(wrong)
			require.ErrorIs(t, err, conversation.ErrTimeline)
			require.Equal(t, before, c.Snapshot())
		})
	}
}

func TestAKnownEventHasNoSecondEffect(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 10 accept ann, 20 agent ann, 5 note bob")
	events, _ := c.Timeline()
	for _, e := range events {
		for _, at := range []time.Time{e.At, e.At.Add(-time.Second), e.At.Add(time.Hour)} {
			e.At = at
			again, err := c.Apply(e)
			require.NoError(t, err)
			require.Equal(t, c, again)
		}
		e.Body = conversation.ForceFinished{}
		e.By = conversation.BySystem()
		again, err := c.Apply(e)
		require.NoError(t, err)
		require.Equal(t, c, again, "whatever it says now")
	}

	row := c.Saved(1)
	again, err := row.Apply(events[len(events)-1])
	require.NoError(t, err)
	require.Equal(t, row, again, "a row knows its latest event")

	rebuilt, err := conversation.Rebuild(append(events, events...))
	require.NoError(t, err)
	require.Equal(t, c.Snapshot(), rebuilt.Snapshot())
}

func TestOfEventsWithOneIDTheFirstOneGivenCounts(t *testing.T) {
	events, err := conversationtest.Parse("0 customer, 30 agent ann")
	require.NoError(t, err)
	again := events[2]
	again.At = conversationtest.At(10 * time.Second)
	events = append(events, again)

	c, err := conversation.Start(events[0].ID, events[0].At, events[0].By, events[0].Body.(conversation.Started))
	require.NoError(t, err)
	for _, e := range events[1:] {
		c, err = c.Apply(e)
		require.NoError(t, err)
	}
	rebuilt, err := conversation.Rebuild(events)
	require.NoError(t, err)
	conversationtest.Expect(t, rebuilt, "first_reply_at=30 version=3")
	require.Equal(t, c.Snapshot(), rebuilt.Snapshot())
}

func TestPartsOfAMillisecondDoNotCount(t *testing.T) {
	events, err := conversationtest.Parse("0 start, 0 link deal/7, 0 unlink deal/7")
	require.NoError(t, err)
	events[0].At = events[0].At.Add(900 * time.Microsecond)
	events[1].At = events[1].At.Add(500 * time.Microsecond)

	c, err := conversation.Start(events[0].ID, events[0].At, events[0].By, events[0].Body.(conversation.Started))
	require.NoError(t, err)
	for _, e := range events[1:] {
		c, err = c.Apply(e)
		require.NoError(t, err, "it is of the same instant as the others")
	}
	rebuilt, err := conversation.Rebuild(events)
	require.NoError(t, err)
	require.Equal(t, c.Snapshot(), rebuilt.Snapshot())
	timeline, _ := rebuilt.Timeline()
	for i, e := range timeline {
		require.Equal(t, events[i].ID, e.ID)
		require.Equal(t, conversationtest.At(0), e.At)
	}
}

func TestInstantsAreKeptInUTCAndMilliseconds(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 50 accept ann")
	for _, entry := range []string{"60 customer", "20 customer"} {
		e := event(t, entry)
		want := e.At
		e.At = e.At.Add(999 * time.Microsecond).In(time.FixedZone("Warsaw", 3600))
		next, err := c.Apply(e)
		require.NoError(t, err)
		changes := next.Changes()
		require.Equal(t, want, changes[len(changes)-1].At)
	}
}

func TestRebuildNeedsTheStart(t *testing.T) {
	events, err := conversationtest.Parse("10 customer, 20 accept ann")
	require.NoError(t, err)
	for name, wrong := range map[string][]conversation.Event{
		"no events":              nil,
		"no start":               events[1:],
		"something before start": append(slices.Clone(events), event(t, "5 customer")),
	} {
		_, err := conversation.Rebuild(wrong)
		require.ErrorIs(t, err, conversation.ErrNotStarted, name)
	}
	_, err = conversation.Rebuild(append(slices.Clone(events), event(t, "15 accept bob")))
	var refused *conversation.EventError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, events[2].ID, refused.Event.ID, "the first one that cannot be applied")
	_, err = conversation.Rebuild(append(slices.Clone(events), conversation.Event{
		ID: conversation.DeriveEventID("second"), At: events[2].At, By: events[0].By, Body: events[0].Body,
	}))
	require.ErrorIs(t, err, conversation.ErrStarted)
}

func TestChangesAreWhatAStoreHasToSave(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 10 accept ann")
	require.Zero(t, c.Base())
	require.Len(t, c.Changes(), 3)

	saved := c.Saved(42)
	require.Equal(t, int64(42), saved.Number())
	require.Equal(t, uint64(3), saved.Base())
	require.Empty(t, saved.Changes())
	require.Zero(t, c.Base(), "the old value is as it was")
	require.Len(t, c.Changes(), 3)

	next, err := conversationtest.Apply(saved, "20 agent ann, 30 customer")
	require.NoError(t, err)
	require.Equal(t, uint64(3), next.Base())
	require.Equal(t, uint64(5), next.Version())
	changes := next.Changes()
	require.Len(t, changes, 2)
	require.Equal(t, conversationtest.At(20*time.Second), changes[0].At)
	require.Equal(t, conversationtest.At(30*time.Second), changes[1].At)

	changes[0] = conversation.Event{}
	require.NotEqual(t, conversation.Event{}, next.Changes()[0], "what is returned is the caller's")
}
