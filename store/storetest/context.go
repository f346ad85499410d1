package storetest

import (
	"context"
	"errors"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/store"
)

var contextRules = []rule{
	{
		"Context/that is cancelled is its cause",
		"a cancelled context is its cause, as errors.Is tells, for every method, and nothing is changed",
		contextCancelled,
	},
}

func contextCancelled(c *check) {
	st := c.store()
	want := c.apply(begin("a"), asks("q", 1))
	v := c.createOne(st, want)
	cause := errors.New("the caller has gone")
	cancelled, cancel := context.WithCancelCause(c.Context())
	cancel(cause)
	deadline, cancelDeadline := context.WithDeadline(c.Context(), at(0)) // long ago
	defer cancelDeadline()

	empty := c.open("without conversations")
	changed := c.apply(v, asks("q2", 2))
	for _, ctx := range []context.Context{cancelled, deadline} {
		for _, test := range []struct {
			what string
			err  func() error
		}{
			{"Create", func() error { _, err := st.Create(ctx, begin("b"), begin("c")); return err }},
			{"Get", func() error { _, err := st.Get(ctx, access.System(), v.ID()); return err }},
			{"Save", func() error { _, err := st.Save(ctx, changed); return err }},
			{"List", func() error { _, err := st.List(ctx, everything()); return err }},
			{"Count", func() error { _, err := st.Count(ctx, everything(), 0); return err }},
			{"List of nothing", func() error { _, err := empty.List(ctx, everything()); return err }},
			{"Count of nothing", func() error { _, err := empty.Count(ctx, everything(), 0); return err }},
			{"Timeline", func() error { _, err := st.Timeline(ctx, access.System(), v.ID(), store.Range{}); return err }},
			{"DeleteOpenChannel", func() error {
				deleted, err := st.DeleteOpenChannel(ctx, "sales")
				if deleted != (store.Deleted{}) {
					c.Errorf("DeleteOpenChannel with a cancelled context returns %+v", deleted)
				}
				return err
			}},
			{"Update", func() error {
				_, err := store.Update(ctx, st, access.System(), v.ID(), applying(asks("q2", 2)))
				return err
			}},
			{"All", func() error {
				for _, err := range store.All(ctx, st, everything()) {
					return err
				}
				return nil
			}},
		} {
			c.fails(test.err(), context.Cause(ctx), "%s with a cancelled context", test.what)
		}
	}
	c.isStored(st, want, v.Number())
	c.missing(st, idOf("b"))
	c.inARow([]int64{v.Number(), c.createOne(st, begin("d")).Number()})
	c.answers(st, everything(), 5, []row{v, c.get(st, idOf("d"))}, "what is left")
}
