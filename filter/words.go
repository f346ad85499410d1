package filter

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/colloquy-go/colloquy/conversation"
)

// What people read and write in a URL and in a search box is a word and what is
// said of it: "status" and "waiting,waiting_again". Both forms share this file.
//
//	said  = [ sign ] value { "," value } .
//	value = bare | quoted | bare ".." bare .
//
// Signs are > >= < <= (of instants, durations and numbers; one value), = (exactly,
// where text would be searched), ^ (text begins with) and + (a set has all of them).
// Without a sign or with = and ^, several values mean any of them. A range includes
// both its ends; only where values have an order, ".." makes one. What is in double
// quotes stands for itself; \" and \\ are a quote and a backslash there. A bare
// value has no comma and no quote, and does not begin with a sign or an exclamation
// mark.

// The words that are no fields: has and no ask whether fields are present, and
// wait how long a customer has waited.
const (
	hasWord  = "has"
	noWord   = "no"
	waitWord = "wait"
)

// aliases are the short words of fields. A field's key is a word for it, too.
//
// The word "status" means the detailed status: each general word is a detailed one
// as well, and beside the others it can mean nothing else. The general status is
// asked for as "general".
var aliases = []struct {
	word  string
	field Field
}{
	{"status", Detailed.Field},
	{"channel", OpenChannel.Field},
	{"link", Links.Field},
	{"linked", HasLinks.Field},
	{"page", SitePage.Field},
	{"form", FormSubmitted.Field},
	{"history", HistoryRequested.Field},
	{"rating", CustomerRating.Field},
	{"comment", ReviewComment.Field},
	{"review", ReviewRating.Field},
	{"created", CreatedAt.Field},
	{"queued", QueuedAt.Field},
	{"first_reply", FirstReplyAt.Field},
	{"accepted", AcceptedAt.Field},
	{"last_message", LastMessageAt.Field},
	{"finished", AgentFinishedAt.Field},
	{"closed", ClosedAt.Field},
	{"modified", ModifiedAt.Field},
	{"messages", MessageCount.Field},
	{"participant", Participants.Field},
}

// isWord reports whether a text is a word that something can be said of.
func isWord(s string) bool {
	if s == hasWord || s == noWord || s == waitWord {
		return true
	}
	_, ok := fieldOf(s)
	return ok
}

// fieldOf returns the field that a word stands for.
func fieldOf(word string) (Field, bool) {
	for _, a := range aliases {
		if a.word == word {
			return a.field, true
		}
	}
	return fieldByKey(word)
}

func fieldByKey(key string) (Field, bool) {
	for _, f := range registry {
		if f.def.key == key {
			return f, true
		}
	}
	return Field{}, false
}

// wordOf returns the shortest word for a field.
func wordOf(f Field) string {
	for _, a := range aliases {
		if a.field == f {
			return a.word
		}
	}
	return f.Key()
}

// wordError says what is wrong with what was said, and where.
type wordError struct {
	at    int // in bytes
	cause string
}

func (e *wordError) Error() string { return e.cause }

// readWord reads what is said of a word. The predicate is within no limits yet.
func readWord(word, said string) (Predicate, *wordError) {
	s, err := readSaid(said)
	if err != nil {
		return nil, err
	}
	switch word {
	case hasWord, noWord:
		return s.presence(word == hasWord)
	case waitWord:
		return s.wait()
	}
	f, ok := fieldOf(word)
	if !ok {
		return nil, &wordError{0, fmt.Sprintf("unknown field %s", short(word))}
	}
	return s.compare(f)
}

// saying is what is said of a word.
type saying struct {
	sign   string
	values []atom // one or more
}

type atom struct {
	at     int // where it begins
	text   string
	quoted bool
}

// signs in the order in which they are looked for.
var signs = []string{">=", "<=", ">", "<", "=", "^", "+"}

func readSaid(said string) (saying, *wordError) {
	var s saying
	for _, sign := range signs {
		if strings.HasPrefix(said, sign) {
			s.sign = sign
			break
		}
	}
	for at := len(s.sign); ; at++ {
		a, end, err := readAtom(said, at)
		if err != nil {
			return saying{}, err
		}
		s.values = append(s.values, a)
		switch at = end; {
		case at == len(said):
			return s, nil
		case said[at] != ',':
			return saying{}, &wordError{at, "a comma is missing"}
		}
	}
}

