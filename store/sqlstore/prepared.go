package sqlstore

import (
	"context"
	"database/sql"
	"sync"
)

// querier is a [*sql.Tx], or [*prepared] outside of a transaction.
type querier interface {
	QueryContext(ctx context.Context, text string, values ...any) (*sql.Rows, error)
}

// maxPrepared is how many statements are kept prepared. What a program asks has
// few forms, since values are bound.
const maxPrepared = 64

// prepared queries a pool and keeps the statements prepared: SQLite takes a fifth
// of the time for a page to plan it. Those that are kept end with the pool.
type prepared struct {
	pool *sql.DB

	mu   sync.Mutex
	kept map[string]*preparedStmt
}

type preparedStmt struct {
	*sql.Stmt
	users   int
	dropped bool // no longer kept: the last user closes it
}

// QueryContext implements [querier].
func (p *prepared) QueryContext(ctx context.Context, text string, values ...any) (*sql.Rows, error) {
	s, err := p.take(ctx, text)
	if err != nil {
		return nil, err
	}
	defer p.giveBack(s)
	return s.QueryContext(ctx, values...) //nolint:sqlclosecheck // the caller closes the rows, which outlive the statement
}

func (p *prepared) take(ctx context.Context, text string) (*preparedStmt, error) {
	p.mu.Lock()
	s := p.kept[text]
	if s != nil {
		s.users++
	}
	p.mu.Unlock()
	if s != nil {
		return s, nil
	}
	stmt, err := p.pool.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	s = &preparedStmt{Stmt: stmt, users: 1}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept[text] != nil { // somebody else was faster
		s.dropped = true
		return s, nil
	}
	if len(p.kept) == maxPrepared {
		for other, o := range p.kept { // any one: what is asked often comes back
			delete(p.kept, other)
			o.dropped = true
			o.closeUnused()
			break
		}
	}
	p.kept[text] = s
	return s, nil
}

func (p *prepared) giveBack(s *preparedStmt) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.users--
	s.closeUnused()
}

func (s *preparedStmt) closeUnused() {
	if s.dropped && s.users == 0 {
		_ = s.Close() // it was only read with
	}
}
