package store

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
)

// Range asks for a part of a timeline.
type Range struct {
	Limit       int    // the size of a page, 1 to MaxLimit; 0 is DefaultLimit
	After       string // the Next of the page before; empty for the first one
	NewestFirst bool   // from the end, as a person opens a chat
}

// TimelinePage is a part of a timeline.
type TimelinePage struct {
	Events []conversation.Event
	Next   string // the cursor of the following page; empty when this is the last one
}

// RangePlan is a [Range] made ready for an adapter.
type RangePlan struct {
	Limit       int
	NewestFirst bool
	After       *Place // nil for the first page

	id conversation.ID
}

// Place is a place in a timeline: right behind an event in the direction asked.
type Place struct {
	At  int64  // the instant of the event, milliseconds since 1970
	Seq uint64 // as which change of the conversation it was saved, from 1
}

const placeVersion = 1

// Plan checks a range of the timeline of a conversation. What is wrong with it is
// [filter.ErrCursor] or [ErrLimit]. Adapters call it first.
func (r Range) Plan(id conversation.ID) (RangePlan, error) {
	p := RangePlan{Limit: r.Limit, NewestFirst: r.NewestFirst, id: id}
	if p.Limit == 0 {
		p.Limit = DefaultLimit
	}
	if p.Limit < 1 || p.Limit > MaxLimit {
		return RangePlan{}, fmt.Errorf("store: timeline: %w: %d is not in 1 to %d", ErrLimit, p.Limit, MaxLimit)
	}
	if r.After == "" {
		return p, nil
	}
	head := p.head()
	b, err := base64.RawURLEncoding.Strict().DecodeString(r.After)
	if err != nil || len(b) != len(head)+16 || string(b[:len(head)]) != string(head) {
		return RangePlan{}, fmt.Errorf("store: timeline: %w", filter.ErrCursor)
	}
	b = b[len(head):]
	p.After = &Place{At: int64(binary.BigEndian.Uint64(b)), Seq: binary.BigEndian.Uint64(b[8:])}
	return p, nil
}

// head is what a cursor of this range begins with: it belongs to one
// conversation and one direction.
func (p RangePlan) head() []byte {
	id := p.id.Bytes()
	direction := byte(0)
	if p.NewestFirst {
		direction = 1
	}
	return append([]byte{placeVersion, direction}, id[:]...)
}

// Page returns the page of the events an adapter found behind the plan's place:
// one more than Limit, if there are so many. seq tells as which change the event
// at an index was saved.
func (p RangePlan) Page(events []conversation.Event, seq func(i int) uint64) TimelinePage {
	if len(events) <= p.Limit {
		return TimelinePage{Events: events}
	}
	last := p.Limit - 1
	b := binary.BigEndian.AppendUint64(p.head(), uint64(events[last].At.UnixMilli()))
	b = binary.BigEndian.AppendUint64(b, seq(last))
	return TimelinePage{Events: events[:p.Limit:p.Limit], Next: base64.RawURLEncoding.EncodeToString(b)}
}

// Events returns the whole timeline of a conversation, however long, in the order
// the events happened. Errors are those of [Store.Timeline].
func Events(ctx context.Context, st Store, scope access.Scope, id conversation.ID) ([]conversation.Event, error) {
	r := Range{Limit: MaxLimit}
	var events []conversation.Event
	for {
		page, err := st.Timeline(ctx, scope, id, r)
		if err != nil {
			return nil, err
		}
		events = append(events, page.Events...)
		if page.Next == "" {
			return events, nil
		}
		r.After = page.Next
	}
}
