package sqlstore

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/colloquy-go/colloquy/filter"
)

// statement is SQL that is being written, with the values bound to it.
type statement struct {
	dialect *dialect
	tables  *tables
	absent  filter.Field // one that no row has which the statement is about

	sql    []byte
	values []any
}

func (s *statement) String() string { return string(s.sql) }

func (s *statement) write(parts ...string) {
	for _, p := range parts {
		s.sql = append(s.sql, p...)
	}
}

// bind writes the placeholder of a value.
func (s *statement) bind(v any) {
	s.values = append(s.values, v)
	s.sql = s.dialect.placeholder(s.sql, len(s.values))
}

// oneOf writes that what was written before is one of some values, which are not
// none.
func (s *statement) oneOf(values []any) {
	if len(values) == 1 {
		s.write(" = ")
		s.bind(values[0])
		return
	}
	for i, v := range values {
		if i == 0 {
			s.write(" IN (")
		} else {
			s.write(", ")
		}
		s.bind(v)
	}
	s.write(")")
}

// limit writes how many rows are wanted. It is our own number, and not bound,
// because SQLite would plan the statement a second time once it knew it.
func (s *statement) limit(rows int) {
	s.write(" LIMIT ")
	s.sql = strconv.AppendInt(s.sql, int64(rows), 10)
}

// place is one in a statement, to take back what was written behind it.
type place struct{ sql, values int }

func (s *statement) here() place { return place{len(s.sql), len(s.values)} }

func (s *statement) back(to place) { s.sql, s.values = s.sql[:to.sql], s.values[:to.values] }

// exec runs a statement and returns how many rows it changed.
func exec(ctx context.Context, tx *sql.Tx, s *statement) (int64, error) {
	result, err := tx.ExecContext(ctx, s.String(), s.values...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// list returns the values of the one column that a statement gives.
func list(ctx context.Context, q querier, s *statement) (values []any, err error) {
	rows, err := q.QueryContext(ctx, s.String(), s.values...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v any
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, rows.Err()
}

// number returns the number that a statement gives, 0 without a row.
func number(ctx context.Context, q querier, s *statement) (int64, error) {
	values, err := list(ctx, q, s)
	if err != nil || len(values) == 0 {
		return 0, err
	}
	var r reader
	n := r.int("number", values[0])
	return n, r.err
}

// found reports whether a statement gives a row.
func found(ctx context.Context, q querier, s *statement) (bool, error) {
	values, err := list(ctx, q, s)
	return len(values) > 0, err
}
