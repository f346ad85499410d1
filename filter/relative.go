package filter

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/colloquy-go/colloquy/conversation"
)

// Unit is a unit of time. The zero Unit is invalid. The text form is stored.
type Unit uint8

// The units. The first three are lengths; the others are spans of a calendar,
// longer or shorter where the clocks are changed.
const (
	Second Unit = iota + 1
	Minute
	Hour
	Day
	Week
	Month
	Year
)

var unitTexts = [...]string{
	Second: "second", Minute: "minute", Hour: "hour", Day: "day", Week: "week", Month: "month", Year: "year",
}

// String returns the stored text, or unit(n) for an invalid u.
func (u Unit) String() string {
	if u == 0 || int(u) >= len(unitTexts) {
		return fmt.Sprintf("unit(%d)", uint8(u))
	}
	return unitTexts[u]
}

// length returns how long a second, minute or hour is; 0 for the others.
func (u Unit) length() time.Duration {
	switch u {
	case Second:
		return time.Second
	case Minute:
		return time.Minute
	case Hour:
		return time.Hour
	case Day, Week, Month, Year:
	}
	return 0
}

// Term is a value that is known only when a question is asked: an agent, a period
// or an instant. Days begin where the clocks of a zone show midnight, and weeks on
// Monday.
//
// [Me] is whoever asks. The other fixed terms, [Last] and [Date] are periods, and
// [Ago] is an instant. A date written with a time ("2026-01-31T10:00") is the
// period of that minute or second.
//
// Terms compare with ==. The zero Term is invalid, and so is one with a number
// outside the limits; [Validate] and [Resolve] refuse it. The text form is stored.
type Term struct {
	kind  termKind
	unit  Unit
	count int32
	clock int64 // of dates: what the clocks show, in seconds since 1970
}

type termKind uint8

const (
	me termKind = iota + 1
	today
	yesterday
	thisWeek
	lastWeek
	thisMonth
	lastMonth
	thisYear
	lastYear
	fixedTerms

	last
	ago
	dated // a day, minute or second of the calendar, by unit
)

var termTexts = [fixedTerms]string{
	me: "me", today: "today", yesterday: "yesterday", thisWeek: "this week", lastWeek: "last week",
	thisMonth: "this month", lastMonth: "last month", thisYear: "this year", lastYear: "last year",
}

// The fixed terms.
var (
	Me        = Term{kind: me}
	Today     = Term{kind: today}
	Yesterday = Term{kind: yesterday}
	ThisWeek  = Term{kind: thisWeek}
	LastWeek  = Term{kind: lastWeek}
	ThisMonth = Term{kind: thisMonth}
	LastMonth = Term{kind: lastMonth}
	ThisYear  = Term{kind: thisYear}
	LastYear  = Term{kind: lastYear}
)

// MaxCount is the greatest number of [Last] and [Ago]; the least is 1.
const MaxCount = 100_000

// Last is the period of n units that comes to its end now. Of days and longer
// units it ends with today, and begins on the day after the one that has today's
// date n units ago, or after the last day of that month if it is too short: the
// last 7 days, or the last week of 1, are today and the six days before it. Of
// shorter units it is exactly that long, both ends included.
func Last(n int, u Unit) Term { return counted32(last, n, u) }

// Ago is the instant n units before now. Of days and longer units it is when the
// clocks showed the same time on the day that had the same date, or on the last
// day of that month if it is too short.
func Ago(n int, u Unit) Term { return counted32(ago, n, u) }

func counted32(k termKind, n int, u Unit) Term {
	return Term{kind: k, unit: u, count: int32(min(max(n, 0), MaxCount+1))} //nolint:gosec // within the limits
}

// Date is the day of a date, which is normalized as by [time.Date]. The year is 0
// to 9999.
func Date(year int, month time.Month, day int) Term {
	return Term{kind: dated, unit: Day, clock: time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()}
}

// The layouts of dates, the texts of which sort as they follow each other.
const (
	dayLayout    = "2006-01-02"
	minuteLayout = "2006-01-02T15:04"
	secondLayout = "2006-01-02T15:04:05"
)

func (t Term) layout() string {
	switch t.unit {
	case Minute:
		return minuteLayout
	case Second:
		return secondLayout
	case Day, Hour, Week, Month, Year:
	}
	return dayLayout
}

// String returns the stored text, or term(n) for an invalid t.
func (t Term) String() string {
	switch {
	case t.defect() != "":
		return fmt.Sprintf("term(%d)", uint8(t.kind))
	case t.kind < fixedTerms:
		return termTexts[t.kind]
	case t.kind == dated:
		return time.Unix(t.clock, 0).UTC().Format(t.layout())
	}
	s := strconv.Itoa(int(t.count)) + " " + t.unit.String()
	if t.count > 1 {
		s += "s"
	}
	if t.kind == last {
		return "last " + s
	}
	return s + " ago"
}

