package filter

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/colloquy-go/colloquy/conversation"
)

// The JSON form of a question. A field and an operator are their keys. A field is
// compared with "values" by in, any_of and all_of, with nothing by present, and with
// one "value" by the others; or with a "term". Values are words, texts, RFC 3339
// instants in UTC, milliseconds, whole numbers, true and false, and links such as
// {"kind":"deal","id":"7"}.
//
//	{
//	  "v": 1,
//	  "where": {"and": [
//	    {"field": "detailed", "op": "in", "values": ["waiting", "waiting_again"]},
//	    {"field": "created_at", "op": "in", "term": "last 7 days"},
//	    {"not": {"field": "customer", "op": "contains", "value": "test"}}
//	  ]},
//	  "sort": ["-last_message_at"],
//	  "limit": 50
//	}

const jsonVersion = 1

// MarshalJSON returns the JSON form of a valid question: the same for equal ones. A
// question has no such form if it is invalid, if an instant lies outside the years
// 0 to 9999, or if it would be longer than [MaxJSON].
func (q Question) MarshalJSON() ([]byte, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	w := jsonWriter{b: fmt.Appendf(nil, `{"v":%d`, jsonVersion)}
	if q.Where != nil {
		w.raw(`,"where":`)
		w.predicate(q.Where, root.key("where"))
	}
	if q.Order != nil {
		w.raw(`,"sort":[`)
		for i, k := range q.Order {
			w.comma(i)
			w.text(Order{k}.String())
		}
		w.raw(`]`)
	}
	if q.Limit != 0 {
		w.raw(`,"limit":` + strconv.Itoa(q.Limit))
	}
	if q.Cursor != "" {
		w.raw(`,"cursor":`)
		w.text(q.Cursor)
	}
	w.raw(`}`)
	return w.done("$", MaxJSON)
}

// UnmarshalJSON sets q as [ParseJSON] does. On an error q keeps its value.
func (q *Question) UnmarshalJSON(data []byte) error {
	v, err := ParseJSON(data)
	if err == nil {
		*q = v
	}
	return err
}

type jsonWriter struct {
	b    []byte
	errs formErrors
}

func (w *jsonWriter) done(path string, most int) ([]byte, error) {
	if len(w.b) > most {
		w.errs.fail(path, "%d bytes, more than %d", len(w.b), most)
	}
	if w.errs != nil {
		return nil, w.errs.join()
	}
	return w.b, nil
}

func (w *jsonWriter) raw(s string) { w.b = append(w.b, s...) }

func (w *jsonWriter) comma(i int) {
	if i > 0 {
		w.raw(",")
	}
}

func (w *jsonWriter) text(s string) {
	b, _ := json.Marshal(s) // a string always has a form
	w.b = append(w.b, b...)
}

func (w *jsonWriter) predicate(p Predicate, at *path) {
	switch p := p.(type) {
	case Conjunction:
		w.parts("and", p, at)
	case Disjunction:
		w.parts("or", p, at)
	case Negation:
		w.raw(`{"not":`)
		w.predicate(p.Predicate, at.key("not"))
		w.raw(`}`)
	case Condition:
		w.leaf(p.field, p.op)
		if p.op.isList() {
			w.raw(`,"values":[`)
			for i, v := range p.values {
				w.comma(i)
				w.value(p.field, v, at.key("values").index(i))
			}
			w.raw(`]`)
		} else if p.op != Present {
			w.raw(`,"value":`)
			w.value(p.field, p.values[0], at.key("value"))
		}
		w.raw(`}`)
	case Relative:
		w.leaf(p.field, p.op)
		w.raw(`,"term":`)
		w.text(p.term.String())
		w.raw(`}`)
	}
}

func (w *jsonWriter) parts(word string, ps []Predicate, at *path) {
	w.raw(`{"` + word + `":[`)
	for i, p := range ps {
		w.comma(i)
		w.predicate(p, at.key(word).index(i))
	}
	w.raw(`]}`)
}

func (w *jsonWriter) leaf(f Field, op Op) {
	w.raw(`{"field":"` + f.Key() + `","op":"` + op.String() + `"`)
}

