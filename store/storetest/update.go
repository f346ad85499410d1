package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

// The rules of Update are rules of Get, Save and Timeline together.
var updateRules = []rule{
	{
		"Update/has no effect by a repeated event",
		"an event that is repeated through Update has no second effect, whether it is the last one or an old one",
		updateRepeated,
	},
	{
		"Update/puts a late event where it belongs",
		"an event that comes late through Update gives the row that the events in order give",
		updateLate,
	},
	{
		"Update/loses nothing when many write at once",
		"of any number of updates at once each is saved, and the version grows by each",
		updateAtOnce,
	},
	{
		"Update/lets one agent accept",
		"of any number of agents who accept at once exactly one wins, and each other gets a *HeldError that names him",
		updateAcceptAtOnce,
	},
	{
		"Update/changes different conversations at once",
		"updates of different conversations at once do not disturb each other, nor those who read meanwhile",
		updateDifferentAtOnce,
	},
}

func updateRepeated(c *check) {
	st := c.store()
	want := c.apply(begin("a"), asks("q", 1), accepts("a", 2, "ann"), replies("r", 3, "ann"), notes("n", 3))
	number := c.createOne(st, want).Number()
	events, _ := want.Timeline()
	for _, e := range events {
		c.same(c.update(st, want.ID(), e), want.Saved(number), "what Update returns for a repeated event")
		c.isStored(st, want, number)
	}
}

func updateLate(c *check) {
	st := c.store()
	created := c.apply(begin("a"), asks("q", 10), accepts("a", 30, "ann"))
	v := c.createOne(st, created)
	order := []conversation.Event{
		replies("r2", 60, "ann"), asks("q2", 40), replies("r1", 30, "ann"), notes("n", 0), asks("q0", 5), asks("q2", 40),
	}
	want := created
	for _, e := range order {
		want = c.apply(want, e)
		c.same(c.update(st, v.ID(), e), want.Saved(v.Number()), "what Update returns for a late event")
		c.isStored(st, want, v.Number())
	}
	if events, _ := want.Timeline(); len(events) != 8 {
		c.Errorf("the timeline has %d events, want 8", len(events))
	}
}

func updateAtOnce(c *check) {
	st := c.store()
	const writers, each = 8, 4
	created := c.createOne(st, begin("a"))
	errs := atOnce(writers, func(i int) error {
		for j := range each {
			e := asks(fmt.Sprintf("q %d %d", i, j), 1+j)
			if _, err := store.Update(c.Context(), st, access.System(), created.ID(), applying(e)); err != nil {
				return err
			}
		}
		return nil
	})
	c.ok(errors.Join(errs...), "%d updates at once", writers)
	got := c.get(st, created.ID())
	if got.Version() != created.Version()+writers*each || got.MessageCount() != writers*each {
		c.Errorf("after %d updates of a new conversation its version is %d and it has %d messages", writers*each, got.Version(), got.MessageCount())
	}
	events := c.events(st, created.ID())
	for i := range writers {
		for j := range each {
			id := eventOf(fmt.Sprintf("q %d %d", i, j))
			if !slices.ContainsFunc(events, func(e conversation.Event) bool { return e.ID == id }) {
				c.Errorf("message %d of writer %d was acknowledged and is lost", j+1, i+1)
			}
		}
	}
	again, err := conversation.Rebuild(events)
	c.ok(err, "Rebuild of the timeline")
	c.same(got, again.Saved(created.Number()), "the row")
}

func updateAcceptAtOnce(c *check) {
	st := c.store()
	for round, second := range []func(i int) int{
		func(int) int { return 5 },
		func(i int) int { return 5 + i },
		func(i int) int { return 50 - i },
	} {
		v := c.createOne(st, begin(fmt.Sprint(round)))
		agent := func(i int) conversation.AgentID { return conversation.AgentID(fmt.Sprint("agent ", i)) }
		errs := atOnce(6, func(i int) error {
			e := accepts(fmt.Sprintf("%d %d", round, i), second(i), agent(i))
			_, err := store.Update(c.Context(), st, access.System(), v.ID(), applying(e))
			return err
		})
		holder := c.get(st, v.ID()).Agent()
		winners := 0
		for i, err := range errs {
			var held *conversation.HeldError
			switch {
			case err == nil:
				winners++
				if agent(i) != holder {
					c.Errorf("%s accepted without an error, but %s holds the conversation", agent(i), holder)
				}
			case !errors.As(err, &held):
				c.Errorf("%s, who was not the first to accept, gets %q; want a *conversation.HeldError", agent(i), err)
			case held.Holder != holder:
				c.Errorf("%s is told that %s holds the conversation, but %s does", agent(i), held.Holder, holder)
			}
		}
		if winners != 1 {
			c.Errorf("%d of %d agents have accepted one conversation", winners, len(errs))
		}
	}
}

func updateDifferentAtOnce(c *check) {
	st := c.store()
	const n, each = 6, 4
	vs := c.create(st, several(n, "a")...)
	done := make(chan struct{})
	var readers sync.WaitGroup
	var readErr error
	readers.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			page, err := st.List(c.Context(), everything().OrderBy(filter.MessageCount.Desc()))
			if err == nil && len(page.Conversations) != n {
				err = fmt.Errorf("%d of %d conversations are on the page", len(page.Conversations), n)
			}
			if err == nil {
				_, err = store.Events(c.Context(), st, access.System(), vs[0].ID())
			}
			if err != nil {
				readErr = err
				return
			}
		}
	})
	errs := atOnce(n, func(i int) error {
		for j := range each {
			e := asks(fmt.Sprintf("q %d %d", i, j), 1+j)
			if _, err := store.Update(c.Context(), st, access.System(), vs[i].ID(), applying(e)); err != nil {
				return err
			}
		}
		return nil
	})
	close(done)
	readers.Wait()
	c.ok(errors.Join(errs...), "updating %d conversations at once", n)
	c.ok(readErr, "reading while others write")
	for i, v := range vs {
		want := begin(fmt.Sprint("a ", i))
		for j := range each {
			want = c.apply(want, asks(fmt.Sprintf("q %d %d", i, j), 1+j))
		}
		c.isStored(st, want, v.Number())
	}
}
