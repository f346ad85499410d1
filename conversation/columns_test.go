package conversation_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/metrics"
)

var (
	asking  = conversation.OpenChannel{ID: "asking", Closing: conversation.ClosingPolicy{AskRating: true}}
	atOnce  = conversation.OpenChannel{ID: "at-once", Closing: conversation.ClosingPolicy{AskRating: true, CloseOnRating: true}}
	autoBye = conversation.OpenChannel{ID: "auto-bye", Closing: conversation.ClosingPolicy{AutoReply: "Bye!"}}
)

func TestColumns(t *testing.T) {
	for _, row := range []struct{ rule, line, want string }{
		{"CreatedAt never changes", "5 customer, 10 agent ann, 20 finish ann, 30 note ann", "created_at=5"},

		{"QueuedAt is the creation", "0 customer, 5 timeout, 9 accept ann", "queued_at=0"},
		{"QueuedAt is absent while a bot has it", "0 start bot, 1 customer, 2 bot, 3 note", "queued_at=-"},
		{"QueuedAt is the bot's hand-over", "0 start bot, 1 customer, 5 handover", "queued_at=5 detailed=queued"},
		{"QueuedAt is the bot's hand-over to an open channel", "0 start bot, 1 customer, 5 forward bot to #vip", "queued_at=5 bot_time=5s"},
		{"QueuedAt is when people came by themselves", "0 start bot, 1 customer, 5 accept ann", "queued_at=5"},
		{"QueuedAt is when a person replied by himself", "0 start bot, 1 customer, 5 agent ann", "queued_at=5"},
		{"QueuedAt is set once", "0 start bot, 5 handover, 6 accept ann, 7 decline ann, 8 handover", "queued_at=5"},
		{"QueuedAt is absent when no person ever had it", "0 start bot, 1 customer, 5 finish bot", "queued_at=- closed_at=5"},

		{"FirstReplyAt is no bot's, no system's, no note's", "0 customer, 1 bot, 2 system, 3 note ann, 4 accept ann", "first_reply_at=-"},
		{"FirstReplyAt is the first message of a person", "0 customer, 1 bot, 5 agent ann, 6 agent ann, 7 takeover bob, 8 agent bob", "first_reply_at=5"},

		{"AcceptedAt is the first acceptance", "0 customer, 5 accept ann, 6 decline ann, 7 accept bob", "accepted_at=5"},
		{"AcceptedAt is not a takeover", "0 customer, 5 accept ann, 6 takeover bob", "accepted_at=5"},
		{"AcceptedAt stays when it is queued again", "0 customer, 5 accept ann, 6 timeout", "accepted_at=5"},

		{"LastMessageAt is the customer's, an agent's or a bot's", "0 customer, 1 agent ann, 2 bot", "last_message_at=2 message_count=3"},
		{"LastMessageAt is no note's and no system's", "0 customer, 1 agent ann, 2 system, 3 note ann, 4 auto-reply", "last_message_at=1 message_count=2"},
		{"LastMessageAt is absent without messages", "0 start, 1 accept ann", "last_message_at=- message_count=0 duration=-"},
		{"a bot may still write after the end", "0 customer, 1 finish, 2 bot", "last_message_at=2 message_count=2 closed_at=1"},

		{"AgentFinishedAt is an agent's finish", "0 customer, 5 accept ann, 9 finish ann", "agent_finished_at=9 closed_at=9"},
		{"AgentFinishedAt is an agent's force finish", "0 customer, 5 accept ann, 9 spam ann", "agent_finished_at=9 closed_at=9 spam=true detailed=spam general=closed"},
		{"AgentFinishedAt is no timeout's", "0 customer, 5 accept ann, 9 finish system", "agent_finished_at=- closed_at=9"},
		{"AgentFinishedAt is no bot's", "0 customer, 5 accept ann, 9 finish bot", "agent_finished_at=- closed_at=9"},
		{"AgentFinishedAt is not the customer's", "0 customer, 5 accept ann, 9 finish customer", "agent_finished_at=- closed_at=9"},
		{"AgentFinishedAt is no bot's force finish", "0 customer, 5 accept ann, 9 spam bot", "agent_finished_at=- closed_at=9 spam=true"},
		{"AgentFinishedAt is the agent's request for a rating", "0 customer, 5 accept ann, 9 rating-request ann", "agent_finished_at=9 closed_at=-"},
		{"AgentFinishedAt is an agent's finish of what a bot began to close", "0 customer, 5 rating-request bot, 9 finish ann", "agent_finished_at=9 closed_at=9"},
		{"AgentFinishedAt stays when the agent finishes what waits for completion", "0 customer, 5 rating-request ann, 9 finish ann", "agent_finished_at=5 closed_at=9"},
		{"AgentFinishedAt stays when he throws away what waits for completion", "0 customer, 5 rating-request ann, 9 spam ann", "agent_finished_at=5 closed_at=9"},
		{"AgentFinishedAt stays when the customer comes back", "0 customer, 5 rating-request ann, 9 customer", "agent_finished_at=5 detailed=waiting_again"},
		{"AgentFinishedAt is overwritten by the next finish", "0 customer, 5 rating-request ann, 9 customer, 12 finish ann", "agent_finished_at=12 agent_finish_time=12s"},
		{"AgentFinishedAt is not overwritten by a timeout", "0 customer, 5 rating-request ann, 9 customer, 12 finish system", "agent_finished_at=5 closed_at=12"},

		{"ClosedAt is absent in Closing", "0 customer, 5 rating-request ann", "closed_at=- detailed=closing general=replied"},
		{"ClosedAt is when it became Closed", "0 customer, 5 rating-request ann, 7 finish", "closed_at=7"},

		{"ModifiedAt is the last event of any kind", "0 customer, 5 accept ann, 9 history", "modified_at=9 version=4"},
		{"ModifiedAt is no late event's, but the version grows", "0 customer, 9 accept ann, 5 note bob", "modified_at=9 version=4"},

		{"WaitingSince is the creation", "0 customer, 5 accept ann, 6 customer", "waiting_since=0"},
		{"WaitingSince is absent when replied", "0 customer, 5 agent ann", "waiting_since=- general=replied"},
		{"WaitingSince is when the customer wrote again", "0 customer, 5 agent ann, 7 customer, 8 customer, 9 timeout", "waiting_since=7"},
		{"WaitingSince is when a replied one was queued", "0 customer, 5 agent ann, 7 decline ann", "waiting_since=7"},
		{"WaitingSince is when the customer came back from Closing", "0 customer, 5 agent ann, 6 rating-request, 7 customer", "waiting_since=7"},

		{"links are sorted by kind and id", "0 customer, 1 link deal/7, 2 link contact/8, 3 link contact/7", "links=contact/7,contact/8,deal/7"},
		{"a link is there once", "0 customer, 1 link deal/7, 2 link deal/7 \"Big\"", "links=deal/7 version=4"},
		{"an unlinked record is gone", "0 customer, 1 link deal/7, 2 link deal/8, 3 unlink deal/7", "links=deal/8"},

		{"forms and history are remembered", "0 customer, 1 form, 2 history", "form_submitted=true history_requested=true"},
		{"forms and history are not there by themselves", "0 customer", "form_submitted=false history_requested=false"},

		{"the customer's rating is absent, not 0", "0 customer", "customer_rating.rating=- customer_rating.at=- review.rating=-"},
		{"the customer's rating is credited to who serves", "0 customer, 5 accept ann, 6 takeover bob, 7 rate 4, 8 takeover ann", "customer_rating.rating=4/5 customer_rating.agent=bob customer_rating.at=7 customer_rating.by=customer"},
		{"the customer's rating is credited to who served, after the end", "0 customer, 5 agent ann, 6 finish, 7 rate dislike", "customer_rating.rating=dislike customer_rating.agent=ann"},
		{"the customer's rating is credited to nobody in the queue", "0 customer, 5 accept ann, 6 decline ann, 7 rate 5", "customer_rating.rating=5/5 customer_rating.agent=-"},
		{"a later rating replaces the first, with its credit", "0 customer, 5 accept ann, 6 rate 1, 7 takeover bob, 8 rate like", "customer_rating.rating=like customer_rating.agent=bob customer_rating.at=8"},

		{"a review may be a rating", "0 customer, 5 review eve 2", "review.rating=2/5 review.comment=- review.by=eve review.at=5"},
		{"a review may be a comment", `0 customer, 5 review eve "well done"`, `review.rating=- review.comment="well done" review.by=eve review.at=5`},
		{"a review replaces the whole review before", `0 customer, 5 review eve 2 "bad", 6 review ewa 3`, "review.rating=3/5 review.comment=- review.by=ewa review.at=6"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			conversationtest.Expect(t, conversationtest.Play(t, row.line), row.want)
		})
	}
}

