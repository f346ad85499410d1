package conversation_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/metrics"
)

// anyTimeline draws a generated timeline.
func anyTimeline(t *rapid.T) []conversation.Event {
	return conversationtest.Generate(rapid.Uint64Range(0, 1<<20).Draw(t, "seed"))
}

// anyDistinct draws a generated timeline whose instants are all different.
func anyDistinct(t *rapid.T) []conversation.Event {
	events := anyTimeline(t)
	for i := range events {
		events[i].At = events[i].At.Add(time.Duration(i) * time.Millisecond)
	}
	return events
}

func rebuilt(t *rapid.T, events []conversation.Event) conversation.Conversation {
	c, err := conversation.Rebuild(events)
	require.NoError(t, err)
	return c
}

func begun(t *rapid.T, e conversation.Event, options ...conversation.Option) conversation.Conversation {
	c, err := conversation.Start(e.ID, e.At, e.By, e.Body.(conversation.Started), options...)
	require.NoError(t, err)
	return c
}

func TestOneAtATimeEqualsAllAtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := anyTimeline(t)
		c := begun(t, events[0])
		for _, e := range events[1:] {
			next, err := c.Apply(e)
			require.NoError(t, err)
			require.Equal(t, c.Version()+1, next.Version())
			c = next
		}
		want := c.Snapshot()
		require.Equal(t, want, rebuilt(t, events).Snapshot())

		timeline, known := c.Timeline()
		require.True(t, known)
		require.Equal(t, events, timeline)
		require.Equal(t, events, c.Changes())

		row, err := conversation.FromSnapshot(want)
		require.NoError(t, err)
		withTimeline, err := row.WithTimeline(events)
		require.NoError(t, err)
		require.Equal(t, want, withTimeline.Snapshot())
	})
}

func TestTheOrderOfArrivalDoesNotMatterToRebuild(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := anyDistinct(t)
		want := rebuilt(t, events)
		arrived := rapid.Permutation(events).Draw(t, "arrival")
		c := rebuilt(t, arrived)
		require.Equal(t, want.Snapshot(), c.Snapshot())
		row, err := conversation.FromSnapshot(want.Snapshot())
		require.NoError(t, err)
		known, err := row.WithTimeline(arrived)
		require.NoError(t, err)
		require.Equal(t, want.Snapshot(), known.Snapshot())
	})
}

// settle applies events as they arrive and tries refused ones again until nothing
// more is taken. It returns those that are left.
func settle(t *rapid.T, c conversation.Conversation, arriving []conversation.Event) (conversation.Conversation, []conversation.Event) {
	for {
		before := len(arriving)
		arriving = slices.DeleteFunc(slices.Clone(arriving), func(e conversation.Event) bool {
			kept := c.Snapshot()
			next, err := c.Apply(e)
			require.Equal(t, kept, c.Snapshot(), "the old value is as it was")
			if err != nil {
				return false
			}
			c = next
			return true
		})
		if len(arriving) == before {
			return c, arriving
		}
	}
}

func TestLateAndRefusedEventsConverge(t *testing.T) {
	// A take-over or a forward presupposes who holds the conversation, which may
	// be known only together with other events. Everything else finds its place.
	rapid.Check(t, func(t *rapid.T) {
		events := anyDistinct(t)
		c := begun(t, events[0])
		for _, e := range events {
			switch e.Body.(type) {
			case conversation.TakenOver, conversation.ForwardedToAgent:
				continue
			}
			if next, err := c.Apply(e); err == nil {
				c = next
			}
		}
		events, _ = c.Timeline()
		settled, left := settle(t, begun(t, events[0]), rapid.Permutation(events[1:]).Draw(t, "arrival"))
		require.Empty(t, left)
		require.Equal(t, c.Snapshot(), settled.Snapshot())
	})
}

func TestWhatNeverFitsAloneFitsTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := anyDistinct(t)
		arrived := rapid.Permutation(events[1:]).Draw(t, "arrival")
		c, left := settle(t, begun(t, events[0]), arrived)
		timeline, known := c.Timeline()
		require.True(t, known)
		require.Equal(t, c.Snapshot(), rebuilt(t, timeline).Snapshot())
		require.Equal(t, rebuilt(t, events).Snapshot(), rebuilt(t, append(timeline, left...)).Snapshot())
	})
}

