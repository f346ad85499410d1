package sqlstore

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/store"
	"github.com/colloquy-go/colloquy/store/storetest"
)

// The shapes that other databases want are tried on SQLite, which takes them too:
// without any settings, so that connections meet as often as they can.
func TestSQLiteIsAStoreInOtherShapes(t *testing.T) {
	t.Setenv("STORETEST_QUESTIONS", "300")
	storetest.Run(t, func(t testing.TB) func(store.Account) (store.Store, error) {
		d := sqlite
		d.rowValues = false
		d.insert = "INSERT INTO "
		d.placeholder = func(b []byte, nth int) []byte { return strconv.AppendInt(append(b, '?'), int64(nth), 10) }
		pool := openFile(t, filepath.Join(t.TempDir(), "conversations.db"), "")
		db, err := New(pool, SQLite)
		require.NoError(t, err)
		db.dialect, db.tables = &d, newTables(db.prefix, &d)
		require.NoError(t, db.Migrate(t.Context()))
		return db.Account
	})
}

const recommended = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)"

func openFile(t testing.TB, file, settings string) *sql.DB {
	t.Helper()
	pool, err := sql.Open("sqlite", "file:"+file+settings)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return pool
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
