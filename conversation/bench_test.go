package conversation_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
)

// chat returns a conversation of n messages, customer and agent in turn.
func chat(b *testing.B, n int) conversation.Conversation {
	b.Helper()
	c := conversationtest.Play(b, "0 start bot, 0 link deal/7, 1 handover, 2 accept ann")
	for i := range n {
		by := conversation.ByCustomer()
		if i%2 == 1 {
			by = conversation.ByAgent("ann")
		}
		next, err := c.Apply(message(strconv.Itoa(i), by, time.Duration(i+3)*time.Second))
		require.NoError(b, err)
		c = next
	}
	return c
}

func message(id string, by conversation.Author, after time.Duration) conversation.Event {
	return conversation.Event{
		ID: conversation.DeriveEventID(id), At: conversationtest.At(after), By: by,
		Body: conversation.Wrote{Text: "The invoice is broken, can you help?"},
	}
}

func BenchmarkApply(b *testing.B) {
	fresh := conversationtest.Play(b, "0 customer, 5 agent ann")
	row, err := conversation.FromSnapshot(chat(b, 50).Snapshot())
	require.NoError(b, err)
	customer := message("new", conversation.ByCustomer(), time.Hour)
	agent := message("new", conversation.ByAgent("ann"), time.Hour)
	for _, bench := range []struct {
		name  string
		to    conversation.Conversation
		event conversation.Event
	}{
		{"a customer's message", fresh, customer},
		{"an agent's message", fresh, agent},
		{"a message to a row of 50", row, customer},
		{"a message to a timeline of 50", chat(b, 50), customer},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := bench.to.Apply(bench.event); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkApplyRefused(b *testing.B) {
	c := conversationtest.Play(b, "0 customer, 5 accept ann")
	e := conversation.Event{ID: conversation.DeriveEventID("bob"), At: conversationtest.At(time.Hour), By: conversation.ByAgent("bob"), Body: conversation.Accepted{}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Apply(e); err == nil {
			b.Fatal("two agents accepted")
		}
	}
}

func BenchmarkRebuild(b *testing.B) {
	events, _ := chat(b, 200).Timeline()
	for _, bench := range []struct {
		name   string
		events []conversation.Event
	}{
		{"in order", events},
		{"in reverse", slices.Collect(func(yield func(conversation.Event) bool) {
			for _, e := range slices.Backward(events) {
				if !yield(e) {
					return
				}
			}
		})},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := conversation.Rebuild(bench.events); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(events)), "ns/event")
		})
	}
}

func BenchmarkSnapshot(b *testing.B) {
	c := chat(b, 50)
	b.ReportAllocs()
	for b.Loop() {
		if s := c.Snapshot(); s.State == nil {
			b.Fatal("no state")
		}
	}
}

func BenchmarkFromSnapshot(b *testing.B) {
	s := chat(b, 50).Snapshot()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := conversation.FromSnapshot(s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEventJSON(b *testing.B) {
	e := message("m", conversation.ByCustomer(), 0)
	data, err := e.MarshalJSON()
	require.NoError(b, err)
	b.Run("write", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := e.MarshalJSON(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var read conversation.Event
			if err := read.UnmarshalJSON(data); err != nil {
				b.Fatal(err)
			}
		}
	})
}
