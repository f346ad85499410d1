package sqlstore

import (
	"context"
	"fmt"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

// account implements [store.Store].
type account struct {
	db   *DB
	name store.Account
}

func (a *account) Account() store.Account { return a.name }

// where begins a statement that is about the account.
func (a *account) where(parts ...string) *statement {
	s := &statement{dialect: a.db.dialect, tables: &a.db.tables}
	s.write(parts...)
	s.write(" WHERE account = ")
	s.bind(string(a.name))
	return s
}

// and adds that a column has a value.
func (s *statement) and(column string, value any) *statement {
	s.write(" AND ", column, " = ")
	s.bind(value)
	return s
}

// andIn adds that a column has one of some values.
func (s *statement) andIn(column string, values []any) *statement {
	s.write(" AND ", column)
	s.oneOf(values)
	return s
}

// andMatches adds a predicate and reports whether anything can satisfy it.
func (s *statement) andMatches(p filter.Predicate) bool {
	start := s.here()
	s.write(" AND ")
	v := s.predicate(p)
	if v != depends {
		s.back(start)
	}
	return v != never
}

func (a *account) Get(ctx context.Context, scope access.Scope, id conversation.ID) (conversation.Conversation, error) {
	if err := validate(scope); err != nil {
		return conversation.Conversation{}, err
	}
	var found conversation.Conversation
	err := a.db.try(ctx, "get", func() error {
		found = conversation.Conversation{}
		for c, err := range a.db.find(ctx, a.db.prepared, a.where(a.db.tables.selectRows).and("id", bytesOf(id))) {
			if err != nil {
				return err
			}
			found = c
		}
		return nil
	})
	if err != nil {
		return conversation.Conversation{}, err
	}
	if found.IsZero() || !scope.Sees(&found) {
		return conversation.Conversation{}, &store.NotFoundError{ID: id}
	}
	return found, nil
}

func validate(scope access.Scope) error {
	if err := filter.Validate(scope.Predicate()); err != nil {
		return fmt.Errorf("sqlstore: scope: %w", err)
	}
	return nil
}
