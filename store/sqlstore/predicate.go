package sqlstore

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/colloquy-go/colloquy/filter"
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
func (s *statement) predicate(p filter.Predicate, t *tables) verdict {
	switch p := p.(type) {
	case filter.Conjunction:
		return s.join(p, " AND ", always, t)
	case filter.Disjunction:
		return s.join(p, " OR ", never, t)
	case filter.Negation:
		start := s.here()
		s.write("NOT ")
		v := s.predicate(p.Predicate, t)
		if v == depends {
			return depends
		}
		s.back(start)
		return opposite(v)
	case filter.Condition:
		return s.condition(p, t)
	}
	panic(fmt.Sprintf("sqlstore: a predicate is a %T", p)) // the type is closed
}

func opposite(v verdict) verdict {
	if v == always {
		return never
	}
	return always
}

// join writes predicates with an operator between them. neutral is the verdict
// that changes nothing, and that of none at all; its opposite decides alone.
func (s *statement) join(ps []filter.Predicate, operator string, neutral verdict, t *tables) verdict {
	start, written := s.here(), 0
	s.write("(")
	for _, p := range ps {
		before := s.here()
		if written > 0 {
			s.write(operator)
		}
		switch v := s.predicate(p, t); v {
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

func (s *statement) condition(c filter.Condition, t *tables) verdict {
	if c.Field().Type() == filter.Set {
		return s.members(c, t)
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
		s.write(column.value)
		v = s.in(c)
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

func (s *statement) compare(column, operator string, c filter.Condition) {
	s.write(column, operator)
	s.bind(c.Values()[0].Num)
}

// in writes what follows the name of the column.
func (s *statement) in(c filter.Condition) verdict {
	var values []any
	for _, v := range c.Values() {
		switch c.Field().Type() {
		case filter.Key, filter.Text:
			values = append(values, v.Text)
		default:
			values = append(values, v.Num)
		}
	}
	return s.list(values)
}

// list writes that something is one of values.
func (s *statement) list(values []any) verdict {
	switch len(values) {
	case 0:
		return never
	case 1:
		s.write(" = ")
		s.bind(values[0])
		return depends
	}
	s.write(" IN (")
	for i, v := range values {
		if i > 0 {
			s.write(", ")
		}
		s.bind(v)
	}
	s.write(")")
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
func (s *statement) members(c filter.Condition, t *tables) verdict {
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
		s.write("(SELECT COUNT(*)")
	} else {
		s.write("EXISTS (SELECT 1")
	}
	s.write(" FROM ", t.members, " AS m WHERE m.account = c.account AND m.conversation_id = c.id AND m.field = ")
	s.bind(number)
	if c.Op() != filter.Present {
		s.write(" AND m.value")
		s.list(values)
	}
	s.write(")")
	if all {
		s.write(" = ")
		s.bind(int64(len(values)))
	}
	return depends
}
