package store

import (
	"errors"
	"fmt"

	"github.com/colloquy-go/colloquy/conversation"
)

// The kinds of errors of a store, for errors.Is. A wrong argument of a query is
// one of the errors of package filter.
var (
	ErrNotFound = errors.New("conversation not found")             // *NotFoundError
	ErrExists   = errors.New("conversation exists already")        // *ExistsError
	ErrConflict = errors.New("conversation has changed meanwhile") // *ConflictError
	ErrRepeated = errors.New("event is in the timeline already")   // *RepeatedError
	ErrAccount  = errors.New("invalid account")                    // an account of another form, see Account
	ErrLimit    = errors.New("limit is out of range")              // of a page
	ErrBase     = errors.New("conversation has the wrong base")    // Create takes new ones, Save stored ones
)

// NotFoundError says which conversation does not exist, or lies outside the scope.
type NotFoundError struct{ ID conversation.ID }

// Error names the conversation.
func (e *NotFoundError) Error() string { return fmt.Sprintf("store: %v: %s", ErrNotFound, e.ID) }

// Unwrap returns [ErrNotFound].
func (e *NotFoundError) Unwrap() error { return ErrNotFound }

// ExistsError says which conversation could not be created because another one
// has its id.
type ExistsError struct{ ID conversation.ID }

// Error names the conversation.
func (e *ExistsError) Error() string { return fmt.Sprintf("store: %v: %s", ErrExists, e.ID) }

// Unwrap returns [ErrExists].
func (e *ExistsError) Unwrap() error { return ErrExists }

// ConflictError says that a conversation was changed by somebody else since it
// was read, or deleted and created again. [Update] handles it.
type ConflictError struct {
	ID   conversation.ID
	Base uint64 // the version the changes were made on
}

// Error names the conversation and the version.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("store: %v: %s is not what it was at version %d", ErrConflict, e.ID, e.Base)
}

// Unwrap returns [ErrConflict].
func (e *ConflictError) Unwrap() error { return ErrConflict }

// RepeatedError says that one of the events to save is in the timeline already.
// Nothing was saved. [Update] handles it.
type RepeatedError struct{ ID conversation.ID }

// Error names the conversation.
func (e *RepeatedError) Error() string { return fmt.Sprintf("store: %v: of %s", ErrRepeated, e.ID) }

// Unwrap returns [ErrRepeated].
func (e *RepeatedError) Unwrap() error { return ErrRepeated }
