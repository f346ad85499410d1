package storetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
	"github.com/colloquy-go/colloquy/store/memory"
)

// fault is a way in which an adapter is wrong, and the rules that have to notice.
type fault struct {
	name      string
	in        func(*memory.DB) func(store.Account) (store.Store, error)
	noticedBy []string
}

// everyStore makes a fault of the stores of a database.
func everyStore(wrap func(store.Store) store.Store) func(*memory.DB) func(store.Account) (store.Store, error) {
	return func(db *memory.DB) func(store.Account) (store.Store, error) {
		var mu sync.Mutex
		stores := map[store.Account]store.Store{} // a fault may remember something
		return func(name store.Account) (store.Store, error) {
			mu.Lock()
			defer mu.Unlock()
			if st := stores[name]; st != nil {
				return st, nil
			}
			st, err := db.Account(name)
			if err != nil {
				return nil, err
			}
			stores[name] = wrap(st)
			return stores[name], nil
		}
	}
}

// faulty is a sound store but for the methods that are replaced.
type faulty struct {
	store.Store
	create   func(context.Context, []row) ([]row, error)
	get      func(context.Context, access.Scope, conversation.ID) (row, error)
	save     func(context.Context, row) (row, error)
	list     func(context.Context, store.Query) (store.Page, error)
	count    func(context.Context, store.Query, int) (store.Count, error)
	timeline func(context.Context, access.Scope, conversation.ID, store.Range) (store.TimelinePage, error)
	drop     func(context.Context, conversation.OpenChannelID) (store.Deleted, error)
	account  store.Account
}

func (f *faulty) Account() store.Account { return cmp.Or(f.account, f.Store.Account()) }

func (f *faulty) Create(ctx context.Context, cs ...row) ([]row, error) {
	if f.create != nil {
		return f.create(ctx, cs)
	}
	return f.Store.Create(ctx, cs...)
}

func (f *faulty) Get(ctx context.Context, scope access.Scope, id conversation.ID) (row, error) {
	if f.get != nil {
		return f.get(ctx, scope, id)
	}
	return f.Store.Get(ctx, scope, id)
}

func (f *faulty) Save(ctx context.Context, c row) (row, error) {
	if f.save != nil {
		return f.save(ctx, c)
	}
	return f.Store.Save(ctx, c)
}

func (f *faulty) List(ctx context.Context, q store.Query) (store.Page, error) {
	if f.list != nil {
		return f.list(ctx, q)
	}
	return f.Store.List(ctx, q)
}

func (f *faulty) Count(ctx context.Context, q store.Query, most int) (store.Count, error) {
	if f.count != nil {
		return f.count(ctx, q, most)
	}
	return f.Store.Count(ctx, q, most)
}

func (f *faulty) Timeline(ctx context.Context, scope access.Scope, id conversation.ID, r store.Range) (store.TimelinePage, error) {
	if f.timeline != nil {
		return f.timeline(ctx, scope, id, r)
	}
	return f.Store.Timeline(ctx, scope, id, r)
}

func (f *faulty) DeleteOpenChannel(ctx context.Context, id conversation.OpenChannelID) (store.Deleted, error) {
	if f.drop != nil {
		return f.drop(ctx, id)
	}
	return f.Store.DeleteOpenChannel(ctx, id)
}

// with makes a fault of some methods.
func with(replace func(st store.Store, f *faulty)) func(*memory.DB) func(store.Account) (store.Store, error) {
	return everyStore(func(st store.Store) store.Store {
		f := &faulty{Store: st}
		replace(st, f)
		return f
	})
}

// renumbered makes a fault of numbers: every one that goes out is another.
func renumbered(other func(n int64) int64, replace func(st store.Store, f *faulty)) func(*memory.DB) func(store.Account) (store.Store, error) {
	return with(func(st store.Store, f *faulty) {
		out := func(v row) row { return v.Saved(other(v.Number())) }
		f.create = func(ctx context.Context, cs []row) ([]row, error) {
			stored, err := st.Create(ctx, cs...)
			for i, v := range stored {
				stored[i] = out(v)
			}
			return stored, err
		}
		if replace != nil {
			replace(st, f)
		}
	})
}

var system = access.System()

// all returns every row of a store.
func all(ctx context.Context, st store.Store) ([]row, error) {
	var rows []row
	for v, err := range store.All(ctx, st, everything().Limit(store.MaxLimit)) {
		if err != nil {
			return nil, err
		}
		rows = append(rows, v)
	}
	return rows, nil
}

// lister answers queries as a sound store does, but for what is replaced.
type lister struct {
	st      store.Store
	where   func(store.Plan) filter.Predicate
	compare func(store.Plan, *row, *row) int
	leaf    func(filter.Condition, *row) bool
	not     func(filter.Predicate, *row) bool // instead of Match of a negation
	offset  bool                              // goes on by how many rows there were
	places  map[string]int

	fromStart bool // the page before is the first one
}

func relisted(replace func(*lister)) func(store.Store) store.Store {
	return func(st store.Store) store.Store {
		l := &lister{
			st:      st,
			where:   func(p store.Plan) filter.Predicate { return p.Where },
			compare: func(p store.Plan, a, b *row) int { return p.Order.Compare(a, b) },
			leaf:    func(p filter.Condition, v *row) bool { return p.Match(v) },
			places:  map[string]int{},
		}
		l.not = func(p filter.Predicate, v *row) bool { return !l.match(p, v) }
		replace(l)
		return &faulty{Store: st, list: l.list, count: l.count}
	}
}

func (l *lister) match(p filter.Predicate, v *row) bool {
	switch p := p.(type) {
	case filter.Conjunction:
		return !slices.ContainsFunc(p, func(q filter.Predicate) bool { return !l.match(q, v) })
	case filter.Disjunction:
		return slices.ContainsFunc(p, func(q filter.Predicate) bool { return l.match(q, v) })
	case filter.Negation:
		return l.not(p.Predicate, v)
	case filter.Condition:
		return l.leaf(p, v)
	default:
		panic(fmt.Sprintf("a predicate is a %T", p))
	}
}

func (l *lister) rows(ctx context.Context, plan store.Plan) ([]row, error) {
	rows, err := all(ctx, l.st)
	if err != nil {
		return nil, err
	}
	where := l.where(plan)
	rows = slices.DeleteFunc(rows, func(v row) bool { return !l.match(where, &v) })
	slices.SortStableFunc(rows, func(a, b row) int { return l.compare(plan, &a, &b) })
	return rows, nil
}

