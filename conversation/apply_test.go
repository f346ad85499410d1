package conversation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/status"
)

// reached is a way to each detailed status, in the order of the columns of the
// matrix below. Ann holds it where somebody does.
var reached = []struct {
	status status.Detailed
	line   string
}{
	{status.New, "0 customer"},
	{status.Queued, "0 customer, 5 timeout"},
	{status.Accepted, "0 customer, 5 accept ann"},
	{status.Waiting, "0 customer, 5 accept ann, 6 customer"},
	{status.WaitingAgain, "0 customer, 5 agent ann, 6 customer"},
	{status.Replied, "0 customer, 5 agent ann"},
	{status.Closing, "0 customer, 5 agent ann, 6 rating-request"},
	{status.Closed, "0 customer, 5 agent ann, 6 finish"},
	{status.Spam, "0 customer, 5 agent ann, 6 spam"},
}

// matrix is section 2 of the specification, by event and by the status it happens
// in: the status that follows, "-" for a refused transition, "held" for the
// conflict with the holder.
var matrix = []struct{ event, follows string }{
	//                   new      queued   accepted waiting  waiting_again replied       closing closed spam
	{"customer", "           new      queued   waiting  waiting  waiting_again waiting_again waiting_again - -"},
	{"agent ann", "          replied  replied  replied  replied  replied       replied       closing - -"},
	{"agent bob", "          replied  replied  replied  replied  replied       replied       closing - -"},
	{"accept bob", "         accepted accepted held     held     held          held          -       - -"},
	{"accept ann", "         accepted accepted held     held     held          held          -       - -"},
	{"takeover bob", "       -        -        accepted waiting  waiting_again replied       -       - -"},
	{"takeover ann", "       -        -        held     held     held          held          -       - -"},
	{"forward to bob", "     accepted accepted accepted waiting  waiting_again replied       -       - -"},
	{"forward to ann", "     accepted accepted held     held     held          held          -       - -"},
	{"forward to #vip", "    queued   queued   queued   queued   queued        queued        -       - -"},
	{"decline ann", "        queued   queued   queued   queued   queued        queued        -       - -"},
	{"handover", "           queued   queued   queued   queued   queued        queued        -       - -"},
	{"timeout", "            queued   queued   queued   queued   queued        queued        -       - -"},
	{"rating-request", "     closing  closing  closing  closing  closing       closing       -       - -"},
	{"rating-request ann", " closing  closing  closing  closing  closing       closing       -       - -"},
	{"auto-reply", "         closing  closing  closing  closing  closing       closing       -       - -"},
	{"finish ann", "         closed   closed   closed   closed   closed        closed        closed  - -"},
	{"finish customer", "    closed   closed   closed   closed   closed        closed        closed  - -"},
	{"finish bot", "         closed   closed   closed   closed   closed        closed        closed  - -"},
	{"finish system", "      closed   closed   closed   closed   closed        closed        closed  - -"},
	{"spam ann", "           spam     spam     spam     spam     spam          spam          spam    - -"},
	{"bot", "                new      queued   accepted waiting  waiting_again replied       closing closed spam"},
	{"system", "             new      queued   accepted waiting  waiting_again replied       closing closed spam"},
	{"note ann", "           new      queued   accepted waiting  waiting_again replied       closing closed spam"},
	{"rate 5", "             new      queued   accepted waiting  waiting_again replied       closing closed spam"},
	{"review eve 5", "       new      queued   accepted waiting  waiting_again replied       closing closed spam"},
	{"link deal/7", "        new      queued   accepted waiting  waiting_again replied       closing closed spam"},
	{"form", "               new      queued   accepted waiting  waiting_again replied       closing closed spam"},
	{"history", "            new      queued   accepted waiting  waiting_again replied       closing closed spam"},
}

