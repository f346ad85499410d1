package sqlstore

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/store"
)

const recommended = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)"

func openFile(t testing.TB, file, settings string) *sql.DB {
	t.Helper()
	pool, err := sql.Open("sqlite", "file:"+file+settings)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return pool
}

func TestNoWriterReadsBeforeItWrites(t *testing.T) {
	// In SQLite a transaction that has read and then wants to write fails when somebody else wrote in between, however
	// long it would wait. One that writes first waits for its turn, so none has to be run again.
	file := filepath.Join(t.TempDir(), "conversations.db")
	var (
		again  atomic.Int64
		stores []store.Store
	)
	d := sqlite
	d.again = func(err error) bool {
		again.Add(1)
		return sqlite.again(err)
	}
	for range 2 {
		db, err := New(openFile(t, file, recommended+"&_pragma=busy_timeout(60000)"), SQLite)
		require.NoError(t, err)
		require.NoError(t, db.Migrate(t.Context()))
		db.dialect = &d
		st, err := db.Account("acme")
		require.NoError(t, err)
		stores = append(stores, st)
	}
	const writers, each = 8, 10
	cs := benchConversations(t, 0, writers*each)
	errs := make(chan error)
	for w := range writers {
		go func() {
			errs <- func() error {
				st := stores[w%len(stores)]
				for n := range each {
					created, err := st.Create(t.Context(), cs[w*each+n])
					if err != nil {
						return err
					}
					changed, err := created[0].Apply(conversation.Event{
						ID: conversation.DeriveEventID(created[0].ID().String()), At: created[0].ModifiedAt(),
						By: conversation.ByAgent("ann"), Body: conversation.Noted{Text: "seen"},
					})
					if err != nil {
						return err
					}
					if _, err := st.Save(t.Context(), changed); err != nil {
						return err
					}
				}
				return nil
			}()
		}()
	}
	for range writers {
		require.NoError(t, <-errs)
	}
	const channels = 5
	for c := range channels {
		go func() {
			_, err := stores[c%len(stores)].DeleteOpenChannel(t.Context(), conversation.OpenChannelID(fmt.Sprint("line-", c)))
			errs <- err
		}()
	}
	for range channels {
		require.NoError(t, <-errs)
	}
	require.Zero(t, again.Load())
}

type codedError int

func (e codedError) Error() string { return "code " + strconv.Itoa(int(e)) }
func (e codedError) Code() int     { return int(e) }

func TestWhatIsTriedAgain(t *testing.T) {
	for _, e := range []struct {
		name  string
		err   error
		again bool
	}{
		{"busy", codedError(5), true},
		{"busy while the log is recovered", codedError(261), true},
		{"busy because the snapshot is old", codedError(517), true},
		{"locked by a connection of the same cache", codedError(262), true},
		{"locked by this connection itself", codedError(6), false},
		{"several began at once", codedError(15), true},
		{"a constraint", codedError(2067), false},
		{"a full disk", codedError(13), false},
		{"interrupted", codedError(9), false},
		{"no error of SQLite", errors.New("database is locked"), false},
	} {
		t.Run(e.name, func(t *testing.T) {
			require.Equal(t, e.again, sqlite.again(fmt.Errorf("wrapped: %w", e.err)))
		})
	}
}
