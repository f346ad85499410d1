package memory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

// DB keeps the conversations of any number of accounts. It is safe for concurrent
// use. [New] makes one.
type DB struct {
	mu       sync.Mutex
	accounts map[store.Account]*account
}

// New returns an empty database.
func New() *DB { return &DB{accounts: map[store.Account]*account{}} }

// Account returns the store of an account, which is empty at first. An invalid
// account is [store.ErrAccount].
func (db *DB) Account(name store.Account) (store.Store, error) {
	if err := name.Validate(); err != nil {
		return nil, err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	a := db.accounts[name]
	if a == nil {
		a = &account{name: name, rows: map[conversation.ID]*row{}}
		db.accounts[name] = a
	}
	return a, nil
}

// account implements [store.Store].
type account struct {
	name store.Account

	mu     sync.RWMutex
	rows   map[conversation.ID]*row
	sorted []*row // by number; what is created together lies together in memory
	number int64  // the last one given
}

type row struct {
	value  conversation.Conversation // as saved: without its events
	start  conversation.EventID      // the event it began with
	events []event                   // in the order of the timeline
	known  map[conversation.EventID]struct{}
}

type event struct {
	conversation.Event
	seq uint64 // as which change of the conversation it was saved
}

func (e event) place() store.Place { return store.Place{At: e.At.UnixMilli(), Seq: e.seq} }

// add puts changes behind the base-th into the timeline.
func (r *row) add(base uint64, changes []conversation.Event) {
	for i, change := range changes {
		e := event{change, base + uint64(i) + 1}
		r.known[e.ID] = struct{}{}
		// Nearly always at the end. The new one has the greatest seq.
		at := len(r.events)
		for at > 0 && r.events[at-1].At.After(e.At) {
			at--
		}
		r.events = slices.Insert(r.events, at, e)
	}
}

func (a *account) Account() store.Account { return a.name }

func (a *account) Create(ctx context.Context, cs ...conversation.Conversation) ([]conversation.Conversation, error) {
	for i := range cs {
		if cs[i].IsZero() || cs[i].Base() != 0 {
			return nil, fmt.Errorf("memory: create: %w: %s is at version %d", store.ErrBase, cs[i].ID(), cs[i].Base())
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := done(ctx); err != nil {
		return nil, err
	}
	// Nothing is kept before everything is known to be right.
	fresh := make(map[conversation.ID]*row, len(cs))
	var sorted []*row
	number := a.number
	stored := make([]conversation.Conversation, len(cs))
	for i, c := range cs {
		changes := c.Changes() // never empty, and the start is first
		r := cmp.Or(fresh[c.ID()], a.rows[c.ID()])
		switch {
		case r == nil:
			number++
			r = &row{value: c.Saved(number), start: changes[0].ID, known: make(map[conversation.EventID]struct{}, len(changes))}
			r.add(0, changes)
			fresh[c.ID()] = r
			sorted = append(sorted, r)
		case r.start != changes[0].ID:
			return nil, &store.ExistsError{ID: c.ID()}
		}
		stored[i] = r.value
	}
	a.number = number
	a.sorted = append(a.sorted, sorted...)
	maps.Copy(a.rows, fresh)
	return stored, nil
}

func (a *account) Get(ctx context.Context, scope access.Scope, id conversation.ID) (conversation.Conversation, error) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	r, err := a.find(ctx, scope, id)
	if err != nil {
		return conversation.Conversation{}, err
	}
	return r.value, nil
}

// find returns the row of a conversation within a scope.
func (a *account) find(ctx context.Context, scope access.Scope, id conversation.ID) (*row, error) {
	if err := done(ctx); err != nil {
		return nil, err
	}
	if err := filter.Validate(scope.Predicate()); err != nil {
		return nil, fmt.Errorf("memory: scope: %w", err)
	}
	r := a.rows[id]
	if r == nil || !scope.Sees(&r.value) {
		return nil, &store.NotFoundError{ID: id}
	}
	return r, nil
}

func (a *account) Save(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
	changes := c.Changes()
	switch {
	case c.Base() == 0:
		return conversation.Conversation{}, fmt.Errorf("memory: save: %w: %s is new", store.ErrBase, c.ID())
	case len(changes) == 0:
		return c, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := done(ctx); err != nil {
		return conversation.Conversation{}, err
	}
	r := a.rows[c.ID()]
	switch {
	case r == nil:
		return conversation.Conversation{}, &store.NotFoundError{ID: c.ID()}
	case r.value.Version() != c.Base() || r.value.Number() != c.Number():
		return conversation.Conversation{}, &store.ConflictError{ID: c.ID(), Base: c.Base()}
	}
	for _, e := range changes {
		if _, ok := r.known[e.ID]; ok {
			return conversation.Conversation{}, &store.RepeatedError{ID: c.ID()}
		}
	}
	r.add(c.Base(), changes)
	r.value = c.Saved(r.value.Number())
	return r.value, nil
}

func (a *account) List(ctx context.Context, q store.Query) (store.Page, error) {
	plan, err := q.Plan()
	if err != nil {
		return store.Page{}, err
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	first := firstRows{compare: plan.Compare, n: plan.Limit + 1}
	for r, err := range a.all(ctx) {
		switch {
		case err != nil:
			return store.Page{}, err
		case !plan.Where.Match(&r.value) || !plan.Reaches(&r.value):
		default:
			first.add(&r.value)
		}
	}
	return plan.Page(first.sorted()), nil
}

func (a *account) Count(ctx context.Context, q store.Query, most int) (store.Count, error) {
	plan, err := q.Plan()
	if err != nil {
		return store.Count{}, err
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	n := 0
	for r, err := range a.all(ctx) {
		switch {
		case err != nil:
			return store.Count{}, err
		case !plan.Where.Match(&r.value):
		case most > 0 && n == most:
			return store.Count{N: n, More: true}, nil
		default:
			n++
		}
	}
	return store.Count{N: n}, nil
}

func (a *account) Timeline(ctx context.Context, scope access.Scope, id conversation.ID, r store.Range) (store.TimelinePage, error) {
	plan, err := r.Plan(id)
	if err != nil {
		return store.TimelinePage{}, err
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	found, err := a.find(ctx, scope, id)
	if err != nil {
		return store.TimelinePage{}, err
	}
	part := found.behind(plan)
	events := make([]conversation.Event, len(part))
	for i, e := range part {
		events[i] = e.Event
	}
	return plan.Page(events, func(i int) uint64 { return part[i].seq }), nil
}

// behind returns the events behind the plan's place, in its direction: one more
// than its limit, if there are so many.
func (r *row) behind(plan store.RangePlan) []event {
	events := r.events
	if plan.After != nil {
		at, found := slices.BinarySearchFunc(events, *plan.After, func(e event, p store.Place) int {
			q := e.place()
			return cmp.Or(cmp.Compare(q.At, p.At), cmp.Compare(q.Seq, p.Seq))
		})
		switch {
		case plan.NewestFirst:
			events = events[:at]
		case found:
			events = events[at+1:]
		default:
			events = events[at:]
		}
	}
	n := min(plan.Limit+1, len(events))
	if !plan.NewestFirst {
		return events[:n]
	}
	events = slices.Clone(events[len(events)-n:])
	slices.Reverse(events)
	return events
}

// batch is how many conversations are deleted while the lock is held.
const batch = 500

func (a *account) DeleteOpenChannel(ctx context.Context, id conversation.OpenChannelID) (store.Deleted, error) {
	var deleted store.Deleted
	for {
		more, err := a.deleteBatch(ctx, id, &deleted)
		if err != nil || !more {
			return deleted, err
		}
	}
}

// deleteBatch deletes some of the conversations in an open channel and reports
// whether there are more.
func (a *account) deleteBatch(ctx context.Context, channel conversation.OpenChannelID, deleted *store.Deleted) (more bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var gone []*row
	for r, err := range a.all(ctx) {
		if err != nil {
			return false, err
		}
		if r.value.OpenChannel().ID != channel {
			continue
		}
		if more = len(gone) == batch; more {
			break
		}
		gone = append(gone, r)
	}
	for _, r := range gone {
		deleted.Conversations++
		deleted.Events += len(r.events)
		delete(a.rows, r.value.ID())
	}
	a.sorted = slices.DeleteFunc(a.sorted, func(r *row) bool {
		if len(gone) == 0 || gone[0] != r { // both are sorted by number
			return false
		}
		gone = gone[1:]
		return true
	})
	return more, nil
}
