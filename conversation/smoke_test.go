package conversation_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
)

func TestSmoke(t *testing.T) {
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	c, err := conversation.Start(conversation.DeriveEventID("s"), at, conversation.ByCustomer(), conversation.Started{
		Conversation: conversation.DeriveID("1"), Direction: conversation.Incoming, OpenChannel: conversation.OpenChannel{ID: "sales", Name: "Sales"}, Source: "telegram", Customer: conversation.Customer{ID: "1", Name: "Łukasz"},
	})
	require.NoError(t, err)
	n := 0
	do := func(sec int, by conversation.Author, b conversation.Body) {
		n++
		c, err = c.Apply(conversation.Event{ID: conversation.DeriveEventID(fmt.Sprint(n)), At: at.Add(time.Duration(sec) * time.Second), By: by, Body: b})
		require.NoError(t, err)
	}
	do(0, conversation.ByCustomer(), conversation.Wrote{"hi"})
	do(20, conversation.ByAgent("ann"), conversation.Accepted{})
	do(50, conversation.ByAgent("ann"), conversation.Wrote{"hello"})
	do(40, conversation.ByCustomer(), conversation.Wrote{"late"})
	do(90, conversation.ByAgent("ann"), conversation.Finished{})
	b, err := json.MarshalIndent(c, "", " ")
	require.NoError(t, err)
	fmt.Println(string(b))
	c2, err := conversation.FromSnapshot(c.Snapshot())
	require.NoError(t, err)
	require.Equal(t, c.Snapshot(), c2.Snapshot())
	ev, _ := c.Timeline()
	c3, err := c2.WithTimeline(ev)
	require.NoError(t, err)
	require.Equal(t, c.Snapshot(), c3.Snapshot())
	b, err = json.Marshal(ev)
	require.NoError(t, err)
	fmt.Println(string(b))
	var ev2 []conversation.Event
	require.NoError(t, json.Unmarshal(b, &ev2))
	require.Equal(t, ev, ev2)
}

func BenchmarkApplyMessage(b *testing.B) {
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	c, err := conversation.Start(conversation.DeriveEventID("s"), at, conversation.ByCustomer(), conversation.Started{
		Conversation: conversation.DeriveID("1"), Direction: conversation.Incoming, OpenChannel: conversation.OpenChannel{ID: "sales", Name: "Sales"}, Source: "telegram", Customer: conversation.Customer{ID: "1", Name: "Łukasz"},
	})
	require.NoError(b, err)
	e := conversation.Event{ID: conversation.DeriveEventID("m"), At: at.Add(time.Second), By: conversation.ByCustomer(), Body: conversation.Wrote{Text: "The invoice is broken, can you help?"}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Apply(e); err != nil {
			b.Fatal(err)
		}
	}
}