func TestEventsFollowTheTableOfTransitions(t *testing.T) {
	for _, row := range matrix {
		follows := strings.Fields(row.follows)
		require.Len(t, follows, len(reached), row.event)
		for i, from := range reached {
			t.Run(row.event+" in "+from.status.String(), func(t *testing.T) {
				c := conversationtest.Play(t, from.line)
				require.Equal(t, from.status, c.Detailed())
				before := c.Snapshot()
				next, err := conversationtest.Apply(c, "10 "+row.event)
				require.Equal(t, before, c.Snapshot(), "the old value is as it was")

				var transition *status.TransitionError
				var held *conversation.HeldError
				switch follows[i] {
				case "-":
					require.ErrorAs(t, err, &transition)
					require.Equal(t, from.status, transition.From)
					require.Equal(t, before, next.Snapshot(), "a refused event changes nothing")
				case "held":
					require.ErrorAs(t, err, &held)
					require.ErrorIs(t, err, conversation.ErrHeld)
					require.Equal(t, conversation.AgentID("ann"), held.Holder)
					require.Equal(t, before, next.Snapshot(), "a refused event changes nothing")
				default:
					require.NoError(t, err)
					require.Equal(t, follows[i], next.Detailed().String())
					require.Equal(t, c.Version()+1, next.Version())
				}
			})
		}
	}
}

func TestWhoServes(t *testing.T) {
	for _, row := range []struct{ rule, line, want string }{
		{"nobody until somebody accepts", "0 customer, 5 bot, 6 system, 7 note ann", "agent=- assigned=false participants=ann"},
		{"who accepts", "0 customer, 5 accept ann", "agent=ann assigned=true participants=ann"},
		{"who replies to what nobody accepted", "0 customer, 5 agent ann", "agent=ann accepted_at=5 first_reply_at=5"},
		{"who finishes what nobody accepted", "0 customer, 5 finish ann", "agent=ann accepted_at=5 agent_finished_at=5 closed_at=5"},
		{"who asks for the rating of what nobody accepted", "0 customer, 5 rating-request ann", "agent=ann accepted_at=5 agent_finished_at=5"},
		{"not who throws away spam that nobody accepted", "0 customer, 5 spam ann", "agent=- accepted_at=- agent_finished_at=5 participants=-"},
		{"not a colleague who writes", "0 customer, 5 accept ann, 6 agent bob", "detailed=replied agent=ann first_reply_at=6 participants=ann,bob"},
		{"not a colleague who finishes", "0 customer, 5 accept ann, 6 finish bob", "agent=ann agent_finished_at=6"},
		{"not a supervisor who reviews", "0 customer, 5 review eve 3", "agent=- participants=-"},
		{"who takes over", "0 customer, 5 accept ann, 6 takeover bob", "agent=bob accepted_at=5 participants=ann,bob"},
		{"whom it was forwarded to", "0 customer, 5 accept ann, 6 forward ann to bob", "agent=bob accepted_at=5 participants=ann,bob"},
		{"whom it was forwarded to, as if he had accepted", "0 customer, 5 forward bot to bob", "detailed=accepted agent=bob accepted_at=5"},
		{"who is a participant once, in the order they came", "0 customer, 5 accept ann, 6 takeover bob, 7 takeover ann, 8 note carl, 9 agent bob", "agent=ann participants=ann,bob,carl"},
		{"nobody after it was declined", "0 customer, 5 accept ann, 6 decline ann", "detailed=queued agent=- assigned=false accepted_at=5 participants=ann"},
		{"nobody after it was forwarded to an open channel", "0 customer, 5 accept ann, 6 forward ann to #vip", "detailed=queued agent=- open_channel_id=vip open_channel=vip"},
		{"who served last, when it is over", "0 customer, 5 accept ann, 6 takeover bob, 7 finish", "detailed=closed agent=bob assigned=true"},
		{"who replies in Closing after a bot did it all", "0 customer, 5 rating-request bot, 6 agent ann", "detailed=closing agent=ann accepted_at=6"},
		{"nobody when the customer comes back to a bot", "0 customer, 5 rating-request bot, 6 customer", "detailed=waiting_again agent=-"},
		{"who takes over what a bot left", "0 customer, 5 rating-request bot, 6 customer, 7 takeover ann", "detailed=waiting_again agent=ann accepted_at=7"},
		{"who began an outgoing conversation", "0 outgoing ann", "direction=outgoing detailed=accepted agent=ann participants=ann"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			conversationtest.Expect(t, conversationtest.Play(t, row.line), row.want)
		})
	}
}

