package filter

// normal returns a predicate in its plainest form, which is true for the same
// conversations: an And within an And gives it what it has, and so does an Or
// within an Or; an And or Or of one is that one; a Not of a Not is what both are
// of. The predicate must be valid, but may be unresolved.
func normal(p Predicate) Predicate {
	switch p := p.(type) {
	case Conjunction:
		return flat(p)
	case Disjunction:
		return flat(p)
	case Negation:
		q := normal(p.Predicate)
		if n, ok := q.(Negation); ok {
			return n.Predicate
		}
		return Negation{q}
	}
	return p
}

func flat[J interface {
	~[]Predicate
	Predicate
}](ps J) Predicate {
	parts := make(J, 0, len(ps))
	for _, p := range ps {
		p = normal(p)
		if inner, ok := p.(J); ok {
			parts = append(parts, inner...)
		} else {
			parts = append(parts, p)
		}
	}
	switch len(parts) {
	case 0:
		return J(nil)
	case 1:
		return parts[0]
	}
	return parts
}
