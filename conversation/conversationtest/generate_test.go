package conversationtest_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
)

func TestGeneratedTimelinesAreValidAndRepeatable(t *testing.T) {
	ids := map[conversation.EventID]bool{}
	for seed := range uint64(500) {
		events := conversationtest.Generate(seed)
		require.Equal(t, events, conversationtest.Generate(seed))
		_, err := conversation.Rebuild(events)
		require.NoError(t, err, seed)
		for _, e := range events {
			require.False(t, ids[e.ID], "an id comes twice")
			ids[e.ID] = true
		}
	}
}

func TestAFewHundredSeedsHoldEverything(t *testing.T) {
	seen := map[string]map[string]bool{}
	note := func(what, value string) {
		if seen[what] == nil {
			seen[what] = map[string]bool{}
		}
		seen[what][value] = true
	}
	equalInstants := 0
	for seed := range uint64(400) {
		events := conversationtest.Generate(seed)
		c, err := conversation.Rebuild(events)
		require.NoError(t, err)
		for i, e := range events {
			note("kind", e.Kind())
			note("author", e.By.Kind.String())
			if i > 1 && e.At.Equal(events[i-1].At) {
				equalInstants++
			}
		}
		note("detailed", c.Detailed().String())
		note("direction", c.Direction().String())
		note("channel", string(c.OpenChannel().ID))
		note("source", string(c.Source()))
		note("customer", c.Customer().Name)
		note("agent", string(c.Agent()))
		note("rating", c.CustomerRating().Rating.String())
		note("review", c.Review().Rating.String())

		var columns map[string]any
		data, err := json.Marshal(c)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, &columns))
		for _, name := range []string{
			"previous", "agent", "links", "site_page", "participants", "customer_rating", "review", "queued_at", "first_reply_at",
			"accepted_at", "last_message_at", "agent_finished_at", "closed_at", "waiting_since",
		} {
			if _, present := columns[name]; present {
				note("present", name)
			} else {
				note("absent", name)
			}
		}
	}
	sizes := map[string]int{}
	for what, values := range seen {
		sizes[what] = len(values)
	}
	require.Equal(t, map[string]int{
		"kind": 18, "author": 4, "detailed": 9, "direction": 2, "channel": 5, "source": 6, "customer": 12,
		"agent":  8 + 1,                  // and nobody
		"rating": 7 + 1, "review": 5 + 1, // and none
		"present": 14, "absent": 14,
	}, sizes)
	require.NotZero(t, equalInstants)
}
