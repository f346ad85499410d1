package sqlstore

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
	"github.com/colloquy-go/colloquy/store"
)

// Benchmarks here time two ways of doing the same in turns, so that whatever else
// the machine does hits both, and report the ratio of their medians.

type timing []time.Duration

func (t *timing) of(f func()) {
	begin := time.Now()
	f()
	*t = append(*t, time.Since(begin))
}

func (t timing) median() float64 {
	s := slices.Sorted(slices.Values(t))
	return float64(s[len(s)/2])
}

func report(b *testing.B, ours, theirs timing, names ...string) {
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ours.median(), names[0]+"-ns")
	b.ReportMetric(theirs.median(), names[1]+"-ns")
	b.ReportMetric(ours.median()/theirs.median(), "ratio")
}

const benchRows = 102_000

// benchConversations returns conversations with number from to from+n, three in
// four of them over.
func benchConversations(b testing.TB, from, n int) []conversation.Conversation {
	b.Helper()
	cs := make([]conversation.Conversation, n)
	begin := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for i := range cs {
		key := fmt.Sprint(from + i)
		at := begin.Add(time.Duration(from+i) * 37 * time.Second)
		agent := conversation.AgentID(fmt.Sprintf("agent-%d", (from+i)%40))
		next := 0
		event := func(wait time.Duration, by conversation.Author, body conversation.Body) conversation.Event {
			next++
			at = at.Add(wait)
			return conversation.Event{ID: conversation.DeriveEventID(key, fmt.Sprint(next)), At: at, By: by, Body: body}
		}
		c, err := conversation.Start(conversation.DeriveEventID(key), at, conversation.ByCustomer(), conversation.Started{
			Conversation: conversation.DeriveID(key), Direction: conversation.Incoming,
			OpenChannel: conversation.OpenChannel{ID: conversation.OpenChannelID(fmt.Sprint("line-", i%5)), Name: "Support"},
			Source:      "live_chat",
			Customer:    conversation.Customer{ID: conversation.CustomerID(key), Name: "Łukasz Kowalski " + key},
			SitePage:    "https://example.com/prices?plan=" + key,
		})
		require.NoError(b, err)
		events := []conversation.Event{
			event(time.Second, conversation.ByCustomer(), conversation.Wrote{Text: "Good morning, the invoice of last month is wrong: number " + key}),
			event(30*time.Second, conversation.ByAgent(agent), conversation.Accepted{}),
			event(40*time.Second, conversation.ByAgent(agent), conversation.Wrote{Text: "Good morning! Let me look at it, one moment please."}),
			event(50*time.Second, conversation.ByCustomer(), conversation.Wrote{Text: "Thank you."}),
			event(20*time.Second, conversation.ByAgent(agent), conversation.Wrote{Text: "It is corrected."}),
		}
		if i%4 != 0 {
			events = append(events, event(time.Minute, conversation.ByAgent(agent), conversation.Finished{}))
		}
		for _, e := range events {
			c, err = c.Apply(e)
			require.NoError(b, err)
		}
		cs[i] = c
	}
	return cs
}

func openBench(b testing.TB, file string) *account {
	b.Helper()
	pool, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)")
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, pool.Close()) })
	db, err := New(pool, SQLite)
	require.NoError(b, err)
	require.NoError(b, db.Migrate(b.Context()))
	st, err := db.Account("acme")
	require.NoError(b, err)
	return st.(*account)
}

// filledFile is the database of the benchmarks of lists. Making it takes longer
// than measuring, so they share one.
var filledFile = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "sqlstore")
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "bench.db"), nil
})

func filled(b *testing.B) *account {
	b.Helper()
	file, err := filledFile()
	require.NoError(b, err)
	st := openBench(b, file)
	n, err := st.Count(b.Context(), store.NewQuery(access.System()), 0)
	require.NoError(b, err)
	for from := n.N; from < benchRows; from += 2000 {
		_, err := st.Create(b.Context(), benchConversations(b, from, 2000)...)
		require.NoError(b, err)
	}
	return st
}

// handRow is what somebody would scan a row into.
type handRow struct {
	id, previous, state                                                   []byte
	number, version, direction, detailed, formSubmitted, historyRequested int64
	createdAt, modifiedAt, messageCount                                   int64
	openChannelID, source, customerID                                     string
	openChannel, customer, agent, participants, links, sitePage           sql.NullString
	ratedBy, ratedAgent, reviewComment, reviewBy                          sql.NullString
	customerRating, customerRatingScale, ratedAt, reviewRating, reviewAt  sql.NullInt64
	queuedAt, firstReplyAt, acceptedAt, lastMessageAt, agentFinishedAt    sql.NullInt64
	closedAt, waitingSince                                                sql.NullInt64
}

func (r *handRow) scan(rows *sql.Rows) error {
	return rows.Scan(
		&r.id, &r.number, &r.version, &r.previous, &r.openChannelID, &r.openChannel, &r.direction, &r.detailed,
		&r.source, &r.customerID, &r.customer, &r.agent, &r.participants, &r.links, &r.sitePage,
		&r.formSubmitted, &r.historyRequested, &r.customerRating, &r.customerRatingScale,
		&r.ratedBy, &r.ratedAt, &r.ratedAgent, &r.reviewComment, &r.reviewRating, &r.reviewBy, &r.reviewAt,
		&r.createdAt, &r.queuedAt, &r.firstReplyAt, &r.acceptedAt, &r.lastMessageAt, &r.agentFinishedAt,
		&r.closedAt, &r.modifiedAt, &r.waitingSince, &r.messageCount, &r.state,
	)
}

