package metrics

import (
	"errors"
	"fmt"
	"time"
)

// Mark says that something happened in a conversation.
type Mark struct {
	At   time.Time // the instant; its zone does not matter, parts of a millisecond are cut
	Kind Kind
	ID   string // names the event in explanations; may be empty
}

// ErrOrder is what a mark before an earlier one gives. Sort the marks, or build
// the numbers again from all of them.
var ErrOrder = errors.New("mark is earlier than the one before it")

// MarkError says which mark was refused and why. It wraps [ErrOrder] or [ErrKind].
type MarkError struct {
	Mark  Mark
	Index int // position in the sequence, from 0; -1 from [Accumulator.Add], which does not count
	Err   error
}

// Error names the mark and the cause.
func (e *MarkError) Error() string {
	place := ""
	if e.Index >= 0 {
		place = fmt.Sprintf(" %d", e.Index)
	}
	return fmt.Sprintf("metrics: mark%s (%s at %s): %v", place, e.Mark.Kind, e.Mark.At.UTC().Format(time.RFC3339Nano), e.Err)
}

// Unwrap returns the cause.
func (e *MarkError) Unwrap() error { return e.Err }