func TestLinksAreLimited(t *testing.T) {
	c := conversationtest.Play(t, "0 customer")
	link := func(n int) (conversation.Conversation, error) {
		return c.Apply(conversation.Event{
			ID: conversation.DeriveEventID("link", strconv.Itoa(n)), At: conversationtest.At(time.Second), By: conversation.BySystem(),
			Body: conversation.Linked{Link: conversation.Link{Kind: "deal", ID: strconv.Itoa(n)}},
		})
	}
	for n := range conversation.MaxLinks {
		next, err := link(n)
		require.NoError(t, err)
		c = next
	}
	_, err := link(conversation.MaxLinks)
	require.ErrorIs(t, err, conversation.ErrValue)
	require.ErrorContains(t, err, "link is one more than 1000")
	_, err = conversation.FromSnapshot(c.Snapshot())
	require.NoError(t, err)

	again, err := conversationtest.Apply(c, `2 link deal/7 "Big"`)
	require.NoError(t, err, "linking again is no more")
	for l := range again.Links() {
		require.Equal(t, l.ID == "7", l.Caption == "Big")
	}
}

func TestOnlyALinkedRecordIsUnlinked(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 1 link deal/7")
	for _, line := range []string{"2 unlink deal/8", "2 unlink contact/7"} {
		_, err := conversationtest.Apply(c, line)
		require.ErrorIs(t, err, conversation.ErrNotLinked)
	}
}

