package storetest

import (
	"fmt"
	"math"
	"slices"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

var timelineRules = []rule{
	{
		"Timeline/gives pages of every size in both directions",
		"the pages of a timeline have every event once, in the order they happened or from the end; those of one instant in the order they were saved",
		timelinePages,
	},
	{
		"Timeline/puts late events where they belong",
		"an event saved later that happened earlier stands where it happened, behind those of its instant",
		timelineLate,
	},
	{
		"Timeline/goes on while events come",
		"events that come between two pages neither move nor double the others",
		timelineGoesOn,
	},
	{
		"Timeline/refuses a cursor of another timeline",
		"a cursor belongs to its conversation and its direction: with others it is ErrCursor",
		timelineRefusesOtherCursors,
	},
	{
		"Timeline/does not trust a cursor",
		"a cursor that was tampered with is ErrCursor or another place in the same timeline, and nothing worse",
		timelineDoesNotTrustCursors,
	},
	{
		"Timeline/refuses a limit out of range",
		"a limit below 0 or above MaxLimit is ErrLimit; 0 is DefaultLimit",
		timelineLimits,
	},
}

// pages returns all events of a range and how many there were on each page.
func (c *check) pages(st store.Store, id conversation.ID, r store.Range) (events []conversation.Event, sizes []int) {
	c.Helper()
	for {
		page, err := st.Timeline(c.Context(), access.System(), id, r)
		c.ok(err, "Timeline")
		events = append(events, page.Events...)
		sizes = append(sizes, len(page.Events))
		if page.Next == "" {
			return events, sizes
		}
		c.endless(len(sizes))
		r.After = page.Next
	}
}

// has reports when the pages of a timeline, of every size and in both directions,
// do not have these events.
func (c *check) has(st store.Store, id conversation.ID, want []conversation.Event) {
	c.Helper()
	want = slices.Clone(want)
	for _, newestFirst := range []bool{false, true} {
		for limit := 1; limit <= len(want)+1; limit++ {
			got, sizes := c.pages(st, id, store.Range{Limit: limit, NewestFirst: newestFirst})
			c.sameEvents(got, want, fmt.Sprintf("a timeline in pages of %d (newest first: %t)", limit, newestFirst))
			if d := wrongSizes(sizes, limit, len(want)); d != "" {
				c.Errorf("events of a timeline: %s", d)
			}
		}
		slices.Reverse(want)
	}
}

func timelinePages(c *check) {
	st := c.store()
	v := c.apply(begin("a"),
		asks("e1", 0), asks("e2", 5), notes("e3", 5), accepts("e4", 5, "ann"), replies("e5", 5, "ann"), asks("e6", 6),
		notes("e7", 6), replies("e8", 6, "bob"), asks("e9", 7))
	stored := c.create(st, begin("before"), v, begin("after"))
	want, _ := v.Timeline()
	c.has(st, v.ID(), want)

	more := []conversation.Event{asks("e10", 7), notes("e11", 7)}
	c.save(st, c.apply(stored[1], more...))
	c.has(st, v.ID(), append(want, more...))
	c.has(st, stored[0].ID(), begin("before").Changes())
}

func timelineLate(c *check) {
	st := c.store()
	v := c.apply(begin("a"), asks("e1", 1), asks("e2", 2), asks("e3", 3))
	c.createOne(st, v)
	for _, late := range []conversation.Event{notes("l1", 1), notes("l0", 0), replies("l2", 2, "ann"), notes("l1b", 1)} {
		c.update(st, v.ID(), late)
		v = c.apply(v, late)
	}
	names := []string{"start of a", "l0", "e1", "l1", "l1b", "e2", "l2", "e3"}
	got := c.events(st, v.ID())
	for i, name := range names {
		if len(got) != len(names) || got[i].ID != eventOf(name) {
			c.Fatalf("the timeline has %d events, want %d in the order %s; the one in place %d is another", len(got), len(names), names, i+1)
		}
	}
	want, _ := v.Timeline()
	c.has(st, v.ID(), want)
}

func timelineGoesOn(c *check) {
	st := c.store()
	v := begin("a")
	for i := range 8 {
		v = c.apply(v, asks(fmt.Sprint("e", i), 10*i+10))
	}
	stored := c.createOne(st, v)
	want, _ := v.Timeline()
	for _, newestFirst := range []bool{false, true} {
		var got []conversation.Event
		r := store.Range{Limit: 3, NewestFirst: newestFirst}
		for page := 0; ; page++ {
			p, err := st.Timeline(c.Context(), access.System(), v.ID(), r)
			c.ok(err, "Timeline")
			for _, e := range p.Events {
				if slices.ContainsFunc(want, func(w conversation.Event) bool { return w.ID == e.ID }) {
					got = append(got, e)
				}
			}
			if p.Next == "" {
				break
			}
			r.After = p.Next
			if page > 1 {
				c.endless(page)
				continue
			}
			for second := 5; second < 120; second += 40 {
				c.update(st, stored.ID(), notes(fmt.Sprint("n", newestFirst, page, second), second))
			}
		}
		c.sameEvents(got, want, fmt.Sprintf("the events that were there before (newest first: %t)", newestFirst))
		want = slices.Clone(want)
		slices.Reverse(want)
	}
}

func timelineRefusesOtherCursors(c *check) {
	st := c.store()
	v := c.apply(begin("a"), asks("q", 1), asks("q2", 2))
	w := c.apply(begin("b"), asks("q", 1), asks("q2", 2))
	c.create(st, v, w)
	page, err := st.Timeline(c.Context(), access.System(), v.ID(), store.Range{Limit: 1})
	c.ok(err, "Timeline")
	_, err = st.Timeline(c.Context(), access.System(), w.ID(), store.Range{Limit: 1, After: page.Next})
	c.fails(err, filter.ErrCursor, "Timeline of another conversation than the cursor's")
	_, err = st.Timeline(c.Context(), access.System(), v.ID(), store.Range{Limit: 1, After: page.Next, NewestFirst: true})
	c.fails(err, filter.ErrCursor, "Timeline in another direction than the cursor's")
	list, err := st.List(c.Context(), everything().Limit(1))
	c.ok(err, "List")
	_, err = st.Timeline(c.Context(), access.System(), v.ID(), store.Range{After: list.Next})
	c.fails(err, filter.ErrCursor, "Timeline after the cursor of a list")
	_, err = st.List(c.Context(), everything().After(page.Next))
	c.fails(err, filter.ErrCursor, "List after the cursor of a timeline")
}

func timelineDoesNotTrustCursors(c *check) {
	st := c.store()
	v := c.apply(begin("a"), asks("q", 1), asks("q2", 2), asks("q3", 3), asks("q4", 4))
	w := c.apply(begin("b"), asks("r", 1), asks("r2", 2), asks("r3", 3))
	c.create(st, v, w)
	for _, newestFirst := range []bool{false, true} {
		r := store.Range{Limit: 2, NewestFirst: newestFirst}
		page, err := st.Timeline(c.Context(), access.System(), v.ID(), r)
		c.ok(err, "Timeline")
		for _, cursor := range tampered(page.Next) {
			r.After = cursor
			page, err := st.Timeline(c.Context(), access.System(), v.ID(), r)
			if err != nil {
				c.fails(err, filter.ErrCursor, "Timeline after %q", cursor)
				continue
			}
			if len(page.Events) > 2 {
				c.Errorf("Timeline after %q has %d events in a page of 2", cursor, len(page.Events))
			}
			for _, e := range page.Events {
				if !slices.ContainsFunc(v.Changes(), func(own conversation.Event) bool { return own.ID == e.ID }) {
					c.Errorf("Timeline after %q has the event %s of another conversation", cursor, e.ID)
				}
			}
		}
	}
}

func timelineLimits(c *check) {
	st := c.store()
	v := begin("a")
	for i := range store.DefaultLimit {
		v = c.apply(v, asks(fmt.Sprint(i), i))
	}
	c.createOne(st, v)
	for _, limit := range []int{-1, store.MaxLimit + 1, math.MinInt} {
		_, err := st.Timeline(c.Context(), access.System(), v.ID(), store.Range{Limit: limit})
		c.fails(err, store.ErrLimit, "Timeline with the limit %d", limit)
	}
	for _, test := range []struct{ limit, want int }{
		{0, store.DefaultLimit}, {store.MaxLimit, store.DefaultLimit + 1}, {1, 1},
	} {
		page, err := st.Timeline(c.Context(), access.System(), v.ID(), store.Range{Limit: test.limit})
		c.ok(err, "Timeline with the limit %d", test.limit)
		if len(page.Events) != test.want {
			c.Errorf("Timeline with the limit %d gives %d of %d events, want %d", test.limit, len(page.Events), store.DefaultLimit+1, test.want)
		}
	}
}
