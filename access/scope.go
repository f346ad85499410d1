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
func System() Scope { return Scope{filter.All} }

// Within returns the scope that sees the conversations a predicate lets through.
// A nil predicate lets nothing through.
func Within(p filter.Predicate) Scope { return Scope{p} }

// Predicate returns what the scope lets through. It is never nil.
func (s Scope) Predicate() filter.Predicate {
	if s.within == nil {
		return nothing
	}
	return s.within
}

// Sees reports whether the conversation lies within the scope.
func (s Scope) Sees(c *conversation.Conversation) bool { return s.Predicate().Match(c) }

var nothing = filter.Or()
