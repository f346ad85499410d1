package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

// account implements [store.Store].
type account struct {
	*DB
	name store.Account
}

func (a *account) Account() store.Account { return a.name }

// statement begins one.
func (a *account) statement(parts ...string) *statement {
	s := &statement{dialect: a.dialect}
	s.write(parts...)
	return s
}

// rows begins the statement for conversations of the account.
func (a *account) rows() *statement {
	s := a.statement(a.tables.selectRows, "c.account = ")
	s.bind(string(a.name))
	return s
}

func (a *account) Get(ctx context.Context, scope access.Scope, id conversation.ID) (conversation.Conversation, error) {
	if err := filter.Validate(scope.Predicate()); err != nil {
		return conversation.Conversation{}, fmt.Errorf("sqlstore: scope: %w", err)
	}
	var c conversation.Conversation
	err := a.try(ctx, "get", func() error {
		found, ok, err := a.get(ctx, a.prepared, id)
		if err == nil && (!ok || !scope.Sees(&found)) {
			err = settled{&store.NotFoundError{ID: id}}
		}
		c = found
		return err
	})
	if err != nil {
		return conversation.Conversation{}, err
	}
	return c, nil
}

// get returns a conversation and whether it exists.
func (a *account) get(ctx context.Context, q querier, id conversation.ID) (conversation.Conversation, bool, error) {
	s := a.rows()
	s.write(" AND id = ")
	s.bind(bytesOf(id))
	for c, err := range a.find(ctx, q, s) {
		return c, err == nil, err
	}
	return conversation.Conversation{}, false, nil
}

