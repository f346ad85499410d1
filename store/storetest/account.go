package storetest

import (
	"fmt"
	"strings"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

var accountRules = []rule{
	{
		"Account/is named and validated",
		"a store says which account's it is; an invalid account is ErrAccount",
		accountNames,
	},
	{
		"Account/is shared by all stores on it",
		"what one store on an account has saved every other one on it sees",
		accountShared,
	},
	{
		"Account/never meets another",
		"no call on one account reads, changes or deletes what belongs to another, be it under the same id",
		accountsNeverMeet,
	},
	{
		"Account/has numbers of its own",
		"each account counts its conversations for itself",
		accountNumbers,
	},
	{
		"Account/is compared byte by byte",
		"accounts that differ in a letter's case, a space or a mark are different",
		accountBytes,
	},
	{
		"Account/reads no more by a foreign cursor",
		"a cursor made on one account is a place in the list of another, and shows nothing of the first",
		accountCursor,
	},
}

func accountNames(c *check) {
	for _, name := range []store.Account{"acme", "Żółć & Söhne", store.Account(strings.Repeat("x", store.MaxAccountLen))} {
		if got := c.open(name).Account(); got != name {
			c.Errorf("the store of %q says it is of %q", name, got)
		}
	}
	for _, name := range []store.Account{"", store.Account(strings.Repeat("x", store.MaxAccountLen+1)), "a\x00b", "\xff"} {
		_, err := c.account(name)
		c.fails(err, store.ErrAccount, "opening the account %q", name)
	}
}

func accountShared(c *check) {
	a, b := c.open("acme"), c.open("acme")
	v := c.createOne(a, begin("a"))
	c.isStored(b, begin("a"), v.Number())
	c.save(b, c.apply(v, asks("q", 1)))
	c.isStored(a, c.apply(begin("a"), asks("q", 1)), v.Number())
	c.inARow([]int64{v.Number(), c.createOne(b, begin("b")).Number(), c.createOne(a, begin("c")).Number()})
}

func accountsNeverMeet(c *check) {
	a, b := c.open("acme"), c.open("other")
	shared, own := c.apply(begin("shared"), asks("q", 1)), begin("own")
	inA := c.create(a, shared, own)
	c.missing(b, own.ID())
	c.missing(b, shared.ID())
	c.counts(b, everything(), 0, store.Count{}, "an account without conversations")
	c.answers(b, everything(), 5, nil, "the list of an account without conversations")

	_, err := b.Save(c.Context(), c.apply(inA[1], asks("q", 1)))
	c.fails(err, store.ErrNotFound, "saving a conversation of another account")
	_, err = store.Update(c.Context(), b, access.System(), own.ID(), applying(asks("q", 1)))
	c.fails(err, store.ErrNotFound, "updating a conversation of another account")
	c.isStored(a, own, inA[1].Number())

	// The same id, begun by another event, is another conversation here.
	twin := beginAs("shared", "another start", in("support"))
	inB := c.createOne(b, twin)
	c.update(b, twin.ID(), asks("q2", 2))
	twin = c.apply(twin, asks("q2", 2))
	c.isStored(b, twin, inB.Number())
	c.isStored(a, shared, inA[0].Number())
	c.answers(a, everything(), 5, inA, "the list of an account")
	c.counts(a, everything(), 0, store.Count{N: 2}, "an account")
	c.counts(b, everything(), 0, store.Count{N: 1}, "another account")
	for _, where := range []filter.Predicate{filter.Not(filter.Or()), filter.Or(filter.All, filter.Spam.Is(true)), filter.Not(filter.Agent.Is("ann"))} {
		c.answers(a, everything().Where(where), 5, inA, "the list of an account by "+describe(where))
	}

	c.createOne(b, begin("b", in("sales")))
	c.deleteChannel(b, "sales", store.Deleted{Conversations: 1, Events: 1})
	c.deleteChannel(a, "support", store.Deleted{})
	c.isStored(a, shared, inA[0].Number())
	c.isStored(b, twin, inB.Number())
	c.deleteChannel(a, "sales", store.Deleted{Conversations: 2, Events: 3})
	c.isStored(b, twin, inB.Number())
}

func accountNumbers(c *check) {
	a, b := c.open("acme"), c.open("other")
	var inA, inB []int64
	for _, name := range []string{"1", "2", "3"} {
		inA = append(inA, c.createOne(a, begin(name)).Number())
		inB = append(inB, numbersOf(c.create(b, begin(name), begin("and "+name)))...)
	}
	c.inARow(inA)
	c.inARow(inB)
	if inA[0] != inB[0] {
		c.Errorf("the first numbers of two accounts are %d and %d", inA[0], inB[0])
	}
}

func accountBytes(c *check) {
	names := []store.Account{"acme", "Acme", "ACME", "acme ", " acme", "ácme", "a\u0301cme", "acm", "%", "a_me", "a%", "a'", `a\`, "NULL"}
	for _, name := range names {
		st := c.open(name)
		c.missing(st, idOf("a"))
		c.createOne(st, c.apply(begin("a", of(string(name))), asks("q", 1)))
	}
	for _, name := range names {
		st := c.open(name)
		if got := c.get(st, idOf("a")).Customer().Name; got != string(name) {
			c.Errorf("the account %q has the conversation of the account %q", name, got)
		}
		c.counts(st, everything(), 0, store.Count{N: 1}, fmt.Sprintf("the account %q", name))
		if n := len(c.events(st, idOf("a"))); n != 2 {
			c.Errorf("the timeline in the account %q has %d events, want 2", name, n)
		}
	}
}

func accountCursor(c *check) {
	a, b := c.open("acme"), c.open("other")
	c.create(a, several(6, "a", in("sales"))...)
	rows := c.create(b, several(6, "b")...)
	for _, q := range []store.Query{everything(), everything().OrderBy(filter.CreatedAt.Desc()), everything().OrderBy(filter.OpenChannel.Asc())} {
		page, err := a.List(c.Context(), q.Limit(2))
		c.ok(err, "List")
		got, _ := c.walk(b, q.Limit(2).After(page.Next))
		for _, v := range got {
			if !contains(rows, v.ID()) {
				c.Errorf("by the cursor of another account the list has the foreign conversation %s", v.ID())
			}
		}
		if len(got) != 4 {
			c.Errorf("behind the place of the second of 6 rows there are %d rows, want 4", len(got))
		}
	}
	v := c.apply(begin("a 0"), asks("q", 1))
	c.createOne(b, v)
	page, err := b.Timeline(c.Context(), access.System(), v.ID(), store.Range{Limit: 1})
	c.ok(err, "Timeline")
	part, err := a.Timeline(c.Context(), access.System(), v.ID(), store.Range{After: page.Next})
	c.ok(err, "Timeline")
	c.sameEvents(part.Events, nil, "the timeline of one event behind the first event")
}

func contains(rows []row, id conversation.ID) bool {
	for _, v := range rows {
		if v.ID() == id {
			return true
		}
	}
	return false
}