func TestAValueGoesOnFromItsSnapshotAsIfNeverStored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := anyTimeline(t)
		c := begun(t, events[0])
		for i, e := range events[1:] {
			read, err := conversation.FromSnapshot(c.Snapshot())
			require.NoError(t, err, "what events make never contradicts itself")
			require.Equal(t, c.Snapshot(), read.Snapshot())
			next, err := read.Apply(e)
			require.NoError(t, err)
			require.Equal(t, []conversation.Event{e}, next.Changes())
			require.Equal(t, uint64(i+1), next.Base())
			c = next
		}
		require.Equal(t, rebuilt(t, events).Snapshot(), c.Snapshot())
	})
}

func TestNotesAndSystemEntriesChangeNextToNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := anyTimeline(t)
		with := slices.Clone(events)
		for i := range rapid.IntRange(1, 5).Draw(t, "entries") {
			at := rapid.IntRange(1, len(with)).Draw(t, "place")
			by := rapid.SampledFrom([]conversation.Author{conversation.ByAgent("nosy"), conversation.BySystem()}).Draw(t, "by")
			e := conversation.Event{ID: conversation.DeriveEventID("entry", string(rune('a'+i))), At: with[at-1].At, By: by, Body: conversation.Noted{Text: "x"}}
			if by.Kind == conversation.AuthorSystem && rapid.Bool().Draw(t, "message") {
				e.Body = conversation.Wrote{Text: "x"}
			}
			with = slices.Insert(with, at, e)
		}
		want, got := rebuilt(t, events).Snapshot(), rebuilt(t, with).Snapshot()
		require.Equal(t, want.Version+uint64(len(with)-len(events)), got.Version)
		got.Participants = slices.DeleteFunc(got.Participants, func(a conversation.AgentID) bool { return a == "nosy" })
		if len(got.Participants) == 0 {
			got.Participants = nil
		}
		got.Version, got.State = want.Version, want.State // the state counts marks and names the latest event
		require.Equal(t, want, got)
	})
}

// outline is what the columns and metrics of section 3 and 4 are by their words,
// found without a status, an accumulator or a mark.
type outline struct {
	created, queued, firstReply, accepted, lastMessage, agentFinished, closed time.Time

	messages int
	values   metrics.Values
}

func outlineOf(events []conversation.Event) (o outline) {
	var (
		started                    = events[0].Body.(conversation.Started)
		policy                     = started.OpenChannel.Closing
		closing                    bool
		closingBy                  conversation.AuthorKind
		botThere                   = started.Bot != ""
		botDone                    time.Time // a hand-over, the first agent's joining, the closing by the bot
		firstMessage               time.Time
		firstCustomer, initialDone time.Time
		open                       time.Time // the first customer message that has no reply yet
		reactions                  []time.Duration
	)
	first := func(t *time.Time, at time.Time) {
		if t.IsZero() {
			*t = at
		}
	}
	o.created = events[0].At
	if !botThere {
		o.queued = o.created
	}
	joined := func(at time.Time) {
		first(&botDone, at)
		first(&o.queued, at)
		if started.Direction == conversation.Incoming {
			first(&o.accepted, at)
		}
	}
	finished := func(at time.Time) {
		if !closing || closingBy != conversation.AuthorAgent {
			o.agentFinished = at
		}
	}
	over := func(by conversation.AuthorKind, at time.Time) {
		if closing {
			by = closingBy
		}
		if by == conversation.AuthorBot {
			botThere = true
			first(&botDone, at)
		}
		if !firstCustomer.IsZero() {
			first(&initialDone, at)
		}
		o.closed, closing = at, false
	}
	if started.Direction == conversation.Outgoing {
		joined(o.created)
	}
	for _, e := range events {
		byAgent, byBot := e.By.Kind == conversation.AuthorAgent, e.By.Kind == conversation.AuthorBot
		switch b := e.Body.(type) {
		case conversation.Wrote:
			if e.By.Kind == conversation.AuthorSystem {
				continue
			}
			o.messages++
			o.lastMessage = e.At
			first(&firstMessage, e.At)
			switch {
			case byAgent:
				joined(e.At)
				first(&o.firstReply, e.At)
				if !firstCustomer.IsZero() {
					first(&initialDone, e.At)
				}
				if !open.IsZero() {
					reactions = append(reactions, e.At.Sub(open))
					open = time.Time{}
				}
			case byBot:
				botThere = true
			default:
				closing = false
				first(&firstCustomer, e.At)
				first(&open, e.At)
			}
		case conversation.Accepted, conversation.TakenOver, conversation.ForwardedToAgent:
			joined(e.At)
		case conversation.ForwardedToChannel, conversation.Queued:
			if to, ok := b.(conversation.ForwardedToChannel); ok {
				policy = to.To.Closing
			}
			first(&o.queued, e.At)
			if byBot {
				botThere = true
				first(&botDone, e.At)
			}
		case conversation.RatingRequested, conversation.AutoReplied:
			if byAgent {
				joined(e.At)
				finished(e.At)
			}
			closing, closingBy = true, e.By.Kind
		case conversation.Finished:
			if byAgent {
				joined(e.At)
				finished(e.At)
			}
			if byAgent && !closing && (policy.AskRating || policy.AutoReply != "") {
				closing, closingBy = true, e.By.Kind
				continue
			}
			over(e.By.Kind, e.At)
		case conversation.ForceFinished:
			if byAgent {
				finished(e.At)
			}
			over(e.By.Kind, e.At)
		case conversation.Rated:
			if closing && policy.CloseOnRating {
				over(e.By.Kind, e.At)
			}
		}
	}

	between := func(from, to time.Time) metrics.Span {
		if from.IsZero() || to.IsZero() {
			return metrics.Span{}
		}
		return metrics.SpanOf(to.Sub(from))
	}
	o.values = metrics.Values{
		FirstReplyWait:  between(o.created, o.firstReply),
		AcceptTime:      between(o.created, o.accepted),
		AgentFinishTime: between(o.created, o.agentFinished),
		Duration:        between(firstMessage, o.lastMessage),
		InitialReaction: between(firstCustomer, initialDone),
		Reactions:       len(reactions),
	}
	if botThere {
		o.values.BotTime = between(o.created, botDone)
	}
	if n := int64(len(reactions)); n > 0 {
		var total time.Duration
		for _, r := range reactions {
			total += r
		}
		o.values.TotalReaction = metrics.SpanOf(total)
		o.values.MaxReaction = metrics.SpanOf(slices.Max(reactions))
		o.values.MeanReaction = metrics.SpanOfMillis((2*total.Milliseconds() + n) / (2 * n)) // half up
	}
	return o
}