func (w *jsonWriter) value(f Field, v Value, at *path) {
	switch f.Type() {
	case Bool:
		w.raw(strconv.FormatBool(v.Num != 0))
	case Span, Number:
		w.raw(strconv.FormatInt(v.Num, 10))
	case Set:
		if f == Links.Field {
			l := decodeLink(v.Text)
			w.raw(`{"kind":`)
			w.text(l.Kind)
			w.raw(`,"id":`)
			w.text(l.ID)
			w.raw(`}`)
			return
		}
		w.text(v.Text)
	case Enum, Key, Text, Instant:
		s, ok := f.spellValue(v)
		if !ok {
			w.errs.fail(at.String(), "%d milliseconds are outside the years 0 to 9999", v.Num)
		}
		w.text(s)
	}
}

// isList reports whether the operator compares with any number of values.
func (o Op) isList() bool { return o == In || o == AnyOf || o == AllOf }

// operators returns how fields of the type are compared with values. Instants are
// compared by In with a term only.
func (t Type) operators() []Op {
	switch t {
	case Enum, Key, Bool:
		return []Op{In, Present}
	case Text:
		return []Op{In, Contains, StartsWith, Present}
	case Instant:
		return []Op{Less, AtMost, Greater, AtLeast, Present}
	case Span, Number:
		return []Op{In, Less, AtMost, Greater, AtLeast, Present}
	case Set:
		return []Op{AnyOf, AllOf, Present}
	}
	return nil
}

// ParseJSON reads the JSON form of a question. It is strict: what is unknown,
// doubled, missing, of another type or over a limit is a [*FormError], and they
// are reported together, up to 32 of them. What it returns is valid.
func ParseJSON(data []byte) (Question, error) {
	var r jsonReader
	if len(data) > MaxJSON {
		r.fail(root, "%d bytes, more than %d", len(data), MaxJSON)
		return Question{}, r.join()
	}
	n, ok := r.read(data, root)
	if !ok {
		return Question{}, r.join()
	}
	q := r.question(n, root)
	if r.formErrors != nil {
		return Question{}, r.join()
	}
	return q, nil
}

// path is a place in a JSON document. It is written only when something is wrong
// there.
type path struct {
	parent *path
	name   string
	number int // of an element; -1 of what has a name
}

var root = &path{name: "$", number: -1}

func (p *path) key(name string) *path  { return &path{p, name, -1} }
func (p *path) index(number int) *path { return &path{p, "", number} }

// String returns the form "$.where.and[1]". An unusual name is quoted in brackets.
func (p *path) String() string {
	switch {
	case p.parent == nil:
		return p.name
	case p.number >= 0:
		return p.parent.String() + "[" + strconv.Itoa(p.number) + "]"
	case p.name == "" || len(p.name) > 40 || strings.Trim(p.name, "abcdefghijklmnopqrstuvwxyz_") != "":
		return p.parent.String() + "[" + short(p.name) + "]"
	default:
		return p.parent.String() + "." + p.name
	}
}

type jsonReader struct {
	formErrors
	jsonText
	leaves int
}

func (r *jsonReader) fail(at *path, cause string, args ...any) {
	if len(r.formErrors) < maxFormErrors {
		r.formErrors.fail(at.String(), cause, args...)
	}
}

// read reads one JSON document.
func (r *jsonReader) read(data []byte, at *path) (node, bool) {
	if !utf8.Valid(data) {
		r.fail(at, "the text is not UTF-8")
		return nil, false
	}
	r.jsonText = jsonText{text: string(data)}
	n, ok := r.node(at, 1)
	if r.peek(); ok && r.pos < len(r.text) {
		r.fail(at, "something follows the end, at byte %d", r.pos)
		return nil, false
	}
	return n, ok
}

// noJSON reports that the text is none from here on.
func (r *jsonReader) noJSON(at *path) (node, bool) {
	if r.pos == len(r.text) {
		r.fail(at, "the text ends too early")
	} else {
		r.fail(at, "no JSON at byte %d", r.pos)
	}
	return nil, false
}