func TestARatingMayNameWhoGaveIt(t *testing.T) {
	c := conversationtest.Play(t, "0 customer")
	c, err := c.Apply(conversation.Event{
		ID: conversation.DeriveEventID("r"), At: conversationtest.At(time.Second),
		By: conversation.Author{Kind: conversation.AuthorCustomer, ID: "wife"}, Body: conversation.Rated{Rating: conversation.Like},
	})
	require.NoError(t, err)
	conversationtest.Expect(t, c, "customer_rating.by=wife")
}

func TestAccessorsAgreeWithTheSnapshot(t *testing.T) {
	for seed := range uint64(200) {
		c, err := conversation.Rebuild(conversationtest.Generate(seed))
		require.NoError(t, err)
		s := c.Snapshot()
		var links []conversation.Link
		for l := range c.Links() {
			links = append(links, l)
		}
		got := conversation.Snapshot{
			ID: c.ID(), Number: c.Number(), Version: c.Version(), Previous: c.Previous(), OpenChannelID: c.OpenChannel().ID,
			OpenChannel: c.OpenChannel().Name, Direction: c.Direction(), Detailed: c.Detailed(), Source: c.Source(),
			CustomerID: c.Customer().ID, Customer: c.Customer().Name, Agent: c.Agent(), Links: links, SitePage: c.SitePage(),
			Participants: slices.Collect(c.Participants()), FormSubmitted: c.FormSubmitted(), HistoryRequested: c.HistoryRequested(),
			CustomerRating: c.CustomerRating(), Review: c.Review(), CreatedAt: c.CreatedAt(), QueuedAt: c.QueuedAt(),
			FirstReplyAt: c.FirstReplyAt(), AcceptedAt: c.AcceptedAt(), LastMessageAt: c.LastMessageAt(),
			AgentFinishedAt: c.AgentFinishedAt(), ClosedAt: c.ClosedAt(), ModifiedAt: c.ModifiedAt(), WaitingSince: c.WaitingSince(),
			MessageCount: c.MessageCount(), General: c.General(), Spam: c.Spam(), Assigned: c.Assigned(), Metrics: c.Metrics(), State: s.State,
		}
		require.Equal(t, s, got)
		require.Equal(t, len(links) > 0, c.HasLinks())
		require.Equal(t, c.Detailed().Active(), c.Active())
		for p := range c.Participants() {
			require.True(t, c.TookPart(p))
		}
		for m := range metrics.All() {
			require.Equal(t, c.Metrics().Of(m), c.Metric(m))
		}
		require.False(t, c.TookPart("nobody"))
		require.False(t, c.TookPart(""))
	}
}

