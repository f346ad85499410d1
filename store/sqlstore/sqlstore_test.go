package sqlstore_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	_ "modernc.org/sqlite"

	"github.com/colloquy-go/colloquy/store"
	"github.com/colloquy-go/colloquy/store/sqlstore"
	"github.com/colloquy-go/colloquy/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recommended are the settings of the package comment.
const recommended = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"

func TestSQLiteIsAStore(t *testing.T) {
	t.Run("with the recommended settings", func(t *testing.T) { storetest.Run(t, onFile(recommended)) })
	t.Run("with none", func(t *testing.T) { storetest.Run(t, onFile("")) })
}

// onFile makes databases in files of their own.
func onFile(settings string) storetest.Open {
	return func(t testing.TB) func(store.Account) (store.Store, error) {
		pool := open(t, filepath.Join(t.TempDir(), "conversations.db")+settings)
		return migrated(t, pool).Account
	}
}

func open(t testing.TB, name string) *sql.DB {
	t.Helper()
	pool, err := sql.Open("sqlite", "file:"+name)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return pool
}

func migrated(t testing.TB, pool *sql.DB, options ...sqlstore.Option) *sqlstore.DB {
	t.Helper()
	db, err := sqlstore.New(pool, sqlstore.SQLite, options...)
	require.NoError(t, err)
	require.NoError(t, db.Migrate(t.Context()))
	return db
}
