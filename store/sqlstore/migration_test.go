package sqlstore_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/store"
	"github.com/colloquy-go/colloquy/store/sqlstore"
)

func TestMigratingAgainChangesNothing(t *testing.T) {
	pool := onFile(t, recommended)
	st := accountOf(t, migrated(t, pool), "acme")
	want, err := st.Create(t.Context(), generated(t, 1))
	require.NoError(t, err)
	before := schemaOf(t, pool)

	again := accountOf(t, migrated(t, pool), "acme")
	got, err := again.Get(t.Context(), access.System(), want[0].ID())
	require.NoError(t, err)
	require.Equal(t, want[0].Snapshot(), got.Snapshot())
	require.Equal(t, before, schemaOf(t, pool))
}

func TestManyMayMigrateAtOnce(t *testing.T) {
	for _, settings := range []string{recommended, ""} {
		t.Run("with the settings "+settings, func(t *testing.T) {
			source := "file:" + filepath.Join(t.TempDir(), "conversations.db") + settings
			pools := []*sql.DB{open(t, source), open(t, source)}
			errs := make(chan error)
			const each = 5
			for _, pool := range pools {
				db, err := sqlstore.New(pool, sqlstore.SQLite)
				require.NoError(t, err)
				for range each {
					go func() { errs <- db.Migrate(t.Context()) }()
				}
			}
			for range each * len(pools) {
				require.NoError(t, <-errs)
			}
			require.Equal(t, schemaOf(t, emptyDatabase(t)), schemaOf(t, pools[0]))
			require.Equal(t, []string{"0", "1"}, column(t, pools[0], "SELECT version FROM colloquy_migrations ORDER BY version"))
		})
	}
}

func TestMigrateTakesNoteOfWhatWasRunByHand(t *testing.T) {
	pool := onFile(t, recommended)
	db, err := sqlstore.New(pool, sqlstore.SQLite)
	require.NoError(t, err)
	_, err = pool.ExecContext(t.Context(), db.MigrationSQL())
	require.NoError(t, err)

	_, err = accountOf(t, db, "acme").Create(t.Context(), generated(t, 1))
	require.NoError(t, err, "the statements are all there is to do")
	require.NoError(t, db.Migrate(t.Context()))
	require.Equal(t, schemaOf(t, emptyDatabase(t)), schemaOf(t, pool))
}

func TestPrefixesKeepDatabasesApart(t *testing.T) {
	pool := onFile(t, recommended)
	one := accountOf(t, migrated(t, pool, sqlstore.TablePrefix("one_")), "acme")
	two := accountOf(t, migrated(t, pool, sqlstore.TablePrefix("two_")), "acme")
	c := generated(t, 1)
	_, err := one.Create(t.Context(), c)
	require.NoError(t, err)
	_, err = two.Get(t.Context(), access.System(), c.ID())
	require.ErrorIs(t, err, store.ErrNotFound)

	for _, name := range column(t, pool, "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'") {
		require.True(t, strings.HasPrefix(name, "one_") || strings.HasPrefix(name, "two_"), name)
	}
}

func TestMigrateStopsWithItsContext(t *testing.T) {
	pool := onFile(t, "")
	db, err := sqlstore.New(pool, sqlstore.SQLite)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, db.Migrate(ctx), context.Canceled)
	require.NoError(t, db.Migrate(t.Context()))
}

func TestPortableTables(t *testing.T) {
	// What databases that speak the same protocols, but are distributed, cannot do or do badly.
	schema := strings.ToLower(strings.Join(schemaOf(t, emptyDatabase(t)), "\n"))
	for _, word := range []string{"autoincrement", "foreign key", "references", "trigger", "default", "check ("} {
		require.NotContains(t, schema, word)
	}
	for line := range strings.Lines(schema) {
		if strings.Contains(line, "primary key (") || strings.Contains(line, "create index") || strings.Contains(line, "create unique index") {
			require.Contains(t, line, "(account", "the account is the first part of every key")
			require.NotContains(t, line, "where", "no index is partial")
		}
	}
}

func emptyDatabase(t *testing.T) *sql.DB {
	t.Helper()
	pool := onFile(t, recommended)
	migrated(t, pool)
	return pool
}

// schemaOf returns every table and index and the shipped statistics.
func schemaOf(t *testing.T, pool *sql.DB) []string {
	t.Helper()
	return slices.Concat(
		column(t, pool, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name"),
		column(t, pool, "SELECT idx || ' ' || stat FROM sqlite_stat1 ORDER BY idx"),
	)
}

func column(t *testing.T, pool *sql.DB, query string) (values []string) {
	t.Helper()
	rows, err := pool.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var v string
		require.NoError(t, rows.Scan(&v))
		values = append(values, v)
	}
	require.NoError(t, rows.Err())
	return values
}