func TestTheZeroConversationIsNone(t *testing.T) {
	var c conversation.Conversation
	require.True(t, c.IsZero())
	require.Empty(t, c.Changes())
	require.Equal(t, metrics.Values{}, c.Metrics())
	require.Equal(t, metrics.Span{}, c.Waiting(conversationtest.At(0)))
	_, due := c.Due(conversationtest.At(0))
	require.False(t, due)
	_, err := c.MarshalJSON()
	require.ErrorIs(t, err, conversation.ErrID, "what is none is never stored")
	require.False(t, conversationtest.Play(t, "0 customer").IsZero())
}

func TestWaitingAndLiveMetricsTakeNow(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 10 agent ann, 30 customer")
	require.Equal(t, metrics.SpanOf(4*time.Minute), c.Waiting(conversationtest.At(4*time.Minute+30*time.Second)))
	require.Equal(t, metrics.SpanOf(0), c.Waiting(conversationtest.At(0)), "never negative")
	live := c.Live(conversationtest.At(90 * time.Second))
	require.Equal(t, metrics.SpanOf(time.Minute), live.MaxReaction)
	require.Equal(t, metrics.SpanOf(10*time.Second), c.Metrics().MaxReaction, "what is still running does not count")

	c = conversationtest.Play(t, "0 customer, 10 agent ann")
	require.Equal(t, metrics.Span{}, c.Waiting(conversationtest.At(time.Hour)), "nobody waits")
}

func TestMeasuredByOtherRules(t *testing.T) {
	bitrix24, err := metrics.New(metrics.Bitrix24())
	require.NoError(t, err)
	const line = "0 start bot, 0 customer, 10 handover, 30.9 agent ann, 40 customer, 50 finish ann"
	events, err := conversationtest.Parse(line)
	require.NoError(t, err)

	c, err := conversation.Rebuild(events, conversation.MeasuredBy(bitrix24))
	require.NoError(t, err)
	conversationtest.Expect(t, c, "first_reply_wait=20.9s bot_time=10s total_reaction=40.9s mean_reaction=20s reactions=2")
	conversationtest.Expect(t, conversationtest.Play(t, line), "first_reply_wait=30.9s bot_time=10s total_reaction=30.9s mean_reaction=30.9s reactions=1")

	started, err := conversation.Start(events[0].ID, events[0].At, events[0].By, events[0].Body.(conversation.Started), conversation.MeasuredBy(bitrix24))
	require.NoError(t, err)
	next := started
	for _, e := range slices.Backward(events[1:]) {
		next, err = next.Apply(e)
		require.NoError(t, err)
	}
	require.Equal(t, c.Snapshot(), next.Snapshot(), "late events are measured by the same rules")

	_, err = conversation.FromSnapshot(c.Snapshot())
	require.ErrorIs(t, err, conversation.ErrSnapshot)
	require.ErrorContains(t, err, `is measured by the rules "bitrix24", not "default"`)
	read, err := conversation.FromSnapshot(c.Snapshot(), conversation.MeasuredBy(bitrix24))
	require.NoError(t, err)
	require.Equal(t, c.Metrics(), read.Metrics())

	successor, err := c.Successor(conversation.DeriveID("next"), conversation.DeriveEventID("next"), conversationtest.At(time.Hour), conversation.ByCustomer())
	require.NoError(t, err)
	_, err = conversation.FromSnapshot(successor.Snapshot(), conversation.MeasuredBy(bitrix24))
	require.NoError(t, err, "a successor is measured by the same rules")
}