// The limits on what is read, which no valid question reaches.
const (
	maxNesting = 2*MaxDepth + 8
	maxMembers = 16 // of an object, so that doubled keys are found soon
)

func (r *jsonReader) node(at *path, level int) (node, bool) {
	if level > maxNesting {
		r.fail(at, "nested too deeply")
		return nil, false
	}
	switch r.peek() {
	case '{':
		return r.object(at, level)
	case '[':
		return r.array(at, level)
	}
	if n, ok := r.scalar(); ok {
		return n, true
	}
	return r.noJSON(at)
}

func (r *jsonReader) array(at *path, level int) (node, bool) {
	ns := []node{}
	for more := r.open(']'); more; {
		n, ok := r.node(at.index(len(ns)), level+1)
		if !ok {
			return nil, false
		}
		ns = append(ns, n)
		if more, ok = r.next(']'); !ok {
			return r.noJSON(at)
		}
	}
	return ns, true
}

// object keeps the first value of a doubled key.
func (r *jsonReader) object(at *path, level int) (node, bool) {
	o := object{}
	for more := r.open('}'); more; {
		key, ok := r.key()
		if !ok {
			return r.noJSON(at)
		}
		if len(o) == maxMembers {
			r.fail(at, "more than %d keys", maxMembers)
			return nil, false
		}
		n, ok := r.node(at.key(key), level+1)
		if !ok {
			return nil, false
		}
		if _, doubled := o.get(key); doubled {
			r.fail(at.key(key), "it is there twice")
		} else {
			o = append(o, member{key, n})
		}
		if more, ok = r.next('}'); !ok {
			return r.noJSON(at)
		}
	}
	return o, true
}

func (r *jsonReader) question(n node, at *path) Question {
	var q Question
	o, ok := r.asObject(n, at)
	if !ok {
		return q
	}
	switch v, ok := o.get("v"); {
	case !ok:
		r.fail(at.key("v"), "the version is missing: it is %d", jsonVersion)
	case v != numeral(strconv.Itoa(jsonVersion)):
		// What the rest means is for that version to say.
		r.formErrors = nil
		r.fail(at.key("v"), "the version is not %d", jsonVersion)
		return q
	}
	for _, m := range o {
		at := at.key(m.key)
		switch m.key {
		case "v":
		case "where":
			q.Where = r.predicate(m.value, at, 1)
			if r.leaves > MaxLeaves {
				r.fail(at, "more than %d conditions", MaxLeaves)
			}
		case "sort":
			q.Order = r.order(m.value, at)
		case "limit":
			if n, ok := asInteger(m.value); ok && n >= 1 && n <= MaxPageSize {
				q.Limit = int(n)
			} else {
				r.fail(at, "%s", limitCause)
			}
		case "cursor":
			if q.Cursor, _ = r.asText(m.value, at); len(q.Cursor) > maxCursor {
				r.fail(at, "it is too long")
			}
		default:
			r.fail(at, "unknown key")
		}
	}
	return q
}

func (r *jsonReader) order(n node, at *path) Order {
	ns, ok := r.asArray(n, at)
	if !ok {
		return nil
	}
	if len(ns) > MaxSortKeys {
		r.fail(at, "%d keys, more than %d", len(ns), MaxSortKeys)
		return nil
	}
	o := make(Order, 0, len(ns))
	for i, n := range ns {
		if s, ok := r.asText(n, at.index(i)); ok {
			var cause string
			if o, cause = o.with(s, fieldByKey); cause != "" {
				r.fail(at.index(i), "%s", cause)
			}
		}
	}
	return o
}

// with returns the order with one more key: a field, with a minus if the greatest
// value comes first.
func (o Order) with(key string, find func(string) (Field, bool)) (Order, string) {
	name, descending := strings.CutPrefix(key, "-")
	f, ok := find(name)
	switch {
	case !ok:
		return o, "unknown field " + short(name)
	case !f.Sortable():
		return o, f.Key() + " cannot be sorted by"
	case slices.ContainsFunc(o, func(k SortKey) bool { return k.Field == f }):
		return o, f.Key() + " stands twice"
	}
	return append(o, SortKey{f, descending}), ""
}

