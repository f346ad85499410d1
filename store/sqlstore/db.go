package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/metrics"
	"github.com/colloquy-go/colloquy/store"
)

// DB keeps the conversations of any number of accounts in one database. It is
// safe for concurrent use, also beside other DBs on the same tables. [New] makes
// one.
type DB struct {
	pool     *sql.DB
	prepared *prepared
	dialect  *dialect
	prefix   string
	rebuild  []conversation.Option
	tables   tables
}

// Option changes what [New] makes.
type Option func(*DB)

// DefaultPrefix is what the names of the tables begin with.
const DefaultPrefix = "colloquy_"

// maxPrefix leaves room for the longest name of an index: 63 bytes are what the
// strictest database takes.
const maxPrefix = 32

// TablePrefix sets what the names of tables and indexes begin with, instead of
// [DefaultPrefix]: up to 32 of the characters a-z, 0-9 and _, no digit first. It
// may be empty.
func TablePrefix(prefix string) Option {
	return func(db *DB) { db.prefix = prefix }
}

// MeasuredBy says by which rules the conversations of this database are measured,
// instead of [metrics.Default]. They must be those the conversations were built
// with; others are [conversation.ErrSnapshot] when they are read.
func MeasuredBy(calc *metrics.Calculator) Option {
	return func(db *DB) { db.rebuild = append(db.rebuild, conversation.MeasuredBy(calc)) }
}

// The errors of New, for errors.Is.
var (
	ErrDialect = errors.New("unknown dialect")
	ErrPrefix  = errors.New("invalid table prefix")
)

// New returns a DB on pool, which the caller opened and closes. It does not
// connect. A dialect or an option that cannot be is [ErrDialect] or [ErrPrefix].
func New(pool *sql.DB, d Dialect, options ...Option) (*DB, error) {
	db := &DB{
		pool: pool, prepared: &prepared{pool: pool, kept: map[string]*preparedStmt{}},
		dialect: dialects[d], prefix: DefaultPrefix,
	}
	for _, o := range options {
		o(db)
	}
	if db.dialect == nil {
		return nil, fmt.Errorf("sqlstore: new: %w: %d", ErrDialect, d)
	}
	first := strings.TrimLeft(db.prefix, "0123456789")
	if len(db.prefix) > maxPrefix || first != db.prefix || strings.Trim(db.prefix, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return nil, fmt.Errorf("sqlstore: new: %w: %q", ErrPrefix, db.prefix)
	}
	db.tables = newTables(db.prefix, db.dialect)
	return db, nil
}

// Account returns the store of an account, which is empty at first. An invalid
// account is [store.ErrAccount]. It does not connect.
func (db *DB) Account(name store.Account) (store.Store, error) {
	if err := name.Validate(); err != nil {
		return nil, err
	}
	return &account{db: db, name: name}, nil
}

// settled is an error of f that says how things are: trying again would not help,
// and it needs no explanation by this package.
type settled struct{ error }

// transact runs f in a transaction, which f begins by writing: a database that
// locks as a whole then gives the lock at once or not at all, and one that locks
// rows keeps others out of what f reads later.
func (db *DB) transact(ctx context.Context, what string, f func(*sql.Tx) error) error {
	return db.try(ctx, what, func() error {
		tx, err := db.pool.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if err := f(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// The pause before trying again: a random part of a bound that doubles from the
// first to the second.
const (
	firstPause = 5 * time.Millisecond
	maxPause   = 320 * time.Millisecond
)

// try runs f again while others are in its way, until ctx is done.
func (db *DB) try(ctx context.Context, what string, f func() error) error {
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		err := f()
		if err == nil {
			return nil
		}
		var s settled
		switch {
		case errors.As(err, &s):
			return s.error
		case ctx.Err() != nil:
			return fmt.Errorf("sqlstore: %s: %w", what, context.Cause(ctx))
		case !db.dialect.again(err):
			return fmt.Errorf("sqlstore: %s: %w", what, err)
		}
		t := time.NewTimer(rand.N(pause))
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
		}
	}
}
