package filter

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/colloquy-go/colloquy/conversation"
)

// Predicate says yes or no to a conversation. It is one of [Conjunction],
// [Disjunction], [Negation], [Condition] and, until it is asked, [Relative]; build
// it with the methods of fields and with [And], [Or] and [Not], and do not change
// it afterwards. No other type can be one: it may satisfy the interface by embedding, but [Validate] refuses it.
type Predicate interface {
	// Match reports whether the conversation satisfies the predicate. It may
	// panic if Validate refuses the predicate, for instance for a missing part.
	Match(c *conversation.Conversation) bool

	// appendTo appends a form that is the same for equal predicates only.
	appendTo(b []byte) []byte
}

// Conjunction is true where all of its predicates are; where it has none, too.
type Conjunction []Predicate

// Disjunction is true where one of its predicates is.
type Disjunction []Predicate

// Negation is true where its predicate is false.
type Negation struct{ Predicate Predicate }

// And returns the predicate that is true where all of ps are.
func And(ps ...Predicate) Predicate { return Conjunction(slices.Clone(ps)) }

// Or returns the predicate that is true where one of ps is.
func Or(ps ...Predicate) Predicate { return Disjunction(slices.Clone(ps)) }

// Not returns the predicate that is true where p is false.
func Not(p Predicate) Predicate { return Negation{p} }

// Match implements [Predicate].
func (p Conjunction) Match(c *conversation.Conversation) bool {
	for _, q := range p {
		if !q.Match(c) {
			return false
		}
	}
	return true
}

// Match implements [Predicate].
func (p Disjunction) Match(c *conversation.Conversation) bool {
	for _, q := range p {
		if q.Match(c) {
			return true
		}
	}
	return false
}

// Match implements [Predicate].
func (p Negation) Match(c *conversation.Conversation) bool { return !p.Predicate.Match(c) }

// Op is how a condition compares. The zero Op is invalid. The text form is stored.
type Op uint8

// The operators. The others are made of these: "is" is In with one value, "is
// not" and "absent" are negations, "between" is a conjunction.
const (
	In         Op = iota + 1 // equals one of the values
	Contains                 // the folded text contains the value
	StartsWith               // the folded text begins with the value
	Less                     // is less than, or before, the value
	AtMost
	Greater // is greater than, or after, the value
	AtLeast
	Present // is there; no value
	AnyOf   // the set has one of the values
	AllOf   // the set has all of the values
)

var opTexts = [...]string{
	In: "in", Contains: "contains", StartsWith: "starts_with", Less: "less", AtMost: "at_most",
	Greater: "greater", AtLeast: "at_least", Present: "present", AnyOf: "any_of", AllOf: "all_of",
}

// String returns the stored text, or op(n) for an invalid o.
func (o Op) String() string {
	if o == 0 || int(o) >= len(opTexts) {
		return fmt.Sprintf("op(%d)", uint8(o))
	}
	return opTexts[o]
}

// Value is the value of a field in one row, or one to compare with. The zero
// Value is absent. Which of Num and Text counts depends on the field's [Type].
type Value struct {
	Present bool
	Num     int64  // enumerations, instants and spans in milliseconds, numbers, 0 and 1 for no and yes
	Text    string // ids, and texts in their folded form
}

func number(n int64) Value { return Value{Present: true, Num: n} }
func text(s string) Value  { return Value{Present: true, Text: s} }

// compare orders present values of one type.
func (v Value) compare(w Value) int {
	switch {
	case v.Num < w.Num:
		return -1
	case v.Num > w.Num:
		return 1
	default:
		return strings.Compare(v.Text, w.Text)
	}
}

// Condition is a leaf of a predicate: a field, an operator and its values. The
// zero Condition is invalid.
type Condition struct {
	field  Field
	op     Op
	values []Value
	asked  *Relative // what it was resolved from, if its values change with time
}

// Field returns what is asked about.
func (p Condition) Field() Field { return p.field }

// Op returns how it is compared.
func (p Condition) Op() Op { return p.op }

// Values returns what it is compared with: any number for In, AnyOf and AllOf,
// none for Present, one for the others. Values of Contains and StartsWith are
// folded. The slice must not be changed.
func (p Condition) Values() []Value { return p.values }

// Match implements [Predicate].
func (p Condition) Match(c *conversation.Conversation) bool {
	d := p.field.def
	if d.members != nil {
		return p.matchSet(c)
	}
	v := d.value(c)
	if !v.Present {
		return false
	}
	switch p.op {
	case Present:
		return true
	case In:
		for i := range p.values {
			if v.Num == p.values[i].Num && v.Text == p.values[i].Text {
				return true
			}
		}
		return false
	case Less:
		return v.Num < p.values[0].Num
	case AtMost:
		return v.Num <= p.values[0].Num
	case Greater:
		return v.Num > p.values[0].Num
	case AtLeast:
		return v.Num >= p.values[0].Num
	case Contains:
		return strings.Contains(Fold(v.Text), p.values[0].Text)
	case StartsWith:
		return strings.HasPrefix(Fold(v.Text), p.values[0].Text)
	case AnyOf, AllOf: // of sets only
	}
	return false
}

