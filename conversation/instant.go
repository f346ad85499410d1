package conversation

import (
	"errors"
	"fmt"
	"time"
)

// ErrInstant is what an instant outside the years 1970 to 9999 gives. A zero
// [time.Time] and the very first millisecond of 1970 are outside: both are what
// a forgotten field looks like.
var ErrInstant = errors.New("instant is missing or out of range")

// instant is milliseconds since 1970 in UTC; 0 is absent. It is what every store
// keeps, so that a value comes back as it went in.
type instant int64

const maxInstant instant = 253402300799999 // 9999-12-31T23:59:59.999Z

func instantOf(t time.Time) (instant, error) {
	i := instant(t.UnixMilli())
	// The seconds are looked at too: milliseconds wrap around in years far off.
	if sec := t.Unix(); i <= 0 || sec < 0 || sec > int64(maxInstant)/1000 {
		return 0, fmt.Errorf("%w: %s", ErrInstant, t.UTC().Format(time.RFC3339Nano))
	}
	return i, nil
}

// optionalInstant is instantOf, but the zero time is absent.
func optionalInstant(t time.Time) (instant, error) {
	if t.IsZero() {
		return 0, nil
	}
	return instantOf(t)
}

// time returns the instant in UTC, the zero time when absent.
func (i instant) time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(i)).UTC()
}

func (i instant) add(d time.Duration) instant { return i + instant(d.Milliseconds()) }
