package filter

import (
	"errors"
	"fmt"
)

// Question is what is asked of a list, as a frontend says it and a saved view keeps
// it. It has a JSON form ([ParseJSON]) and a URL form ([ParseURL]). The zero
// Question asks for everything.
//
//	{"v":1,"where":{"field":"agent","op":"in","term":"me"},"sort":["-last_message_at"],"limit":50}
//	?agent=me&sort=-last_message&limit=50
type Question struct {
	Where  Predicate // nil for everything; may have leaves that are [Relative]
	Order  Order     // nil for the usual one; empty but not nil for that by number
	Limit  int       // the size of a page, 1 to MaxPageSize; 0 for the usual one
	Cursor string    // of the following page; empty for the first one
}

// The limits on a question and its forms.
const (
	MaxJSON = 1 << 20 // bytes
	MaxURL  = 1 << 16 // bytes of names and values together, before they are escaped

	maxFormErrors = 32 // that are reported
)

// Validate reports everything wrong with the question: as [Validate] does, but for
// what is not resolved; as [Order.Validate] does; and as [*FormError] a limit or a
// cursor that no question has. Whether the cursor is one of the question is only
// known when it is asked.
func (q Question) Validate() error {
	var where, limit, cursor error
	if q.Where != nil {
		where = validate(q.Where, true)
	}
	if q.Limit < 0 || q.Limit > MaxPageSize {
		limit = &FormError{"limit", limitCause}
	}
	if len(q.Cursor) > maxCursor {
		cursor = &FormError{"cursor", "it is too long"}
	}
	return errors.Join(where, q.Order.Validate(), limit, cursor)
}

var limitCause = fmt.Sprintf("the size of a page is a whole number from 1 to %d", MaxPageSize)

// Resolve returns the question with its predicate resolved as [Resolve] does.
func (q Question) Resolve(a Asking) (Question, error) {
	if q.Where == nil {
		return q, nil
	}
	where, err := Resolve(q.Where, a)
	if err != nil {
		return Question{}, err
	}
	q.Where = where
	return q, nil
}

// ErrForm is what a text gives that is no form of a question, and a question that
// has no such form.
var ErrForm = errors.New("invalid form of a question")

// FormError says what is wrong in a form of a question, and where. It wraps
// [ErrForm].
type FormError struct {
	// Path is where: in JSON a path such as "$.where.and[1].op", in a URL a
	// parameter such as "status", or "status[1]" if there are several.
	Path  string
	Cause string
}

// Error names the place and the cause.
func (e *FormError) Error() string {
	return fmt.Sprintf("filter: %v: %s: %s", ErrForm, e.Path, e.Cause)
}

// Unwrap returns [ErrForm].
func (e *FormError) Unwrap() error { return ErrForm }

// formErrors collects what is wrong with a form.
type formErrors []error

func (es *formErrors) fail(path, cause string, args ...any) {
	if len(*es) < maxFormErrors {
		*es = append(*es, &FormError{path, fmt.Sprintf(cause, args...)})
	}
}

func (es formErrors) join() error { return errors.Join(es...) }
