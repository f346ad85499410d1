//go:build !race

// The race detector makes the driver ten times slower. What runs at once is tried
// by the suite in sqlstore_test.go.

package sqlstore

import (
	"database/sql"
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
	d := sqlite
	d.rowValues = false
	d.insert = "INSERT INTO "
	d.placeholder = func(b []byte, nth int) []byte { return strconv.AppendInt(append(b, '?'), int64(nth), 10) }
	storetest.Run(t, func(t testing.TB) func(store.Account) (store.Store, error) {
		db, err := New(openFile(t, filepath.Join(t.TempDir(), "conversations.db"), ""), SQLite)
		require.NoError(t, err)
		db.dialect, db.tables = &d, newTables(db.prefix, &d)
		require.NoError(t, db.Migrate(t.Context()))
		return db.Account
	})
}

// On one connection whoever asks for a second one waits for ever.
func TestSQLiteIsAStoreOnOneConnection(t *testing.T) {
	t.Setenv("STORETEST_QUESTIONS", "100")
	storetest.Run(t, func(t testing.TB) func(store.Account) (store.Store, error) {
		pool, err := sql.Open("sqlite", ":memory:")
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, pool.Close()) })
		pool.SetMaxOpenConns(1)
		db, err := New(pool, SQLite, TablePrefix(""))
		require.NoError(t, err)
		require.NoError(t, db.Migrate(t.Context()))
		return db.Account
	})
}
