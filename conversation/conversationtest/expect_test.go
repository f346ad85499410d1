package conversationtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
)

const talk = `0 start bot, 0 customer, 1 link deal/7, 1 link contact/8, 20 accept ann, 20.5 note bob,
	100 agent ann "hello", 130 finish ann, 140 rate like, 2h review eve 4 "very good"`

func TestExpectKnowsEveryColumn(t *testing.T) {
	c := conversationtest.Play(t, talk).Saved(17)
	conversationtest.Expect(t, c, `
		id=`+c.ID().String()+` number=17 version=10 previous=- open_channel_id=sales open_channel="Sales" direction=incoming
		detailed=closed general=closed spam=false source=live_chat customer_id=customer customer=Customer
		agent=ann assigned=true participants=ann,bob links=contact/8,deal/7 site_page=-
		form_submitted=false history_requested=false
		customer_rating.rating=like customer_rating.by=customer customer_rating.at=140 customer_rating.agent=ann
		review.rating=4/5 review.comment="very good" review.by=eve review.at=7200
		created_at=0 queued_at=20 first_reply_at=100 accepted_at=20 last_message_at=1m40s
		agent_finished_at=130 closed_at=2m10s modified_at=2h waiting_since=-
		message_count=2 first_reply_wait=1m40s accept_time=20s agent_finish_time=130s duration=100s initial_reaction=1m40s
		bot_time=20s total_reaction=1m40s mean_reaction=1m40s max_reaction=100000ms reactions=1`)
}

func TestExpectTellsEachDifferenceAndTheTimeline(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 20 accept bob, 50.25 customer")
	r := recorded(func(t testing.TB) {
		conversationtest.Expect(t, c, `agent=ann first_reply_wait=50s accept_time=- accepted_at=20 last_message_at=50 site_page="a page" version=4`)
	})
	require.False(t, r.ended, "the test goes on")
	events, _ := c.Timeline()
	id := func(i int) string { return events[i].ID.String()[:8] }
	require.Equal(t, `5 of 7 columns differ
	agent: got "bob", want "ann"
	first_reply_wait: got "-", want "50s"
	accept_time: got "20s", want "-"
	last_message_at: got "50.25", want "50"
	site_page: got "-", want "a page"
the timeline is
	       0  `+id(0)+` started by customer {"conversation":"`+c.ID().String()+`","direction":"incoming","open_channel":{"id":"sales","name":"Sales"},"source":"live_chat","customer":{"id":"customer","name":"Customer"}}
	       0  `+id(1)+` wrote by customer
	      20  `+id(2)+` accepted by agent bob
	   50.25  `+id(3)+` wrote by customer
`, r.String())
}

func TestExpectSaysWhenTheTimelineIsNotKnown(t *testing.T) {
	c, err := conversation.FromSnapshot(conversationtest.Play(t, "0 customer").Snapshot())
	require.NoError(t, err)
	r := recorded(func(t testing.TB) { conversationtest.Expect(t, c, "agent=ann") })
	require.Contains(t, r.String(), "the timeline is not known")
}

func TestExpectEndsATestWhoseColumnsCannotBeRead(t *testing.T) {
	c := conversationtest.Play(t, "0 customer, 10 agent ann")
	for list, want := range map[string]string{
		"status=new":             `there is no column "status"; there are id number version`,
		"state=x":                `there is no column "state"`,
		"agent=ann detailed":     `expected name=value, found "detailed"`,
		"detailed agent=ann":     `expected name=value, found "detailed"`,
		"agent=":                 `column agent: an absent value is written "-"`,
		"created_at=soon":        `column created_at: time: invalid duration "soon"`,
		"first_reply_wait=quick": `column first_reply_wait: time: invalid duration "quick"`,
	} {
		r := recorded(func(t testing.TB) { conversationtest.Expect(t, c, list) })
		require.True(t, r.ended, list)
		require.Contains(t, r.String(), want)
	}
}
