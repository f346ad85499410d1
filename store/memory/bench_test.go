package memory_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
	"github.com/colloquy-go/colloquy/store/memory"
)

// filled returns a store of n conversations of two or three events, in no
// particular order of time.
func filled(b *testing.B, n int) store.Store {
	b.Helper()
	st, err := memory.New().Account("acme")
	require.NoError(b, err)
	begin := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for i := range n {
		key, at := fmt.Sprint(i), begin.Add(time.Duration(i*7919%n)*time.Second)
		c, err := conversation.Start(conversation.DeriveEventID(key, "start"), at, conversation.ByCustomer(), conversation.Started{
			Conversation: conversation.DeriveID(key),
			Direction:    conversation.Incoming,
			OpenChannel:  conversation.OpenChannel{ID: "sales", Name: "Sales"},
			Source:       "telegram",
			Customer:     conversation.Customer{ID: conversation.CustomerID(key), Name: "Łukasz " + key},
		})
		require.NoError(b, err)
		c, err = c.Apply(wrote(key, at))
		require.NoError(b, err)
		if i%3 == 0 {
			c, err = c.Apply(conversation.Event{
				ID: conversation.DeriveEventID(key, "accept"), At: at.Add(time.Minute),
				By: conversation.ByAgent("ann"), Body: conversation.Accepted{},
			})
			require.NoError(b, err)
		}
		_, err = st.Create(b.Context(), c)
		require.NoError(b, err)
	}
	return st
}

func wrote(key string, at time.Time) conversation.Event {
	return conversation.Event{ID: conversation.DeriveEventID(key, "wrote"), At: at, By: conversation.ByCustomer(), Body: conversation.Wrote{Text: "Hello"}}
}

func BenchmarkListOfAHundredThousand(b *testing.B) {
	st := filled(b, 100_000)
	for _, bench := range []struct {
		name  string
		query store.Query
	}{
		{"latest message first", store.NewQuery(access.System())},
		{"of an agent", store.NewQuery(access.System()).Where(filter.MyActive("ann"))},
		{"by customer", store.NewQuery(access.System()).OrderBy(filter.Customer.Asc())},
		{"name contains", store.NewQuery(access.System()).Where(filter.Customer.Contains("ŁUKASZ 99"))},
	} {
		b.Run(bench.name, func(b *testing.B) {
			first, err := st.List(b.Context(), bench.query)
			require.NoError(b, err)
			for _, page := range []struct{ name, after string }{{"page 1", ""}, {"page 2", first.Next}} {
				b.Run(page.name, func(b *testing.B) {
					for b.Loop() {
						page, err := st.List(b.Context(), bench.query.After(page.after))
						if err != nil || len(page.Conversations) != store.DefaultLimit {
							b.Fatal(err, len(page.Conversations))
						}
					}
				})
			}
		})
	}
}

func BenchmarkUpdateOfAMessage(b *testing.B) {
	st := filled(b, 1000)
	n := 0
	for b.Loop() {
		n++
		e := wrote(fmt.Sprint("more ", n), time.Date(2026, 2, 1, 0, 0, 0, n*1e6, time.UTC))
		id := conversation.DeriveID(fmt.Sprint(n % 1000))
		_, err := store.Update(b.Context(), st, access.System(), id,
			func(c conversation.Conversation) (conversation.Conversation, error) { return c.Apply(e) })
		if err != nil {
			b.Fatal(err)
		}
	}
}