// broken stands where something is wrong: a leaf, so that the limits are counted
// rightly.
var broken = ConversationNumber.Present()

func (r *jsonReader) predicate(n node, at *path, level int) Predicate {
	o, ok := r.asObject(n, at)
	if !ok {
		r.leaves++
		return broken
	}
	for _, word := range []string{"and", "or", "not"} {
		inner, ok := o.get(word)
		if !ok {
			continue
		}
		for _, m := range o {
			if m.key != word {
				r.fail(at.key(m.key), "unknown key beside %s", word)
			}
		}
		if level > MaxDepth {
			r.fail(at, "more than %d levels", MaxDepth)
			return broken
		}
		if word == "not" {
			return Negation{r.predicate(inner, at.key(word), level+1)}
		}
		return r.parts(word, inner, at.key(word), level)
	}
	r.leaves++
	if _, ok := o.get("field"); !ok {
		r.fail(at, "it has none of and, or, not and field")
		return broken
	}
	return r.leaf(o, at, level)
}

func (r *jsonReader) parts(word string, n node, at *path, level int) Predicate {
	ns, ok := r.asArray(n, at)
	if !ok || len(ns) == 0 {
		r.leaves++
	}
	var ps []Predicate // nil of nothing, as And and Or make it
	for i, n := range ns {
		ps = append(ps, r.predicate(n, at.index(i), level+1))
	}
	if word == "and" {
		return Conjunction(ps)
	}
	return Disjunction(ps)
}

// The keys of a leaf.
const (
	fieldKey  = "field"
	opKey     = "op"
	valueKey  = "value"
	valuesKey = "values"
	termKey   = "term"
)

func (r *jsonReader) leaf(o object, at *path, level int) Predicate {
	f, op := r.fieldAndOp(o, at)
	var operand node
	key := ""
	for _, m := range o {
		switch m.key {
		case fieldKey, opKey:
		case valueKey, valuesKey, termKey:
			if key != "" {
				r.fail(at.key(m.key), "it stands beside %s", key)
				continue
			}
			key, operand = m.key, m.value
		default:
			r.fail(at.key(m.key), "unknown key")
		}
	}
	if f.def == nil || op == 0 {
		return broken
	}
	if key == termKey {
		return r.relative(f, op, operand, at, level)
	}
	if !slices.Contains(f.Type().operators(), op) {
		cause := "%s is not compared by %s"
		if f.Type() == Instant && op == In {
			cause += " with values, only with a term"
		}
		r.fail(at.key(opKey), cause, f, op)
		return broken
	}
	want := valueKey
	switch {
	case op == Present:
		want = ""
	case op.isList():
		want = valuesKey
	}
	switch {
	case key == want:
	case key == "":
		r.fail(at.key(want), "it is missing")
		return broken
	case want == "":
		r.fail(at.key(key), "%s takes none", op)
		return broken
	default:
		r.fail(at.key(key), "%s takes %s", op, want)
		return broken
	}
	c := Condition{field: f, op: op}
	switch {
	case op == Present:
	case op.isList():
		c.values = r.values(f, operand, at.key(key))
	default:
		c.values = []Value{r.value(f, op, operand, at.key(key))}
	}
	return c
}

// fieldAndOp returns none for what is wrong.
func (r *jsonReader) fieldAndOp(o object, at *path) (f Field, op Op) {
	n, _ := o.get(fieldKey)
	if key, ok := r.asText(n, at.key(fieldKey)); ok {
		if f, ok = fieldByKey(key); !ok {
			r.fail(at.key(fieldKey), "unknown field %s", short(key))
		}
	}
	n, ok := o.get(opKey)
	if !ok {
		r.fail(at.key(opKey), "it is missing")
		return f, 0
	}
	if word, ok := r.asText(n, at.key(opKey)); ok {
		if i := slices.Index(opTexts[:], word); i > 0 {
			op = Op(i) //nolint:gosec // an index of few operators
		} else {
			r.fail(at.key(opKey), "unknown operator %s", short(word))
		}
	}
	return f, op
}

