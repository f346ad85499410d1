package status

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// ErrInvalid is the kind of every error about a value that stands for no
// status and no trigger: a text that is none of the stored ones, an unknown
// code, a zero or out of range value where one must be written.
var ErrInvalid = errors.New("invalid value")

// The three types share one text form. Their names tables are indexed by value
// and hold nothing at zero.

func valid[T ~uint8](names []string, v T) bool {
	return v != 0 && int(v) < len(names)
}

func format[T ~uint8](names []string, typ string, v T) string {
	if !valid(names, v) {
		return typ + "(" + strconv.Itoa(int(v)) + ")"
	}
	return names[v]
}

func marshal[T ~uint8](names []string, typ string, v T) ([]byte, error) {
	if !valid(names, v) {
		return nil, fmt.Errorf("status: marshal: %w %s", ErrInvalid, format(names, typ, v))
	}
	return []byte(names[v]), nil
}

func parse[T ~uint8](names []string, typ, text string) (T, error) {
	i := slices.Index(names[1:], text)
	if i < 0 {
		return 0, fmt.Errorf("status: parse %s: %w %q", typ, ErrInvalid, text)
	}
	return T(i + 1), nil
}
