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
	"go.uber.org/goleak"
	_ "modernc.org/sqlite"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
	"github.com/colloquy-go/colloquy/store"
)

// compare times ours and theirs in turns, so that whatever else the machine does
// hits both, and reports the medians and their ratio. Before each turn, prepare
// runs untimed.
func compare(b *testing.B, prepare, ours, theirs func()) {
	b.Helper()
	var times [2][]time.Duration
	for b.Loop() {
		prepare()
		for i, f := range []func(){ours, theirs} {
			begin := time.Now()
			f()
			times[i] = append(times[i], time.Since(begin))
		}
	}
	median := func(i int) float64 {
		slices.Sort(times[i])
		return float64(times[i][len(times[i])/2])
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(0), "ns/ours")
	b.ReportMetric(median(1), "ns/theirs")
	b.ReportMetric(median(0)/median(1), "ours/theirs")
}

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
	db, err := New(openFile(b, file, recommended+"&_pragma=synchronous(NORMAL)"), SQLite)
	require.NoError(b, err)
	require.NoError(b, db.Migrate(b.Context()))
	st, err := db.Account("acme")
	require.NoError(b, err)
	return st.(*account)
}

// filledDir has the database of the benchmarks of lists. Making it takes longer
// than measuring, so they share one.
var filledDir = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "sqlstore") })

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if dir, err := filledDir(); err != nil || os.RemoveAll(dir) != nil {
			fmt.Fprintln(os.Stderr, "the database of the benchmarks was not removed:", dir, err)
		}
		os.Exit(code)
	}))
}

// filled returns a store of some more than 100,000 conversations.
func filled(b *testing.B) *account {
	b.Helper()
	dir, err := filledDir()
	require.NoError(b, err)
	st := openBench(b, filepath.Join(dir, "conversations.db"))
	there, err := st.Count(b.Context(), store.NewQuery(access.System()), 0)
	require.NoError(b, err)
	for from := there.N; from < 101_000; from += 1000 {
		_, err := st.Create(b.Context(), benchConversations(b, from, 1000)...)
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

// handRows reads a page as somebody would without this package.
func handRows(b *testing.B, pool *sql.DB, query string, values ...any) int {
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

// BenchmarkPage compares a page of 50 with the same SQL by hand on the same
// driver, which scans the same columns into variables.
func BenchmarkPage(b *testing.B) {
	st := filled(b)
	for _, list := range []struct {
		name  string
		q     store.Query
		where string
	}{
		{"default", all, ""},
		{"active", all.Where(filter.Active), "AND active = 1"},
		{"mine and closed", all.Where(filter.Mine("agent-7"), filter.Detailed.Is(status.Closed)), "AND agent = 'agent-7' AND detailed = 8"},
	} {
		b.Run(list.name, func(b *testing.B) {
			byHand := st.db.tables.selectRows + " WHERE account = ? " + list.where + " ORDER BY last_message_at DESC, number DESC LIMIT 51"
			compare(b, func() {}, func() {
				page, err := st.List(b.Context(), list.q)
				if err != nil || len(page.Conversations) != 50 || page.Next == "" {
					b.Fatal(len(page.Conversations), err)
				}
			}, func() {
				if n := handRows(b, st.db.pool, byHand, "acme"); n != 51 {
					b.Fatal(n)
				}
			})
		})
	}
}

// BenchmarkDeepPage compares page 2,000 with page 1.
func BenchmarkDeepPage(b *testing.B) {
	st := filled(b)
	deep := all
	for range 2000 - 1 {
		page, err := st.List(b.Context(), deep)
		require.NoError(b, err)
		deep = all.After(page.Next)
	}
	read := func(q store.Query) func() {
		return func() {
			page, err := st.List(b.Context(), q)
			if err != nil || len(page.Conversations) != 50 || page.Next == "" {
				b.Fatal(len(page.Conversations), err)
			}
		}
	}
	compare(b, func() {}, read(deep), read(all))
}

// BenchmarkImport compares the creation of 1,000 conversations with inserts of
// their rows, several in one statement, by hand and from values that are encoded
// already.
func BenchmarkImport(b *testing.B) {
	const together = 1000
	ours, theirs := openBench(b, filepath.Join(b.TempDir(), "ours.db")), openBench(b, filepath.Join(b.TempDir(), "theirs.db"))
	var (
		n    int
		cs   []conversation.Conversation
		rows encodedRows
	)
	compare(b, func() {
		cs = benchConversations(b, n, together)
		rows = encoded(b, n, cs)
		n += together
	}, func() {
		if _, err := ours.Create(b.Context(), cs...); err != nil {
			b.Fatal(err)
		}
	}, func() {
		rows.insert(b, theirs.db.pool)
	})
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
		for batch := range slices.Chunk(t.values, maxInsert/t.width*t.width) {
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
