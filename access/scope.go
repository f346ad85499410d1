package access

import (
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
)

// Scope is what somebody may see. The zero Scope sees nothing. A Scope is
// immutable and safe for concurrent use.
type Scope struct{ within filter.Predicate }

// System returns the scope of the software itself, which sees every conversation
// of the account: for imports, deadlines and webhooks, never for a person.
func System() Scope { return Scope{filter.And()} }

// Within returns the scope that sees the conversations a predicate lets through.
// A nil predicate lets nothing through. Beware of the empty conjunction, which
// lets everything through: a list of rights, of which one is enough, is an Or.
func Within(p filter.Predicate) Scope { return Scope{p} }

// Predicate returns what the scope lets through. It is never nil.
func (s Scope) Predicate() filter.Predicate {
	if s.within == nil {
		return filter.Or()
	}
	return s.within
}

// Sees reports whether the conversation lies within the scope. It may panic if
// [filter.Validate] refuses the predicate the scope was made of.
func (s Scope) Sees(c *conversation.Conversation) bool { return s.Predicate().Match(c) }
