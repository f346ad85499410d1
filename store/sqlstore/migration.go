package sqlstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// The migrations of each dialect, in the form of goose. They only add: each can
// be run again, and a program of the version before still works with the tables.
//
//go:embed migrations
var migrations embed.FS

// Migrate creates the tables, or brings them to the form that this version needs.
// It may be called again and by several programs at once: each change is made
// once. What a host has to do besides, such as taking a backup, comes before.
func (db *DB) Migrate(ctx context.Context) error {
	v := versions{table: db.prefix + "migrations"}
	p, err := goose.NewProvider(goose.DialectCustom, db.pool, db.migrations(),
		goose.WithStore(v), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("sqlstore: migrate: %w", err)
	}
	return db.try(ctx, "migrate", func() error {
		// Here, because goose would wait for a second when another program
		// creates it at the same moment.
		if err := v.create(ctx, db.pool); err != nil {
			return err
		}
		_, err := p.Up(ctx)
		if err == nil {
			return nil
		}
		// Somebody else may have made the same change at the same moment.
		if pending, e := p.HasPending(ctx); e == nil && !pending {
			return nil
		}
		return err
	})
}

// MigrationSQL returns the statements that Migrate runs on an empty database, to
// be read, or to be run by somebody who lets no program create tables. Migrate
// takes note of what it finds done.
func (db *DB) MigrationSQL() string {
	var b strings.Builder
	files, err := fs.Glob(db.migrations(), "*.sql") // sorted by version
	for _, name := range files {
		var text []byte
		if text, err = fs.ReadFile(db.migrations(), name); err != nil {
			break
		}
		b.Write(text)
	}
	if err != nil {
		panic(err) // the files are part of the program
	}
	return b.String()
}

func (db *DB) migrations() fs.FS {
	sub, err := fs.Sub(migrations, "migrations/"+db.dialect.folder)
	if err != nil {
		panic(err) // the path is valid
	}
	return prefixedFS{sub, db.prefix}
}

// prefixedFS writes the prefix where files say {prefix}.
type prefixedFS struct {
	fs.FS
	prefix string
}

func (f prefixedFS) Open(name string) (fs.File, error) {
	file, err := f.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return file, err
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return prefixedFile{file, strings.NewReader(strings.ReplaceAll(string(text), "{prefix}", f.prefix))}, nil
}

type prefixedFile struct {
	fs.File
	text io.Reader
}

func (f prefixedFile) Read(b []byte) (int, error) { return f.text.Read(b) }

// versions tells goose which migrations have been made. Its table has the version
// as its key, unlike those of goose, so that two programs cannot make the same one.
type versions struct{ table string }

func (v versions) Tablename() string { return v.table }

func (v versions) create(ctx context.Context, db database.DBTxConn) error {
	if err := v.CreateVersionTable(ctx, db); err != nil {
		return err
	}
	_, err := db.ExecContext(ctx, fmt.Sprintf(
		"INSERT INTO %[1]s (version) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM %[1]s WHERE version = 0)", v.table))
	return err
}

func (v versions) CreateVersionTable(ctx context.Context, db database.DBTxConn) error {
	_, err := db.ExecContext(ctx, fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s (version BIGINT NOT NULL PRIMARY KEY)", v.table))
	return err
}

func (v versions) TableExists(context.Context, database.DBTxConn) (bool, error) { return true, nil }

func (v versions) Insert(ctx context.Context, db database.DBTxConn, r database.InsertRequest) error {
	_, err := db.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (version) VALUES (%d)", v.table, r.Version))
	return err
}

func (v versions) Delete(ctx context.Context, db database.DBTxConn, version int64) error {
	_, err := db.ExecContext(ctx, fmt.Sprintf("DELETE FROM %s WHERE version = %d", v.table, version))
	return err
}

func (v versions) GetMigration(ctx context.Context, db database.DBTxConn, version int64) (*database.GetMigrationResult, error) {
	all, err := v.ListMigrations(ctx, db)
	for _, m := range all {
		if m.Version == version {
			return &database.GetMigrationResult{IsApplied: true}, err
		}
	}
	return nil, errors.Join(err, database.ErrVersionNotFound)
}

func (v versions) GetLatestVersion(ctx context.Context, db database.DBTxConn) (int64, error) {
	all, err := v.ListMigrations(ctx, db)
	if err != nil || len(all) == 0 {
		return -1, errors.Join(err, database.ErrVersionNotFound)
	}
	return all[0].Version, nil
}

func (v versions) ListMigrations(ctx context.Context, db database.DBTxConn) ([]*database.ListMigrationsResult, error) {
	rows, err := db.QueryContext(ctx, fmt.Sprintf("SELECT version FROM %s ORDER BY version DESC", v.table))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []*database.ListMigrationsResult
	for rows.Next() {
		m := &database.ListMigrationsResult{IsApplied: true}
		if err := rows.Scan(&m.Version); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, rows.Err()
}
