package filter_test

import (
	"testing"
	"time"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/metrics"
	"github.com/colloquy-go/colloquy/status"
)

// manyConversations returns 100,000 conversations, a thousand different ones.
func manyConversations(b *testing.B) []conversation.Conversation {
	b.Helper()
	const different = 1000
	cs := make([]conversation.Conversation, 100_000)
	for i := range cs {
		if i < different {
			cs[i] = generated(b, uint64(i))
		} else {
			cs[i] = cs[i%different].Saved(int64(i) + 1)
		}
	}
	return cs
}

// BenchmarkMatch scans 100,000 conversations for two conditions, once by the loop
// that somebody would write for just that question and once by Match. What
// counts is the ratio of the two.
func BenchmarkMatch(b *testing.B) {
	cs := manyConversations(b)
	for _, bb := range []struct {
		asks  string
		loop  func() int
		where filter.Predicate
	}{
		{
			"statuses and a metric",
			func() (n int) {
				for i := range cs {
					c := &cs[i]
					if d := c.Detailed(); d == status.Waiting || d == status.WaitingAgain {
						if longest, ok := c.Metric(metrics.MaxReaction).Duration(); ok && longest > 45*time.Second {
							n++
						}
					}
				}
				return n
			},
			filter.And(filter.Detailed.In(status.Waiting, status.WaitingAgain), filter.MaxReaction.Greater(45*time.Second)),
		},
		{
			"a source and a number",
			func() (n int) {
				for i := range cs {
					if c := &cs[i]; c.Source() == "telegram" && c.MessageCount() > 5 {
						n++
					}
				}
				return n
			},
			filter.And(filter.Source.Is("telegram"), filter.MessageCount.Greater(5)),
		},
		{
			"an agent and an instant",
			func() (n int) {
				for i := range cs {
					if c := &cs[i]; c.Agent() == "ann" && c.CreatedAt().After(second(3600)) {
						n++
					}
				}
				return n
			},
			filter.And(filter.Agent.Is("ann"), filter.CreatedAt.After(second(3600))),
		},
	} {
		match := func() (n int) {
			for i := range cs {
				if bb.where.Match(&cs[i]) {
					n++
				}
			}
			return n
		}
		if n := match(); n == 0 || n == len(cs) || n != bb.loop() {
			b.Fatalf("%s: %d conversations found by Match, %d by the loop", bb.asks, n, bb.loop())
		}
		b.Run(bb.asks+"/loop", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bb.loop()
			}
		})
		b.Run(bb.asks+"/match", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				match()
			}
		})
	}
}

func BenchmarkFold(b *testing.B) {
	for _, bb := range []struct{ is, text string }{
		{"ASCII, folded already", "lukasz wisniewski"},
		{"ASCII", "Lukasz Wisniewski"},
		{"Polish, folded already", "łukasz wiśniewski"},
		{"Polish", "Łukasz Wiśniewski"},
		{"Russian", "Мария Иванова"},
		{"Greek", "Μαρία Παπαδοπούλου"},
		{"Chinese", "李雷"},
	} {
		b.Run(bb.is, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				filter.Fold(bb.text)
			}
		})
	}
}

func BenchmarkCursor(b *testing.B) {
	c := generated(b, 1)
	where := filter.And(filter.Active, filter.Agent.Is("ann"), filter.Customer.Contains("łukasz"))
	order := filter.Order{filter.General.Asc(), filter.LastMessageAt.Desc()}
	position := order.PositionOf(&c)
	cursor := position.Cursor(where, order)
	b.Run("write", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			position.Cursor(where, order)
		}
	})
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := filter.ParseCursor(cursor, where, order); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkCompare orders two conversations as a store in memory does.
func BenchmarkCompare(b *testing.B) {
	one, other := generated(b, 1), generated(b, 2)
	for _, order := range []filter.Order{{filter.LastMessageAt.Desc()}, {filter.General.Asc(), filter.MaxReaction.Desc()}, {filter.Customer.Asc()}} {
		b.Run(order.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				order.Compare(&one, &other)
			}
		})
	}
}
