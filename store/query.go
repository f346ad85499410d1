package store

import (
	"errors"
	"fmt"
	"slices"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
)

// The size of a page.
const (
	DefaultLimit = 50
	MaxLimit     = filter.MaxPageSize
)

// Query asks for a list of conversations. It is an immutable value; its methods
// return changed copies. What is wrong with a query is reported when it is used.
// The zero Query finds nothing, because its scope sees nothing.
type Query struct {
	scope access.Scope
	where filter.Conjunction
	order filter.Order
	limit int
	after string
}

// NewQuery returns the query for everything the scope sees, the latest message
// first, in pages of [DefaultLimit].
func NewQuery(scope access.Scope) Query {
	return Query{scope: scope, order: filter.Order{filter.LastMessageAt.Desc()}}
}

// Where asks only for conversations that also satisfy all of ps. Asking in several
// calls is asking in one.
func (q Query) Where(ps ...filter.Predicate) Query {
	q.where = slices.Concat(q.where, ps)
	return q
}

// OrderBy sorts by the keys instead of what was said before. No key sorts by
// number.
func (q Query) OrderBy(keys ...filter.SortKey) Query {
	q.order = append(filter.Order(nil), keys...)
	return q
}

// Limit sets the size of a page, 1 to [MaxLimit]; 0 is [DefaultLimit].
func (q Query) Limit(n int) Query {
	q.limit = n
	return q
}

// After goes on behind the page whose Next is cursor, or before the page whose Prev
// it is; an empty cursor starts at the first page. The predicate and the order must
// be those the cursor was made with, the scope and the limit need not be.
func (q Query) After(cursor string) Query {
	q.after = cursor
	return q
}

// Ask asks a question that came from outside: its condition besides what was asked
// for before, and its order, limit and place instead of those. What depends on who
// asks and when must be resolved, see [filter.Question.Resolve].
func (q Query) Ask(a filter.Question) Query {
	if a.Where != nil {
		q = q.Where(a.Where)
	}
	if a.Order != nil {
		q = q.OrderBy(a.Order...)
	}
	return q.Limit(a.Limit).After(a.Cursor)
}

// Plan is a query made ready for an adapter: checked, with its cursor read.
type Plan struct {
	Where filter.Predicate // the scope and what was asked, together
	Order filter.Order
	Limit int
	After *filter.Position // where to read on, and which way; nil for the first page

	asked filter.Predicate // without the scope: what a cursor belongs to
}

// Plan checks the query. What is wrong with it is [filter.ErrPredicate],
// [filter.ErrOrder], [filter.ErrCursor] or [ErrLimit]. Adapters call it first.
func (q Query) Plan() (Plan, error) {
	p := Plan{Where: filter.And(q.scope.Predicate(), q.where), Order: q.order, Limit: q.limit, asked: q.where}
	if q.limit == 0 {
		p.Limit = DefaultLimit
	}
	var limit error
	if p.Limit < 1 || p.Limit > MaxLimit {
		limit = fmt.Errorf("%w: %d is not in 1 to %d", ErrLimit, p.Limit, MaxLimit)
	}
	if err := errors.Join(filter.Validate(p.asked), filter.Validate(q.scope.Predicate()), q.order.Validate(), limit); err != nil {
		return Plan{}, fmt.Errorf("store: query: %w", err)
	}
	if q.after != "" {
		after, err := filter.ParseCursor(q.after, p.asked, q.order)
		if err != nil {
			return Plan{}, fmt.Errorf("store: query: %w", err)
		}
		p.After = &after
	}
	return p, nil
}

// back reports whether the rows before the plan's place are asked for.
func (p Plan) back() bool { return p.After != nil && p.After.Back }

// Reaches reports whether a conversation lies where the plan reads on.
func (p Plan) Reaches(c *conversation.Conversation) bool {
	return p.After == nil || p.Order.Reaches(*p.After, c)
}

// Compare orders two conversations as the plan comes to them: in its order, or
// against it on the way back.
func (p Plan) Compare(a, b *conversation.Conversation) int {
	if p.back() {
		return p.Order.Compare(b, a)
	}
	return p.Order.Compare(a, b)
}

// Page is a part of a list, in the order of the query.
//
// What its cursors lead to is looked up when they are used. Rows may be gone then,
// and a page may be empty; an empty page has no cursors.
type Page struct {
	Conversations []conversation.Conversation
	Next          string // the cursor of the following page; empty when this is the last one
	Prev          string // the cursor of the page before; empty when this is the first one
}

// Page returns the page of the rows an adapter found where the plan reads on, as
// it comes to them: one more than Limit, if there are so many.
func (p Plan) Page(rows []conversation.Conversation) Page {
	beyond := len(rows) > p.Limit // there is a row beyond the page, the way the plan reads
	rows = rows[:min(p.Limit, len(rows)):min(p.Limit, len(rows))]
	page := Page{Conversations: rows}
	if len(rows) == 0 {
		return page
	}
	if p.back() {
		slices.Reverse(rows)
	}
	if beyond || p.back() {
		page.Next = p.cursor(&rows[len(rows)-1], false)
	}
	if beyond && p.back() || p.After != nil && !p.back() {
		page.Prev = p.cursor(&rows[0], true)
	}
	return page
}

func (p Plan) cursor(c *conversation.Conversation, back bool) string {
	at := p.Order.PositionOf(c)
	at.Back = back
	return at.Cursor(p.asked, p.Order)
}