// MarshalText returns the stored text. An invalid t is an error.
func (t Term) MarshalText() ([]byte, error) {
	if defect := t.defect(); defect != "" {
		return nil, fmt.Errorf("filter: %w: %s", ErrTerm, defect)
	}
	return []byte(t.String()), nil
}

// UnmarshalText sets t as [ParseTerm] does. On an error t keeps its value.
func (t *Term) UnmarshalText(text []byte) error {
	v, err := ParseTerm(string(text))
	if err == nil {
		*t = v
	}
	return err
}

// defect says what is wrong with the term; empty if nothing is.
func (t Term) defect() string {
	switch {
	case t.kind == 0 || t.kind == fixedTerms || t.kind > dated:
		return "a term is empty"
	case t.kind == dated:
		if y := time.Unix(t.clock, 0).UTC().Year(); y < 0 || y > 9999 {
			return "a date is outside the years 0 to 9999"
		}
	case t.kind == last || t.kind == ago:
		if t.unit == 0 || int(t.unit) >= len(unitTexts) {
			return "a term has no unit"
		}
		if t.count < 1 || t.count > MaxCount {
			return fmt.Sprintf("a term has a number outside 1 to %d", MaxCount)
		}
	}
	return ""
}

// ErrTerm is what a text gives that is no term.
var ErrTerm = errors.New("invalid term")

// ParseTerm returns the term of a stored text: "me", "today", "last week", "last 7
// days", "30 minutes ago", "2026-01-31", "2026-01-31T10:00". Case, spaces, leading
// zeros and the plural count. Any other text is [ErrTerm].
func ParseTerm(text string) (Term, error) {
	t, ok := parseTerm(text)
	if !ok || t.String() != text {
		if len(text) > maxTermText {
			text = text[:maxTermText]
		}
		return Term{}, fmt.Errorf("filter: %w: %q", ErrTerm, text)
	}
	return t, nil
}

const maxTermText = 40 // bytes, more than the longest term has

func parseTerm(s string) (Term, bool) {
	if len(s) > maxTermText || s == "" {
		return Term{}, false
	}
	if '0' <= s[0] && s[0] <= '9' && !strings.Contains(s, " ") {
		return parseDate(s)
	}
	for k, text := range termTexts {
		if s == text {
			return Term{kind: termKind(k)}, true
		}
	}
	if rest, ok := strings.CutPrefix(s, "last "); ok {
		return parseCount(last, rest)
	}
	if rest, ok := strings.CutSuffix(s, " ago"); ok {
		return parseCount(ago, rest)
	}
	return Term{}, false
}

// parseCount reads a number and a unit. What is not written as it is stored does
// not matter: it is not what the term is written as again.
func parseCount(k termKind, s string) (Term, bool) {
	number, unit, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(number)
	if err != nil {
		return Term{}, false
	}
	for u := Second; u <= Year; u++ {
		if strings.TrimSuffix(unit, "s") == unitTexts[u] {
			return counted32(k, n, u), true
		}
	}
	return Term{}, false
}

func parseDate(s string) (Term, bool) {
	t := Term{kind: dated}
	switch len(s) {
	case len(dayLayout):
		t.unit = Day
	case len(minuteLayout):
		t.unit = Minute
	case len(secondLayout):
		t.unit = Second
	default:
		return Term{}, false
	}
	at, err := time.Parse(t.layout(), s)
	t.clock = at.Unix()
	return t, err == nil
}

// isInstant reports whether the term is one instant and not a period.
func (t Term) isInstant() bool { return t.kind == ago }

// needs says what an asking must have to resolve the term.
func (t Term) needs() (now, zone bool) {
	switch {
	case t.kind == me:
		return false, false
	case t.kind == dated:
		return false, true
	case t.unit.length() > 0:
		return true, false
	default:
		return true, true
	}
}

// period returns the first instant of the period and the first behind it; both are
// the same for Ago. The term is a valid one of time, and a has what it needs.
func (t Term) period(a Asking) (from, to time.Time) {
	if n, d := t.count, t.unit.length(); d > 0 && t.kind != dated {
		start := a.Now.Add(-time.Duration(n) * d)
		if t.kind == ago {
			return start, start
		}
		return start, a.Now.Add(time.Millisecond)
	}
	var now civil
	if t.kind != dated {
		now = civilOf(a.Now, a.Zone)
	}
	if t.kind == ago {
		at := now.back(int(t.count), t.unit).first(a.Zone).Add(time.Duration(a.Now.Nanosecond()))
		return at, at
	}
	first, behind := t.days(now.midnight())
	return first.first(a.Zone), behind.first(a.Zone)
}