func (r *jsonReader) relative(f Field, op Op, n node, at *path, level int) Predicate {
	s, ok := r.asText(n, at.key(termKey))
	if !ok {
		return broken
	}
	t, err := ParseTerm(s)
	if err != nil {
		r.fail(at.key(termKey), "%s is no term", short(s))
		return broken
	}
	p := Relative{f, op, t}
	if defect := p.defect(); defect != "" {
		r.fail(at.key(termKey), "%s", defect)
		return broken
	}
	if p.isPeriod() { // it becomes a conjunction of two
		r.leaves++
		if level > MaxDepth {
			r.fail(at, "more than %d levels", MaxDepth)
		}
	}
	return p
}

func (r *jsonReader) values(f Field, n node, at *path) []Value {
	ns, ok := r.asArray(n, at)
	if !ok {
		return nil
	}
	if len(ns) > MaxList {
		r.fail(at, "%d values, more than %d", len(ns), MaxList)
		return nil
	}
	values := make([]Value, len(ns))
	for i, n := range ns {
		values[i] = r.value(f, In, n, at.index(i))
	}
	return values
}

func (r *jsonReader) value(f Field, op Op, n node, at *path) Value {
	v, ok := f.jsonValue(n)
	if !ok {
		r.fail(at, "it is %s", f.jsonMismatch())
		return v
	}
	if op == Contains || op == StartsWith {
		v = folded(v.Text)
	}
	if len(v.Text) > MaxText {
		r.fail(at, "%d bytes, more than %d", len(v.Text), MaxText)
	} else if defect := f.def.defect(v); defect != "" {
		r.fail(at, "%s", defect)
	}
	return v
}

func (f Field) jsonValue(n node) (Value, bool) {
	switch f.Type() {
	case Bool:
		b, ok := n.(bool)
		return truth(b), ok
	case Span, Number:
		i, ok := asInteger(n)
		return number(i), ok
	case Set:
		if f == Links.Field {
			return jsonLink(n)
		}
	case Enum, Key, Text, Instant:
	}
	s, ok := n.(string)
	if !ok {
		return Value{}, false
	}
	if f.Type() == Set {
		return text(s), true
	}
	return f.valueOf(s)
}

func jsonLink(n node) (Value, bool) {
	o, _ := n.(object)
	kind, _ := o.get("kind")
	id, _ := o.get("id")
	k, ok := kind.(string)
	i, too := id.(string)
	return text(encodeLink(conversation.Link{Kind: k, ID: i})), ok && too && len(o) == 2
}

// jsonMismatch says of a JSON value that it is no value of the field.
func (f Field) jsonMismatch() string {
	switch f.Type() {
	case Bool:
		return "neither true nor false"
	case Span:
		return "no whole number of milliseconds"
	case Instant:
		return "no instant of RFC 3339 such as 2026-01-31T10:00:00Z"
	case Set:
		if f == Links.Field {
			return `no link such as {"kind":"deal","id":"7"}`
		}
		return "no text"
	case Enum, Key, Text, Number:
	}
	return f.mismatch()
}

func (r *jsonReader) asObject(n node, at *path) (object, bool) {
	o, ok := n.(object)
	if !ok {
		r.fail(at, "it is no object")
	}
	return o, ok
}

func (r *jsonReader) asArray(n node, at *path) ([]node, bool) {
	ns, ok := n.([]node)
	if !ok {
		r.fail(at, "it is no array")
	}
	return ns, ok
}

func (r *jsonReader) asText(n node, at *path) (string, bool) {
	s, ok := n.(string)
	if !ok {
		r.fail(at, "it is no text")
	}
	return s, ok
}

// asInteger takes whole numbers that are written without a point and an exponent.
func asInteger(n node) (int64, bool) {
	s, ok := n.(numeral)
	if !ok {
		return 0, false
	}
	i, err := strconv.ParseInt(string(s), 10, 64)
	return i, err == nil
}