func TestOutgoingConversations(t *testing.T) {
	for _, row := range []struct{ rule, line, want string }{
		{"begin accepted", "0 outgoing ann", "direction=outgoing detailed=accepted general=waiting queued_at=0 accepted_at=- accept_time=-"},
		{"become replied with the first message", "0 outgoing ann, 5 agent ann", "detailed=replied first_reply_at=5 first_reply_wait=5s reactions=0"},
		{"stay outgoing when the customer writes", "0 outgoing ann, 5 agent ann, 9 customer", "direction=outgoing detailed=waiting_again"},
		{"are never accepted, whoever takes them", "0 outgoing ann, 5 decline ann, 6 accept bob, 7 timeout, 8 forward to carl, 9 timeout, 10 agent dora", "agent=dora accepted_at=- accept_time=-"},
		{"have no bot's time", "0 outgoing ann, 5 bot, 6 handover", "bot_time=0s"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			conversationtest.Expect(t, conversationtest.Play(t, row.line), row.want)
		})
	}
}

func TestTheCustomersMessageAfterTheEndAsksForANewConversation(t *testing.T) {
	for _, line := range []string{"0 customer, 5 finish ann", "0 customer, 5 spam ann"} {
		c := conversationtest.Play(t, line)
		_, err := conversationtest.Apply(c, "10 customer")
		var closed *conversation.ClosedError
		require.ErrorAs(t, err, &closed)
		require.Equal(t, c.ID(), closed.Conversation)
		require.ErrorIs(t, err, conversation.ErrClosed)
		require.ErrorIs(t, err, status.ErrTransition)

		next, err := c.Successor(conversation.DeriveID("next"), conversation.DeriveEventID("next"), conversationtest.At(10*time.Second), conversation.ByCustomer())
		require.NoError(t, err)
		require.Equal(t, c.ID(), next.Previous())
		conversationtest.Expect(t, next, "detailed=new direction=incoming created_at=10 agent=- open_channel_id=sales customer_id=customer customer=Customer source=live_chat version=1")
	}
}

func TestASuccessorKeepsWhereTheCustomerIs(t *testing.T) {
	vip := conversation.OpenChannel{ID: "vip", Name: "VIP", Closing: conversation.ClosingPolicy{AskRating: true}}
	c := conversationtest.Play(t, "0 customer, 5 forward to #vip, 6 spam", conversationtest.With(conversation.OpenChannel{ID: "sales"}, vip),
		conversationtest.Starting(conversation.Started{Source: "email", SitePage: "https://example.com", Customer: conversation.Customer{ID: "7", Name: "Łukasz"}}))
	next, err := c.Successor(conversation.DeriveID("next"), conversation.DeriveEventID("next"), conversationtest.At(time.Minute), conversation.BySystem())
	require.NoError(t, err)
	require.Equal(t, vip, next.OpenChannel())
	conversationtest.Expect(t, next, "source=email site_page=https://example.com customer_id=7 customer=Łukasz")

	_, err = c.Successor(c.ID(), conversation.DeriveEventID("next"), conversationtest.At(time.Minute), conversation.ByCustomer())
	require.ErrorIs(t, err, conversation.ErrValue, "nothing follows itself")
	_, err = conversation.Conversation{}.Successor(conversation.DeriveID("next"), conversation.DeriveEventID("next"), conversationtest.At(0), conversation.ByCustomer())
	require.ErrorIs(t, err, conversation.ErrValue, "nothing follows nothing")
}

func TestTwoAgentsAcceptAtOnce(t *testing.T) {
	c := conversationtest.Play(t, "0 customer")
	first, err := conversationtest.Apply(c, "5 accept ann")
	require.NoError(t, err)
	_, err = conversationtest.Apply(first, "5 accept bob")
	var held *conversation.HeldError
	require.ErrorAs(t, err, &held)
	require.Equal(t, conversation.AgentID("ann"), held.Holder)
	require.ErrorContains(t, err, "held by an agent already: ann")
}