// days returns where on the clocks a period of the calendar begins, and what
// follows it.
func (t Term) days(day civil) (first, behind civil) {
	switch t.kind {
	case today:
		return day, day.plus(1)
	case yesterday:
		return day.plus(-1), day
	case thisWeek:
		return day.monday(), day.monday().plus(7)
	case lastWeek:
		return day.monday().plus(-7), day.monday()
	case thisMonth:
		return day.month(0), day.month(1)
	case lastMonth:
		return day.month(-1), day.month(0)
	case thisYear:
		return day.year(0), day.year(1)
	case lastYear:
		return day.year(-1), day.year(0)
	case last:
		return day.back(int(t.count), t.unit).plus(1), day.plus(1)
	case dated:
		c := civil(t.clock)
		if d := t.unit.length(); d > 0 {
			return c, c + civil(d/time.Second)
		}
		return c, c.plus(1)
	case me, ago, fixedTerms: // no periods
	}
	return 0, 0
}

// civil is what the clocks of a zone show, in seconds since they showed the
// beginning of 1970.
type civil int64

func civilOf(t time.Time, zone *time.Location) civil {
	_, offset := t.In(zone).Zone()
	return civil(t.Unix() + int64(offset))
}

func civilDate(year int, month time.Month, day int) civil {
	return civil(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix())
}

const civilDay = 24 * 60 * 60

func (c civil) time() time.Time { return time.Unix(int64(c), 0).UTC() }

func (c civil) midnight() civil { return c - ((c%civilDay)+civilDay)%civilDay }

func (c civil) plus(days int) civil { return c + civil(days)*civilDay }

func (c civil) monday() civil { return c.plus(-(int(c.time().Weekday()) + 6) % 7) }

func (c civil) month(n int) civil {
	y, m, _ := c.time().Date()
	return civilDate(y, m+time.Month(n), 1)
}

func (c civil) year(n int) civil { return civilDate(c.time().Year()+n, time.January, 1) }

// back returns the same time of the day n units before.
func (c civil) back(n int, u Unit) civil {
	switch u {
	case Day:
		return c.plus(-n)
	case Week:
		return c.plus(-7 * n)
	case Month:
		month := c.month(-n)
		_, _, day := c.time().Date()
		_, _, most := month.month(1).plus(-1).time().Date()
		return month.plus(min(day, most)-1) + c - c.midnight()
	case Year:
		return c.back(12*n, Month)
	case Second, Minute, Hour: // no units of the calendar
	}
	return c
}

// first returns the first instant at which the clocks of the zone show c, or, if
// they skip it, at which they go on behind it. (What time.Date returns there is
// one of several instants, and can lie on another day.)
func (c civil) first(zone *time.Location) time.Time {
	at := time.Unix(int64(c), 0).Add(-36 * time.Hour).In(zone) // more than any offset from UTC
	for {
		_, offset := at.Zone()
		shown := time.Unix(int64(c)-int64(offset), 0).In(zone)
		_, end := at.ZoneBounds()
		switch {
		case shown.Before(at):
			return at
		case end.IsZero() || shown.Before(end) || !end.After(at):
			return shown
		}
		at = end
	}
}

// Relative is a leaf of a predicate that compares a field with a [Term]. It is
// replaced by conditions when the question is asked, see [Resolve]; until then
// [Validate] refuses it and it matches nothing. The zero Relative is invalid.
type Relative struct {
	field Field
	op    Op
	term  Term
}

// Field returns what is asked about.
func (p Relative) Field() Field { return p.field }

// Op returns how it is compared: In, Less, AtMost, Greater, AtLeast, or AnyOf.
func (p Relative) Op() Op { return p.op }

// Term returns what it is compared with.
func (p Relative) Term() Term { return p.term }

// Match implements [Predicate]. It is false: who asks, and when, is not known.
func (p Relative) Match(*conversation.Conversation) bool { return false }

// IsMe is true where the field is whoever asks.
func IsMe(f KeyField[conversation.AgentID]) Predicate { return Relative{f.Field, In, Me} }

// IncludesMe is true where the set has whoever asks.
func IncludesMe(f SetField[conversation.AgentID]) Predicate { return Relative{f.Field, AnyOf, Me} }

// During is true within the period of t, which cannot be [Ago].
func (f InstantField) During(t Term) Predicate { return Relative{f.Field, In, t} }

