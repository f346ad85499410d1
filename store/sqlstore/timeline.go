package sqlstore

import (
	"context"
	"database/sql"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

func (a *account) Timeline(ctx context.Context, scope access.Scope, id conversation.ID, r store.Range) (store.TimelinePage, error) {
	plan, err := r.Plan(id)
	if err != nil {
		return store.TimelinePage{}, err
	}
	if err := validate(scope); err != nil {
		return store.TimelinePage{}, err
	}
	visible := a.where("SELECT 1 FROM ", a.db.tables.conversations, " AS c").and("id", bytesOf(id))
	if !visible.andMatches(scope.Predicate()) {
		return store.TimelinePage{}, &store.NotFoundError{ID: id}
	}
	timeline := a.timeline(id, plan)
	var (
		events []conversation.Event
		seqs   []uint64
	)
	err = a.db.try(ctx, "timeline", func() error {
		ok, err := found(ctx, a.db.prepared, visible)
		if err != nil {
			return err
		}
		if ok {
			events, seqs, err = a.events(ctx, timeline)
		}
		// Every conversation has events; one without was deleted in between.
		if err == nil && (!ok || len(events) == 0 && plan.After == nil) {
			err = settled{&store.NotFoundError{ID: id}}
		}
		return err
	})
	if err != nil {
		return store.TimelinePage{}, err
	}
	return plan.Page(events, func(i int) uint64 { return seqs[i] }), nil
}

// timeline returns the statement for a page of a timeline and one more event.
func (a *account) timeline(id conversation.ID, plan store.RangePlan) *statement {
	terms := []term{{column: "at", desc: plan.NewestFirst}, {column: "seq", desc: plan.NewestFirst}}
	s := a.where("SELECT seq, event FROM ", a.db.tables.events).and("conversation_id", bytesOf(id))
	if plan.After != nil {
		terms[0].after = filter.Value{Present: true, Num: plan.After.At}
		terms[1].after = filter.Value{Present: true, Num: int64(plan.After.Seq)}
		s.write(" AND ")
		s.behind(terms)
	}
	s.orderBy(terms)
	s.limit(plan.Limit + 1)
	return s
}

func (a *account) events(ctx context.Context, s *statement) (events []conversation.Event, seqs []uint64, err error) {
	rows, err := a.db.prepared.QueryContext(ctx, s.String(), s.values...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var (
			seq  uint64
			text sql.RawBytes
			e    conversation.Event
		)
		if err := rows.Scan(&seq, &text); err != nil {
			return nil, nil, err
		}
		if err := e.UnmarshalJSON(text); err != nil {
			return nil, nil, err
		}
		events, seqs = append(events, e), append(seqs, seq)
	}
	return events, seqs, rows.Err()
}
