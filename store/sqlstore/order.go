package sqlstore

import "github.com/colloquy-go/colloquy/filter"

// term is one of the columns rows are sorted by.
type term struct {
	column   string
	optional bool
	desc     bool
	back     bool         // absent values come first, not last
	after    filter.Value // of the place to read on from
}

func (t term) value() any {
	if t.after.Text != "" {
		return t.after.Text
	}
	return t.after.Num
}

// termsOf returns the terms of an order, turned round if the way goes back. The
// last one is the number, by which every order is total; what stands behind it in
// the order cannot matter.
func termsOf(order filter.Order, after *filter.Position) []term {
	back := after != nil && after.Back
	var terms []term
	for i, k := range order {
		t := term{column: columnsOf[k.Field].sorted, optional: k.Field.Optional(), desc: k.Descending != back, back: back}
		if after != nil {
			t.after = after.Values[i]
		}
		terms = append(terms, t)
		if k.Field == filter.ConversationNumber.Field {
			return terms
		}
	}
	number := term{column: columnsOf[filter.ConversationNumber.Field].value, desc: order.Descending() != back, back: back}
	if after != nil {
		number.after = filter.Value{Present: true, Num: after.Number}
	}
	return append(terms, number)
}

// part is a part of a list whose rows an index can give in their order.
type part struct {
	lead   string       // a condition on the first column; may be empty
	absent filter.Field // the field of that column, when no row of the part has it
	terms  []term
	behind bool // only what comes after the place in the terms
}

// partsOf divides a list by whether the first column is there: a database then
// needs no opinion of where absent values belong, and finds each part sorted in
// the same index. The parts follow one another.
func partsOf(order filter.Order, after *filter.Position) []part {
	terms := termsOf(order, after)
	lead, behind := terms[0], after != nil
	if !lead.optional {
		return []part{{terms: terms, behind: behind}}
	}
	terms[0].optional = false
	there := part{lead: lead.column + " IS NOT NULL", terms: terms, behind: behind}
	absent := part{lead: lead.column + " IS NULL", absent: order[0].Field, terms: terms[1:], behind: behind}
	switch {
	case !behind:
		return []part{there, absent}
	case lead.after.Present && !after.Back:
		absent.behind = false
		return []part{there, absent}
	case lead.after.Present:
		return []part{there}
	case after.Back:
		there.behind = false
		return []part{absent, there}
	default:
		return []part{absent}
	}
}

// orderBy writes the terms, absent values last, or first on the way back.
func (s *statement) orderBy(terms []term) {
	s.write(" ORDER BY ")
	for i, t := range terms {
		if i > 0 {
			s.write(", ")
		}
		if t.optional {
			s.write(t.column, " IS ")
			if t.back {
				s.write("NOT ")
			}
			s.write("NULL, ")
		}
		s.write(t.column)
		if t.desc {
			s.write(" DESC")
		}
	}
}

// behind writes the condition for rows that come after the place in the terms.
func (s *statement) behind(terms []term) {
	if s.dialect.rowValues && len(terms) > 1 && uniform(terms) {
		s.write("(")
		for i, t := range terms {
			if i > 0 {
				s.write(", ")
			}
			s.write(t.column)
		}
		s.write(") ", terms[0].operator(), " (")
		for i, t := range terms {
			if i > 0 {
				s.write(", ")
			}
			s.bind(t.value())
		}
		s.write(")")
		return
	}
	// The bound on the first column says nothing new; it is what an index can use.
	if t := terms[0]; len(terms) > 1 && !t.optional {
		s.write(t.column, " ", t.operator(), "= ")
		s.bind(t.value())
		s.write(" AND ")
	}
	s.after(terms)
}

// uniform reports whether rows are sorted by all terms in one direction, none of
// which can be absent.
func uniform(terms []term) bool {
	for _, t := range terms {
		if t.optional || t.desc != terms[0].desc {
			return false
		}
	}
	return true
}

func (t term) operator() string {
	if t.desc {
		return "<"
	}
	return ">"
}

// after writes the condition term by term: further in the first one, or the same
// in it and further in the others.
func (s *statement) after(terms []term) {
	t, rest := terms[0], terms[1:]
	s.write("(")
	switch {
	case t.after.Present:
		s.write(t.column, " ", t.operator(), " ")
		s.bind(t.value())
		if t.optional && !t.back {
			s.write(" OR ", t.column, " IS NULL")
		}
		if len(rest) > 0 {
			s.write(" OR ", t.column, " = ")
			s.bind(t.value())
			s.write(" AND ")
		}
	case t.back:
		s.write(t.column, " IS NOT NULL")
		if len(rest) > 0 {
			s.write(" OR ", t.column, " IS NULL AND ")
		}
	default:
		s.write(t.column, " IS NULL")
		if len(rest) > 0 {
			s.write(" AND ")
		}
	}
	if len(rest) > 0 {
		s.after(rest)
	}
	s.write(")")
}