func byHand(b *testing.B, pool *sql.DB, query string, values ...any) int {
	rows, err := pool.QueryContext(b.Context(), query, values...)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	page := make([]handRow, 0, 51)
	for rows.Next() {
		var r handRow
		if err := r.scan(rows); err != nil {
			b.Fatal(err)
		}
		page = append(page, r)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return len(page)
}

func BenchmarkPage(b *testing.B) {
	st := filled(b)
	var names []string
	for _, c := range readColumns {
		names = append(names, c.name)
	}
	pageSQL := "SELECT " + strings.Join(names, ", ") + " FROM colloquy_conversations WHERE account = ? "
	q := store.NewQuery(access.System())

	b.Run("of 50 against the same SQL by hand", func(b *testing.B) {
		for name, bench := range map[string]struct {
			q    store.Query
			hand string
		}{
			"default": {q, "ORDER BY last_message_at DESC, number DESC LIMIT 51"},
			"active": {
				q.Where(filter.Active),
				"AND detailed IN (1, 2, 3, 4, 5, 6) ORDER BY last_message_at DESC, number DESC LIMIT 51",
			},
			"mine": {
				q.Where(filter.Mine("agent-7"), filter.Detailed.Is(status.Closed)),
				"AND agent = 'agent-7' AND detailed = 8 ORDER BY last_message_at DESC, number DESC LIMIT 51",
			},
		} {
			b.Run(name, func(b *testing.B) {
				var ours, theirs timing
				for b.Loop() {
					ours.of(func() {
						p, err := st.List(b.Context(), bench.q)
						if err != nil || len(p.Conversations) != 50 {
							b.Fatal(err)
						}
					})
					theirs.of(func() {
						if n := byHand(b, st.db.pool, pageSQL+bench.hand, "acme"); n != 51 {
							b.Fatal(n)
						}
					})
				}
				report(b, ours, theirs, "store", "hand")
			})
		}
	})
	b.Run("2000 against page 1", func(b *testing.B) {
		last := q
		for range 2000 - 1 {
			p, err := st.List(b.Context(), last)
			require.NoError(b, err)
			last = last.After(p.Next)
		}
		var deep, first timing
		for b.Loop() {
			deep.of(func() {
				p, err := st.List(b.Context(), last)
				if err != nil || len(p.Conversations) != 50 {
					b.Fatal(err)
				}
			})
			first.of(func() {
				p, err := st.List(b.Context(), q)
				if err != nil || len(p.Conversations) != 50 {
					b.Fatal(err)
				}
			})
		}
		report(b, deep, first, "deep", "first")
	})
}

func BenchmarkImport(b *testing.B) {
	const together = 1000
	ours, theirs := openBench(b, filepath.Join(b.TempDir(), "ours.db")), openBench(b, filepath.Join(b.TempDir(), "theirs.db"))
	var store, hand timing
	from := 0
	for b.Loop() {
		cs := benchConversations(b, from, together)
		rows := encoded(b, from, cs)
		from += together
		store.of(func() {
			if _, err := ours.Create(b.Context(), cs...); err != nil {
				b.Fatal(err)
			}
		})
		hand.of(func() { rows.insert(b, theirs.db.pool) })
	}
	report(b, store, hand, "store", "hand")
	b.ReportMetric(hand.median()/store.median(), "throughput-ratio")
}

// encodedRows are rows of the three tables, ready to be inserted.
type encodedRows struct{ conversations, members, events []any }

func encoded(b *testing.B, from int, cs []conversation.Conversation) (rows encodedRows) {
	b.Helper()
	for i, c := range cs {
		c = c.Saved(int64(from + i + 1))
		s := c.Snapshot()
		rows.conversations = append(rows.conversations, newRow("acme", &s)...)
		for _, m := range membersOf(&c) {
			rows.members = append(rows.members, "acme", bytesOf(c.ID()), m.set, m.value)
		}
		for seq, e := range cs[i].Changes() {
			text, err := e.MarshalJSON()
			require.NoError(b, err)
			id := e.ID.Bytes()
			rows.events = append(rows.events,
				"acme", bytesOf(c.ID()), e.At.UnixMilli(), int64(seq+1), id[:], e.Kind(), string(text))
		}
	}
	return rows
}

// insert is what somebody would write who has the rows.
func (r encodedRows) insert(b *testing.B, pool *sql.DB) {
	tx, err := pool.BeginTx(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	names := []string{"account"}
	for _, c := range columns {
		names = append(names, c.name)
	}
	for _, t := range []struct {
		into   string
		width  int
		values []any
	}{
		{"colloquy_conversations (" + strings.Join(names, ", ") + ")", len(names), r.conversations},
		{"colloquy_members (account, conversation_id, field, value)", 4, r.members},
		{"colloquy_events (account, conversation_id, at, seq, event_id, kind, event)", 7, r.events},
	} {
		row := "(?" + strings.Repeat(", ?", t.width-1) + ")"
		for batch := range slices.Chunk(t.values, 5000/t.width*t.width) {
			query := "INSERT INTO " + t.into + " VALUES " + row + strings.Repeat(", "+row, len(batch)/t.width-1)
			if _, err := tx.ExecContext(b.Context(), query, batch...); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}
