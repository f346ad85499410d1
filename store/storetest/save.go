package storetest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

var getRules = []rule{
	{
		"Get/does not find what is not there",
		"a conversation that does not exist is a *NotFoundError that names it",
		func(c *check) {
			st := c.store()
			c.createOne(st, begin("a"))
			c.missing(st, idOf("b"))
			c.missing(st, conversation.ID{})
		},
	},
	{
		"Get/returns the longest values",
		"values as long as package conversation allows come back, in bytes and in characters, and lists go on behind them",
		getReturnsLongest,
	},
}

var saveRules = []rule{
	{
		"Save/stores the changes",
		"Save stores the row and the new events and returns the conversation as stored, under its number",
		saveStoresChanges,
	},
	{
		"Save/lets one writer win",
		"of two who change the same version one is saved; the other is a *ConflictError and changes nothing",
		saveLetsOneWin,
	},
	{
		"Save/lets one of many writers at once win",
		"of any number who save the same version at once exactly one is saved",
		saveLetsOneOfManyWin,
	},
	{
		"Save/refuses a repeated event",
		"an event that the timeline holds already is a *RepeatedError, and nothing of that call is saved",
		saveRefusesRepeated,
	},
	{
		"Save/keeps event ids apart by conversation",
		"the id of an event says nothing about other conversations",
		saveKeepsEventIDsApart,
	},
	{
		"Save/returns what has no changes",
		"a conversation without changes is returned as it is",
		saveWithoutChanges,
	},
	{
		"Save/refuses a new conversation",
		"a new conversation is ErrBase: Create stores it",
		func(c *check) {
			st := c.store()
			_, err := st.Save(c.Context(), c.apply(begin("a"), asks("q", 1)))
			c.fails(err, store.ErrBase, "saving a new conversation")
			_, err = st.Save(c.Context(), row{})
			c.fails(err, store.ErrBase, "saving the zero Conversation")
			c.missing(st, idOf("a"))
		},
	},
	{
		"Save/does not find what is gone",
		"a conversation that is gone is a *NotFoundError and does not come back",
		func(c *check) {
			st := c.store()
			stored := c.createOne(st, begin("a"))
			_, err := st.DeleteOpenChannel(c.Context(), "sales")
			c.ok(err, "DeleteOpenChannel")
			_, err = st.Save(c.Context(), c.apply(stored, asks("q", 1)))
			c.fails(err, store.ErrNotFound, "saving a conversation that was deleted")
			c.names(err, stored.ID())
			c.missing(st, stored.ID())
		},
	},
	{
		"Save/does not change what was created anew",
		"a change of a conversation that was deleted and created again is a *ConflictError, even when both are at the same version",
		func(c *check) {
			st := c.store()
			for _, anew := range []row{begin("a"), beginAs("a", "another start of a")} {
				stale := c.createOne(st, begin("a"))
				_, err := st.DeleteOpenChannel(c.Context(), "sales")
				c.ok(err, "DeleteOpenChannel")
				number := c.createOne(st, anew).Number()
				_, err = st.Save(c.Context(), c.apply(stale, asks("q", 1)))
				c.fails(err, store.ErrConflict, "saving a change of a conversation that was deleted and created again")
				c.isStored(st, anew, number)
				_, err = st.DeleteOpenChannel(c.Context(), "sales")
				c.ok(err, "DeleteOpenChannel")
			}
		},
	},
}

func getReturnsLongest(c *check) {
	st := c.store()
	var rows []row
	for i, character := range []string{"a", "ł", "😀"} {
		long := func(bytes int) string { return strings.Repeat(character, bytes/len(character)) }
		id, longest := long(conversation.MaxIDLen), 70_000 // more than the texts of some databases hold
		if i == 1 {
			longest = conversation.MaxTextLen
		}
		v := begin(id, func(s *conversation.Started) {
			s.OpenChannel = conversation.OpenChannel{ID: conversation.OpenChannelID(id), Name: long(conversation.MaxNameLen)}
			s.OpenChannel.Closing = conversation.ClosingPolicy{AskRating: true, AutoReply: long(longest)}
			s.Source = conversation.Source(id)
			s.Customer = conversation.Customer{ID: conversation.CustomerID(id), Name: long(conversation.MaxNameLen)}
			s.SitePage = long(conversation.MaxURLLen)
		})
		link := conversation.Link{Kind: id, ID: id, Caption: long(conversation.MaxNameLen)}
		v = c.apply(v,
			happens("wrote", 1, conversation.ByCustomer(), conversation.Wrote{Text: long(longest)}),
			accepts("accepted", 2, conversation.AgentID(id)),
			happens("linked", 3, conversation.BySystem(), conversation.Linked{Link: link}),
			happens("reviewed", 4, conversation.ByAgent(conversation.AgentID(id)), conversation.Reviewed{Comment: long(conversation.MaxCommentLen)}),
		)
		for j := range 100 { // many links and participants
			link.ID = fmt.Sprint(i, j)
			v = c.apply(v,
				happens("linked "+link.ID, 5, conversation.BySystem(), conversation.Linked{Link: link}),
				happens("taken over "+link.ID, 5, conversation.ByAgent(conversation.AgentID(link.ID)), conversation.TakenOver{}))
		}
		v = numbered(v, c.createOne(st, v).Number())
		c.isStored(st, v, v.Number())
		rows = append(rows, v)
	}
	for _, key := range []filter.SortKey{filter.Customer.Asc(), filter.SitePage.Asc(), filter.ReviewComment.Desc(), filter.CustomerID.Desc()} {
		order := filter.Order{key}
		c.answers(st, everything().OrderBy(key), 1, expected(rows, filter.All, order), "by "+order.String())
	}
}