func (a *account) List(ctx context.Context, q store.Query) (store.Page, error) {
	plan, err := q.Plan()
	if err != nil {
		return store.Page{}, err
	}
	parts := a.list(plan)
	var rows []conversation.Conversation
	err = a.try(ctx, "list", func() error {
		rows = make([]conversation.Conversation, 0, plan.Limit+1)
		for _, s := range parts {
			before := rows
			for c, err := range a.find(ctx, a.prepared, s) {
				if err != nil {
					return err
				}
				// It was in the part before, and has changed in between.
				if contains(before, c.ID()) {
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

func contains(cs []conversation.Conversation, id conversation.ID) bool {
	for i := range cs {
		if cs[i].ID() == id {
			return true
		}
	}
	return false
}

// list returns the statements that give a page and one more row: the next one is
// needed only when those before it give too few.
func (a *account) list(plan store.Plan) (statements []*statement) {
	for _, p := range partsOf(plan.Order, plan.After) {
		s := a.rows()
		if !a.where(s, plan.Where) {
			return nil
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

// where adds a predicate to a statement and reports whether anything can satisfy it.
func (a *account) where(s *statement, p filter.Predicate) bool {
	start := s.here()
	s.write(" AND ")
	v := s.predicate(p, &a.tables)
	if v != depends {
		s.back(start)
	}
	return v != never
}

func (a *account) Count(ctx context.Context, q store.Query, most int) (store.Count, error) {
	plan, err := q.Plan()
	if err != nil {
		return store.Count{}, err
	}
	s := a.statement("SELECT COUNT(*) FROM (SELECT 1 FROM ", a.tables.conversations, " AS c WHERE c.account = ")
	s.bind(string(a.name))
	if !a.where(s, plan.Where) {
		return store.Count{}, nil
	}
	if most > 0 && most < math.MaxInt {
		s.limit(most + 1)
	}
	s.write(") AS found")
	var n int
	err = a.try(ctx, "count", func() (err error) {
		n, err = number(ctx, a.prepared, s)
		return err
	})
	switch {
	case err != nil:
		return store.Count{}, err
	case most > 0 && n > most:
		return store.Count{N: most, More: true}, nil
	default:
		return store.Count{N: n}, nil
	}
}

func (a *account) Create(ctx context.Context, cs ...conversation.Conversation) ([]conversation.Conversation, error) {
	for i := range cs {
		if cs[i].IsZero() || cs[i].Base() != 0 {
			return nil, fmt.Errorf("sqlstore: create: %w: %s is at version %d", store.ErrBase, cs[i].ID(), cs[i].Base())
		}
	}
	if len(cs) == 0 {
		return nil, nil
	}
	var stored []conversation.Conversation
	err := a.transact(ctx, "create", func(tx *sql.Tx) (err error) {
		stored, err = a.create(ctx, tx, cs)
		return err
	})
	if err != nil {
		return nil, err
	}
	return stored, nil
}

// first is a conversation that is stored, and the event it began with.
type first struct {
	conversation.Conversation
	start conversation.EventID
}

func (a *account) create(ctx context.Context, tx *sql.Tx, cs []conversation.Conversation) ([]conversation.Conversation, error) {
	// The numbers are taken for all before looking which are needed, because the
	// first statement has to write.
	last, err := a.take(ctx, tx, len(cs))
	if err != nil {
		return nil, err
	}
	known, err := a.known(ctx, tx, cs)
	if err != nil {
		return nil, err
	}
	stored := make([]conversation.Conversation, len(cs))
	number := last - int64(len(cs))
	w := newWriter(a, tx)
	for i := range cs {
		id, start := cs[i].ID(), cs[i].Changes()[0].ID // never empty, and the start is first
		k, exists := known[id]
		switch {
		case !exists:
			number++
			k = first{cs[i].Saved(number), start}
			known[id] = k
			if err := w.add(ctx, &k.Conversation, cs[i].Changes()); err != nil {
				return nil, err
			}
		case k.start != start:
			return nil, settled{&store.ExistsError{ID: id}}
		}
		stored[i] = k.Conversation
	}
	if err := w.flush(ctx); err != nil {
		return nil, err
	}
	if number == last {
		return stored, nil
	}
	_, err = a.take(ctx, tx, int(number-last))
	return stored, err
}

// take raises the account's last number by n and returns it.
func (a *account) take(ctx context.Context, tx *sql.Tx, n int) (int64, error) {
	s := a.statement("UPDATE ", a.tables.accounts, " SET last_number = last_number + ")
	s.bind(int64(n))
	s.write(" WHERE account = ")
	s.bind(string(a.name))
	changed, err := exec(ctx, tx, s)
	if err != nil {
		return 0, err
	}
	if changed == 0 {
		s := a.statement("INSERT INTO ", a.tables.accounts, " (account, last_number) VALUES (")
		s.bind(string(a.name))
		s.write(", ")
		s.bind(int64(n))
		s.write(")")
		_, err := exec(ctx, tx, s)
		return int64(n), err
	}
	s = a.statement("SELECT last_number FROM ", a.tables.accounts, " WHERE account = ")
	s.bind(string(a.name))
	var last int64
	err = tx.QueryRowContext(ctx, s.String(), s.values...).Scan(&last)
	return last, err
}

func exec(ctx context.Context, tx *sql.Tx, s *statement) (changed int64, err error) {
	result, err := tx.ExecContext(ctx, s.String(), s.values...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// known returns those of cs that exist already.
func (a *account) known(ctx context.Context, tx *sql.Tx, cs []conversation.Conversation) (map[conversation.ID]first, error) {
	const together = 500
	known := map[conversation.ID]first{}
	for len(cs) > 0 {
		n := min(together, len(cs))
		ids := make([]any, n)
		for i := range ids {
			ids[i] = bytesOf(cs[i].ID())
		}
		cs = cs[n:]
		s := a.rows()
		s.write(" AND id")
		s.list(ids)
		for c, err := range a.find(ctx, tx, s) {
			if err != nil {
				return nil, err
			}
			known[c.ID()] = first{Conversation: c}
		}
	}
	for id, k := range known {
		start, err := a.start(ctx, tx, &k.Conversation)
		if err != nil {
			return nil, err
		}
		known[id] = first{k.Conversation, start}
	}
	return known, nil
}

// start returns the event that a stored conversation began with: it made the
// first version, at its creation.
func (a *account) start(ctx context.Context, tx *sql.Tx, c *conversation.Conversation) (conversation.EventID, error) {
	s := a.statement("SELECT event_id FROM ", a.tables.events, " WHERE account = ")
	s.bind(string(a.name))
	s.write(" AND conversation_id = ")
	s.bind(bytesOf(c.ID()))
	s.write(" AND at = ")
	s.bind(c.CreatedAt().UnixMilli())
	s.write(" AND seq = 1")
	var b []byte
	if err := tx.QueryRowContext(ctx, s.String(), s.values...).Scan(&b); err != nil {
		return conversation.EventID{}, err
	}
	return conversation.EventIDFromBytes(b)
}

func (a *account) Save(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
	changes := c.Changes()
	switch {
	case c.Base() == 0:
		return conversation.Conversation{}, fmt.Errorf("sqlstore: save: %w: %s is new", store.ErrBase, c.ID())
	case len(changes) == 0:
		return c, nil
	}
	saved := c.Saved(c.Number())
	snapshot := saved.Snapshot()
	values := updateOf(a.name, &snapshot, c.Base())
	err := a.transact(ctx, "save", func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, a.tables.updateRow, values...)
		if err != nil {
			return err
		}
		changed, err := result.RowsAffected()
		if err != nil {
			return err
		}
		if changed == 0 {
			exists, err := a.exists(ctx, tx, c.ID())
			switch {
			case err != nil:
				return err
			case exists:
				return settled{&store.ConflictError{ID: c.ID(), Base: c.Base()}}
			default:
				return settled{&store.NotFoundError{ID: c.ID()}}
			}
		}
		repeated, err := a.repeated(ctx, tx, c.ID(), changes)
		if err != nil {
			return err
		}
		if repeated {
			return settled{&store.RepeatedError{ID: c.ID()}}
		}
		w := newWriter(a, tx)
		if err := w.addEvents(ctx, &saved, changes); err != nil {
			return err
		}
		if err := w.changeMembers(ctx, &saved); err != nil {
			return err
		}
		return w.flush(ctx)
	})
	if err != nil {
		return conversation.Conversation{}, err
	}
	return saved, nil
}

func (a *account) exists(ctx context.Context, q querier, id conversation.ID) (bool, error) {
	s := a.statement("SELECT 1 FROM ", a.tables.conversations, " WHERE account = ")
	s.bind(string(a.name))
	s.write(" AND id = ")
	s.bind(bytesOf(id))
	return found(ctx, q, s)
}

// repeated reports whether one of the events is in the timeline. It asks, and
// does not wait for the insert to fail, because what a failure means is different
// in every database.
func (a *account) repeated(ctx context.Context, q querier, id conversation.ID, events []conversation.Event) (bool, error) {
	ids := make([]any, len(events))
	for i, e := range events {
		b := e.ID.Bytes()
		ids[i] = b[:]
	}
	s := a.statement("SELECT 1 FROM ", a.tables.events, " WHERE account = ")
	s.bind(string(a.name))
	s.write(" AND conversation_id = ")
	s.bind(bytesOf(id))
	s.write(" AND event_id")
	s.list(ids)
	return found(ctx, q, s)
}

// number returns the number that a statement gives.
func number(ctx context.Context, q querier, s *statement) (n int, err error) {
	rows, err := q.QueryContext(ctx, s.String(), s.values...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
	}
	return n, rows.Err()
}

// found reports whether a statement gives a row.
func found(ctx context.Context, q querier, s *statement) (bool, error) {
	rows, err := q.QueryContext(ctx, s.String(), s.values...)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

func (a *account) Timeline(ctx context.Context, scope access.Scope, id conversation.ID, r store.Range) (store.TimelinePage, error) {
	plan, err := r.Plan(id)
	if err != nil {
		return store.TimelinePage{}, err
	}
	if err := filter.Validate(scope.Predicate()); err != nil {
		return store.TimelinePage{}, fmt.Errorf("sqlstore: scope: %w", err)
	}
	visible := a.statement("SELECT 1 FROM ", a.tables.conversations, " AS c WHERE c.account = ")
	visible.bind(string(a.name))
	visible.write(" AND c.id = ")
	visible.bind(bytesOf(id))
	if !a.where(visible, scope.Predicate()) {
		return store.TimelinePage{}, &store.NotFoundError{ID: id}
	}
	timeline := a.timeline(id, plan)
	var (
		events []conversation.Event
		seqs   []uint64
	)
	err = a.try(ctx, "timeline", func() error {
		ok, err := found(ctx, a.prepared, visible)
		if err != nil {
			return err
		}
		if ok {
			events, seqs, err = a.events(ctx, timeline)
		}
		// Every conversation has events, so one that has none at all was deleted
		// in between.
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
	s := a.statement("SELECT seq, event FROM ", a.tables.events, " WHERE account = ")
	s.bind(string(a.name))
	s.write(" AND conversation_id = ")
	s.bind(bytesOf(id))
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
	rows, err := a.prepared.QueryContext(ctx, s.String(), s.values...)
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

// batch is how many conversations are deleted in one transaction: few, so that
// others need not wait for long.
const batch = 200

func (a *account) DeleteOpenChannel(ctx context.Context, id conversation.OpenChannelID) (store.Deleted, error) {
	var all store.Deleted
	for {
		deleted, more, err := a.deleteBatch(ctx, id)
		if err != nil {
			return all, err
		}
		all.Conversations += deleted.Conversations
		all.Events += deleted.Events
		if !more {
			return all, nil
		}
	}
}

// deleteBatch deletes some of the conversations in an open channel and reports
// whether there may be more.
func (a *account) deleteBatch(ctx context.Context, channel conversation.OpenChannelID) (deleted store.Deleted, more bool, err error) {
	var candidates []any
	err = a.try(ctx, "delete open channel", func() (err error) {
		candidates, err = a.inChannel(ctx, channel)
		return err
	})
	if err != nil || len(candidates) == 0 {
		return store.Deleted{}, false, err
	}
	err = a.transact(ctx, "delete open channel", func(tx *sql.Tx) error {
		deleted = store.Deleted{}
		var gone []any
		for _, id := range candidates {
			s := a.statement("DELETE FROM ", a.tables.conversations, " WHERE account = ")
			s.bind(string(a.name))
			s.write(" AND id = ")
			s.bind(id)
			s.write(" AND open_channel_id = ")
			s.bind(string(channel))
			changed, err := exec(ctx, tx, s)
			if err != nil {
				return err
			}
			if changed > 0 { // otherwise it was forwarded, or deleted by somebody else
				gone = append(gone, id)
			}
		}
		deleted.Conversations = len(gone)
		if len(gone) == 0 {
			return nil
		}
		events, err := a.deleteOf(ctx, tx, a.tables.events, gone)
		deleted.Events = int(events)
		if err == nil {
			_, err = a.deleteOf(ctx, tx, a.tables.members, gone)
		}
		return err
	})
	if err != nil {
		return store.Deleted{}, false, err
	}
	return deleted, len(candidates) == batch, nil
}

// inChannel returns the ids of some conversations in an open channel.
func (a *account) inChannel(ctx context.Context, channel conversation.OpenChannelID) (ids []any, err error) {
	s := a.statement("SELECT id FROM ", a.tables.conversations, " WHERE account = ")
	s.bind(string(a.name))
	s.write(" AND open_channel_id = ")
	s.bind(string(channel))
	s.limit(batch)
	rows, err := a.prepared.QueryContext(ctx, s.String(), s.values...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id []byte
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// deleteOf deletes what a table has of conversations.
func (a *account) deleteOf(ctx context.Context, tx *sql.Tx, table string, ids []any) (int64, error) {
	s := a.statement("DELETE FROM ", table, " WHERE account = ")
	s.bind(string(a.name))
	s.write(" AND conversation_id")
	s.list(ids)
	return exec(ctx, tx, s)
}