func TestColumnsAndMetricsAreWhatTheSpecificationSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := anyTimeline(t)
		c := rebuilt(t, events)
		require.Equal(t, outlineOf(events), outline{
			created: c.CreatedAt(), queued: c.QueuedAt(), firstReply: c.FirstReplyAt(), accepted: c.AcceptedAt(),
			lastMessage: c.LastMessageAt(), agentFinished: c.AgentFinishedAt(), closed: c.ClosedAt(),
			messages: c.MessageCount(), values: c.Metrics(),
		})
		require.Equal(t, uint64(len(events)), c.Version())
		require.Equal(t, events[len(events)-1].At, c.ModifiedAt())
	})
}

func TestMetricsHoldTogether(t *testing.T) {
	bitrix24, err := metrics.New(metrics.Bitrix24())
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		events := anyTimeline(t)
		calc := rapid.SampledFrom([]*metrics.Calculator{nil, bitrix24}).Draw(t, "rules")
		c, err := conversation.Rebuild(events, conversation.MeasuredBy(calc))
		require.NoError(t, err)
		v := c.Metrics()
		for m := range metrics.All() {
			if ms, ok := v.Of(m).Millis(); ok {
				require.GreaterOrEqual(t, ms, int64(0), m)
			}
		}
		if v.Reactions > 0 && v.MeanReaction.Present() {
			require.LessOrEqual(t, v.MeanReaction.Compare(v.MaxReaction), 0)
			require.LessOrEqual(t, v.MaxReaction.Compare(v.TotalReaction), 0)
		}

		marks, err := conversation.Marks(events)
		require.NoError(t, err)
		computed, err := calc.Compute(slices.Values(marks))
		require.NoError(t, err)
		require.Equal(t, v, computed)
		explained, err := calc.Explain(slices.Values(marks))
		require.NoError(t, err)
		require.Equal(t, v, explained.Values)
	})
}

func TestGeneralFollowsDetailedAndWaitingFollowsGeneral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := anyTimeline(t)
		var waiting time.Time
		c := begun(t, events[0])
		for _, e := range events {
			c, _ = c.Apply(e) // the first one is known
			switch {
			case c.General().String() != "waiting":
				waiting = time.Time{}
			case waiting.IsZero():
				waiting = e.At
			}
			require.Equal(t, waiting, c.WaitingSince())
			require.Equal(t, c.Detailed().General(), c.General())
			require.Equal(t, e.At, c.ModifiedAt())
		}
	})
}
