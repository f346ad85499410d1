package filter

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// ErrCursor is what a text gives that is no cursor of the question asked.
var ErrCursor = errors.New("cursor does not belong to this query")

// A cursor is base64url of: a version that says which way it goes, 8 bytes that
// identify the question, and the position: the number, then for each key of the
// order a byte that says whether the value is there, and the value.
const (
	cursorOn   = 1
	cursorBack = 2
	// maxCursor bounds what is read. It leaves room for all texts that rows can be
	// sorted by, each of the greatest length, folded and in base64.
	maxCursor = 64 << 10
)

// Cursor returns a position of the order as text. It belongs to the predicate and
// the order, both valid, and says nothing but a place: who may see the rows behind
// it is decided when it is used. It holds the values the order sorts by and is
// readable, not secret.
func (p Position) Cursor(where Predicate, order Order) string {
	version := byte(cursorOn)
	if p.Back {
		version = cursorBack
	}
	b := append([]byte{version}, fingerprint(where, order)...)
	b = binary.AppendVarint(b, p.Number)
	for i, v := range p.Values {
		switch {
		case !v.Present:
			b = append(b, 0)
		case textual(order[i].Field):
			b = append(b, 1)
			b = appendText(b, v.Text)
		default:
			b = append(b, 1)
			b = binary.AppendVarint(b, v.Num)
		}
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// ParseCursor reads a cursor of the same predicate and order, both valid. Anything
// else, also a cursor of another question, is [ErrCursor]. A cursor that somebody
// made up gives at most another place in the same list.
func ParseCursor(cursor string, where Predicate, order Order) (Position, error) {
	if len(cursor) > maxCursor {
		return Position{}, fmt.Errorf("filter: %w: %d characters", ErrCursor, len(cursor))
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil {
		return Position{}, fmt.Errorf("filter: %w: %w", ErrCursor, err)
	}
	if len(b) < 9 || b[0] != cursorOn && b[0] != cursorBack {
		return Position{}, fmt.Errorf("filter: %w: it is cut short or of another version", ErrCursor)
	}
	if string(b[1:9]) != string(fingerprint(where, order)) {
		return Position{}, fmt.Errorf("filter: %w: it is of another one", ErrCursor)
	}
	p, ok := readPosition(b[9:], order)
	if !ok {
		return Position{}, fmt.Errorf("filter: %w: its position is broken", ErrCursor)
	}
	p.Back = b[0] == cursorBack
	return p, nil
}

// readPosition reads values that a conversation can have, and no others: what is
// read here becomes a parameter of a database.
func readPosition(b []byte, order Order) (Position, bool) {
	n, used := binary.Varint(b)
	if used <= 0 {
		return Position{}, false
	}
	b = b[used:]
	p := Position{Number: n, Values: make([]Value, len(order))}
	for i, k := range order {
		if len(b) == 0 || b[0] > 1 {
			return Position{}, false
		}
		present := b[0] == 1
		b = b[1:]
		if !present {
			if !k.Field.Optional() {
				return Position{}, false
			}
			continue
		}
		v := Value{Present: true}
		if textual(k.Field) {
			size, used := binary.Uvarint(b)
			if used <= 0 || size > uint64(len(b)-used) {
				return Position{}, false
			}
			v.Text, b = string(b[used:used+int(size)]), b[used+int(size):]
		} else {
			n, used := binary.Varint(b)
			if used <= 0 {
				return Position{}, false
			}
			v.Num, b = n, b[used:]
		}
		if k.Field.def.defect(v) != "" {
			return Position{}, false
		}
		p.Values[i] = v
	}
	return p, len(b) == 0
}

func textual(f Field) bool { return f.Type() == Text || f.Type() == Key }

// fingerprint identifies a question. The order of what an And or an Or has, and
// how they are nested without a need, does not matter: a question keeps its
// cursors through forms that do not keep that.
func fingerprint(where Predicate, order Order) []byte {
	b := normal(where).appendTo(nil)
	b = append(b, '/')
	for _, k := range order {
		b = k.Field.appendTo(b)
		b = append(b, truthByte(k.Descending))
	}
	sum := sha256.Sum256(b)
	return sum[:8]
}

func (p Conjunction) appendTo(b []byte) []byte { return appendAll(append(b, '&'), p) }
func (p Disjunction) appendTo(b []byte) []byte { return appendAll(append(b, '|'), p) }
func (p Negation) appendTo(b []byte) []byte    { return p.Predicate.appendTo(append(b, '!')) }

func appendAll(b []byte, ps []Predicate) []byte {
	parts := make([]string, len(ps))
	for i, p := range ps {
		parts[i] = string(p.appendTo(nil))
	}
	slices.Sort(parts)
	b = binary.AppendUvarint(b, uint64(len(parts)))
	for _, part := range parts {
		b = append(b, part...)
	}
	return b
}

func (p Condition) appendTo(b []byte) []byte {
	if p.asked != nil {
		return p.asked.appendTo(append(b, '@', byte(p.op)))
	}
	b = p.field.appendTo(append(b, '?'))
	b = append(b, byte(p.op))
	b = binary.AppendUvarint(b, uint64(len(p.values)))
	for _, v := range p.values {
		b = binary.AppendVarint(b, v.Num)
		b = appendText(b, v.Text)
	}
	return b
}

func (p Relative) appendTo(b []byte) []byte {
	b = p.field.appendTo(append(b, '~'))
	return appendText(append(b, byte(p.op)), p.term.String())
}

func (f Field) appendTo(b []byte) []byte { return appendText(b, f.def.key) }

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func truthByte(b bool) byte { return byte(truth(b).Num) }
