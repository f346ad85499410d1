package sqlstore

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
)

// columnsOf are the columns by which fields are asked about: the value itself,
// and what texts are searched and sorted by.
var columnsOf = func() map[filter.Field]struct{ value, sorted string } {
	m := map[filter.Field]struct{ value, sorted string }{}
	for _, c := range columns {
		of := m[c.field]
		if c.folded {
			of.sorted = c.name
		} else {
			of = struct{ value, sorted string }{c.name, c.name}
		}
		m[c.field] = of
	}
	delete(m, filter.Field{})
	return m
}()

// verdict says whether a predicate depends on the row.
type verdict uint8

const (
	depends verdict = iota
	always          // nothing was written
	never           // nothing was written
)

// predicate writes a condition that is true for the rows the predicate matches,
// and false, never unknown, for the others: it may stand under NOT.
func (s *statement) predicate(p filter.Predicate) verdict {
	switch p := p.(type) {
	case filter.Conjunction:
		return s.join(p, " AND ", always)
	case filter.Disjunction:
		return s.join(p, " OR ", never)
	case filter.Negation:
		start := s.here()
		s.write("NOT ")
		v := s.predicate(p.Predicate)
		if v == depends {
			return depends
		}
		s.back(start)
		return opposite(v)
	case filter.Condition:
		return s.condition(p)
	}
	panic(fmt.Sprintf("sqlstore: a predicate is a %T", p)) // the plan has refused it
}

func opposite(v verdict) verdict {
	if v == always {
		return never
	}
	return always
}

// join writes predicates with an operator between them. neutral is the verdict
// that changes nothing, and that of none at all; its opposite decides alone.
func (s *statement) join(ps []filter.Predicate, operator string, neutral verdict) verdict {
	start, written := s.here(), 0
	s.write("(")
	for _, p := range ps {
		before := s.here()
		if written > 0 {
			s.write(operator)
		}
		switch v := s.predicate(p); v {
		case depends:
			written++
		case neutral:
			s.back(before)
		default:
			s.back(start)
			return v
		}
	}
	if written == 0 {
		s.back(start)
		return neutral
	}
	s.write(")")
	return depends
}

func (s *statement) condition(c filter.Condition) verdict {
	switch c.Field() {
	case s.absent:
		return never
	case filter.Detailed.Field, filter.General.Field:
		return s.status(c)
	}
	if c.Field().Type() == filter.Set {
		return s.members(c)
	}
	column, start := columnsOf[c.Field()], s.here()
	s.write("(")
	if c.Field().Optional() {
		s.write(column.value, " IS NOT NULL")
		if c.Op() == filter.Present {
			s.write(")")
			return depends
		}
		s.write(" AND ")
	}
	v := depends
	switch c.Op() {
	case filter.In:
		v = s.in(column.value, c)
	case filter.Less:
		s.compare(column.value, " < ", c)
	case filter.AtMost:
		s.compare(column.value, " <= ", c)
	case filter.Greater:
		s.compare(column.value, " > ", c)
	case filter.AtLeast:
		s.compare(column.value, " >= ", c)
	case filter.Contains:
		s.contains(column.sorted, c.Values()[0].Text)
	case filter.StartsWith:
		s.startsWith(column.sorted, c.Values()[0].Text)
	case filter.Present: // of what is never absent
		v = always
	case filter.AnyOf, filter.AllOf: // of sets only
		v = never
	}
	if v != depends {
		s.back(start)
		return v
	}
	s.write(")")
	return depends
}

// status writes a condition on either status as one on the detailed status. When
// it is about active conversations alone, or about none, it says so too: few are
// active, and they have an index.
func (s *statement) status(c filter.Condition) verdict {
	var (
		asked  []any
		active = map[bool]bool{}
	)
	for d := range status.AllDetailed() {
		code := int64(d)
		if c.Field() == filter.General.Field {
			code = int64(d.General())
		}
		if c.Op() == filter.Present || slices.ContainsFunc(c.Values(), func(v filter.Value) bool { return v.Num == code }) {
			asked = append(asked, int64(d))
			active[d.Active()] = true
		}
	}
	if len(asked) == 0 {
		return never
	}
	s.write("(")
	if len(active) == 1 {
		s.write("active = ")
		s.bind(truth(active[true]))
		s.write(" AND ")
	}
	s.write("detailed")
	s.oneOf(asked)
	s.write(")")
	return depends
}

func (s *statement) compare(column, operator string, c filter.Condition) {
	s.write(column, operator)
	s.bind(c.Values()[0].Num)
}

// in writes that a column has one of the values.
func (s *statement) in(column string, c filter.Condition) verdict {
	var values []any
	for _, v := range c.Values() {
		switch c.Field().Type() {
		case filter.Key, filter.Text:
			values = append(values, v.Text)
		default:
			values = append(values, v.Num)
		}
	}
	if len(values) == 0 {
		return never
	}
	s.write(column)
	s.oneOf(values)
	return depends
}

// contains compares with INSTR and not with LIKE, which has its own idea of case,
// takes signs for wildcards, and limits the length of what is looked for.
func (s *statement) contains(column, part string) {
	s.write("INSTR(", column, ", ")
	s.bind(part)
	s.write(") > 0")
}

// startsWith writes a range, which an index on the column could answer.
func (s *statement) startsWith(column, prefix string) {
	s.write(column, " >= ")
	s.bind(prefix)
	if after, ok := successor(prefix); ok {
		s.write(" AND ", column, " < ")
		s.bind(after)
	}
}

// successor returns the first text, by code points, that comes after all those with
// the prefix. There is none when the prefix has nothing but the last code point.
func successor(prefix string) (string, bool) {
	const surrogates, afterSurrogates = 0xD800, 0xE000
	for prefix != "" {
		last, size := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-size]
		if last++; last == surrogates {
			last = afterSurrogates
		}
		if last <= utf8.MaxRune {
			return prefix + string(last), true
		}
	}
	return "", false
}

// members writes a condition on a set, which is looked up in the table of members.
func (s *statement) members(c filter.Condition) verdict {
	var number int64
	for _, set := range sets {
		if set.field == c.Field() {
			number = set.number
		}
	}
	// Members are distinct, and so must be the values they are counted against.
	var values []any
	for _, v := range c.Values() {
		if !slices.Contains(values, any(v.Text)) {
			values = append(values, v.Text)
		}
	}
	switch {
	case c.Op() == filter.AnyOf && len(values) == 0:
		return never
	case c.Op() == filter.AllOf && len(values) == 0:
		return always
	}
	all := c.Op() == filter.AllOf && len(values) > 1
	if all {
		s.write("((SELECT COUNT(*)")
	} else {
		s.write("EXISTS (SELECT 1")
	}
	s.write(" FROM ", s.tables.members, " AS m WHERE m.account = c.account AND m.conversation_id = c.id AND m.field = ")
	s.bind(number)
	if c.Op() != filter.Present {
		s.write(" AND m.value")
		s.oneOf(values)
	}
	s.write(")")
	if all {
		s.write(" = ")
		s.bind(int64(len(values)))
		s.write(")")
	}
	return depends
}
