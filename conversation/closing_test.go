package conversation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
)

func TestClosingPolicies(t *testing.T) {
	plain := conversation.OpenChannel{ID: "plain"}
	for _, row := range []struct {
		rule    string
		channel conversation.OpenChannel
		line    string
		want    string
		pending bool // the customer may still give the rating he was asked for
	}{
		{"without a policy an agent's finish closes", plain, "0 customer, 5 finish ann", "detailed=closed", false},
		{"asking a rating, an agent's finish waits for it", asking, "0 customer, 5 finish ann", "detailed=closing agent_finished_at=5 closed_at=-", true},
		{"with an automatic reply, an agent's finish waits after it", autoBye, "0 customer, 5 finish ann", "detailed=closing agent_finished_at=5", false},
		{"a second finish of an agent closes", asking, "0 customer, 5 finish ann, 6 finish ann", "detailed=closed agent_finished_at=5 closed_at=6", false},
		{"a bot's finish closes at once", asking, "0 customer, 5 finish bot", "detailed=closed", false},
		{"the system's finish closes at once", asking, "0 customer, 5 finish", "detailed=closed", false},
		{"the customer's finish closes at once", asking, "0 customer, 5 finish customer", "detailed=closed", false},
		{"spam is thrown away at once", asking, "0 customer, 5 spam ann", "detailed=spam", false},
		{"a rating does not close unless the policy says so", asking, "0 customer, 5 finish ann, 6 rate 5", "detailed=closing customer_rating.rating=5/5", false},
		{"a rating closes what waits for completion", atOnce, "0 customer, 5 finish ann, 6 rate 5", "detailed=closed closed_at=6 agent_finished_at=5 customer_rating.rating=5/5", false},
		{"a rating closes nothing that is still going on", atOnce, "0 customer, 5 agent ann, 6 rate 5", "detailed=replied customer_rating.rating=5/5", false},
		{"a rating may come after the end", atOnce, "0 customer, 5 finish, 6 rate 5", "detailed=closed closed_at=5 customer_rating.at=6", false},
		{"a customer who comes back withdraws the request", asking, "0 customer, 5 finish ann, 6 customer", "detailed=waiting_again closed_at=-", false},
		{"and is asked again by the next finish", asking, "0 customer, 5 finish ann, 6 customer, 7 finish ann", "detailed=closing agent_finished_at=7", true},
		{"a request for a rating needs no policy", plain, "0 customer, 5 rating-request bot", "detailed=closing agent_finished_at=-", true},
		{"an automatic reply needs no policy", plain, "0 customer, 5 auto-reply", "detailed=closing message_count=1", false},
		{"the policy is that of the open channel it was forwarded to", plain, "0 customer, 3 forward ann to #asking, 5 finish ann", "detailed=closing", true},
		{"and no longer that of the open channel it came from", asking, "0 customer, 3 forward ann to #plain, 5 finish ann", "detailed=closed", false},
	} {
		t.Run(row.rule, func(t *testing.T) {
			c := conversationtest.Play(t, row.line, conversationtest.With(row.channel, plain, asking))
			conversationtest.Expect(t, c, row.want)
			require.Equal(t, row.pending, c.RatingPending())
			read, err := conversation.FromSnapshot(c.Snapshot())
			require.NoError(t, err)
			require.Equal(t, row.pending, read.RatingPending())
			require.Equal(t, c.OpenChannel(), read.OpenChannel(), "the policy is kept with the row")
		})
	}
}

func TestWhatFallsDue(t *testing.T) {
	patient := conversation.OpenChannel{ID: "patient", Closing: conversation.ClosingPolicy{
		AskRating: true, FinishAfterClosing: time.Hour, FinishAfterSilence: time.Minute,
	}}
	silent := conversation.OpenChannel{ID: "silent", Closing: conversation.ClosingPolicy{FinishAfterSilence: time.Minute}}
	closing := conversation.OpenChannel{ID: "closing", Closing: conversation.ClosingPolicy{FinishAfterClosing: time.Hour}}

	for _, row := range []struct {
		rule    string
		channel conversation.OpenChannel
		line    string
		due     time.Duration // the offset; 0: never
		reason  conversation.DeadlineReason
	}{
		{"nothing without a policy", asking, "0 customer, 5 finish ann", 0, 0},
		{"nothing while the customer waits", patient, "0 customer, 5 accept ann", 0, 0},
		{"nothing in the queue", patient, "0 customer, 5 agent ann, 6 timeout", 0, 0},
		{"nothing when it is over", patient, "0 customer, 5 agent ann, 6 finish ann, 7 finish", 0, 0},
		{"the silence after the agent's message", patient, "0 customer, 5 agent ann", 65 * time.Second, conversation.CustomerSilent},
		{"the silence after his last message", patient, "0 customer, 5 agent ann, 9 agent ann", 69 * time.Second, conversation.CustomerSilent},
		{"the silence, whatever bots, notes and colleagues do", patient, "0 customer, 5 agent ann, 6 bot, 7 system, 8 note ann, 9 takeover bob, 10 forward bob to carl", 65 * time.Second, conversation.CustomerSilent},
		{"no silence when the customer has written", patient, "0 customer, 5 agent ann, 6 customer", 0, 0},
		{"the silence after the reply to that", patient, "0 customer, 5 agent ann, 6 customer, 8 agent ann", 68 * time.Second, conversation.CustomerSilent},
		{"the end of Closing", patient, "0 customer, 5 agent ann, 9 finish ann", time.Hour + 9*time.Second, conversation.ClosingIsOver},
		{"the end of Closing, whatever is written meanwhile", patient, "0 customer, 9 finish ann, 10 agent ann, 11 bot, 12 rate 5", time.Hour + 9*time.Second, conversation.ClosingIsOver},
		{"the end of the second Closing", patient, "0 customer, 9 finish ann, 10 customer, 20 finish ann", time.Hour + 20*time.Second, conversation.ClosingIsOver},
		{"no end of Closing without its deadline", silent, "0 customer, 5 agent ann, 9 rating-request", 0, 0},
		{"no silence without its deadline", closing, "0 customer, 5 agent ann", 0, 0},
	} {
		t.Run(row.rule, func(t *testing.T) {
			played := conversationtest.Play(t, row.line, conversationtest.With(row.channel))
			read, err := conversation.FromSnapshot(played.Snapshot())
			require.NoError(t, err)
			for _, c := range []conversation.Conversation{played, read} {
				deadline, ok := c.Deadline()
				require.Equal(t, row.due != 0, ok)
				if row.due == 0 {
					require.Zero(t, deadline)
					_, due := c.Due(conversationtest.At(1000 * time.Hour))
					require.False(t, due)
					return
				}
				require.Equal(t, conversation.Deadline{At: conversationtest.At(row.due), Reason: row.reason}, deadline)
				_, due := c.Due(conversationtest.At(row.due - time.Millisecond))
				require.False(t, due, "not yet")
				got, due := c.Due(conversationtest.At(row.due))
				require.True(t, due)
				require.Equal(t, deadline, got)

				finished, err := c.Apply(conversation.Event{
					ID: conversation.DeriveEventID("due"), At: got.At, By: conversation.BySystem(), Body: conversation.Finished{},
				})
				require.NoError(t, err)
				require.Equal(t, "closed", finished.Detailed().String())
				require.Equal(t, c.AgentFinishedAt(), finished.AgentFinishedAt(), "a timeout is no agent's finish")
			}
		})
	}
}
