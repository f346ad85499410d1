package filter

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// The URL form of a question. A parameter is a word of a field and what is said of
// it; all parameters must hold, also several of one name.
//
//	status=waiting,waiting_again    one of them
//	agent=me                        whoever asks; an agent with that id is "me" in quotes
//	agent=!ann,bob                  none of them
//	customer=jan kowalski           contains it; =Jan is exactly Jan, ^jan begins with it
//	created=today                   within it; >2026-01-31 is from the end of that day on
//	max_reaction=>45s               longer than that; 10s..1m from one to the other
//	link=+deal/7,contact/8          both of them
//	wait=>5m                        the customer has waited for longer
//	has=agent  no=first_reply       the field is there, is not there
//	where={"or":[...]}              the predicate of the JSON form, for everything else
//	sort=-last_message,number       as in the JSON form
//	limit=50  cursor=...
//
// The words are in words.go. The parameter q is kept for what is typed into a
// search box.

const (
	whereParam  = "where"
	sortParam   = "sort"
	limitParam  = "limit"
	cursorParam = "cursor"
)

var whereRoot = &path{name: whereParam, number: -1}

// urlSpeller quotes only what must be: an address is escaped anyway.
var urlSpeller = speller{special: func(rune) bool { return false }}

// URL returns the URL form of a valid question. [ParseURL] gives the same question
// back: its And and Or may be nested and ordered in another way, but a cursor of
// the one is a cursor of the other. What has no JSON form has no URL form, nor has
// what would be longer than [MaxURL].
func (q Question) URL() (url.Values, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	v := url.Values{}
	if q.Where != nil {
		if err := addWhere(v, normal(q.Where)); err != nil {
			return nil, err
		}
	}
	if q.Order != nil {
		keys := make([]string, len(q.Order))
		for i, k := range q.Order {
			if keys[i] = wordOf(k.Field); k.Descending {
				keys[i] = "-" + keys[i]
			}
		}
		v.Set(sortParam, strings.Join(keys, ","))
	}
	if q.Limit != 0 {
		v.Set(limitParam, strconv.Itoa(q.Limit))
	}
	if q.Cursor != "" {
		v.Set(cursorParam, q.Cursor)
	}
	if n := sizeOf(v); n > MaxURL {
		return nil, &FormError{"?", fmt.Sprintf("%d bytes, more than %d", n, MaxURL)}
	}
	return v, nil
}

func sizeOf(v url.Values) int {
	n := 0
	for name, values := range v {
		for _, value := range values {
			n += len(name) + len(value) + len("=&")
		}
	}
	return n
}

// addWhere writes each part of a predicate in its normal form that can be a
// parameter, and all others as one.
func addWhere(v url.Values, where Predicate) error {
	parts, ok := where.(Conjunction)
	if !ok {
		parts = Conjunction{where}
	}
	var others Conjunction
	for _, p := range parts {
		not := ""
		s, ok := urlSpeller.spell(p)
		if n, is := p.(Negation); is && !ok {
			not = "!"
			s, ok = urlSpeller.spell(n.Predicate)
		}
		if ok {
			v.Add(s.word, not+s.said())
		} else {
			others = append(others, p)
		}
	}
	if others == nil {
		return nil
	}
	var w jsonWriter
	w.predicate(normal(others), whereRoot)
	b, err := w.done(whereParam, MaxURL)
	v.Set(whereParam, string(b))
	return err
}

// ParseURL reads the URL form of a question. It is as strict as [ParseJSON]: an
// unknown parameter is a [*FormError], too.
func ParseURL(v url.Values) (Question, error) {
	var r urlReader
	if n := sizeOf(v); n > MaxURL {
		r.fail("?", "%d bytes, more than %d", n, MaxURL)
		return Question{}, r.join()
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		r.parameter(name, v[name])
	}
	switch {
	case len(r.parts) == 1:
		r.q.Where = r.parts[0]
	case len(r.parts) > 1:
		r.q.Where = r.parts
		r.validate("?", r.q.Where)
	}
	if r.formErrors != nil {
		return Question{}, r.join()
	}
	return r.q, nil
}

type urlReader struct {
	formErrors
	q     Question
	parts Conjunction
}

func (r *urlReader) parameter(name string, values []string) {
	switch name {
	case whereParam, sortParam, limitParam, cursorParam:
		if len(values) > 1 {
			r.fail(name, "it is there twice")
			return
		}
	default:
		if !isWord(name) {
			r.fail(cutName(name), "unknown parameter")
			return
		}
	}
	for i, value := range values {
		at := name
		if len(values) > 1 {
			at = fmt.Sprintf("%s[%d]", name, i)
		}
		switch name {
		case whereParam:
			r.where(value)
		case sortParam:
			r.sort(value)
		case limitParam:
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 || n > MaxPageSize || strconv.Itoa(n) != value {
				r.fail(at, "%s", limitCause)
			}
			r.q.Limit = n
		case cursorParam:
			r.q.Cursor = value
		default:
			r.word(at, name, value)
		}
	}
}

// cutName keeps an error short.
func cutName(name string) string {
	if len(name) > 40 {
		return fmt.Sprintf("%.40s...", name)
	}
	return name
}

func (r *urlReader) word(at, word, value string) {
	said, not := strings.CutPrefix(value, "!")
	p, err := readWord(word, said)
	if err != nil {
		r.fail(at, "%s", err.cause)
		return
	}
	if not {
		p = Negation{p}
	}
	if r.validate(at, p) {
		r.parts = append(r.parts, p)
	}
}

// validate reports what is wrong with a part, or with all of them together.
func (r *urlReader) validate(at string, p Predicate) bool {
	v := validation{relative: true}
	v.all(p)
	for _, err := range v.errs {
		var e *PredicateError
		if errors.As(err, &e) {
			r.fail(at, "%s", e.Cause)
		}
	}
	return v.errs == nil
}

func (r *urlReader) where(value string) {
	var j jsonReader
	at := whereRoot
	if n, ok := j.read([]byte(value), at); ok {
		p := j.predicate(n, at, 1)
		if j.leaves > MaxLeaves {
			j.fail(at, "more than %d conditions", MaxLeaves)
		}
		if j.formErrors == nil {
			r.parts = append(r.parts, p)
		}
	}
	r.formErrors = append(r.formErrors, j.formErrors...)
}

func (r *urlReader) sort(value string) {
	r.q.Order = Order{}
	if value == "" {
		return // by number
	}
	keys := strings.Split(value, ",")
	if len(keys) > MaxSortKeys {
		r.fail(sortParam, "%d keys, more than %d", len(keys), MaxSortKeys)
		return
	}
	for _, key := range keys {
		var cause string
		if r.q.Order, cause = r.q.Order.with(key, fieldOf); cause != "" {
			r.fail(sortParam, "%s", cause)
		}
	}
}
