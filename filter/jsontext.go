package filter

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// node is a JSON value: nil, bool, numeral, string, []node or object.
type node any

// numeral is a number as it is written.
type numeral string

type object []member

type member struct {
	key   string
	value node
}

func (o object) get(key string) (node, bool) {
	i := slices.IndexFunc(o, func(m member) bool { return m.key == key })
	if i < 0 {
		return nil, false
	}
	return o[i].value, true
}

// jsonText is a JSON text (RFC 8259) in UTF-8, and how far it is read. It is read
// by hand because encoding/json neither tells where a value stood nor that a key
// was doubled or half of a surrogate pair was replaced. When something is not ok,
// pos is where.
type jsonText struct {
	text string
	pos  int
}

// peek skips white space and returns the next byte, 0 at the end.
func (j *jsonText) peek() byte {
	for j.pos < len(j.text) {
		switch c := j.text[j.pos]; c {
		case ' ', '\t', '\n', '\r':
			j.pos++
		default:
			return c
		}
	}
	return 0
}

// take skips the next byte if it is c.
func (j *jsonText) take(c byte) bool {
	if j.peek() != c || j.pos == len(j.text) {
		return false
	}
	j.pos++
	return true
}

// open goes into an array or object, and reports whether there is anything.
func (j *jsonText) open(end byte) bool {
	j.pos++
	return !j.take(end)
}

// next goes to the next element or member, if there are more, or behind the end.
func (j *jsonText) next(end byte) (more, ok bool) {
	if j.take(',') {
		return true, true
	}
	return false, j.take(end)
}

// key reads the key of a member and its colon.
func (j *jsonText) key() (string, bool) {
	if j.peek() != '"' {
		return "", false
	}
	key, ok := j.string()
	return key, ok && j.take(':')
}

func (j *jsonText) scalar() (node, bool) {
	switch c := j.peek(); {
	case c == '"':
		return j.string()
	case c == '-' || '0' <= c && c <= '9':
		return j.number()
	case j.word("true"):
		return true, true
	case j.word("false"):
		return false, true
	default:
		return nil, j.word("null")
	}
}

func (j *jsonText) word(s string) bool {
	ok := strings.HasPrefix(j.text[j.pos:], s)
	if ok {
		j.pos += len(s)
	}
	return ok
}

func (j *jsonText) number() (node, bool) {
	begin := j.pos
	skip := func(set string, most int) bool {
		rest := j.text[j.pos:]
		n := min(len(rest)-len(strings.TrimLeft(rest, set)), most)
		j.pos += n
		return n > 0
	}
	digits := func() bool { return skip("0123456789", len(j.text)) }

	skip("-", 1)
	if !skip("0", 1) && !digits() {
		return nil, false
	}
	if skip(".", 1) && !digits() {
		return nil, false
	}
	if skip("eE", 1) {
		if skip("+-", 1); !digits() {
			return nil, false
		}
	}
	return numeral(j.text[begin:j.pos]), true
}

// string reads a string. Half of a surrogate pair is no text.
func (j *jsonText) string() (string, bool) {
	j.pos++
	begin := j.pos
	for ; j.pos < len(j.text); j.pos++ {
		switch c := j.text[j.pos]; {
		case c == '"':
			j.pos++
			return j.text[begin : j.pos-1], true
		case c == '\\':
			return j.escaped(begin)
		case c < ' ':
			return "", false
		}
	}
	return "", false
}

// escaped reads the rest of a string with escapes, from the first one on.
func (j *jsonText) escaped(begin int) (string, bool) {
	b := []byte(j.text[begin:j.pos])
	for j.pos < len(j.text) {
		switch c := j.text[j.pos]; {
		case c == '"':
			j.pos++
			return string(b), true
		case c < ' ':
			return "", false
		case c != '\\':
			b = append(b, c)
			j.pos++
			continue
		}
		r, ok := j.escape()
		if !ok {
			return "", false
		}
		b = utf8.AppendRune(b, r)
	}
	return "", false
}

func (j *jsonText) escape() (rune, bool) {
	if j.pos+1 == len(j.text) {
		j.pos++
		return 0, false
	}
	if i := strings.IndexByte(`"\/bfnrt`, j.text[j.pos+1]); i >= 0 {
		j.pos += 2
		return rune("\"\\/\b\f\n\r\t"[i]), true
	}
	r, ok := j.unit()
	if !ok || !utf16.IsSurrogate(r) {
		return r, ok
	}
	low, ok := j.unit()
	r = utf16.DecodeRune(r, low)
	return r, ok && r != utf8.RuneError
}

// unit reads \u and four hexadecimal digits.
func (j *jsonText) unit() (rune, bool) {
	rest := j.text[j.pos:]
	if len(rest) < 6 || rest[:2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(rest[2:6], 16, 16)
	if err != nil {
		return 0, false
	}
	j.pos += 6
	return rune(n), true
}
