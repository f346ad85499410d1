package storetest

import (
	"fmt"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

var countRules = []rule{
	{
		"Count/counts all pages together",
		"Count returns how many conversations a query finds; its order, limit and place do not matter",
		countAll,
	},
	{
		"Count/stops at most",
		"Count stops at most, when that is above 0, and says whether there are more",
		countAtMost,
	},
}

func (c *check) counts(st store.Store, q store.Query, most int, want store.Count, what string) {
	c.Helper()
	got, err := st.Count(c.Context(), q, most)
	c.ok(err, "Count")
	if got != want {
		c.Errorf("Count of %s at most %d is %s, want %s", what, most, got, want)
	}
}

func countAll(c *check) {
	st := c.store()
	c.counts(st, everything(), 0, store.Count{}, "nothing")
	cs := several(20, "a")
	for i := range cs {
		if i%4 == 0 {
			cs[i] = c.apply(cs[i], accepts(fmt.Sprint(i), 1, "ann"))
		}
	}
	c.create(st, cs...)
	q := store.NewQuery(access.System())
	page, err := st.List(c.Context(), q.Limit(2))
	c.ok(err, "List")
	c.counts(st, q, 0, store.Count{N: 20}, "all")
	c.counts(st, q.Limit(2), 0, store.Count{N: 20}, "all, two on a page")
	c.counts(st, q.OrderBy(filter.Customer.Asc(), filter.Agent.Desc()), 0, store.Count{N: 20}, "all, by customer")
	c.counts(st, q.Limit(2).After(page.Next), 0, store.Count{N: 20}, "all, from the next page")
	c.counts(st, q.Where(filter.Agent.Present()).Limit(1), 0, store.Count{N: 5}, "a quarter")
	c.counts(st, q.Where(filter.Agent.Present(), filter.Spam.Is(true)), 0, store.Count{}, "none")
	c.counts(st, store.NewQuery(access.Within(filter.Agent.Absent())), 0, store.Count{N: 15}, "what a scope sees")
}

func countAtMost(c *check) {
	st := c.store()
	cs := several(9, "a")
	for i := range 6 {
		cs[i] = c.apply(cs[i], accepts(fmt.Sprint(i), 1, "ann"))
	}
	c.create(st, cs...)
	for _, test := range []struct {
		most int
		want store.Count
	}{
		{0, store.Count{N: 6}},
		{-1, store.Count{N: 6}},
		{1, store.Count{N: 1, More: true}},
		{5, store.Count{N: 5, More: true}},
		{6, store.Count{N: 6}},
		{7, store.Count{N: 6}},
		{1 << 30, store.Count{N: 6}},
	} {
		c.counts(st, everything().Where(filter.Agent.Is("ann")).Limit(2), test.most, test.want, "6 of 9")
	}
}
