package filter

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/colloquy-go/colloquy/conversation"
)

// SortKey is a field to sort by and a direction.
type SortKey struct {
	Field      Field
	Descending bool
}

// Order is how rows are sorted: by the first key, then the next, and at last by
// number in the direction of the last key. Absent values come last in both
// directions. The empty Order sorts by number, least first.
type Order []SortKey

// MaxSortKeys is how many keys an order may have.
const MaxSortKeys = 8

// ErrOrder is what an order that cannot be asked gives.
var ErrOrder = errors.New("invalid order")

// Validate reports the first thing wrong with the order, as [ErrOrder]: too many
// keys, a field twice, a set, none.
func (o Order) Validate() error {
	if len(o) > MaxSortKeys {
		return fmt.Errorf("filter: %w: %d keys, more than %d", ErrOrder, len(o), MaxSortKeys)
	}
	for i, k := range o {
		switch {
		case k.Field.def == nil:
			return fmt.Errorf("filter: %w: key %d has no field", ErrOrder, i+1)
		case !k.Field.Sortable():
			return fmt.Errorf("filter: %w: %s cannot be sorted by", ErrOrder, k.Field)
		case slices.ContainsFunc(o[:i], func(p SortKey) bool { return p.Field == k.Field }):
			return fmt.Errorf("filter: %w: %s stands twice", ErrOrder, k.Field)
		}
	}
	return nil
}

// Descending reports the direction of the number, which breaks ties.
func (o Order) Descending() bool { return len(o) > 0 && o[len(o)-1].Descending }

// String returns the keys with their directions: "-last_message_at,number".
func (o Order) String() string {
	parts := make([]string, len(o))
	for i, k := range o {
		parts[i] = k.Field.String()
		if k.Descending {
			parts[i] = "-" + parts[i]
		}
	}
	return strings.Join(parts, ",")
}

// Position is a place between two rows, and which way to read on from there: on
// from right behind the row with these values, or back from right before it.
type Position struct {
	Values []Value // one for each key of the order, texts folded
	Number int64
	Back   bool
}

// Reaches reports whether reading on from a position of the order comes to a
// conversation, sooner or later. It never comes to the row of the position itself.
func (o Order) Reaches(p Position, c *conversation.Conversation) bool {
	d := o.ComparePositions(o.PositionOf(c), p)
	if p.Back {
		return d < 0
	}
	return d > 0
}

// PositionOf returns the place behind a conversation.
func (o Order) PositionOf(c *conversation.Conversation) Position {
	p := Position{Values: make([]Value, len(o)), Number: c.Number()}
	for i, k := range o {
		p.Values[i] = k.Field.ValueOf(c)
	}
	return p
}

// Compare orders two conversations; it is 0 only for two of the same number. The
// order must be valid.
func (o Order) Compare(a, b *conversation.Conversation) int {
	for _, k := range o {
		if d := k.compare(k.Field.ValueOf(a), k.Field.ValueOf(b)); d != 0 {
			return d
		}
	}
	return o.tie(a.Number(), b.Number())
}

// ComparePositions orders two positions of the order as Compare orders the
// conversations they are next to, whichever way they go.
func (o Order) ComparePositions(p, q Position) int {
	for i, k := range o {
		if d := k.compare(p.Values[i], q.Values[i]); d != 0 {
			return d
		}
	}
	return o.tie(p.Number, q.Number)
}

func (k SortKey) compare(v, w Value) int {
	switch {
	case !v.Present && !w.Present:
		return 0
	case !v.Present:
		return 1
	case !w.Present:
		return -1
	case k.Descending:
		return w.compare(v)
	default:
		return v.compare(w)
	}
}

func (o Order) tie(a, b int64) int {
	v, w := number(a), number(b)
	if o.Descending() {
		return w.compare(v)
	}
	return v.compare(w)
}
