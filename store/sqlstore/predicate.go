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
		return s.negation(p)
	case filter.Condition:
		return s.condition(p)
	}
	panic(fmt.Sprintf("sqlstore: a predicate is a %T", p)) // the plan has refused it
}

func (s *statement) negation(n filter.Negation) verdict {
	// Indexes know what is null, but not what is not not null.
	if c, ok := n.Predicate.(filter.Condition); ok && c.Op() == filter.Present && c.Field() != s.absent &&
		c.Field().Optional() && c.Field().Type() != filter.Set {
		s.write(columnsOf[c.Field()].value, " IS NULL")
		return depends
	}
	start := s.here()
	s.write("NOT ")
	v := s.predicate(n.Predicate)
	if v == depends {
		return depends
	}
	s.back(start)
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
		switch v := s.predicate(p); {
		case v == depends:
			written++
		case v == neutral:
			s.back(before)
		default:
			s.back(start)
			return v
		}
	}
	switch written {
	case 0:
		s.back(start)
		return neutral
	case 1:
		s.sql = slices.Delete(s.sql, start.sql, start.sql+1)
	default:
		s.write(")")
	}
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
	column := columnsOf[c.Field()]
	if c.Op() == filter.Present {
		if !c.Field().Optional() {
			return always
		}
		s.write(column.value, " IS NOT NULL")
		return depends
	}
	start := s.here()
	if c.Field().Optional() {
		s.write("(", column.value, " IS NOT NULL AND ")
	}
	switch c.Op() {
	case filter.In:
		if len(c.Values()) == 0 {
			s.back(start)
			return never
		}
		s.write(column.value)
		s.oneOf(boundOf(c))
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
	case filter.Present, filter.AnyOf, filter.AllOf: // above, and of sets only
	}
	if c.Field().Optional() {
		s.write(")")
	}
	return depends
}

// boundOf returns the values of a condition as they are stored.
func boundOf(c filter.Condition) []any {
	t := c.Field().Type()
	values := make([]any, len(c.Values()))
	for i, v := range c.Values() {
		if t == filter.Key || t == filter.Text || t == filter.Set {
			values[i] = v.Text
		} else {
			values[i] = v.Num
		}
	}
	return values
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
	if len(active) == 1 {
		s.write("(active = ")
		s.bind(truth(active[true]))
		s.write(" AND detailed")
		s.oneOf(asked)
		s.write(")")
		return depends
	}
	s.write("detailed")
	s.oneOf(asked)
	return depends
}

func (s *statement) compare(column, operator string, c filter.Condition) {
	s.write(column, operator)
	s.bind(c.Values()[0].Num)
}

// contains looks for the place of a text. LIKE would do, with every % and _ in the
// text escaped, but has an idea of case of its own in each database and a limit on
// the length of what is looked for, and no index answers either.
func (s *statement) contains(column, part string) {
	s.write(s.dialect.position, "(", column, ", ")
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
	for _, v := range boundOf(c) {
		if !slices.Contains(values, v) {
			values = append(values, v)
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