func (p Condition) matchSet(c *conversation.Conversation) bool {
	has := p.field.def.has
	switch p.op {
	case Present:
		return len(p.field.def.members(c)) > 0
	case AnyOf:
		return slices.ContainsFunc(p.values, func(v Value) bool { return has(c, v.Text) })
	case AllOf:
		return !slices.ContainsFunc(p.values, func(v Value) bool { return !has(c, v.Text) })
	case In, Contains, StartsWith, Less, AtMost, Greater, AtLeast: // of single values only
	}
	return false
}

// The limits on a predicate. They keep a question from outside within what every
// database takes: two predicates, what is asked and the scope it is asked in, have
// fewer values than the 32,766 parameters of SQLite.
const (
	MaxDepth  = 16  // levels of And, Or and Not
	MaxLeaves = 50  // conditions; an And or Or of nothing is one too
	MaxList   = 300 // values of one condition
	MaxText   = 512 // bytes of one value
)

// ErrPredicate is what a predicate that cannot be asked gives.
var ErrPredicate = errors.New("invalid predicate")

// PredicateError says what is wrong with a predicate. It wraps [ErrPredicate].
type PredicateError struct {
	Field string // the key of the field; empty when it is the tree as a whole
	Cause string
}

// Error names the field and the cause.
func (e *PredicateError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("filter: %v: %s", ErrPredicate, e.Cause)
	}
	return fmt.Sprintf("filter: %v: %s: %s", ErrPredicate, e.Field, e.Cause)
}

// Unwrap returns [ErrPredicate].
func (e *PredicateError) Unwrap() error { return ErrPredicate }

// Validate reports everything wrong with a predicate, each as a
// [*PredicateError]: a missing or foreign part, a value that no conversation can
// have, a [Relative] that is not resolved, what is over a limit. Behind the limit of
// conditions it does not look.
func Validate(p Predicate) error { return validate(p, false) }

func validate(p Predicate, relative bool) error {
	v := validation{relative: relative}
	v.all(p)
	return errors.Join(v.errs...)
}

type validation struct {
	relative bool // whether there may be any
	leaves   int
	errs     []error
}

func (v *validation) fail(field, cause string) {
	v.errs = append(v.errs, &PredicateError{field, cause})
}

func (v *validation) all(p Predicate) {
	v.predicate(p, 1)
	if v.leaves > MaxLeaves {
		v.fail("", fmt.Sprintf("more than %d conditions", MaxLeaves))
	}
}

func (v *validation) predicate(p Predicate, level int) {
	if v.leaves > MaxLeaves {
		return
	}
	switch p := p.(type) {
	case Conjunction:
		v.parts(p, level)
	case Disjunction:
		v.parts(p, level)
	case Negation:
		v.parts([]Predicate{p.Predicate}, level)
	case Condition:
		v.leaves++
		v.condition(p)
	case Relative:
		v.leaves++
		v.unresolved(p, level)
	case nil:
		v.leaves++
		v.fail("", "a predicate is nil")
	default:
		v.leaves++
		v.fail("", fmt.Sprintf("a %T is no predicate of this package", p))
	}
}

func (v *validation) parts(ps []Predicate, level int) {
	if level > MaxDepth {
		v.leaves++ // a slice that contains itself comes to an end
		v.fail("", fmt.Sprintf("more than %d levels", MaxDepth))
		return
	}
	if len(ps) == 0 {
		v.leaves++
	}
	for _, p := range ps {
		v.predicate(p, level+1)
	}
}

// unresolved counts what a period becomes: a conjunction of two conditions.
func (v *validation) unresolved(p Relative, level int) {
	if defect := p.defect(); defect != "" {
		v.fail(p.field.Key(), defect)
		return
	}
	if !v.relative {
		v.fail(p.field.Key(), p.term.String()+" is not resolved")
	}
	if p.isPeriod() {
		v.leaves++
		if level > MaxDepth {
			v.fail("", fmt.Sprintf("more than %d levels", MaxDepth))
		}
	}
}

func (v *validation) condition(p Condition) {
	d := p.field.def
	if d == nil {
		v.fail("", "a condition is empty")
		return
	}
	if len(p.values) > MaxList {
		v.fail(d.key, fmt.Sprintf("%d values, more than %d", len(p.values), MaxList))
		return
	}
	for _, w := range p.values {
		if len(w.Text) > MaxText {
			v.fail(d.key, fmt.Sprintf("a value has %d bytes, more than %d", len(w.Text), MaxText))
		} else if defect := d.defect(w); defect != "" {
			v.fail(d.key, defect)
		}
	}
}
