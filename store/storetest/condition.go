package storetest

import (
	"fmt"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
)

var conditionRules = []rule{
	{
		"Condition/every operator of every field",
		"a store answers a condition as filter.Match does, for every field and operator",
		conditionsOfEveryField,
	},
	{
		"Condition/random trees in random orders",
		"a store answers any And, Or and Not of conditions as filter.Match does, in any order, in pages of any size",
		conditionsInTrees,
	},
	{
		"Condition/contains and starts with whatever the case",
		"Contains and StartsWith compare folded texts, in any script, and nothing is a wildcard",
		conditionsOnTexts,
	},
	{
		"Condition/is compares bytes",
		"Is and In compare ids and texts byte by byte",
		conditionsOnBytes,
	},
	{
		"Condition/absent values",
		"a comparison with an absent value is false and Not is two-valued, so that \"is not\" includes absent ones",
		conditionsOnAbsent,
	},
	{
		"Condition/nothing in And, Or and In",
		"an empty And is true, an empty Or and an empty In are false; an empty AnyOf is false, an empty AllOf true",
		conditionsOnNothing,
	},
}

func conditionsOfEveryField(c *check) {
	st := c.store()
	rows := c.fill(st)
	r := c.random()
	for _, col := range columns {
		for _, q := range col.questions {
			for range 4 {
				where := q.ask(r, rows)
				c.answers(st, everything().Where(where), 500, expected(rows, where, nil), fmt.Sprintf("%s %s: %s", col.field, q.operator, describe(where)))
			}
		}
	}
}

func conditionsInTrees(c *check) {
	st := c.store()
	rows := c.fill(st)
	r := c.random()
	for i := range c.effort.questions {
		where, order := tree(r, rows, 4), order(r)
		want := expected(rows, where, order)
		limit := len(want)/(1+r.IntN(4)) + 1 + r.IntN(3)
		if d := c.wrong(st, everything().Where(where).OrderBy(order...), limit, want); d != "" {
			part := smallest(where, func(p filter.Predicate) bool {
				return c.wrong(st, everything().Where(p).OrderBy(order...), limit, expected(rows, p, order)) != ""
			})
			c.Fatalf("question %d: %s\nasked: %s\nby: [%s]\nits smallest part that is wrong: %s",
				i+1, d, describe(where), order, describe(part))
		}
		count, err := st.Count(c.Context(), everything().Where(where).OrderBy(order...), 0)
		c.ok(err, "Count")
		if count.N != len(want) || count.More {
			c.Fatalf("question %d: Count is %s, want %d\nasked: %s", i+1, count, len(want), describe(where))
		}
	}
}

// found asks for the customers whose name was said to be a text of names.
func (c *check) found(names []string, tests []textTest) {
	c.Helper()
	st := c.store()
	cs := make([]row, len(names))
	for i, name := range names {
		cs[i] = begin(fmt.Sprint(i), of(name))
	}
	rows := c.create(st, cs...)
	for _, test := range tests {
		got, _ := c.walk(st, everything().Where(test.where))
		if s := places(got, rows[0].Number()); s != test.want {
			c.Errorf("%s finds the names [%s] of %+q, want [%s]", describe(test.where), s, names, test.want)
		}
	}
}

type textTest struct {
	where filter.Predicate
	want  string // places, counted from 1
}

