package storetest

import (
	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

var scopeRules = []rule{
	{
		"Scope/that is zero sees nothing",
		"the zero scope, the zero query and a scope within nothing see nothing, whatever is asked",
		scopeZero,
	},
	{
		"Scope/limits every read",
		"what lies outside a scope does not exist: not in lists, counts, timelines, nor for Get and Update",
		scopeLimits,
	},
	{
		"Scope/is not widened by a filter",
		"a predicate never shows more than the scope, whatever it is made of",
		scopeAndFilter,
	},
	{
		"Scope/is not carried by a cursor",
		"a cursor carries a place and no permission: another scope may go on from it and sees what it sees",
		scopeAndCursor,
	},
	{
		"Scope/that is invalid is an error",
		"a scope that is no valid predicate is ErrPredicate for every read",
		scopeInvalid,
	},
}

func scopeZero(c *check) {
	st := c.store()
	v := c.createOne(st, c.apply(begin("a"), accepts("a", 1, "ann")))
	for _, test := range []struct {
		what  string
		scope access.Scope
	}{
		{"the zero scope", access.Scope{}},
		{"within nil", access.Within(nil)},
		{"within an empty Or", access.Within(filter.Or())},
	} {
		c.notFound(st, test.scope, v.ID())
		_, err := store.Update(c.Context(), st, test.scope, v.ID(), applying(asks("q", 2)))
		c.fails(err, store.ErrNotFound, "Update, %s", test.what)
		q := store.NewQuery(test.scope)
		for _, q := range []store.Query{q, q.Where(filter.All), q.Where(filter.Or(filter.All, filter.Agent.Is("ann")))} {
			c.answers(st, q, 5, nil, "the list, "+test.what)
			c.counts(st, q, 0, store.Count{}, "all, "+test.what)
			c.counts(st, q, 5, store.Count{}, "all, "+test.what)
		}
	}
	var zero store.Query
	c.answers(st, zero, 5, nil, "the list of the zero query")
	c.counts(st, zero.Where(filter.All), 0, store.Count{}, "the zero query")
	c.isStored(st, c.apply(begin("a"), accepts("a", 1, "ann")), v.Number())
}

// twoAgents creates ten conversations: those with an even index are Ann's.
func (c *check) twoAgents(st store.Store) (anns, all []row) {
	c.Helper()
	cs := several(10, "v")
	for i := range cs {
		if i%2 == 0 {
			cs[i] = c.apply(cs[i], accepts("a", 1, "ann"))
		} else {
			cs[i] = c.apply(cs[i], accepts("b", 1, "bob"))
		}
	}
	all = c.create(st, cs...)
	for i := 0; i < len(all); i += 2 {
		anns = append(anns, all[i])
	}
	return anns, all
}

func scopeLimits(c *check) {
	st := c.store()
	anns, all := c.twoAgents(st)
	scope := access.Within(filter.Mine("ann"))
	for i, v := range all {
		if i%2 == 1 {
			c.notFound(st, scope, v.ID())
			_, err := store.Update(c.Context(), st, scope, v.ID(), applying(asks("q", 2)))
			c.fails(err, store.ErrNotFound, "Update outside the scope")
			continue
		}
		got, err := st.Get(c.Context(), scope, v.ID())
		c.ok(err, "Get within the scope")
		c.same(got, v, "what Get returns within the scope")
		events, err := store.Events(c.Context(), st, scope, v.ID())
		c.ok(err, "Timeline within the scope")
		if len(events) != 2 {
			c.Errorf("within the scope the timeline has %d events, want 2", len(events))
		}
	}
	c.answers(st, store.NewQuery(scope).OrderBy(), 2, anns, "the list within the scope")
	c.counts(st, store.NewQuery(scope), 0, store.Count{N: 5}, "all within the scope")
	c.counts(st, store.NewQuery(scope), 5, store.Count{N: 5}, "all within the scope")
	c.counts(st, store.NewQuery(scope), 4, store.Count{N: 4, More: true}, "all within the scope")

	// What leaves the scope by a change is saved, and not seen afterwards.
	next, err := store.Update(c.Context(), st, scope, anns[0].ID(), applying(happens("t", 2, conversation.ByAgent("bob"), conversation.TakenOver{})))
	c.ok(err, "Update that leaves the scope")
	if next.Agent() != "bob" {
		c.Errorf("Update that leaves the scope returns a conversation of %s, want bob", next.Agent())
	}
	c.notFound(st, scope, anns[0].ID())
}

func scopeAndFilter(c *check) {
	st := c.store()
	anns, _ := c.twoAgents(st)
	scope := access.Within(filter.Mine("ann"))
	for _, test := range []struct {
		where filter.Predicate
		want  []row
	}{
		{filter.All, anns},
		{filter.Or(filter.All, filter.Agent.Is("bob")), anns},
		{filter.Not(filter.Or()), anns},
		{filter.Not(filter.Agent.Is("nobody")), anns},
		{filter.Or(filter.Agent.Is("bob"), filter.Agent.Is("ann")), anns},
		{filter.Agent.Is("bob"), nil},
		{filter.Not(filter.Agent.Is("ann")), nil},
	} {
		q := store.NewQuery(scope).OrderBy().Where(test.where)
		c.answers(st, q, 3, test.want, "the list within the scope by "+describe(test.where))
		c.counts(st, q, 0, store.Count{N: len(test.want)}, describe(test.where)+" within the scope")
	}
	c.answers(st, store.NewQuery(access.Within(filter.Or(filter.Agent.Is("ann"), filter.Spam.Is(true)))).OrderBy().Where(filter.Agent.Is("bob")),
		3, nil, "the list within a scope of two parts")
}

func scopeAndCursor(c *check) {
	st := c.store()
	anns, all := c.twoAgents(st)
	page, err := st.List(c.Context(), everything().Limit(3))
	c.ok(err, "List")
	q := store.NewQuery(access.Within(filter.Mine("ann"))).OrderBy().After(page.Next)
	c.answers(st, q, 2, anns[2:], "the list within a scope behind the third row of all")
	c.answers(st, store.NewQuery(access.Scope{}).OrderBy().After(page.Next), 2, nil, "the list of the zero scope behind the third row of all")
	page, err = st.List(c.Context(), q.After("").Limit(2))
	c.ok(err, "List")
	c.answers(st, everything().After(page.Next), 4, all[3:], "the list of all behind the second row of a scope")
}

func scopeInvalid(c *check) {
	st := c.store()
	v := c.createOne(st, begin("a"))
	for _, test := range []struct {
		what  string
		where filter.Predicate
	}{
		{"a nil part", filter.Not(nil)},
		{"an empty condition", filter.And(filter.Condition{})},
	} {
		scope := access.Within(test.where)
		_, err := st.Get(c.Context(), scope, v.ID())
		c.fails(err, filter.ErrPredicate, "Get within a scope with %s", test.what)
		_, err = st.Timeline(c.Context(), scope, v.ID(), store.Range{})
		c.fails(err, filter.ErrPredicate, "Timeline within a scope with %s", test.what)
		_, err = st.List(c.Context(), store.NewQuery(scope))
		c.fails(err, filter.ErrPredicate, "List within a scope with %s", test.what)
		_, err = st.Count(c.Context(), store.NewQuery(scope), 0)
		c.fails(err, filter.ErrPredicate, "Count within a scope with %s", test.what)
	}
}