func (l *lister) list(ctx context.Context, q store.Query) (store.Page, error) {
	plan, err := q.Plan()
	if err != nil {
		return store.Page{}, err
	}
	rows, err := l.rows(ctx, plan)
	if err != nil {
		return store.Page{}, err
	}
	from := 0
	if plan.After != nil {
		at := *plan.After
		at.Back = false
		after := fmt.Sprint(at)
		from = 1 + slices.IndexFunc(rows, func(v row) bool { return fmt.Sprint(plan.Order.PositionOf(&v)) == after })
		if plan.After.Back {
			before := slices.Clone(rows[:max(0, from-1)])
			if l.fromStart {
				before = before[:min(len(before), plan.Limit+1)]
			}
			slices.Reverse(before)
			return plan.Page(before[:min(len(before), plan.Limit+1)]), nil
		}
		if l.offset {
			from = min(l.places[after], len(rows))
		}
	}
	page := plan.Page(rows[from:min(len(rows), from+plan.Limit+1)])
	if n := len(page.Conversations); page.Next != "" {
		l.places[fmt.Sprint(plan.Order.PositionOf(&page.Conversations[n-1]))] = from + n
	}
	return page, nil
}

func (l *lister) count(ctx context.Context, q store.Query, most int) (store.Count, error) {
	plan, err := q.Plan()
	if err != nil {
		return store.Count{}, err
	}
	rows, err := l.rows(ctx, plan)
	if most > 0 && len(rows) > most {
		return store.Count{N: most, More: true}, err
	}
	return store.Count{N: len(rows)}, err
}

// threeValued is what SQL makes of Not when a value is absent.
func threeValued(p filter.Predicate, v *row) bool {
	if c, ok := p.(filter.Condition); ok && c.Op() != filter.Present && c.Field().Sortable() && !c.Field().ValueOf(v).Present {
		return false
	}
	return !p.Match(v)
}

// raw returns a text that is not folded.
func raw(f filter.Field, v *row) string {
	s := v.Snapshot()
	switch f {
	case filter.Customer.Field:
		return s.Customer
	case filter.OpenChannel.Field:
		return s.OpenChannel
	case filter.SitePage.Field:
		return s.SitePage
	default:
		return s.Review.Comment
	}
}

// like is what SQL makes of a text whose wildcards are not escaped: of % alone.
func like(s, pattern string) bool {
	for part := range strings.SplitSeq(pattern, "%") {
		_, rest, ok := strings.Cut(s, part)
		if !ok {
			return false
		}
		s = rest
	}
	return true
}

// beforeAbsent puts absent values first.
func beforeAbsent(plan store.Plan, a, b *row) int {
	for _, k := range plan.Order {
		v, w := k.Field.ValueOf(a), k.Field.ValueOf(b)
		if v.Present != w.Present {
			if v.Present {
				return 1
			}
			return -1
		}
		if d := (filter.Order{k}).ComparePositions(
			filter.Position{Values: []filter.Value{v}}, filter.Position{Values: []filter.Value{w}}); d != 0 {
			return d
		}
	}
	return (filter.Order{{Field: filter.ConversationNumber.Field, Descending: plan.Order.Descending()}}).Compare(a, b)
}

// utf16 compares texts by the units of UTF-16, as some databases do.
func utf16Order(plan store.Plan, a, b *row) int {
	units := func(v *row) []rune {
		rs := []rune(filter.Fold(v.Customer().Name))
		for i, r := range rs {
			if r > 0xffff {
				rs[i] = 0xd800 // a surrogate comes before U+E000
			}
		}
		return rs
	}
	if len(plan.Order) != 1 || plan.Order[0].Field != filter.Customer.Field {
		return plan.Order.Compare(a, b)
	}
	d := slices.Compare(units(a), units(b))
	if plan.Order.Descending() {
		d = -d
	}
	return cmp.Or(d, plan.Order.Compare(a, b))
}

// ordered makes a fault of the order that a list is asked in.
func ordered(other func(filter.Order) filter.Order) func(*memory.DB) func(store.Account) (store.Store, error) {
	return with(func(st store.Store, f *faulty) {
		f.list = func(ctx context.Context, q store.Query) (store.Page, error) {
			if plan, err := q.Plan(); err == nil {
				q = q.OrderBy(other(plan.Order)...)
			}
			return st.List(ctx, q)
		}
	})
}

// mistaken makes a fault of what a method returns for an error.
func mistaken(kind error, instead func(st store.Store, f *faulty)) func(*memory.DB) func(store.Account) (store.Store, error) {
	return with(func(st store.Store, f *faulty) {
		var g faulty
		instead(st, &g)
		if g.create != nil {
			f.create = func(ctx context.Context, cs []row) ([]row, error) {
				stored, err := st.Create(ctx, cs...)
				if errors.Is(err, kind) {
					return g.create(ctx, cs)
				}
				return stored, err
			}
		}
		if g.get != nil {
			f.get = func(ctx context.Context, scope access.Scope, id conversation.ID) (row, error) {
				v, err := st.Get(ctx, scope, id)
				if errors.Is(err, kind) {
					return g.get(ctx, scope, id)
				}
				return v, err
			}
		}
		if g.save != nil {
			f.save = func(ctx context.Context, c row) (row, error) {
				v, err := st.Save(ctx, c)
				if errors.Is(err, kind) {
					return g.save(ctx, c)
				}
				return v, err
			}
		}
		if g.list != nil {
			f.list = func(ctx context.Context, q store.Query) (store.Page, error) {
				page, err := st.List(ctx, q)
				if errors.Is(err, kind) {
					return g.list(ctx, q)
				}
				return page, err
			}
		}
		if g.timeline != nil {
			f.timeline = func(ctx context.Context, scope access.Scope, id conversation.ID, r store.Range) (store.TimelinePage, error) {
				page, err := st.Timeline(ctx, scope, id, r)
				if errors.Is(err, kind) {
					return g.timeline(ctx, scope, id, r)
				}
				return page, err
			}
		}
	})
}

var errUntyped = errors.New("something went wrong")