// BeforeTerm is true before the period of t begins, or before the instant.
func (f InstantField) BeforeTerm(t Term) Predicate { return Relative{f.Field, Less, t} }

// UntilTerm is true before the period of t ends, or up to the instant.
func (f InstantField) UntilTerm(t Term) Predicate { return Relative{f.Field, AtMost, t} }

// AfterTerm is true from where the period of t ends, or after the instant.
func (f InstantField) AfterTerm(t Term) Predicate { return Relative{f.Field, Greater, t} }

// SinceTerm is true from where the period of t begins, or from the instant on.
func (f InstantField) SinceTerm(t Term) Predicate { return Relative{f.Field, AtLeast, t} }

// defect says why the term cannot be compared with; empty if it can.
func (p Relative) defect() string {
	d := p.field.def
	switch defect := p.term.defect(); {
	case d == nil:
		return "a condition is empty"
	case defect != "":
		return defect
	case p.term == Me:
		if !d.agents || p.op != In && p.op != AnyOf || (p.op == AnyOf) != (d.typ == Set) {
			return "it cannot be compared with me by " + p.op.String()
		}
	case d.typ != Instant:
		return "it is no instant to compare with " + p.term.String()
	case p.op == In && p.term.isInstant():
		return p.term.String() + " is an instant and no period: compare by less, at_most, greater or at_least"
	case p.op != In && !p.op.compares():
		return p.op.String() + " cannot compare instants"
	}
	return ""
}

// compares reports whether the operator compares by an order.
func (o Op) compares() bool { return Less <= o && o <= AtLeast }

// isPeriod reports whether the leaf becomes a conjunction of two conditions.
func (p Relative) isPeriod() bool { return p.op == In && p.term != Me }

// Asking is who asks a question, when and where. What a question does not need may
// be missing.
type Asking struct {
	Now  time.Time
	Zone *time.Location // whose days are meant
	Me   conversation.AgentID
}

// Resolve returns the predicate with conditions instead of every [Relative], as a
// asks it. What is wrong with the predicate, and what a lacks, is reported as
// [Validate] does, all of it at once.
//
// Until the next day the same terms of days give the same conditions. A cursor
// stays valid when they change: it belongs to the terms.
func Resolve(p Predicate, a Asking) (Predicate, error) {
	if err := validate(p, true); err != nil {
		return nil, err
	}
	r := resolution{Asking: a}
	p, _ = r.predicate(p)
	if r.errs != nil {
		return nil, errors.Join(r.errs...)
	}
	return p, nil
}

type resolution struct {
	Asking
	errs []error
}

// predicate reports besides whether it has changed anything.
func (r *resolution) predicate(p Predicate) (Predicate, bool) {
	switch p := p.(type) {
	case Conjunction:
		ps, changed := r.all(p)
		return Conjunction(ps), changed
	case Disjunction:
		ps, changed := r.all(p)
		return Disjunction(ps), changed
	case Negation:
		q, changed := r.predicate(p.Predicate)
		return Negation{q}, changed
	case Relative:
		return r.relative(p), true
	default:
		return p, false
	}
}

func (r *resolution) all(ps []Predicate) ([]Predicate, bool) {
	resolved, changed := ps, false
	for i, p := range ps {
		q, is := r.predicate(p)
		if is && !changed {
			resolved, changed = append([]Predicate(nil), ps...), true
		}
		if is {
			resolved[i] = q
		}
	}
	return resolved, changed
}

func (r *resolution) relative(p Relative) Predicate {
	if p.term == Me {
		if r.Me == "" {
			return r.fail(p, "who asks")
		}
		return Condition{field: p.field, op: p.op, values: []Value{text(string(r.Me))}}
	}
	now, zone := p.term.needs()
	if now && r.Now.IsZero() {
		return r.fail(p, "when it is asked")
	}
	if zone && r.Zone == nil {
		return r.fail(p, "the time zone")
	}
	from, to := p.term.period(r.Asking)
	condition := func(op Op, at time.Time) Predicate {
		c := Condition{field: p.field, op: op, values: []Value{millis(at)}}
		if now {
			c.asked = &p
		}
		return c
	}
	switch {
	case p.op == In:
		return Conjunction{condition(AtLeast, from), condition(Less, to)}
	case p.term.isInstant() || p.op == Less || p.op == AtLeast:
		return condition(p.op, from)
	case p.op == AtMost:
		return condition(Less, to)
	default:
		return condition(AtLeast, to)
	}
}

func (r *resolution) fail(p Relative, missing string) Predicate {
	r.errs = append(r.errs, &PredicateError{p.field.Key(), fmt.Sprintf("%s needs to know %s", p.term, missing)})
	return p
}
