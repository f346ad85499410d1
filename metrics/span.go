package metrics

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// Span is a duration in whole milliseconds that may be absent. The zero Span is
// absent. Spans compare with ==, and absent differs from every duration.
type Span struct {
	// One more than the milliseconds, so that the zero value is absent and a
	// span is one word.
	n int64
}

// SpanOf returns d truncated to milliseconds. A negative d is absent: no metric
// is ever negative.
func SpanOf(d time.Duration) Span { return SpanOfMillis(d.Milliseconds()) }

// SpanOfMillis returns a span of ms milliseconds; absent when ms is negative.
// Conversation logs hold spans that a [time.Duration] cannot add up; this and
// [Span.Millis] never overflow for a span between two instants.
func SpanOfMillis(ms int64) Span {
	if ms < 0 {
		return Span{}
	}
	return Span{ms + 1}
}

// Present reports whether the span is there.
func (s Span) Present() bool { return s.n != 0 }

// Millis returns the milliseconds and whether the span is present.
func (s Span) Millis() (int64, bool) {
	if s.n == 0 {
		return 0, false
	}
	return s.n - 1, true
}

// Duration returns the duration and whether the span is present.
func (s Span) Duration() (time.Duration, bool) {
	ms, ok := s.Millis()
	return time.Duration(ms) * time.Millisecond, ok
}

// Seconds returns the exact seconds, with up to three decimal places, and
// whether the span is present.
func (s Span) Seconds() (decimal.Decimal, bool) {
	ms, ok := s.Millis()
	return decimal.New(ms, -3), ok
}

// Compare orders spans by length, absent ones after all others.
func (s Span) Compare(t Span) int {
	switch {
	case s.n == t.n:
		return 0
	case s.n == 0:
		return 1
	case t.n == 0 || s.n < t.n:
		return -1
	default:
		return 1
	}
}

// String returns the span for a person: the two largest units ("1h 05m",
// "3d 2h", "45s", "0.250s"), or a dash when absent. Parts that do not fit are cut,
// not rounded.
func (s Span) String() string {
	ms, ok := s.Millis()
	if !ok {
		return "–"
	}
	sec := ms / 1000
	switch {
	case sec < 60 && ms%1000 != 0:
		return fmt.Sprintf("%d.%03ds", sec, ms%1000)
	case sec < 60:
		return fmt.Sprintf("%ds", sec)
	case sec < 3600:
		return fmt.Sprintf("%dm %02ds", sec/60, sec%60)
	case sec < 24*3600:
		return fmt.Sprintf("%dh %02dm", sec/3600, sec/60%60)
	default:
		return fmt.Sprintf("%dd %dh", sec/(24*3600), sec/3600%24)
	}
}

// MarshalJSON returns the milliseconds as a number, or null.
func (s Span) MarshalJSON() ([]byte, error) {
	ms, ok := s.Millis()
	if !ok {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, ms, 10), nil
}

// UnmarshalJSON reads what MarshalJSON writes. A negative or fractional number
// is an error.
func (s *Span) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		*s = Span{}
		return nil
	}
	ms, err := strconv.ParseUint(string(data), 10, 63)
	if err != nil || int64(ms)+1 < 0 {
		return fmt.Errorf("metrics: a span is a whole number of milliseconds or null, not %s", data)
	}
	*s = SpanOfMillis(int64(ms))
	return nil
}