func TestWhatBelongsToNoConversationIsRefused(t *testing.T) {
	c := conversationtest.Play(t, "10 customer")
	events, _ := c.Timeline()

	t.Run("an event of no conversation", func(t *testing.T) {
		_, err := conversation.Conversation{}.Apply(events[1])
		require.ErrorIs(t, err, conversation.ErrNone)
	})
	t.Run("an event before the start", func(t *testing.T) {
		_, err := conversationtest.Apply(c, "9.999 customer")
		require.ErrorIs(t, err, conversation.ErrBeforeStart)
	})
	t.Run("a second start", func(t *testing.T) {
		for line, want := range map[string]error{
			"10 start": conversation.ErrStarted, "20 start": conversation.ErrStarted, "5 outgoing ann": conversation.ErrBeforeStart,
		} {
			_, err := conversationtest.Apply(c, line)
			require.ErrorIs(t, err, want, line)
		}
	})
	t.Run("an event that Validate refuses", func(t *testing.T) {
		bad := events[1]
		bad.ID, bad.By = conversation.DeriveEventID("bad"), conversation.Author{}
		_, err := c.Apply(bad)
		require.ErrorIs(t, err, conversation.ErrValue)
		_, err = conversation.Rebuild(append(events[:len(events):len(events)], bad))
		require.ErrorIs(t, err, conversation.ErrValue)
		_, err = conversation.Start(bad.ID, bad.At, bad.By, events[0].Body.(conversation.Started))
		require.ErrorIs(t, err, conversation.ErrValue)
	})
	t.Run("and the error names the event, never its text", func(t *testing.T) {
		_, err := conversationtest.Apply(conversationtest.Play(t, "0 customer, 5 finish"), `10 customer "my secret"`)
		var refused *conversation.EventError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, "wrote", refused.Event.Kind())
		require.Contains(t, refused.Error(), "conversation: wrote "+refused.Event.ID.String()+" of 2026-01-05T09:00:10.000Z: conversation is closed")
		require.NotContains(t, refused.Error(), "secret")
	})
}

func TestValuesAreIndependent(t *testing.T) {
	base := conversationtest.Play(t, "0 customer, 1 link contact/5, 2 link deal/5, 3 accept ann, 4 note bob")
	before := base.Snapshot()
	branches := map[string]string{
		"5 link contact/1, 6 note carl, 7 agent ann":    "links=contact/1,contact/5,deal/5 participants=ann,bob,carl detailed=replied",
		"5 link contact/9, 6 note dora, 7 customer":     "links=contact/5,contact/9,deal/5 participants=ann,bob,dora detailed=waiting",
		"5 unlink contact/5, 6 takeover eve, 7 finish":  "links=deal/5 participants=ann,bob,eve detailed=closed",
		"5 link deal/5 \"Big\", 6 decline ann, 7 spam":  "links=contact/5,deal/5 participants=ann,bob detailed=spam",
		"2.5 link a/1, 3.5 note zoe, 5 review eve 1":    "links=a/1,contact/5,deal/5 participants=ann,zoe,bob",
		"5 agent carl, 6 forward to #vip, 7 accept bob": "open_channel_id=vip participants=ann,bob,carl agent=bob",
	}
	for line, want := range branches {
		t.Run(line, func(t *testing.T) {
			t.Parallel() // the race detector watches what is shared
			c, err := conversationtest.Apply(base, line)
			require.NoError(t, err)
			conversationtest.Expect(t, c, want)
			require.Equal(t, before, base.Snapshot())
			require.Len(t, base.Changes(), 6)
			events, known := c.Timeline()
			require.True(t, known)
			require.Len(t, events, 9)
		})
	}
}

func TestASnapshotSharesNothingWithItsValue(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 1 link deal/5, 3 accept ann")
	s := c.Snapshot()
	s.Links[0].ID, s.Participants[0], s.State[0] = "changed", "changed", 0
	conversationtest.Expect(t, c, "links=deal/5 participants=ann")

	s = c.Snapshot()
	read, err := conversation.FromSnapshot(s)
	require.NoError(t, err)
	s.Links[0].ID, s.Participants[0], s.State[1] = "changed", "changed", 0
	require.Equal(t, c.Snapshot(), read.Snapshot())
}