func conditionsOnTexts(c *check) {
	name := filter.Customer
	c.found(
		[]string{
			"Łukasz Żółć", "łukasz", "100%", "100 of", "a_b", "axb", "O'Brien", `back\slash`, // 1 to 8
			"José", "Jose\u0301", "Straße", "STRASSE", "ΣΊΣΥΦΟΣ", "😀 smile", "", "A!%b", // 9 to 16
		},
		[]textTest{
			{name.Contains("ŁUKASZ"), "1 2"},
			{name.Contains("żÓŁć"), "1"},
			{name.StartsWith("łuk"), "1 2"},
			{name.StartsWith("żół"), ""},
			{name.Contains("lukasz"), ""},
			{name.Contains("%"), "3 16"},
			{name.Contains("0%"), "3"},
			{name.StartsWith("100%"), "3"},
			{name.StartsWith("%"), ""},
			{name.Contains("_"), "5"},
			{name.StartsWith("a_"), "5"},
			{name.StartsWith("a"), "5 6 16"},
			{name.Contains("'"), "7"},
			{name.Contains("o'b"), "7"},
			{name.Contains(`\`), "8"},
			{name.Contains(`K\S`), "8"},
			{name.Contains("!%"), "16"},
			{name.Contains("!"), "16"},
			{name.Contains("É"), "9 10"},
			{name.Contains("E\u0301"), "9 10"},
			{name.Contains("strasse"), "11 12"},
			{name.Contains("ß"), "11 12"},
			{name.Contains("σίσυφος"), "13"},
			{name.Contains("😀"), "14"},
			{name.StartsWith("😀 S"), "14"},
			{name.Contains(""), "1 2 3 4 5 6 7 8 9 10 11 12 13 14 16"},
			{name.StartsWith(""), "1 2 3 4 5 6 7 8 9 10 11 12 13 14 16"},
		},
	)
}

func conditionsOnBytes(c *check) {
	ids := []string{"ann", "Ann", "ann ", " ann", "ANN", "an", "a%", "a_", "a'", `a\`, "ánn", "a\u0301nn", "ańn", "%", "NULL", "0"}
	st := c.store()
	cs := make([]row, len(ids))
	for i, id := range ids {
		channel := conversation.OpenChannel{ID: conversation.OpenChannelID(id), Name: id}
		v := begin(fmt.Sprint(i), of(id), func(s *conversation.Started) {
			s.OpenChannel, s.Source, s.Customer.ID, s.SitePage = channel, conversation.Source(id), conversation.CustomerID(id), id
		})
		link := conversation.Linked{Link: conversation.Link{Kind: id, ID: id}}
		cs[i] = c.apply(v, accepts(fmt.Sprint("a", i), 1, conversation.AgentID(id)), happens(fmt.Sprint("l", i), 2, conversation.BySystem(), link))
	}
	rows := c.create(st, cs...)
	for i, id := range ids {
		for _, where := range []filter.Predicate{
			filter.OpenChannelID.Is(conversation.OpenChannelID(id)),
			filter.OpenChannel.Is(id),
			filter.Source.Is(conversation.Source(id)),
			filter.CustomerID.Is(conversation.CustomerID(id)),
			filter.Customer.In(id, "nobody"),
			filter.Agent.In("nobody", conversation.AgentID(id)),
			filter.SitePage.Is(id),
			filter.LinkKinds.AnyOf(id),
			filter.Links.AllOf(conversation.Link{Kind: id, ID: id}),
			filter.Participants.AnyOf(conversation.AgentID(id)),
		} {
			got, _ := c.walk(st, everything().Where(where))
			if s, want := places(got, rows[0].Number()), fmt.Sprint(i+1); s != want {
				c.Errorf("%s finds the conversations [%s] of %+q, want [%s]", describe(where), s, ids, want)
			}
		}
	}
	for _, field := range []filter.SortKey{filter.CustomerID.Asc(), filter.Agent.Desc()} {
		order := filter.Order{field}
		c.answers(st, everything().OrderBy(field), 5, expected(rows, filter.All, order), "by "+order.String())
	}
}

func conditionsOnAbsent(c *check) {
	st := c.store()
	rows := c.create(st,
		begin("1"),
		c.apply(begin("2"), accepts("a", 10, "ann")),
		c.apply(begin("3"), accepts("a", 20, "bob")),
	)
	accepted := filter.AcceptedAt
	for _, test := range []textTest{
		{filter.Agent.Is("ann"), "2"},
		{filter.Not(filter.Agent.Is("ann")), "1 3"},
		{filter.Not(filter.Agent.In("ann", "bob")), "1"},
		{filter.Agent.Is(""), ""},
		{filter.Not(filter.Agent.Is("")), "1 2 3"},
		{filter.Agent.Present(), "2 3"},
		{filter.Agent.Absent(), "1"},
		{filter.Not(filter.Agent.Absent()), "2 3"},
		{accepted.Before(at(15)), "2"},
		{filter.Not(accepted.Before(at(15))), "1 3"},
		{filter.Not(accepted.After(at(15))), "1 2"},
		{filter.Not(accepted.Between(at(0), at(15))), "1 3"},
		{filter.AcceptTime.Less(1 << 40), "2 3"},
		{filter.Not(filter.AcceptTime.Greater(-1)), "1"},
		{filter.CustomerRating.Less(6), ""},
		{filter.Not(filter.CustomerRating.Less(6)), "1 2 3"},
		{filter.Not(filter.Not(filter.Agent.Is("ann"))), "2"},
		{filter.And(filter.Not(filter.Agent.Is("ann")), filter.Not(filter.Agent.Is("bob"))), "1"},
		{filter.Or(filter.Agent.Is("ann"), filter.Not(filter.Agent.Is("ann"))), "1 2 3"},
		{filter.Not(filter.Participants.AnyOf("ann")), "1 3"},
		{filter.Participants.Absent(), "1"},
	} {
		got, _ := c.walk(st, everything().Where(test.where))
		if s := places(got, rows[0].Number()); s != test.want {
			c.Errorf("%s finds the conversations [%s], want [%s]", describe(test.where), s, test.want)
		}
	}
}

func conditionsOnNothing(c *check) {
	st := c.store()
	rows := c.create(st, begin("1"), c.apply(begin("2"), accepts("a", 10, "ann")))
	const all, none = "1 2", ""
	for _, test := range []textTest{
		{filter.And(), all},
		{filter.Or(), none},
		{filter.Not(filter.And()), none},
		{filter.Not(filter.Or()), all},
		{filter.And(filter.And(), filter.Agent.Present()), "2"},
		{filter.Or(filter.Or(), filter.Agent.Present()), "2"},
		{filter.And(filter.Or(), filter.Agent.Present()), none},
		{filter.Or(filter.And(), filter.Agent.Present()), all},
		{filter.Detailed.In(), none},
		{filter.Agent.In(), none},
		{filter.Customer.In(), none},
		{filter.MessageCount.In(), none},
		{filter.Not(filter.Agent.In()), all},
		{filter.Participants.AnyOf(), none},
		{filter.Participants.AllOf(), all},
		{filter.Participants.NoneOf(), all},
	} {
		got, _ := c.walk(st, everything().Where(test.where))
		if s := places(got, rows[0].Number()); s != test.want {
			c.Errorf("%s finds the conversations [%s], want [%s]", describe(test.where), s, test.want)
		}
	}
}
