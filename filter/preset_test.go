package filter_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
)

func TestPresets(t *testing.T) {
	cs := actors(t)
	for _, tt := range []struct {
		preset string
		where  filter.Predicate
		finds  string
	}{
		{"all", filter.All, everybody},
		{"active: the six statuses", filter.Active, "bare bot queued held waiting replied again outgoing"},
		{"mine: whom I serve, or served last", filter.Mine("ann"), "held replied again closed outgoing"},
		{"mine: whom bob serves", filter.Mine("bob"), "waiting closing"},
		{"mine: nobody's", filter.Mine(""), ""},
		{"my active: without the closed ones", filter.MyActive("ann"), "held replied again outgoing"},
		{"my active: without those that wait for completion", filter.MyActive("bob"), "waiting"},
		{"unassigned: without the spam that nobody accepted", filter.Unassigned, "bare bot queued"},
		{"waiting longer than 100 s", filter.WaitingLonger(100*time.Second, second(250)), "bare bot queued held waiting"},
		{"waiting longer than 50 s", filter.WaitingLonger(50*time.Second, second(250)), "bare bot queued held waiting"},
		{"waiting longer than 49.999 s", filter.WaitingLonger(49_999*time.Millisecond, second(250)), "bare bot queued held waiting again"},
		{"waiting longer than no time", filter.WaitingLonger(0, second(0)), ""},
		{"my inbox without a queue: where I take part, open or not", filter.MyInbox("ann"), "held replied again closed outgoing"},
		{"my inbox with one queue: what is there to accept, too", filter.MyInbox("ann", "sales"), "queued held replied again closed outgoing"},
		{"my inbox with two queues", filter.MyInbox("ann", "sales", "vip"), "bare bot queued held replied again closed outgoing"},
		{"my inbox: where I only wrote a note", filter.MyInbox("bob"), "waiting replied closing outgoing"},
		{"my inbox of somebody new", filter.MyInbox("eve", "sales"), "queued"},
		{"my inbox of nobody", filter.MyInbox(""), ""},
	} {
		t.Run(tt.preset, func(t *testing.T) {
			require.NoError(t, filter.Validate(tt.where))
			require.Equal(t, tt.finds, found(cs, tt.where))
		})
	}
}

func TestActiveIsWhatTheStatusTableCallsActive(t *testing.T) {
	for seed := range uint64(100) {
		c := generated(t, seed)
		require.Equal(t, c.Detailed().Active(), filter.Active.Match(&c))
	}
	active, ok := filter.Active.(filter.Condition)
	require.True(t, ok)
	require.Len(t, active.Values(), 6)
	for d := status.New; d <= status.Spam; d++ {
		require.Equal(t, d.Active(), asksFor(active, int64(d)), d)
	}
}

func asksFor(c filter.Condition, n int64) bool {
	for _, v := range c.Values() {
		if v.Num == n {
			return true
		}
	}
	return false
}

// A host fills the queues from its directory: their number is its own.
func TestInboxOfManyQueues(t *testing.T) {
	cs := actors(t)
	queues := make([]conversation.OpenChannelID, filter.MaxList)
	for i := range queues {
		queues[i] = conversation.OpenChannelID(string(rune('a' + i)))
	}
	queues[len(queues)-1] = "vip"
	require.NoError(t, filter.Validate(filter.MyInbox("eve", queues...)))
	require.Equal(t, "bare bot", found(cs, filter.MyInbox("eve", queues...)))
	require.ErrorIs(t, filter.Validate(filter.MyInbox("eve", append(queues, "sales")...)), filter.ErrPredicate)
}
