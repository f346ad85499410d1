package sqlstore

import "strconv"

// statement is SQL that is being written, with the values bound to it.
type statement struct {
	dialect *dialect
	sql     []byte
	values  []any
}

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

// limit writes how many rows are wanted. It is our own number, and not bound,
// because SQLite would plan the statement a second time once it knows it.
func (s *statement) limit(rows int) {
	s.write(" LIMIT ")
	s.sql = strconv.AppendInt(s.sql, int64(rows), 10)
}

// place is one in a statement, to take back what was written behind it.
type place struct{ sql, values int }

func (s *statement) here() place { return place{len(s.sql), len(s.values)} }

func (s *statement) back(to place) { s.sql, s.values = s.sql[:to.sql], s.values[:to.values] }

func (s *statement) String() string { return string(s.sql) }
