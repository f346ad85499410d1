package sqlstore

import (
	"context"
	"math"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/store"
)

func (a *account) List(ctx context.Context, q store.Query) (store.Page, error) {
	plan, err := q.Plan()
	if err != nil {
		return store.Page{}, err
	}
	parts := a.parts(plan)
	var rows []conversation.Conversation
	err = a.db.try(ctx, "list", func() error {
		rows = make([]conversation.Conversation, 0, plan.Limit+1)
		before := map[conversation.ID]struct{}{} // of the part before
		for _, part := range parts {
			for i := range rows {
				before[rows[i].ID()] = struct{}{}
			}
			for c, err := range a.db.find(ctx, a.db.prepared, part) {
				if err != nil {
					return err
				}
				if _, moved := before[c.ID()]; moved {
					continue
				}
				if rows = append(rows, c); len(rows) > plan.Limit {
					return nil
				}
			}
		}
		return nil
	})
	if err != nil {
		return store.Page{}, err
	}
	return plan.Page(rows), nil
}

// parts returns the statements that give a page and one more row; one is needed
// only when those before it give too few.
func (a *account) parts(plan store.Plan) (statements []*statement) {
	for _, p := range partsOf(plan.Order, plan.After) {
		s := a.where(a.db.tables.selectRows)
		s.absent = p.absent
		if !s.andMatches(plan.Where) {
			continue
		}
		if p.lead != "" {
			s.write(" AND ", p.lead)
		}
		if p.behind {
			s.write(" AND ")
			s.behind(p.terms)
		}
		s.orderBy(p.terms)
		s.limit(plan.Limit + 1)
		statements = append(statements, s)
	}
	return statements
}

func (a *account) Count(ctx context.Context, q store.Query, most int) (store.Count, error) {
	plan, err := q.Plan()
	if err != nil {
		return store.Count{}, err
	}
	s := a.where("SELECT COUNT(*) FROM (SELECT 1 FROM ", a.db.tables.conversations, " AS c")
	if !s.andMatches(plan.Where) {
		return store.Count{}, nil
	}
	if most > 0 && most < math.MaxInt {
		s.limit(most + 1)
	}
	s.write(") AS found")
	var n int64
	err = a.db.try(ctx, "count", func() (err error) {
		n, err = number(ctx, a.db.prepared, s)
		return err
	})
	switch {
	case err != nil:
		return store.Count{}, err
	case most > 0 && n > int64(most):
		return store.Count{N: most, More: true}, nil
	default:
		return store.Count{N: int(n)}, nil
	}
}
