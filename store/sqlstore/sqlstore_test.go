package sqlstore_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/metrics"
	"github.com/colloquy-go/colloquy/store"
	"github.com/colloquy-go/colloquy/store/sqlstore"
	"github.com/colloquy-go/colloquy/store/storetest"
)

// recommended are the settings of the package comment.
const recommended = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)"

func TestSQLiteIsAStore(t *testing.T) {
	storetest.Run(t, func(t testing.TB) func(store.Account) (store.Store, error) {
		return migrated(t, onFile(t, recommended)).Account
	})
}

// onFile opens a database in a file of its own.
func onFile(t testing.TB, settings string) *sql.DB {
	t.Helper()
	return open(t, "file:"+filepath.Join(t.TempDir(), "conversations.db")+settings)
}

func open(t testing.TB, source string) *sql.DB {
	t.Helper()
	pool, err := sql.Open("sqlite", source)
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

func accountOf(t testing.TB, db *sqlstore.DB, name store.Account) store.Store {
	t.Helper()
	st, err := db.Account(name)
	require.NoError(t, err)
	return st
}

func generated(t testing.TB, seed uint64, options ...conversation.Option) conversation.Conversation {
	t.Helper()
	c, err := conversation.Rebuild(conversationtest.Generate(seed), options...)
	require.NoError(t, err)
	return c
}

func TestNewRefusesWhatCannotBe(t *testing.T) {
	pool := open(t, ":memory:")
	for _, d := range []sqlstore.Dialect{0, 99} {
		_, err := sqlstore.New(pool, d)
		require.ErrorIs(t, err, sqlstore.ErrDialect)
	}
	for _, prefix := range []string{
		"1st_", "Upper_", "a b", "a;", "a-", `a"`, "ż_", "a_prefix_that_is_longer_than_32_c",
	} {
		_, err := sqlstore.New(pool, sqlstore.SQLite, sqlstore.TablePrefix(prefix))
		require.ErrorIs(t, err, sqlstore.ErrPrefix, prefix)
	}
	for _, prefix := range []string{"", "a", "_", "support_2_", "a_prefix_that_is_32_characters_l"} {
		_, err := sqlstore.New(pool, sqlstore.SQLite, sqlstore.TablePrefix(prefix))
		require.NoError(t, err, prefix)
	}
}

func TestConversationsComeBackAsTheyWereMeasured(t *testing.T) {
	calc, err := metrics.New(metrics.Bitrix24())
	require.NoError(t, err)
	pool := onFile(t, recommended)
	st := accountOf(t, migrated(t, pool, sqlstore.MeasuredBy(calc)), "acme")
	want := generated(t, 3, conversation.MeasuredBy(calc))
	_, err = st.Create(t.Context(), want)
	require.NoError(t, err)

	got, err := st.Get(t.Context(), access.System(), want.ID())
	require.NoError(t, err)
	require.Equal(t, want.Metrics(), got.Metrics())

	_, err = accountOf(t, migrated(t, pool), "acme").Get(t.Context(), access.System(), want.ID())
	require.ErrorIs(t, err, conversation.ErrSnapshot, "read by other rules")
}

func TestNumbersThatWereTakenInVainAreGivenBack(t *testing.T) {
	st := accountOf(t, migrated(t, onFile(t, recommended)), "acme")
	var numbers []int64
	for _, seeds := range [][]uint64{{1}, {2, 1, 3}, {1, 2}, {4}} {
		var cs []conversation.Conversation
		for _, seed := range seeds {
			cs = append(cs, generated(t, seed))
		}
		created, err := st.Create(t.Context(), cs...)
		require.NoError(t, err)
		for _, c := range created {
			numbers = append(numbers, c.Number())
		}
	}
	require.Equal(t, []int64{1, 2, 1, 3, 1, 2, 4}, numbers)
}