func TestEventsLeaveMarks(t *testing.T) {
	for _, row := range []struct{ line, marks string }{
		{"0 customer, 1 bot, 2 system, 3 note ann, 4 agent ann", "created customer_message bot_message system_message note accepted agent_message"},
		{"0 start bot, 1 handover, 2 timeout, 3 decline ann, 4 forward bot to #vip, 5 forward ann to #vip", "created bot_joined handed_over queued queued handed_over queued"},
		{"0 customer, 1 accept ann, 2 takeover bob, 3 forward bob to ann, 4 timeout, 5 forward to bob", "created customer_message accepted forwarded forwarded queued accepted"},
		{"0 outgoing ann, 1 agent ann, 2 timeout, 3 accept bob, 4 finish", "created agent_joined agent_message queued agent_joined closed"},
		{"0 customer, 1 finish ann", "created customer_message accepted agent_finished closed"},
		{"0 customer, 1 rating-request ann, 2 customer, 3 auto-reply, 4 finish", "created customer_message accepted agent_finished closing_started reopened customer_message closing_started closed"},
		{"0 customer, 1 rating-request bot, 2 finish", "created customer_message closing_started bot_finished closed"},
		{"0 customer, 1 rating-request bot, 2 spam ann", "created customer_message closing_started agent_finished bot_finished closed"},
		{"0 customer, 1 spam bot", "created customer_message bot_finished closed"},
		{"0 start, 1 rate 5, 2 review eve 4, 3 link deal/7, 4 unlink deal/7, 5 form, 6 history", "created"},
	} {
		t.Run(row.line, func(t *testing.T) {
			events, _ := conversationtest.Play(t, row.line).Timeline()
			marks, err := conversation.Marks(events)
			require.NoError(t, err)
			var kinds []string
			for _, m := range marks {
				kinds = append(kinds, m.Kind.String())
			}
			require.Equal(t, row.marks, strings.Join(kinds, " "))
		})
	}
}

func TestMarksExplainATimelineByAnyRules(t *testing.T) {
	events, err := conversationtest.Parse("0 start bot, 1 customer, 10 handover, 30 agent ann, 40 customer, 45 note ann, 50 finish ann")
	require.NoError(t, err)
	shuffled := slices.Clone(events)
	slices.Reverse(shuffled)
	marks, err := conversation.Marks(append(shuffled, events[1]))
	require.NoError(t, err)

	type mark struct {
		kind  metrics.Kind
		event int
	}
	var got []mark
	for _, m := range marks {
		i := slices.IndexFunc(events, func(e conversation.Event) bool { return e.ID.String() == m.ID })
		require.Equal(t, events[i].At, m.At)
		got = append(got, mark{m.Kind, i})
	}
	require.Equal(t, []mark{
		{metrics.Created, 0},
		{metrics.BotJoined, 0},
		{metrics.CustomerMessage, 1},
		{metrics.HandedOver, 2},
		{metrics.Accepted, 3},
		{metrics.AgentMessage, 3},
		{metrics.CustomerMessage, 4},
		{metrics.Note, 5},
		{metrics.AgentFinished, 6},
		{metrics.Closed, 6},
	}, got)

	explained, err := metrics.Explain(slices.Values(marks))
	require.NoError(t, err)
	require.Equal(t, []metrics.Interval{{From: events[1].At, To: events[3].At, FromID: events[1].ID.String(), ToID: events[3].ID.String()}}, explained.Reactions)

	_, err = conversation.Marks(events[1:])
	require.ErrorIs(t, err, conversation.ErrNotStarted)
}
