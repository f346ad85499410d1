package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/examples/internal/dataset"
	"github.com/colloquy-go/colloquy/store"
)

func quickstart(t *testing.T, args ...string) (out, progress string) {
	t.Helper()
	var o, p bytes.Buffer
	require.NoError(t, run(context.Background(), args, &o, &p))
	return o.String(), p.String()
}

func TestTheShippedConversationsAreImportedOnceAndShown(t *testing.T) {
	db := filepath.Join(t.TempDir(), "test.db")
	first, broken := quickstart(t, "-db", db)
	require.Empty(t, broken)
	require.Contains(t, first, "7638 rows, 1003 conversations with 7638 messages: 1003 new, 0 known, 0 rows left out")
	require.Contains(t, first, "5153 rows, 1403 conversations with 1603 messages: 1403 new, 0 known, 0 rows left out")
	for _, part := range []string{
		"The conversation list", "Totals by status", "Who waits longest", "The history of conversation", "The next page, by cursor", db,
		"waiting_again", "queued", "closing", "closed", "replied", "Service desk", "of 2406 conversations are active",
	} {
		require.Contains(t, first, part)
	}
	for line := range strings.Lines(first) {
		if !strings.Contains(line, db) && !strings.Contains(line, " rows, ") {
			require.LessOrEqual(t, text.StringWidthWithoutEscSequences(strings.TrimRight(line, "\n")), 120, line)
		}
	}

	again, _ := quickstart(t, "-db", db)
	require.Contains(t, again, "0 new, 1003 known")
	require.Contains(t, again, "0 new, 1403 known")
	imported := regexp.MustCompile(`\d+ new, \d+ known`)
	require.Equal(t, imported.ReplaceAllString(first, ""), imported.ReplaceAllString(again, ""), "a second run shows the same list")
}

func TestABrokenRowIsReportedWithFileAndLineAndTheRestGoesOn(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "messages.csv")
	require.NoError(t, os.WriteFile(file, []byte(`conversation_id,seq,line_no,created_at,side,author,reply_to,truncated_start,text
c1,1,1,2020-01-01T10:00:00Z,client,ann,,0,help
c1,2,2,yesterday,operator,bob,,0,yes?
c1,3,3,2020-01-01T10:05:00Z,operator,bob,,0,"with
a line break"
`), 0o600))
	out, broken := quickstart(t, "-data", file, "-db", filepath.Join(dir, "test.db"))
	require.Contains(t, broken, "messages.csv:3")
	require.Contains(t, out, "2 rows, 1 conversations with 2 messages: 1 new, 0 known, 1 rows left out")
}

func TestWhatIsNoDataSetIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "notes.txt")
	require.NoError(t, os.WriteFile(file, []byte("hello"), 0o600))
	var out, progress bytes.Buffer
	require.ErrorIs(t, run(context.Background(), []string{"-data", file}, &out, &progress), dataset.ErrLayout)
}

// The whole public sets, through the database: nothing is lost, and every row
// equals what its stored timeline gives.
func TestTheWholeSetsComeBackFromTheDatabaseAsTheyWentIn(t *testing.T) {
	if testing.Short() {
		t.Skip("long: imports three public data sets")
	}
	dir := os.Getenv("COLLOQUY_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	sources, err := dataset.Find(dir)
	if err != nil {
		t.Skipf("NOT TESTED: THE WHOLE DATA SETS. They are not in %s; COLLOQUY_DATA may name another folder: %v", dir, err)
	}
	ctx := context.Background()
	for _, source := range sources {
		t.Run(source.Layout.String(), func(t *testing.T) {
			db, st, err := open(ctx, filepath.Join(t.TempDir(), "test.db"))
			require.NoError(t, err)
			defer func() { require.NoError(t, db.Close()) }()
			var out, progress bytes.Buffer
			require.NoError(t, importSource(ctx, st, source, &out, &progress))
			require.Empty(t, progress.String())

			set, err := dataset.Load(source, func(e *dataset.RowError) { t.Error(e) })
			require.NoError(t, err)
			want := map[conversation.ID]conversation.Conversation{}
			for c, err := range set.Conversations() {
				require.NoError(t, err)
				want[c.ID()] = c
			}
			byAuthor := map[conversation.AuthorKind]int{}
			found := 0
			for c, err := range store.All(ctx, st, everything.Limit(store.MaxLimit)) {
				require.NoError(t, err)
				found++
				events, err := store.Events(ctx, st, access.System(), c.ID())
				require.NoError(t, err)
				rebuilt, err := conversation.Rebuild(events)
				require.NoError(t, err)
				stored, again, imported := c.Snapshot(), rebuilt.Snapshot(), want[c.ID()].Snapshot()
				again.Number, imported.Number = stored.Number, stored.Number
				if stored.Metrics != again.Metrics || !sameJSON(t, stored, again) || !sameJSON(t, stored, imported) {
					t.Fatalf("conversation %s differs:\nstored   %+v\nrebuilt  %+v\nimported %+v", c.ID(), stored, again, imported)
				}
				for _, e := range events {
					if _, ok := e.Body.(conversation.Wrote); ok {
						byAuthor[e.By.Kind]++
					}
				}
			}
			require.Equal(t, len(want), found)
			if loaded, known := messageCounts[source.Layout]; known {
				require.Equal(t, loaded, byAuthor)
			}
		})
	}
}

// messageCounts are the load checks that come with the sets.
var messageCounts = map[dataset.Layout]map[conversation.AuthorKind]int{
	dataset.IRCUbuntu: {conversation.AuthorCustomer: 31142, conversation.AuthorAgent: 27657, conversation.AuthorBot: 1158},
	dataset.TWCS:      {conversation.AuthorCustomer: 2205, conversation.AuthorAgent: 1772},
}

func sameJSON(t *testing.T, a, b conversation.Snapshot) bool {
	t.Helper()
	x, err := json.Marshal(a)
	require.NoError(t, err)
	y, err := json.Marshal(b)
	require.NoError(t, err)
	return bytes.Equal(x, y)
}