var faults = []fault{
	{
		"Create loses the last event",
		with(func(st store.Store, f *faulty) {
			f.create = func(ctx context.Context, cs []row) ([]row, error) {
				for i, c := range cs {
					if changes := c.Changes(); len(changes) > 1 {
						cs[i] = rebuilt(changes[:len(changes)-1])
					}
				}
				return st.Create(ctx, cs...)
			}
		}),
		[]string{"Create/returns what is stored", "List/returns the rows as they are stored"},
	},
	{
		"Create returns the rows in another order",
		with(func(st store.Store, f *faulty) {
			f.create = func(ctx context.Context, cs []row) ([]row, error) {
				stored, err := st.Create(ctx, cs...)
				slices.Reverse(stored)
				return stored, err
			}
		}),
		[]string{"Create/returns what is stored", "Create/gives numbers in a row"},
	},
	{
		"numbers have gaps",
		renumbered(func(n int64) int64 { return 2 * n }, nil),
		[]string{"Create/gives numbers in a row", "Create/gives parallel calls numbers in a row", "Create/takes none and many"},
	},
	{
		"two conversations get one number",
		renumbered(func(n int64) int64 { return (n + 1) / 2 }, nil),
		[]string{"Create/gives numbers in a row", "Create/gives parallel calls numbers in a row"},
	},
	func() fault {
		var wasted int64
		return fault{
			"a creation that fails uses numbers up",
			renumbered(func(n int64) int64 { return n + wasted }, func(_ store.Store, f *faulty) {
				create := f.create
				f.create = func(ctx context.Context, cs []row) ([]row, error) {
					stored, err := create(ctx, cs)
					if err != nil {
						wasted++
					}
					return stored, err
				}
			}),
			[]string{"Create/gives no number to what it does not store"},
		}
	}(),
	func() fault {
		var deleted int64
		return fault{
			"numbers of deleted conversations are used again",
			renumbered(func(n int64) int64 { return n - deleted }, func(st store.Store, f *faulty) {
				f.drop = func(ctx context.Context, id conversation.OpenChannelID) (store.Deleted, error) {
					d, err := st.DeleteOpenChannel(ctx, id)
					deleted += int64(d.Conversations)
					return d, err
				}
			}),
			[]string{"DeleteOpenChannel/gives no number again"},
		}
	}(),
	{
		"creating again changes what is there",
		with(func(st store.Store, f *faulty) {
			seen := map[conversation.ID]bool{}
			f.create = func(ctx context.Context, cs []row) ([]row, error) {
				stored, err := st.Create(ctx, cs...)
				for i, v := range stored {
					if again := cs[i].Changes(); seen[v.ID()] && len(again) > 1 {
						stored[i], err = store.Update(ctx, st, system, v.ID(), applying(again[len(again)-1]))
					}
					seen[v.ID()] = true
				}
				return stored, err
			}
		}),
		[]string{"Create/twice is once", "Create/twice in one call is once"},
	},
	func() fault {
		return fault{
			"creating again is an error",
			with(func(st store.Store, f *faulty) {
				var mu sync.Mutex
				created := map[conversation.ID]bool{}
				f.create = func(ctx context.Context, cs []row) ([]row, error) {
					mu.Lock()
					defer mu.Unlock()
					for _, c := range cs {
						if created[c.ID()] {
							return nil, &store.ExistsError{ID: c.ID()}
						}
						created[c.ID()] = true
					}
					return st.Create(ctx, cs...)
				}
			}),
			[]string{
				"Create/twice is once", "Create/twice in one call is once", "Create/twice at once is once",
				"DeleteOpenChannel/lets conversations be created anew",
			},
		}
	}(),
	{
		"Create stores what comes before the one that exists",
		with(func(st store.Store, f *faulty) {
			f.create = func(ctx context.Context, cs []row) ([]row, error) {
				var stored []row
				for _, c := range cs {
					one, err := st.Create(ctx, c)
					if err != nil {
						return nil, err
					}
					stored = append(stored, one...)
				}
				return stored, nil
			}
		}),
		[]string{
			"Create/refuses an id that is taken", "Create/refuses what is not new", "Create/twice in one call is once",
			"Create/gives no number to what it does not store",
		},
	},
	{
		"Create overlooks that an id is taken",
		mistaken(store.ErrExists, func(st store.Store, f *faulty) {
			f.create = func(ctx context.Context, cs []row) ([]row, error) {
				v, err := st.Get(ctx, system, cs[1].ID())
				return []row{v, v, v}, err
			}
		}),
		[]string{"Create/refuses an id that is taken"},
	},
	{
		"Create takes what is stored already",
		mistaken(store.ErrBase, func(_ store.Store, f *faulty) {
			f.create = func(_ context.Context, cs []row) ([]row, error) { return cs, nil }
		}),
		[]string{"Create/refuses what is not new"},
	},
	{
		"Create takes at most a thousand",
		with(func(st store.Store, f *faulty) {
			f.create = func(ctx context.Context, cs []row) ([]row, error) {
				if len(cs) > 1000 {
					return nil, errUntyped
				}
				return st.Create(ctx, cs...)
			}
		}),
		[]string{"Create/takes none and many"},
	},
	{
		"Get returns nothing instead of an error",
		mistaken(store.ErrNotFound, func(_ store.Store, f *faulty) {
			f.get = func(context.Context, access.Scope, conversation.ID) (row, error) { return row{}, nil }
		}),
		[]string{"Get/does not find what is not there", "Scope/that is zero sees nothing", "Scope/limits every read"},
	},
	{
		"Get does not say what it has not found",
		mistaken(store.ErrNotFound, func(_ store.Store, f *faulty) {
			f.get = func(context.Context, access.Scope, conversation.ID) (row, error) { return row{}, store.ErrNotFound }
		}),
		[]string{"Get/does not find what is not there"},
	},
	{
		"Save loses an event",
		with(func(st store.Store, f *faulty) {
			f.save = func(ctx context.Context, c row) (row, error) {
				if changes := c.Changes(); len(changes) > 1 {
					v, err := st.Get(ctx, system, c.ID())
					if err != nil {
						return row{}, err
					}
					for _, e := range changes[1:] {
						if v, err = v.Apply(e); err != nil {
							return row{}, err
						}
					}
					c = v
				}
				return st.Save(ctx, c)
			}
		}),
		[]string{"Save/stores the changes", "List/returns the rows as they are stored"},
	},
	{
		"Save gives a new number",
		with(func(st store.Store, f *faulty) {
			f.save = func(ctx context.Context, c row) (row, error) {
				v, err := st.Save(ctx, c)
				return v.Saved(v.Number() + 1), err
			}
		}),
		[]string{"Save/stores the changes"},
	},
	{
		"Save does not compare versions",
		mistaken(store.ErrConflict, func(st store.Store, f *faulty) {
			f.save = func(ctx context.Context, c row) (row, error) {
				return store.Update(ctx, st, system, c.ID(), func(v row) (row, error) {
					var err error
					for _, e := range c.Changes() {
						if v, err = v.Apply(e); err != nil {
							return row{}, err
						}
					}
					return v, nil
				})
			}
		}),
		[]string{"Save/lets one writer win", "Save/lets one of many writers at once win"},
	},
	{
		"Save compares versions alone",
		mistaken(store.ErrConflict, func(st store.Store, f *faulty) {
			f.save = func(ctx context.Context, c row) (row, error) {
				v, err := st.Get(ctx, system, c.ID())
				if err != nil || v.Version() != c.Base() {
					return row{}, &store.ConflictError{ID: c.ID(), Base: c.Base()}
				}
				for _, e := range c.Changes() {
					if v, err = v.Apply(e); err != nil {
						return row{}, err
					}
				}
				return st.Save(ctx, v)
			}
		}),
		[]string{"Save/does not change what was created anew"},
	},
	{
		"Save says of another version that the conversation is not found",
		mistaken(store.ErrConflict, func(_ store.Store, f *faulty) {
			f.save = func(_ context.Context, c row) (row, error) { return row{}, &store.NotFoundError{ID: c.ID()} }
		}),
		[]string{"Save/lets one writer win", "Save/lets one of many writers at once win"},
	},
	{
		"Save overlooks a repeated event",
		mistaken(store.ErrRepeated, func(st store.Store, f *faulty) {
			f.save = func(ctx context.Context, c row) (row, error) { return st.Get(ctx, system, c.ID()) }
		}),
		[]string{"Save/refuses a repeated event"},
	},
	{
		"Save stores a repeated event again",
		mistaken(store.ErrRepeated, func(st store.Store, f *faulty) {
			f.save = func(ctx context.Context, c row) (row, error) {
				v, err := st.Get(ctx, system, c.ID())
				if err != nil {
					return row{}, err
				}
				for _, e := range c.Changes() {
					e.ID = conversation.DeriveEventID("again", e.ID.String())
					if v, err = v.Apply(e); err != nil {
						return row{}, err
					}
				}
				return st.Save(ctx, v)
			}
		}),
		[]string{"Save/refuses a repeated event", "Update/has no effect by a repeated event"},
	},
	{
		"event ids are unique in the account",
		with(func(st store.Store, f *faulty) {
			seen := map[conversation.EventID]conversation.ID{}
			f.save = func(ctx context.Context, c row) (row, error) {
				for _, e := range c.Changes() {
					if owner, ok := seen[e.ID]; ok && owner != c.ID() {
						return row{}, &store.RepeatedError{ID: c.ID()}
					}
					seen[e.ID] = c.ID()
				}
				return st.Save(ctx, c)
			}
		}),
		[]string{"Save/keeps event ids apart by conversation"},
	},
	{
		"Save without changes compares versions",
		with(func(st store.Store, f *faulty) {
			f.save = func(ctx context.Context, c row) (row, error) {
				if v, err := st.Get(ctx, system, c.ID()); err == nil && v.Version() != c.Base() {
					return row{}, &store.ConflictError{ID: c.ID(), Base: c.Base()}
				}
				return st.Save(ctx, c)
			}
		}),
		[]string{"Save/returns what has no changes"},
	},
	{
		"Save creates what is new",
		mistaken(store.ErrBase, func(st store.Store, f *faulty) {
			f.save = func(ctx context.Context, c row) (row, error) {
				stored, err := st.Create(ctx, c)
				if err != nil {
					return row{}, err
				}
				return stored[0], nil
			}
		}),
		[]string{"Save/refuses a new conversation"},
	},
	{
		"Save says of what is gone that it has changed",
		mistaken(store.ErrNotFound, func(_ store.Store, f *faulty) {
			f.save = func(_ context.Context, c row) (row, error) {
				return row{}, &store.ConflictError{ID: c.ID(), Base: c.Base()}
			}
		}),
		[]string{"Save/does not find what is gone", "Account/never meets another"},
	},
	{
		"late events are stored as if they had happened at last",
		with(func(st store.Store, f *faulty) {
			f.save = func(ctx context.Context, c row) (row, error) {
				v, err := st.Get(ctx, system, c.ID())
				if err != nil {
					return row{}, err
				}
				for _, e := range c.Changes() {
					if e.At.Before(v.ModifiedAt()) {
						e.At = v.ModifiedAt()
					}
					if v, err = v.Apply(e); err != nil {
						return row{}, err
					}
				}
				return st.Save(ctx, v)
			}
		}),
		[]string{"Update/puts a late event where it belongs", "Timeline/puts late events where they belong"},
	},
	{
		"every third change is acknowledged and lost",
		with(func(st store.Store, f *faulty) {
			var mu sync.Mutex
			saves := 0
			f.save = func(ctx context.Context, c row) (row, error) {
				mu.Lock()
				saves++
				lost := saves%3 == 0
				mu.Unlock()
				if lost {
					return c.Saved(c.Number()), nil
				}
				return st.Save(ctx, c)
			}
		}),
		[]string{
			"Update/loses nothing when many write at once", "Update/changes different conversations at once", "Save/stores the changes",
		},
	},
	{
		"Get answers from a cache and Save overlooks conflicts",
		with(func(st store.Store, f *faulty) {
			var mu sync.Mutex
			cache := map[conversation.ID]row{}
			f.get = func(ctx context.Context, scope access.Scope, id conversation.ID) (row, error) {
				mu.Lock()
				defer mu.Unlock()
				v, ok := cache[id]
				if !ok {
					var err error
					if v, err = st.Get(ctx, scope, id); err != nil {
						return row{}, err
					}
					cache[id] = v
				}
				return v, nil
			}
			f.save = func(ctx context.Context, c row) (row, error) {
				v, err := st.Save(ctx, c)
				if errors.Is(err, store.ErrConflict) {
					return c.Saved(c.Number()), nil
				}
				return v, err
			}
		}),
		[]string{
			"Update/lets one agent accept", "Update/loses nothing when many write at once", "Update/changes different conversations at once",
			"Scope/limits every read",
		},
	},
	{
		"a column is not stored",
		with(func(st store.Store, f *faulty) {
			f.list = func(ctx context.Context, q store.Query) (store.Page, error) {
				page, err := st.List(ctx, q)
				for i, v := range page.Conversations {
					s := v.Snapshot()
					s.SitePage = ""
					if v, err = conversation.FromSnapshot(s); err != nil {
						return store.Page{}, err
					}
					page.Conversations[i] = v
				}
				return page, err
			}
		}),
		[]string{"List/returns the rows as they are stored"},
	},
	{
		"long texts are cut",
		with(func(st store.Store, f *faulty) {
			f.create = func(ctx context.Context, cs []row) ([]row, error) {
				for i, c := range cs {
					events := c.Changes()
					for j, e := range events {
						if b, ok := e.Body.(conversation.Wrote); ok && len(b.Text) > 65532 {
							events[j].Body = conversation.Wrote{Text: b.Text[:65532]}
							cs[i] = rebuilt(events)
						}
					}
				}
				return st.Create(ctx, cs...)
			}
		}),
		[]string{"Get/returns the longest values"},
	},
	{
		"a long value cannot be gone on behind",
		with(func(st store.Store, f *faulty) {
			f.list = func(ctx context.Context, q store.Query) (store.Page, error) {
				if plan, err := q.Plan(); err == nil && plan.After != nil && len(fmt.Sprint(*plan.After)) > 4000 {
					return store.Page{}, filter.ErrCursor
				}
				return st.List(ctx, q)
			}
		}),
		[]string{"Get/returns the longest values"},
	},
	{
		"a list is handed out from a cache",
		with(func(st store.Store, f *faulty) {
			var page store.Page
			f.list = func(ctx context.Context, q store.Query) (store.Page, error) {
				var err error
				if page.Conversations == nil {
					page, err = st.List(ctx, q)
				}
				return page, err
			}
		}),
		[]string{"List/hands out what belongs to the caller"},
	},
	{
		"a page lacks its last row",
		with(func(st store.Store, f *faulty) {
			f.list = func(ctx context.Context, q store.Query) (store.Page, error) {
				page, err := st.List(ctx, q)
				if page.Next != "" {
					page.Conversations = page.Conversations[:len(page.Conversations)-1]
				}
				return page, err
			}
		}),
		[]string{
			"List/gives pages of every size", "List/sorts by every field", "List/goes on while rows move", "List/takes the cursor with another limit",
			"List/refuses a limit out of range",
		},
	},
	{
		"a full page has a next one without need",
		with(func(st store.Store, f *faulty) {
			f.list = func(ctx context.Context, q store.Query) (store.Page, error) {
				plan, err := q.Plan()
				if err != nil {
					return store.Page{}, err
				}
				page, err := st.List(ctx, q)
				if n := len(page.Conversations); page.Next == "" && n == plan.Limit {
					page = plan.Page(append(page.Conversations, page.Conversations[n-1]))
				}
				return page, err
			}
		}),
		[]string{"List/gives pages of every size"},
	},
	{
		"a limit out of range is cut",
		mistaken(store.ErrLimit, func(st store.Store, f *faulty) {
			f.list = func(ctx context.Context, q store.Query) (store.Page, error) {
				return st.List(ctx, q.Limit(store.MaxLimit))
			}
			f.timeline = func(ctx context.Context, scope access.Scope, id conversation.ID, r store.Range) (store.TimelinePage, error) {
				r.Limit = store.MaxLimit
				return st.Timeline(ctx, scope, id, r)
			}
		}),
		[]string{"List/refuses a limit out of range", "Timeline/refuses a limit out of range"},
	},
	{
		"the order is not looked at",
		ordered(func(filter.Order) filter.Order { return nil }),
		[]string{
			"List/gives pages of every size", "List/sorts by every field", "List/sorts by several keys", "List/puts absent values last",
			"List/sorts texts by folded code points", "Condition/random trees in random orders", "Condition/is compares bytes",
		},
	},
	{
		"only the first key is looked at",
		ordered(func(o filter.Order) filter.Order { return o[:min(1, len(o))] }),
		[]string{"List/sorts by several keys", "Condition/random trees in random orders"},
	},
	{
		"the direction is not looked at",
		ordered(func(o filter.Order) filter.Order {
			o = slices.Clone(o)
			for i := range o {
				o[i].Descending = false
			}
			return o
		}),
		[]string{"List/sorts by every field", "List/sorts by several keys", "List/puts absent values last", "List/goes on while rows move"},
	},
	{
		"ties are always broken by the least number",
		ordered(func(o filter.Order) filter.Order {
			if slices.ContainsFunc(o, func(k filter.SortKey) bool { return k.Field == filter.ConversationNumber.Field }) {
				return o
			}
			return append(slices.Clone(o), filter.ConversationNumber.Asc())
		}),
		[]string{"List/sorts by every field", "List/sorts by several keys", "List/gives pages of every size"},
	},
	{
		"absent values come first",
		everyStore(relisted(func(l *lister) { l.compare = beforeAbsent })),
		[]string{"List/puts absent values last", "List/sorts by every field", "Condition/random trees in random orders"},
	},
	{
		"texts are not folded for sorting",
		everyStore(relisted(func(l *lister) {
			l.compare = func(plan store.Plan, a, b *row) int {
				if len(plan.Order) == 1 && plan.Order[0].Field == filter.Customer.Field {
					d := strings.Compare(a.Customer().Name, b.Customer().Name)
					if plan.Order.Descending() {
						d = -d
					}
					return cmp.Or(d, plan.Order.Compare(a, b))
				}
				return plan.Order.Compare(a, b)
			}
		})),
		[]string{"List/sorts texts by folded code points", "List/sorts by every field"},
	},
	{
		"texts are sorted by the units of UTF-16",
		everyStore(relisted(func(l *lister) { l.compare = utf16Order })),
		[]string{"List/sorts texts by folded code points"},
	},
	{
		"pages are counted off",
		everyStore(relisted(func(l *lister) { l.offset = true })),
		[]string{"List/goes on while rows move", "List/goes on and back while rows move"},
	},
	{
		"the page before has the first rows before the place, not the last ones",
		everyStore(relisted(func(l *lister) { l.fromStart = true })),
		[]string{"List/goes back to the page before", "List/goes on and back while rows move"},
	},
	{
		"the way back goes on",
		with(func(st store.Store, f *faulty) {
			f.list = func(ctx context.Context, q store.Query) (store.Page, error) {
				page, err := st.List(ctx, q)
				page.Prev = page.Next
				return page, err
			}
		}),
		[]string{"List/goes back to the page before"},
	},
	{
		"a cursor of another query begins at the first page",
		mistaken(filter.ErrCursor, func(st store.Store, f *faulty) {
			f.list = func(ctx context.Context, q store.Query) (store.Page, error) { return st.List(ctx, q.After("")) }
			f.timeline = func(ctx context.Context, scope access.Scope, id conversation.ID, r store.Range) (store.TimelinePage, error) {
				r.After = ""
				return st.Timeline(ctx, scope, id, r)
			}
		}),
		[]string{"List/refuses a cursor of another query", "Timeline/refuses a cursor of another timeline"},
	},
	{
		"a wrong cursor is an error of no kind",
		mistaken(filter.ErrCursor, func(_ store.Store, f *faulty) {
			f.list = func(context.Context, store.Query) (store.Page, error) { return store.Page{}, errUntyped }
			f.timeline = func(context.Context, access.Scope, conversation.ID, store.Range) (store.TimelinePage, error) {
				return store.TimelinePage{}, errUntyped
			}
		}),
		[]string{
			"List/refuses a cursor of another query", "List/does not trust a cursor",
			"Timeline/refuses a cursor of another timeline", "Timeline/does not trust a cursor",
		},
	},
	{
		"a cursor belongs to its limit",
		with(func(st store.Store, f *faulty) {
			limits := map[string]int{}
			f.list = func(ctx context.Context, q store.Query) (store.Page, error) {
				plan, err := q.Plan()
				if err != nil {
					return store.Page{}, err
				}
				if plan.After != nil && limits[fmt.Sprint(*plan.After)] != plan.Limit {
					return store.Page{}, filter.ErrCursor
				}
				page, err := st.List(ctx, q)
				if n := len(page.Conversations); n > 0 {
					limits[fmt.Sprint(plan.Order.PositionOf(&page.Conversations[n-1]))] = plan.Limit
				}
				return page, err
			}
		}),
		[]string{"List/takes the cursor with another limit"},
	},
	{
		"a predicate that cannot be asked is not looked at",
		mistaken(filter.ErrPredicate, func(st store.Store, f *faulty) {
			f.list = func(ctx context.Context, _ store.Query) (store.Page, error) { return st.List(ctx, everything()) }
		}),
		[]string{"List/refuses what cannot be asked", "Scope/that is invalid is an error"},
	},
	{
		"an order that cannot be asked is not looked at",
		mistaken(filter.ErrOrder, func(st store.Store, f *faulty) {
			f.list = func(ctx context.Context, q store.Query) (store.Page, error) { return st.List(ctx, q.OrderBy()) }
		}),
		[]string{"List/refuses what cannot be asked"},
	},
	{
		"a predicate has room for a thousand values",
		with(func(st store.Store, f *faulty) {
			f.list = func(ctx context.Context, q store.Query) (store.Page, error) {
				if plan, err := q.Plan(); err == nil && len(describe(plan.Where)) > 10_000 {
					return store.Page{}, errUntyped
				}
				return st.List(ctx, q)
			}
		}),
		[]string{"List/takes what is within the limits"},
	},
	{
		"the end of a range is left out",
		everyStore(relisted(func(l *lister) {
			l.leaf = func(p filter.Condition, v *row) bool {
				return p.Match(v) && (p.Op() != filter.AtMost || p.Field().ValueOf(v) != p.Values()[0])
			}
		})),
		[]string{"Condition/every operator of every field"},
	},
	{
		"a condition takes absent values for zero",
		everyStore(relisted(func(l *lister) {
			l.leaf = func(p filter.Condition, v *row) bool {
				if p.Op() == filter.Less && !p.Field().ValueOf(v).Present {
					return 0 < p.Values()[0].Num
				}
				return p.Match(v)
			}
		})),
		[]string{"Condition/every operator of every field", "Condition/absent values", "Condition/random trees in random orders"},
	},
	{
		"Not is three-valued",
		everyStore(relisted(func(l *lister) { l.not = threeValued })),
		[]string{"Condition/absent values", "Condition/random trees in random orders"},
	},
	{
		"Contains minds case",
		everyStore(relisted(func(l *lister) {
			l.leaf = func(p filter.Condition, v *row) bool {
				if p.Op() == filter.Contains {
					return strings.Contains(raw(p.Field(), v), p.Values()[0].Text)
				}
				return p.Match(v)
			}
		})),
		[]string{"Condition/contains and starts with whatever the case", "Condition/random trees in random orders"},
	},
	{
		"Contains folds ASCII only",
		everyStore(relisted(func(l *lister) {
			l.leaf = func(p filter.Condition, v *row) bool {
				if p.Op() == filter.Contains {
					return strings.Contains(asciiLower(raw(p.Field(), v)), p.Values()[0].Text)
				}
				return p.Match(v)
			}
		})),
		[]string{"Condition/contains and starts with whatever the case", "Condition/every operator of every field"},
	},
	{
		"a wildcard is not escaped",
		everyStore(relisted(func(l *lister) {
			l.leaf = func(p filter.Condition, v *row) bool {
				if p.Op() == filter.Contains && p.Field().ValueOf(v).Present {
					return like(p.Field().ValueOf(v).Text, p.Values()[0].Text)
				}
				return p.Match(v)
			}
		})),
		[]string{"Condition/contains and starts with whatever the case"},
	},
	{
		"ids are compared without case",
		everyStore(relisted(func(l *lister) {
			l.leaf = func(p filter.Condition, v *row) bool {
				if p.Op() == filter.In && p.Field().Type() == filter.Key && p.Field().ValueOf(v).Present {
					return slices.ContainsFunc(p.Values(), func(w filter.Value) bool { return strings.EqualFold(w.Text, p.Field().ValueOf(v).Text) })
				}
				return p.Match(v)
			}
		})),
		[]string{"Condition/is compares bytes", "Condition/every operator of every field"},
	},
	{
		"spaces at the end are not compared",
		everyStore(relisted(func(l *lister) {
			l.leaf = func(p filter.Condition, v *row) bool {
				if p.Op() == filter.In && p.Field().Type() == filter.Key && p.Field().ValueOf(v).Present {
					text := strings.TrimRight(p.Field().ValueOf(v).Text, " ")
					return slices.ContainsFunc(p.Values(), func(w filter.Value) bool { return strings.TrimRight(w.Text, " ") == text })
				}
				return p.Match(v)
			}
		})),
		[]string{"Condition/is compares bytes"},
	},
	{
		"an empty list is no condition",
		everyStore(relisted(func(l *lister) {
			l.leaf = func(p filter.Condition, v *row) bool {
				return p.Match(v) || len(p.Values()) == 0 && p.Op() != filter.Present
			}
		})),
		[]string{"Condition/nothing in And, Or and In", "Condition/every operator of every field"},
	},
	{
		"Count counts a page",
		with(func(st store.Store, f *faulty) {
			f.count = func(ctx context.Context, q store.Query, _ int) (store.Count, error) {
				page, err := st.List(ctx, q)
				return store.Count{N: len(page.Conversations)}, err
			}
		}),
		[]string{"Count/counts all pages together", "Count/stops at most"},
	},
	{
		"Count says that there are more when it has just counted all",
		with(func(st store.Store, f *faulty) {
			f.count = func(ctx context.Context, q store.Query, most int) (store.Count, error) {
				count, err := st.Count(ctx, q, most)
				count.More = most > 0 && count.N == most
				return count, err
			}
		}),
		[]string{"Count/stops at most"},
	},
	{
		"a page of a timeline lacks its last event",
		with(func(st store.Store, f *faulty) {
			f.timeline = func(ctx context.Context, scope access.Scope, id conversation.ID, r store.Range) (store.TimelinePage, error) {
				page, err := st.Timeline(ctx, scope, id, r)
				if page.Next != "" {
					page.Events = page.Events[:len(page.Events)-1]
				}
				return page, err
			}
		}),
		[]string{"Timeline/gives pages of every size in both directions"},
	},
	{
		"a timeline always begins with the oldest event",
		with(func(st store.Store, f *faulty) {
			f.timeline = func(ctx context.Context, scope access.Scope, id conversation.ID, r store.Range) (store.TimelinePage, error) {
				r.NewestFirst = false
				return st.Timeline(ctx, scope, id, r)
			}
		}),
		[]string{"Timeline/gives pages of every size in both directions", "Timeline/goes on while events come"},
	},
	{
		"events of one instant come in the order of their ids",
		with(func(st store.Store, f *faulty) {
			f.timeline = rearranged(st, func(a, b conversation.Event) int {
				x, y := a.ID.Bytes(), b.ID.Bytes()
				return cmp.Or(a.At.Compare(b.At), slices.Compare(x[:], y[:]))
			})
		}),
		[]string{"Timeline/gives pages of every size in both directions"},
	},
	{
		"pages of a timeline are counted off",
		with(func(st store.Store, f *faulty) {
			f.timeline = rearranged(st, func(a, b conversation.Event) int { return a.At.Compare(b.At) })
		}),
		[]string{"Timeline/goes on while events come"},
	},
	{
		"a timeline is in the order in which it was saved",
		with(func(st store.Store, f *faulty) {
			saved := map[conversation.EventID]int{}
			keep := func(c row) {
				for _, e := range c.Changes() {
					if _, ok := saved[e.ID]; !ok {
						saved[e.ID] = len(saved)
					}
				}
			}
			f.create = func(ctx context.Context, cs []row) ([]row, error) {
				for _, c := range cs {
					keep(c)
				}
				return st.Create(ctx, cs...)
			}
			f.save = func(ctx context.Context, c row) (row, error) {
				keep(c)
				return st.Save(ctx, c)
			}
			f.timeline = rearranged(st, func(a, b conversation.Event) int { return saved[a.ID] - saved[b.ID] })
		}),
		[]string{"Timeline/puts late events where they belong"},
	},
	{
		"an open channel is compared without case",
		with(func(st store.Store, f *faulty) {
			f.drop = func(ctx context.Context, id conversation.OpenChannelID) (store.Deleted, error) {
				rows, err := all(ctx, st)
				if err != nil {
					return store.Deleted{}, err
				}
				deleted, err := st.DeleteOpenChannel(ctx, id)
				for _, v := range rows {
					if strings.EqualFold(string(v.OpenChannel().ID), string(id)) {
						more, _ := st.DeleteOpenChannel(ctx, v.OpenChannel().ID)
						deleted.Conversations += more.Conversations
						deleted.Events += more.Events
					}
				}
				return deleted, err
			}
		}),
		[]string{"DeleteOpenChannel/deletes what is in it and nothing else"},
	},
	{
		"deleting leaves the timelines",
		with(func(st store.Store, f *faulty) {
			f.timeline = func(ctx context.Context, scope access.Scope, id conversation.ID, r store.Range) (store.TimelinePage, error) {
				page, err := st.Timeline(ctx, scope, id, r)
				if errors.Is(err, store.ErrNotFound) {
					return store.TimelinePage{}, nil
				}
				return page, err
			}
		}),
		[]string{"DeleteOpenChannel/deletes what is in it and nothing else", "Get/does not find what is not there"},
	},
	{
		"an interrupted deletion does not say what it has deleted",
		with(func(st store.Store, f *faulty) {
			f.drop = func(ctx context.Context, id conversation.OpenChannelID) (store.Deleted, error) {
				deleted, err := st.DeleteOpenChannel(ctx, id)
				if err != nil {
					return store.Deleted{}, err
				}
				return deleted, nil
			}
		}),
		[]string{"DeleteOpenChannel/goes on after an interruption"},
	},
	{
		"a store does not know its account",
		with(func(_ store.Store, f *faulty) { f.account = "somebody" }),
		[]string{"Account/is named and validated"},
	},
	{
		"any account is opened",
		func(db *memory.DB) func(store.Account) (store.Store, error) {
			return func(name store.Account) (store.Store, error) {
				if st, err := db.Account(name); err == nil {
					return st, nil
				}
				return db.Account("acme")
			}
		},
		[]string{"Account/is named and validated"},
	},
	{
		"every store has a database of its own",
		func(*memory.DB) func(store.Account) (store.Store, error) {
			return func(name store.Account) (store.Store, error) { return memory.New().Account(name) }
		},
		[]string{"Account/is shared by all stores on it"},
	},
	{
		"all accounts are one",
		func(db *memory.DB) func(store.Account) (store.Store, error) {
			return func(name store.Account) (store.Store, error) {
				st, err := db.Account("one")
				return &faulty{Store: st, account: name}, err
			}
		},
		[]string{
			"Account/never meets another", "Account/has numbers of its own", "Account/is compared byte by byte",
			"Account/reads no more by a foreign cursor",
		},
	},
	{
		"accounts are compared without case",
		func(db *memory.DB) func(store.Account) (store.Store, error) {
			return func(name store.Account) (store.Store, error) {
				st, err := db.Account(store.Account(strings.ToLower(string(name))))
				return &faulty{Store: st, account: name}, err
			}
		},
		[]string{"Account/is compared byte by byte"},
	},
	{
		"deleting goes through all accounts",
		func(db *memory.DB) func(store.Account) (store.Store, error) {
			return with(func(st store.Store, f *faulty) {
				f.drop = func(ctx context.Context, id conversation.OpenChannelID) (store.Deleted, error) {
					if other, err := db.Account("acme"); err == nil && st.Account() != "acme" {
						if _, err := other.DeleteOpenChannel(ctx, id); err != nil {
							return store.Deleted{}, err
						}
					}
					return st.DeleteOpenChannel(ctx, id)
				}
			})(db)
		},
		[]string{"Account/never meets another"},
	},
	{
		"the scope is not looked at by Get",
		with(func(st store.Store, f *faulty) {
			f.get = func(ctx context.Context, _ access.Scope, id conversation.ID) (row, error) {
				return st.Get(ctx, system, id)
			}
		}),
		[]string{"Scope/that is zero sees nothing", "Scope/limits every read", "Scope/that is invalid is an error"},
	},
	{
		"the scope is not looked at by Timeline",
		with(func(st store.Store, f *faulty) {
			f.timeline = func(ctx context.Context, _ access.Scope, id conversation.ID, r store.Range) (store.TimelinePage, error) {
				return st.Timeline(ctx, system, id, r)
			}
		}),
		[]string{"Scope/that is zero sees nothing", "Scope/limits every read", "Scope/that is invalid is an error"},
	},
	{
		"the scope is not looked at by List and Count",
		everyStore(relisted(func(l *lister) {
			l.where = func(p store.Plan) filter.Predicate { return p.Where.(filter.Conjunction)[1] }
		})),
		[]string{"Scope/that is zero sees nothing", "Scope/limits every read", "Scope/is not widened by a filter", "Scope/is not carried by a cursor"},
	},
	{
		"the scope and the filter are joined without parentheses",
		everyStore(relisted(func(l *lister) {
			l.where = func(p store.Plan) filter.Predicate {
				parts := p.Where.(filter.Conjunction)
				if asked, ok := parts[1].(filter.Conjunction); ok && len(asked) == 1 {
					if either, ok := asked[0].(filter.Disjunction); ok && len(either) > 1 {
						return filter.Or(append([]filter.Predicate{filter.And(parts[0], either[0])}, either[1:]...)...)
					}
				}
				return p.Where
			}
		})),
		[]string{"Scope/is not widened by a filter", "Scope/that is zero sees nothing"},
	},
	{
		"a cursor belongs to its scope",
		with(func(st store.Store, f *faulty) {
			scopes := map[string]string{}
			f.list = func(ctx context.Context, q store.Query) (store.Page, error) {
				plan, err := q.Plan()
				if err != nil {
					return store.Page{}, err
				}
				scope := describe(plan.Where.(filter.Conjunction)[0])
				if plan.After != nil && scopes[fmt.Sprint(*plan.After)] != scope {
					return store.Page{}, filter.ErrCursor
				}
				page, err := st.List(ctx, q)
				if n := len(page.Conversations); n > 0 {
					scopes[fmt.Sprint(plan.Order.PositionOf(&page.Conversations[n-1]))] = scope
				}
				return page, err
			}
		}),
		[]string{"Scope/is not carried by a cursor"},
	},
	{
		"a cancelled context is not looked at",
		with(func(st store.Store, f *faulty) {
			f.create = func(ctx context.Context, cs []row) ([]row, error) {
				return st.Create(context.WithoutCancel(ctx), cs...)
			}
		}),
		[]string{"Context/that is cancelled is its cause"},
	},
	{
		"a cancelled context is not its cause",
		with(func(st store.Store, f *faulty) {
			f.count = func(ctx context.Context, q store.Query, most int) (store.Count, error) {
				if ctx.Err() != nil {
					return store.Count{}, ctx.Err()
				}
				return st.Count(ctx, q, most)
			}
		}),
		[]string{"Context/that is cancelled is its cause"},
	},
}

// rebuilt returns the conversation of valid events.
func rebuilt(events []conversation.Event) row {
	v, err := conversation.Rebuild(events)
	if err != nil {
		panic(err)
	}
	return v
}

// rearranged returns timelines in another order, in pages that are counted off.
func rearranged(st store.Store, compare func(a, b conversation.Event) int) func(context.Context, access.Scope, conversation.ID, store.Range) (store.TimelinePage, error) {
	return func(ctx context.Context, scope access.Scope, id conversation.ID, r store.Range) (store.TimelinePage, error) {
		plan, err := r.Plan(id)
		if err != nil {
			return store.TimelinePage{}, err
		}
		events, err := store.Events(ctx, st, scope, id)
		if err != nil {
			return store.TimelinePage{}, err
		}
		slices.SortStableFunc(events, compare)
		if plan.NewestFirst {
			slices.Reverse(events)
		}
		from := 0
		if plan.After != nil {
			from = int(min(plan.After.Seq, uint64(len(events))))
		}
		events = events[from:min(len(events), from+plan.Limit+1)]
		return plan.Page(events, func(i int) uint64 { return uint64(from + i + 1) }), nil
	}
}

func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