// readAtom reads a value and returns where it ends.
func readAtom(said string, at int) (atom, int, *wordError) {
	if strings.HasPrefix(said[at:], `"`) {
		return readQuoted(said, at)
	}
	bare, _, _ := strings.Cut(said[at:], ",")
	switch quote := strings.IndexByte(bare, '"'); {
	case bare == "":
		return atom{}, 0, &wordError{at, "a value is missing"}
	case quote >= 0:
		return atom{}, 0, &wordError{at + quote, "a quote is inside a value: quote all of it"}
	case isSign(bare[0]):
		return atom{}, 0, &wordError{at, fmt.Sprintf("a value begins with %s: quote it", bare[:1])}
	}
	return atom{at: at, text: bare}, at + len(bare), nil
}

// isSign reports whether a bare value cannot begin with c.
func isSign(c byte) bool { return strings.IndexByte("><=^+!", c) >= 0 }

func readQuoted(said string, at int) (atom, int, *wordError) {
	var b strings.Builder
	for i := at + 1; i < len(said); i++ {
		switch c := said[i]; c {
		case '"':
			return atom{at, b.String(), true}, i + 1, nil
		case '\\':
			i++
			if i == len(said) || said[i] != '"' && said[i] != '\\' {
				return atom{}, 0, &wordError{i - 1, `a backslash in quotes stands only before " and \`}
			}
			b.WriteByte(said[i])
		default:
			b.WriteByte(c)
		}
	}
	return atom{}, 0, &wordError{at, "a quote is not closed"}
}

func (s saying) presence(has bool) (Predicate, *wordError) {
	if s.sign != "" {
		return nil, &wordError{0, fmt.Sprintf("%q says nothing of a field", s.sign)}
	}
	ps := make([]Predicate, len(s.values))
	for i, a := range s.values {
		f, ok := fieldOf(a.text)
		if !ok {
			return nil, &wordError{a.at, fmt.Sprintf("unknown field %s", short(a.text))}
		}
		if ps[i] = f.Present(); !has {
			ps[i] = f.Absent()
		}
	}
	return either(ps), nil
}

// either returns one predicate as it is, and several in an Or.
func either(ps []Predicate) Predicate {
	if len(ps) == 1 {
		return ps[0]
	}
	return Disjunction(ps)
}

// wait asks for the instant since which a customer has waited: to have waited for
// longer than five minutes is to have begun before five minutes ago.
func (s saying) wait() (Predicate, *wordError) {
	op, ok := signOps[s.sign]
	if !ok {
		return nil, &wordError{0, "say how long: >5m, >=5m, <5m or <=5m"}
	}
	value, err := s.single()
	if err != nil {
		return nil, err
	}
	ms, ok := parseSpan(value.text)
	if !ok {
		return nil, &wordError{value.at, fmt.Sprintf("%s is no duration such as 45s or 1h30m", short(value.text))}
	}
	for u := Hour; u >= Second; u-- {
		if length := u.length().Milliseconds(); ms%length == 0 && ms > 0 && ms/length <= MaxCount {
			return Relative{WaitingSince.Field, flipped(op), Ago(int(ms/length), u)}, nil
		}
	}
	return nil, &wordError{value.at, fmt.Sprintf("%s is not 1 to %d seconds, minutes or hours", short(value.text), MaxCount)}
}

var signOps = map[string]Op{">": Greater, ">=": AtLeast, "<": Less, "<=": AtMost}

func signOf(o Op) string {
	for sign, op := range signOps {
		if op == o {
			return sign
		}
	}
	return ""
}

func flipped(o Op) Op {
	switch o {
	case Less:
		return Greater
	case AtMost:
		return AtLeast
	case Greater:
		return Less
	case AtLeast:
		return AtMost
	case In, Contains, StartsWith, Present, AnyOf, AllOf: // have no direction
	}
	return o
}

// single returns the one value behind a sign.
func (s saying) single() (atom, *wordError) {
	if len(s.values) > 1 {
		return atom{}, &wordError{s.values[1].at, fmt.Sprintf("%s takes one value", s.sign)}
	}
	return s.values[0], nil
}

func (s saying) compare(f Field) (Predicate, *wordError) {
	t := f.Type()
	if op, ok := signOps[s.sign]; ok && t.isOrdered() {
		value, err := s.single()
		if err != nil {
			return nil, err
		}
		return f.leaf(op, value)
	}
	switch {
	case s.sign == "" || s.sign == "=" && t != Instant && t != Set:
		op := In
		switch {
		case t == Set:
			op = AnyOf
		case t == Text && s.sign == "":
			op = Contains
		}
		return s.list(f, op)
	case s.sign == "^" && t == Text:
		return s.list(f, StartsWith)
	case s.sign == "+" && t == Set:
		return s.list(f, AllOf)
	}
	return nil, &wordError{0, fmt.Sprintf("%s cannot be compared by %s", f, s.sign)}
}

// isOrdered reports whether values are asked for by less and greater.
func (t Type) isOrdered() bool { return t == Instant || t == Span || t == Number }

// list returns the predicate that is true for any of the values; for AllOf, all.
func (s saying) list(f Field, op Op) (Predicate, *wordError) {
	var ps []Predicate
	var values []Value
	for _, a := range s.values {
		p, err := f.item(op, a)
		if err != nil {
			return nil, err
		}
		if c, ok := p.(Condition); ok && op != Contains && op != StartsWith {
			values = append(values, c.values...)
		} else {
			ps = append(ps, p)
		}
	}
	if values != nil {
		ps = append(ps, Condition{field: f, op: op, values: values})
	}
	return either(ps), nil
}

// item compares the field with a value or a range.
func (f Field) item(op Op, a atom) (Predicate, *wordError) {
	from, to, isRange := strings.Cut(a.text, "..")
	if !isRange || a.quoted || !f.Type().isOrdered() {
		return f.leaf(op, a)
	}
	least, err := f.leaf(AtLeast, atom{at: a.at, text: from})
	if err != nil {
		return nil, err
	}
	most, err := f.leaf(AtMost, atom{at: a.at + len(from) + len(".."), text: to})
	if err != nil {
		return nil, err
	}
	return Conjunction{least, most}, nil
}

// leaf compares the field with one value.
func (f Field) leaf(op Op, a atom) (Predicate, *wordError) {
	if term, ok := f.termOf(a); ok {
		r := Relative{f, op, term}
		if defect := r.defect(); defect != "" {
			return nil, &wordError{a.at, defect}
		}
		return r, nil
	}
	v, ok := f.valueOf(a.text)
	switch {
	case !ok:
		return nil, &wordError{a.at, fmt.Sprintf("%s is %s", short(a.text), f.mismatch())}
	case op == In && f.Type() == Instant:
		return nil, &wordError{a.at, "an instant is no period: compare by >, >=, < or <=, or say a day"}
	case op == Contains || op == StartsWith:
		v = folded(v.Text)
	}
	return Condition{field: f, op: op, values: []Value{v}}, nil
}

// termOf returns the term that a value is. Underscores stand for its spaces. An
// agent whose id is "me" is in quotes.
func (f Field) termOf(a atom) (Term, bool) {
	if f.def.agents {
		return Me, a.text == termTexts[me] && !a.quoted
	}
	if f.Type() != Instant {
		return Term{}, false
	}
	t, err := ParseTerm(strings.ReplaceAll(a.text, "_", " "))
	return t, err == nil && t != Me
}

// valueOf reads one value of the field.
func (f Field) valueOf(s string) (Value, bool) {
	switch f.Type() {
	case Enum:
		n := slices.Index(f.def.words, s)
		return number(int64(n)), n > 0
	case Bool:
		switch s {
		case "yes", "true":
			return truth(true), true
		case "no", "false":
			return truth(false), true
		}
		return Value{}, false
	case Number:
		n, err := strconv.ParseInt(s, 10, 64)
		return number(n), err == nil
	case Span:
		ms, ok := parseSpan(s)
		return number(ms), ok
	case Instant:
		return parseInstant(s)
	case Set:
		if f == Links.Field {
			kind, id, ok := strings.Cut(s, "/")
			return text(encodeLink(conversation.Link{Kind: kind, ID: id})), ok
		}
	case Key, Text:
	}
	return text(s), true
}

// mismatch says of a text that it is no value of the field.
func (f Field) mismatch() string {
	switch f.Type() {
	case Enum:
		return "none of " + strings.Join(f.def.words[1:], ", ")
	case Bool:
		return "neither yes nor no"
	case Number:
		return "no whole number"
	case Span:
		return "no duration such as 45s or 1h30m"
	case Instant:
		return "no instant such as today, 2026-01-31 or 2026-01-31T10:00:00Z"
	case Set:
		return "no link such as deal/7"
	case Key, Text:
	}
	return "no text"
}

// spellValue writes what valueOf reads; not ok for what has no such form.
func (f Field) spellValue(v Value) (s string, ok bool) {
	switch f.Type() {
	case Enum:
		if f.def.defect(v) != "" {
			return "", false
		}
		return f.def.words[v.Num], true
	case Bool:
		if v.Num != 0 {
			return "yes", true
		}
		return "no", true
	case Number:
		return strconv.FormatInt(v.Num, 10), true
	case Span:
		return formatSpan(v.Num), v.Num != math.MinInt64
	case Instant:
		return formatInstant(v.Num)
	case Set:
		if f == Links.Field {
			l := decodeLink(v.Text)
			return l.Kind + "/" + l.ID, !strings.Contains(l.Kind, "/")
		}
	case Key, Text:
	}
	return v.Text, true
}

// decodeLink is the inverse of encodeLink.
func decodeLink(key string) conversation.Link {
	length, rest, _ := strings.Cut(key, ":")
	n, err := strconv.Atoi(length)
	if err != nil || n < 0 || n > len(rest) {
		return conversation.Link{}
	}
	return conversation.Link{Kind: rest[:n], ID: rest[n:]}
}

// spelling is a predicate as a word and what is said of it.
type spelling struct {
	word   string
	sign   string
	values []string // quoted where they must be
}

func (s spelling) said() string { return s.sign + strings.Join(s.values, ",") }

// speller writes what readWord reads.
type speller struct {
	// special reports whether a bare value cannot contain a character, besides
	// what it can contain nowhere.
	special func(rune) bool
}

// spell writes a predicate in its normal form as one word, if it can be: readWord
// gives the same question.
func (sp speller) spell(p Predicate) (spelling, bool) {
	switch p := p.(type) {
	case Condition:
		return sp.condition(p)
	case Relative:
		return sp.relative(p)
	case Negation:
		if c, ok := p.Predicate.(Condition); ok && c.op == Present && c.field.def != nil {
			return spelling{word: noWord, values: []string{wordOf(c.field)}}, true
		}
	case Conjunction:
		return sp.between(p)
	case Disjunction:
		return sp.either(p)
	}
	return spelling{}, false
}

func (sp speller) condition(c Condition) (spelling, bool) {
	f := c.field
	if f.def == nil {
		return spelling{}, false
	}
	s := spelling{word: wordOf(f)}
	switch c.op {
	case Present:
		return spelling{word: hasWord, values: []string{s.word}}, true
	case In:
		if f.Type() == Text {
			s.sign = "="
		}
	case AnyOf, Contains:
	case AllOf:
		s.sign = "+"
	case StartsWith:
		s.sign = "^"
	case Less, AtMost, Greater, AtLeast:
		s.sign = signOf(c.op)
	}
	for _, v := range c.values {
		text, ok := f.spellValue(v)
		if !ok {
			return spelling{}, false
		}
		if f.def.agents && text == termTexts[me] || sp.mustQuote(text) {
			text = quote(text)
		}
		s.values = append(s.values, text)
	}
	return s, len(s.values) > 0
}

// relative writes an unresolved leaf, which must have no defect.
func (sp speller) relative(p Relative) (spelling, bool) {
	if p.defect() != "" {
		return spelling{}, false
	}
	if n := int64(p.term.count); p.field == WaitingSince.Field && p.term.kind == ago && p.term.unit.length() > 0 {
		ms := n * p.term.unit.length().Milliseconds()
		s := spelling{word: waitWord, sign: signOf(flipped(p.op)), values: []string{formatSpan(ms)}}
		if back, err := readWord(s.word, s.said()); err == nil && back == Predicate(p) {
			return s, true
		}
	}
	s := spelling{word: wordOf(p.field), values: []string{strings.ReplaceAll(p.term.String(), " ", "_")}}
	if p.op.compares() {
		s.sign = signOf(p.op)
	}
	return s, true
}

// between writes what has a least and a most.
func (sp speller) between(ps Conjunction) (spelling, bool) {
	if len(ps) != 2 {
		return spelling{}, false
	}
	from, ok := sp.spell(ps[0])
	to, too := sp.spell(ps[1])
	if !ok || !too || from.word != to.word || from.word == waitWord || from.sign != ">=" || to.sign != "<=" {
		return spelling{}, false
	}
	return spelling{word: from.word, values: []string{from.values[0] + ".." + to.values[0]}}, true
}

// either writes what is any of several things: readWord makes one condition of all
// plain values, so there can be only one such.
func (sp speller) either(ps Disjunction) (spelling, bool) {
	var s spelling
	lists := 0
	for i, p := range ps {
		if _, nested := p.(Disjunction); nested {
			return spelling{}, false
		}
		part, ok := sp.spell(p)
		if c, is := p.(Condition); is && (c.op == In || c.op == AnyOf) {
			lists++
		}
		if !ok || lists > 1 || i > 0 && (part.word != s.word || part.sign != s.sign) {
			return spelling{}, false
		}
		switch part.sign {
		case "", "^":
			s.word, s.sign, s.values = part.word, part.sign, append(s.values, part.values...)
		default:
			return spelling{}, false
		}
	}
	return s, len(ps) > 1
}

// mustQuote reports whether a value cannot stand bare.
func (sp speller) mustQuote(s string) bool {
	return s == "" || isSign(s[0]) || strings.ContainsAny(s, `,"`) || strings.ContainsFunc(s, sp.special)
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// parseInstant reads an instant of RFC 3339. What is finer than a millisecond is
// cut off.
func parseInstant(s string) (Value, bool) {
	var t time.Time
	if len(s) > len("2006-01-02T15:04:05.999999999+00:00") || strings.Contains(s, ",") || t.UnmarshalText([]byte(s)) != nil {
		return Value{}, false
	}
	if y := t.UTC().Year(); y < 0 || y > 9999 {
		return Value{}, false
	}
	return millis(t), true
}

func formatInstant(ms int64) (string, bool) {
	t := time.UnixMilli(ms).UTC()
	return t.Format("2006-01-02T15:04:05.999Z"), t.Year() >= 0 && t.Year() <= 9999
}

var spanUnits = []struct {
	word string
	ms   int64
}{
	{"d", 24 * 60 * 60 * 1000},
	{"h", 60 * 60 * 1000},
	{"m", 60 * 1000},
	{"s", 1000},
	{"ms", 1},
}

// parseSpan reads a duration in milliseconds: numbers with units, "1h30m", "2d",
// "1.5s", "-45s", the greater units first. What is finer than a millisecond is cut
// off.
func parseSpan(s string) (int64, bool) {
	rest, negative := strings.CutPrefix(s, "-")
	var ms int64
	unit := 0
	for next := true; next; next = rest != "" {
		whole, fraction, tail := cutNumber(rest)
		word := tail[:len(tail)-len(strings.TrimLeft(tail, "dhms"))]
		for unit < len(spanUnits) && spanUnits[unit].word != word {
			unit++
		}
		if unit == len(spanUnits) || whole == "" || len(whole) > 18 || len(fraction) > 9 {
			return 0, false
		}
		n, _ := strconv.ParseInt(whole, 10, 64)
		size := spanUnits[unit].ms
		if n > math.MaxInt64/size-1 {
			return 0, false
		}
		part := n * size
		if fraction != "" {
			n, _ := strconv.ParseInt(fraction, 10, 64)
			part += n * size / int64(math.Pow10(len(fraction)))
		}
		if ms > math.MaxInt64-part {
			return 0, false
		}
		ms += part
		rest = tail[len(word):]
		unit++
	}
	if negative {
		ms = -ms
	}
	return ms, true
}

// cutNumber takes a number off: digits, and those behind a point.
func cutNumber(s string) (whole, fraction, rest string) {
	digits := func(s string) string { return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))] }
	whole = digits(s)
	rest = s[len(whole):]
	if tail, ok := strings.CutPrefix(rest, "."); ok {
		if fraction = digits(tail); fraction != "" {
			rest = tail[len(fraction):]
		}
	}
	return whole, fraction, rest
}

// formatSpan writes what parseSpan reads, without days: "26h", "1h30m", "0s".
func formatSpan(ms int64) string {
	if ms == 0 {
		return "0s"
	}
	var b strings.Builder
	rest := uint64(ms)
	if ms < 0 {
		b.WriteByte('-')
		rest = -rest
	}
	for _, u := range spanUnits[1:] {
		if n := rest / uint64(u.ms); n > 0 {
			b.WriteString(strconv.FormatUint(n, 10) + u.word)
		}
		rest %= uint64(u.ms)
	}
	return b.String()
}

// short quotes a text in an error, cut if it is long.
func short(s string) string {
	if len(s) > 40 {
		return fmt.Sprintf("%.40q...", s)
	}
	return strconv.Quote(s)
}