func saveStoresChanges(c *check) {
	st := c.store()
	want := begin("a")
	stored := c.create(st, begin("before"), want, begin("after"))
	number := stored[1].Number()
	v := stored[1]
	for _, changes := range [][]conversation.Event{
		{asks("q", 1)},
		{accepts("a", 2, "ann"), replies("r", 3, "ann"), notes("n", 3)},
		{asks("q2", 3)},
	} {
		want = c.apply(want, changes...)
		v = c.save(st, c.apply(v, changes...))
		c.same(v, want.Saved(number), "what Save returns")
		c.isStored(st, want, number)
	}
	c.isStored(st, begin("before"), stored[0].Number())
	c.isStored(st, begin("after"), stored[2].Number())
}

func saveLetsOneWin(c *check) {
	st := c.store()
	stored := c.createOne(st, begin("a"))
	c.save(st, c.apply(stored, asks("first", 1)))
	for _, late := range []row{
		c.apply(stored, asks("second", 1)), // as many events as the one saved
		c.apply(stored, asks("second", 1), asks("third", 2)),
	} {
		_, err := st.Save(c.Context(), late)
		c.fails(err, store.ErrConflict, "saving a change of an old version")
		var conflict *store.ConflictError
		if errors.As(err, &conflict) && *conflict != (store.ConflictError{ID: stored.ID(), Base: stored.Version()}) {
			c.Errorf("the error is %+v, want one of %s at version %d", *conflict, stored.ID(), stored.Version())
		}
		c.isStored(st, c.apply(begin("a"), asks("first", 1)), stored.Number())
	}
}

func saveLetsOneOfManyWin(c *check) {
	st := c.store()
	stored := c.createOne(st, begin("a"))
	change := func(i int) conversation.Event { return asks(fmt.Sprint("q", i), 1) }
	errs := atOnce(8, func(i int) error {
		v, err := stored.Apply(change(i))
		if err == nil {
			_, err = st.Save(c.Context(), v)
		}
		return err
	})
	winner := -1
	for i, err := range errs {
		switch {
		case err != nil:
			c.fails(err, store.ErrConflict, "saving a change of an old version")
		case winner >= 0:
			c.Fatalf("writers %d and %d have both saved version %d", winner, i, stored.Version()+1)
		default:
			winner = i
		}
	}
	if winner < 0 {
		c.Fatalf("none of %d writers has saved", len(errs))
	}
	c.isStored(st, c.apply(begin("a"), change(winner)), stored.Number())
}

func saveRefusesRepeated(c *check) {
	st := c.store()
	want := c.apply(begin("a"), asks("q", 1), asks("q2", 2))
	stored := c.createOne(st, want)
	for _, test := range []struct {
		what  string
		value row
	}{
		{"alone", c.apply(stored, asks("q", 3))},
		{"before a new event", c.apply(stored, asks("q", 3), asks("new", 4))},
		{"behind a new event", c.apply(stored, asks("new", 3), asks("q", 4))},
		{"with other content", c.apply(stored, happens("q", 3, conversation.ByAgent("ann"), conversation.Noted{Text: "other"}))},
		{"of the start", c.apply(stored, happens("start of a", 3, conversation.ByCustomer(), conversation.Wrote{}))},
	} {
		_, err := st.Save(c.Context(), test.value)
		c.fails(err, store.ErrRepeated, "saving a repeated event, %s", test.what)
		var repeated *store.RepeatedError
		if errors.As(err, &repeated) && repeated.ID != stored.ID() {
			c.Errorf("the error is of %s, want %s", repeated.ID, stored.ID())
		}
		c.isStored(st, want, stored.Number())
	}
	c.save(st, c.apply(stored, asks("new", 3)))
	c.isStored(st, c.apply(want, asks("new", 3)), stored.Number())
}

func saveKeepsEventIDsApart(c *check) {
	st := c.store()
	a, b := c.apply(begin("a"), asks("q", 1)), c.apply(beginAs("b", "start of a"), asks("q", 1))
	stored := c.create(st, a, b)
	for i, want := range []conversation.Conversation{a, b} {
		c.save(st, c.apply(stored[i], asks("q2", 2)))
		c.isStored(st, c.apply(want, asks("q2", 2)), stored[i].Number())
	}
}

func saveWithoutChanges(c *check) {
	st := c.store()
	stored := c.createOne(st, begin("a"))
	c.same(c.save(st, stored), stored, "what Save returns")
	c.save(st, c.apply(stored, asks("q", 1)))
	c.same(c.save(st, stored), stored, "what Save returns for an old version without changes")
	c.isStored(st, c.apply(begin("a"), asks("q", 1)), stored.Number())
}
