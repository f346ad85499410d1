package filter

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Search is what somebody has typed into the search box of a list.
type Search struct {
	// Where is the conditions, in their plainest form. Nil and an empty And are
	// true of every conversation.
	Where Predicate
	// Text is the words and phrases that are no conditions, as they were typed but
	// without quotes: all of them are looked for, in names, numbers and messages.
	// A predicate cannot do that, because a conversation does not hold its
	// messages.
	Text []string
}

// The limits on a search.
const (
	MaxSearchLen   = 16 << 10 // bytes
	MaxSearchTerms = 16       // words and phrases; each has at most [MaxText] bytes
)

// What is wrong with a search.
var (
	ErrSearch   = errors.New("invalid search")
	ErrFreeText = errors.New("free text inside a condition") // in parentheses, negated, or one of several
)

// SearchError says what is wrong with a piece of a search, and where that stands.
// It wraps [ErrSearch] and what is known of the cause: [ErrField] for an unknown
// word, [ErrFreeText], or a [*PredicateError] for what [Validate] refuses.
type SearchError struct {
	At, End         int // in bytes
	RuneAt, RuneEnd int // in characters
	Cause           string
	Nearest         string // a word that may have been meant instead of the piece, or empty

	kind error
	text string
}

// Error names the character, counted from 1, and the cause.
func (e *SearchError) Error() string {
	s := fmt.Sprintf("filter: %v: at %d: %s", ErrSearch, e.RuneAt+1, e.Cause)
	if e.Nearest != "" {
		s += fmt.Sprintf(": did you mean %s?", e.Nearest)
	}
	return s
}

// Unwrap returns [ErrSearch] and the kind of the cause, if there is one.
func (e *SearchError) Unwrap() []error {
	if e.kind == nil {
		return []error{ErrSearch}
	}
	return []error{ErrSearch, e.kind}
}

// caretAround is how many characters before and behind the piece Caret shows.
const caretAround = 40

// Caret returns two lines for a font of one width: the search, or what is around
// the piece if it is long, and below it carets under the piece.
func (e *SearchError) Caret() string {
	runes := []rune(e.text)
	at, end := e.RuneAt, min(e.RuneEnd, e.RuneAt+caretAround)
	from, to := max(0, at-caretAround), min(len(runes), end+caretAround)
	var line, below strings.Builder
	if from > 0 {
		line.WriteString("…")
		below.WriteByte(' ')
	}
	columns := 0
	for i, r := range runes[from:to] {
		n := columnsOf(r)
		if n > 0 && isBlank(r) {
			r = ' '
		}
		line.WriteRune(r)
		switch i += from; {
		case i < at:
			below.WriteString(strings.Repeat(" ", n))
		case i < end:
			columns += n
		}
	}
	if to < len(runes) {
		line.WriteString("…")
	}
	return line.String() + "\n" + below.String() + strings.Repeat("^", max(columns, 1))
}

// columnsOf returns how much of a line a character takes.
func columnsOf(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1
}

// ParseSearch reads a search:
//
//	status:waiting,waiting_again agent:me -spam created:>2026-01-01 wait:>5m
//	(source:telegram or source:whatsapp) "broken invoice"
//
// Conditions are a word, a colon and what is said of it. The words are the keys of
// fields and shorter ones ("status", "created"); "has" and "no" ask whether a field
// is present, and "wait" how long a customer has waited. The word of a field of yes
// and no stands by itself. What stands side by side must all be true; "or" binds
// less than that, and a minus or "not" more than both. Values with spaces,
// parentheses, commas or quotes are in double quotes, where \" and \\ are a quote
// and a backslash; "_" stands for the space in "last_7_days". Everything else is
// free text, and in quotes everything can be.
//
//	Search    = [ Either ] .
//	Either    = All { ( "or" | "OR" ) All } .
//	All       = Part { [ "and" | "AND" ] Part } .
//	Part      = { "-" | "not" | "NOT" } ( Group | condition | flag | text ) .
//	Group     = "(" [ "or" | "OR" | Either ] ")" . // () is true of all, (or) of none
//
//	condition = word ":" [ sign ] ( nothing | value { "," value } ) .
//	sign      = ">=" | "<=" | ">" | "<" | "=" | "^" | "+" .
//	nothing   = "()" .
//	value     = quoted | bare [ ".." bare ] .
//	flag      = word . // of a field of yes and no
//	text      = quoted | plain .
//
// The file search.ebnf has the rest of the grammar. Signs compare by an order; =
// asks for exactly a text, ^ for its beginning, + for all of several members.
//
// Free text stands only at the top: in parentheses, negated or as one of several it
// is [ErrFreeText].
//
// The error joins a [*SearchError] for every piece that something is wrong with, up
// to 32, in the order of the text. The predicate is within the limits of
// [Validate], and may have terms for [Resolve].
func ParseSearch(text string) (Search, error) {
	p := searchParser{text: text}
	p.search()
	if p.errs != nil {
		return Search{}, p.err()
	}
	where := normal(p.where)
	if !p.valid(0, len(text), where) {
		return Search{}, p.err()
	}
	s := Search{Where: where}
	for _, w := range p.words {
		s.Text = append(s.Text, w.text)
	}
	return s, nil
}

type searchParser struct {
	text    string
	at      int
	level   int // of parentheses and negations
	where   Predicate
	words   []freeText
	errs    []*SearchError
	stopped bool // at the end, though the text goes on
}

type freeText struct {
	at, end int
	text    string
}

func (p *searchParser) fail(at, end int, kind error, cause string) {
	p.report(&SearchError{At: at, End: end, Cause: cause, kind: kind})
}

// report keeps an error, of which the characters are counted here.
func (p *searchParser) report(e *SearchError) {
	if len(p.errs) == maxFormErrors {
		p.stop()
		return
	}
	e.text = p.text
	e.RuneAt, e.RuneEnd = utf8.RuneCountInString(p.text[:e.At]), utf8.RuneCountInString(p.text[:e.End])
	p.errs = append(p.errs, e)
}

// stop leaves the rest of the text unread.
func (p *searchParser) stop() { p.at, p.stopped = len(p.text), true }

func (p *searchParser) err() error {
	slices.SortStableFunc(p.errs, func(a, b *SearchError) int { return cmp.Compare(a.At, b.At) })
	errs := make([]error, len(p.errs))
	for i, e := range p.errs {
		errs[i] = e
	}
	return errors.Join(errs...)
}

// valid reports what Validate says of the predicate of a piece, and whether that
// is nothing.
func (p *searchParser) valid(at, end int, q Predicate) bool {
	v := validation{relative: true}
	v.all(q)
	for _, err := range v.errs {
		cause := err.Error()
		if e := (*PredicateError)(nil); errors.As(err, &e) {
			cause = strings.TrimPrefix(e.Field+": "+e.Cause, ": ")
		}
		p.fail(at, end, err, cause)
	}
	return v.errs == nil
}

func (p *searchParser) search() {
	if len(p.text) > MaxSearchLen {
		p.text = strings.ToValidUTF8(p.text[:MaxSearchLen], "")
		p.fail(len(p.text), len(p.text), nil, fmt.Sprintf("the text has more than %d bytes", MaxSearchLen))
		return
	}
	if !utf8.ValidString(p.text) {
		at := 0
		for r, size := utf8.DecodeRuneInString(p.text); r != utf8.RuneError || size > 1; r, size = utf8.DecodeRuneInString(p.text[at:]) {
			at += size
		}
		p.fail(at, at+1, nil, "the text is not UTF-8")
		return
	}
	p.where = Conjunction{}
	if p.space(); p.at < len(p.text) {
		p.where = p.either()
	}
	for p.at < len(p.text) { // in front of a parenthesis
		p.at++
		p.fail(p.at-1, p.at, nil, "nothing is open that the parenthesis could close")
		if p.space(); p.at < len(p.text) {
			p.either()
		}
	}
	if len(p.words) > MaxSearchTerms {
		w := p.words[MaxSearchTerms]
		p.fail(w.at, w.end, nil, fmt.Sprintf("there are more than %d words and phrases of free text", MaxSearchTerms))
	}
}

// either reads up to a closing parenthesis or the end.
func (p *searchParser) either() Predicate {
	words := len(p.words)
	first := p.all()
	if !p.comes("or") {
		return first
	}
	ps := Disjunction{first}
	for p.keyword("or") {
		or := p.at - len("or")
		before := ps[len(ps)-1] != nil
		ps = append(ps, p.all())
		if behind := ps[len(ps)-1] != nil; !before || !behind {
			p.fail(or, or+len("or"), nil, "or stands between two conditions; a word is in quotes")
		}
	}
	p.noText(words, "it cannot be one of several")
	return ps
}

// all reads up to an or, a closing parenthesis or the end. It returns nil if there
// is nothing.
func (p *searchParser) all() Predicate {
	var ps Conjunction
	something := false
	for {
		p.space()
		if and := p.at; p.keyword("and") {
			if !something || p.atEnd() {
				p.fail(and, and+len("and"), nil, "and stands between two conditions; a word is in quotes")
			}
			continue
		}
		if p.atEnd() {
			break
		}
		something = true
		if q := p.part(); q != nil {
			ps = append(ps, q)
		}
	}
	if !something {
		return nil
	}
	return ps
}

// atEnd reports whether nothing more follows that all could read.
func (p *searchParser) atEnd() bool {
	p.space()
	return p.at == len(p.text) || p.text[p.at] == ')' || p.comes("or")
}

// noText reports the free text behind the first words.
func (p *searchParser) noText(words int, why string) {
	for _, w := range p.words[words:] {
		p.fail(w.at, w.end, ErrFreeText, fmt.Sprintf("%s is no condition but free text: %s", short(w.text), why))
	}
	p.words = p.words[:words]
}

// part reads one piece, and more only within parentheses. It returns nil for what
// is no condition.
func (p *searchParser) part() Predicate {
	at := p.at
	word, colon := p.peek()
	switch c := p.text[p.at]; {
	case c == '(':
		return p.group()
	case c == '-':
		p.at++
		return p.negation(at)
	case p.keyword("not"):
		return p.negation(at)
	case c == '"':
		a, end, err := readQuoted(p.text, p.at)
		if err != nil {
			p.fail(err.at, len(p.text), nil, err.cause)
			p.stop()
			return nil
		}
		p.at = end
		p.free(at, a.text)
		return nil
	case colon && (isWord(word) || !strings.HasPrefix(p.text[p.at+len(word):], "://")):
		p.at += len(word) + 1
		return p.condition(at, word)
	}
	if f, ok := flagOf(word); ok {
		p.at += len(word)
		return yes(f)
	}
	p.at = bareEnd(p.text, p.at)
	p.free(at, p.text[at:p.at])
	return nil
}

func (p *searchParser) free(at int, text string) {
	switch {
	case strings.TrimFunc(text, isBlank) == "":
		p.fail(at, p.at, nil, "a phrase is empty")
	case len(text) > MaxText:
		p.fail(at, p.at, nil, fmt.Sprintf("a word or phrase has %d bytes, more than %d", len(text), MaxText))
	case strings.IndexByte(text, 0) >= 0:
		p.fail(at, p.at, nil, "a text contains a NUL character")
	default:
		p.words = append(p.words, freeText{at, p.at, text})
	}
}

// deeper counts a level, and reports whether there may be one more.
func (p *searchParser) deeper(at int) bool {
	if p.level++; p.level <= MaxDepth {
		return true
	}
	p.fail(at, at+1, ErrPredicate, fmt.Sprintf("more than %d levels", MaxDepth))
	p.stop()
	return false
}

func (p *searchParser) negation(at int) Predicate {
	if !p.deeper(at) {
		return nil
	}
	defer func() { p.level-- }()
	behind := p.at
	if p.atEnd() || p.comes("and") {
		p.fail(at, behind, nil, "nothing follows that could be negated; a word or a hyphen is in quotes")
		return nil
	}
	words := len(p.words)
	q := p.part()
	p.noText(words, "it cannot be negated")
	if q == nil {
		return nil
	}
	return Negation{q}
}

func (p *searchParser) group() Predicate {
	at := p.at
	if !p.deeper(at) {
		return nil
	}
	defer func() { p.level-- }()
	p.at++
	var q Predicate = Conjunction{}
	words := len(p.words)
	switch p.space(); {
	case p.isEmptyOr():
		q = Disjunction{}
	case p.at < len(p.text) && p.text[p.at] != ')':
		q = p.either()
	}
	p.noText(words, "it cannot stand in parentheses")
	if p.at == len(p.text) {
		if !p.stopped {
			p.fail(at, at+1, nil, "the parenthesis is not closed")
		}
		return nil
	}
	p.at++
	return q
}

// isEmptyOr reports whether nothing but an or stands in front of the next closing
// parenthesis, and goes there.
func (p *searchParser) isEmptyOr() bool {
	at := p.at
	if p.keyword("or") {
		if p.space(); strings.HasPrefix(p.text[p.at:], ")") {
			return true
		}
	}
	p.at = at
	return false
}

// condition reads what is said of a word.
func (p *searchParser) condition(at int, word string) Predicate {
	from := p.at
	end, closed := saidEnd(p.text, from)
	said := p.text[from:end]
	p.at, p.stopped = end, p.stopped || !closed
	if !isWord(word) {
		e := &SearchError{At: at, End: from - 1, Cause: "unknown field " + short(word), Nearest: nearest(word, words()), kind: ErrField}
		if e.Nearest == "" {
			e.Cause += "; free text with a colon is in quotes"
		}
		p.report(e)
		return nil
	}
	if strings.HasPrefix(p.text[p.at:], "(") && (said == "" || slices.Contains(signs, said)) {
		return p.conditionOfNothing(word, said)
	}
	q, err := readWord(word, said)
	if err != nil {
		p.unsaid(word, said, from, err)
		return nil
	}
	if !p.valid(at, p.at, q) {
		return nil
	}
	return q
}

// unsaid reports that something cannot be said of a word: the piece of it that err
// is about, or the colon if there is none.
func (p *searchParser) unsaid(word, said string, from int, err *wordError) {
	e := &SearchError{At: from + err.at, End: from + len(said), Cause: err.cause}
	defer p.report(e)
	if said == "" {
		e.At--
		return
	}
	a, end, broken := readAtom(said, err.at)
	if broken != nil {
		return
	}
	e.End = from + end
	f, ok := fieldOf(word)
	if ok && f.Type() == Enum {
		e.Nearest = nearest(a.text, f.def.words[1:])
	}
	if _, known := fieldOf(a.text); !known && (word == hasWord || word == noWord) {
		e.kind, e.Nearest = ErrField, nearest(a.text, fieldWords())
	}
}

// conditionOfNothing reads a list of no values, in front of which p stands.
func (p *searchParser) conditionOfNothing(word, sign string) Predicate {
	open := p.at
	p.at = groupEnd(p.text, open)
	if p.text[open:p.at] != "()" {
		p.fail(open, p.at, nil, fmt.Sprintf("several values are written with commas: %s:a,b", word))
		return nil
	}
	f, ok := fieldOf(word)
	var op Op
	switch t := f.Type(); {
	case !ok || t == Instant:
	case t == Set && sign == "":
		op = AnyOf
	case t == Set && sign == "+":
		op = AllOf
	case t == Text && sign == "=" || t != Text && t != Set && sign == "":
		op = In
	}
	if op == 0 {
		p.fail(open, p.at, nil, "() is a list of nothing, and no list stands here")
		return nil
	}
	return Condition{field: f, op: op, values: []Value{}}
}

// peek returns the word that comes next, if one does, and whether a colon stands
// behind it. A word that goes on in other characters is none.
func (p *searchParser) peek() (word string, colon bool) {
	end := p.at
	for end < len(p.text) && isWordByte(p.text[end], end > p.at) {
		end++
	}
	if end < len(p.text) && p.text[end] == ':' && end > p.at {
		return p.text[p.at:end], true
	}
	if bareEnd(p.text, end) > end {
		return "", false
	}
	return p.text[p.at:end], false
}

// comes reports whether a keyword comes next.
func (p *searchParser) comes(keyword string) bool {
	if p.at == len(p.text) || p.text[p.at]|0x20 != keyword[0] { // most pieces are no keywords
		return false
	}
	word, colon := p.peek()
	return !colon && (word == keyword || len(word) == len(keyword) && word == strings.ToUpper(keyword))
}

// keyword goes behind a keyword, if it comes next.
func (p *searchParser) keyword(k string) bool {
	if !p.comes(k) {
		return false
	}
	p.at += len(k)
	return true
}

// space goes to what is no space.
func (p *searchParser) space() {
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		if !isBlank(r) {
			return
		}
		p.at += size
	}
}

// bareEnd returns where what stands at a place without quotes ends.
func bareEnd(text string, at int) int {
	for i, r := range text[at:] {
		if letter := 'a' <= r && r <= 'z'; !letter && (r == '"' || isSpecial(r)) {
			return at + i
		}
	}
	return len(text)
}

// saidEnd returns where what is said of a word ends: it goes on through what is in
// quotes. Not closed is a quote that ends nowhere.
func saidEnd(text string, at int) (end int, closed bool) {
	for at = bareEnd(text, at); at < len(text) && text[at] == '"'; at = bareEnd(text, at) {
		_, behind, err := readQuoted(text, at)
		if err != nil {
			return len(text), false
		}
		at = behind
	}
	return at, true
}

// groupEnd returns where a parenthesis is closed.
func groupEnd(text string, at int) int {
	open := 0
	for i := at; i < len(text); i++ {
		switch text[i] {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// isSpecial reports whether a character ends what is not in quotes.
func isSpecial(r rune) bool { return r == '(' || r == ')' || isBlank(r) }

func isWordByte(c byte, inside bool) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || inside && ('0' <= c && c <= '9' || c == '_')
}

// flagOf returns the field of yes and no that a word by itself asks for.
func flagOf(word string) (Field, bool) {
	if word == "" {
		return Field{}, false
	}
	f, ok := fieldOf(word)
	return f, ok && f.Type() == Bool
}

func yes(f Field) Predicate { return f.condition(In, truth(true)) }

// fieldWords are the words of fields, short ones first.
func fieldWords() []string {
	var ws []string
	for _, a := range aliases {
		ws = append(ws, a.word)
	}
	for _, f := range registry {
		ws = append(ws, f.Key())
	}
	return ws
}

func words() []string { return append(fieldWords(), hasWord, noWord, waitWord) }

// nearest returns the word that is most like s, if one is: the first that begins
// with it, or else the first that the fewest mistakes make s of.
func nearest(s string, words []string) string {
	if len(s) < 2 || len(s) > maxTermText {
		return ""
	}
	s = strings.ToLower(s)
	best, least := "", max(1, len(s)/3)+1
	for _, w := range words {
		if strings.HasPrefix(w, s) {
			return w
		}
		if d := mistakes(s, w); d < least {
			best, least = w, d
		}
	}
	return best
}

// mistakes returns how many bytes must be inserted, deleted, replaced or swapped
// with the next to make b of a.
func mistakes(a, b string) int {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		for j := range len(b) {
			next[j+1] = min(row[j+1]+1, next[j]+1)
			if a[i] == b[j] {
				next[j+1] = min(next[j+1], row[j])
			} else {
				next[j+1] = min(next[j+1], row[j]+1)
			}
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}

// PrintSearch writes a search so that [ParseSearch] gives it back in its plainest
// form, the shortest words and no parentheses that are not needed.
//
// It is [ErrSearch] for what cannot be written: an invalid predicate, too much free
// text, more than [MaxSearchLen] bytes, and values that have no text: instants
// outside the years 0 to 9999, the least duration there is, and links of a kind
// with a slash. What [Resolve] has put in place of a [Term] is written as it is.
func PrintSearch(s Search) (string, error) {
	where := s.Where
	if where == nil {
		where = All
	}
	if err := validate(where, true); err != nil {
		return "", fmt.Errorf("filter: %w: %w", ErrSearch, err)
	}
	w := searchPrinter{speller: speller{special: isSpecial}}
	where = normal(where)
	inside := top
	if _, is := where.(Disjunction); is && len(s.Text) > 0 {
		inside = insideAnd
	}
	w.print(where, inside)
	return w.text(s.Text)
}

// binding says what a predicate is part of, and so when it stands in parentheses.
type binding uint8

const (
	top binding = iota
	insideOr
	insideAnd
	insideNot
)

type searchPrinter struct {
	speller
	b   strings.Builder
	err error
}

func (w *searchPrinter) text(words []string) (string, error) {
	if len(words) > MaxSearchTerms {
		return "", fmt.Errorf("filter: %w: there are more than %d words and phrases of free text", ErrSearch, MaxSearchTerms)
	}
	for _, s := range words {
		if s == "" || len(s) > MaxText || !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 || strings.TrimFunc(s, isBlank) == "" {
			return "", fmt.Errorf("filter: %w: %s is no free text", ErrSearch, short(s))
		}
		if w.b.Len() > 0 {
			w.b.WriteByte(' ')
		}
		w.b.WriteString(quotedText(s))
	}
	switch {
	case w.err != nil:
		return "", fmt.Errorf("filter: %w: %w", ErrSearch, w.err)
	case w.b.Len() > MaxSearchLen:
		return "", fmt.Errorf("filter: %w: the text has more than %d bytes", ErrSearch, MaxSearchLen)
	}
	return w.b.String(), nil
}

// quotedText writes free text, in quotes only where it would be read as something
// else.
func quotedText(s string) string {
	p := searchParser{text: s}
	if s[0] != '-' && s[0] != '"' && bareEnd(s, 0) == len(s) && !p.comes("or") && !p.comes("and") && !p.comes("not") {
		if p.part(); len(p.words) == 1 && p.errs == nil {
			return s
		}
	}
	return quote(s)
}

func (w *searchPrinter) print(p Predicate, inside binding) {
	if c, ok := p.(Condition); ok && c.field.Type() == Bool && len(c.values) == 1 && c.op == In && c.values[0] == truth(true) {
		w.b.WriteString(wordOf(c.field))
		return
	}
	if s, ok := w.spell(p); ok && inListOrder(p) {
		w.b.WriteString(s.word + ":" + s.said())
		return
	}
	switch p := p.(type) {
	case Conjunction:
		w.all(p, inside)
	case Disjunction:
		w.alternatives(p, inside)
	case Negation:
		w.b.WriteByte('-')
		w.print(p.Predicate, insideNot)
	case Condition:
		w.nothing(p)
	case Relative: // every valid one has a word
	}
}

// inListOrder reports whether a list of values begins with the terms and ranges
// among them, as readWord gives them.
func inListOrder(p Predicate) bool {
	ps, _ := p.(Disjunction)
	i := slices.IndexFunc(ps, func(q Predicate) bool {
		c, is := q.(Condition)
		return is && (c.op == In || c.op == AnyOf)
	})
	return i < 0 || i == len(ps)-1
}

func (w *searchPrinter) all(ps Conjunction, inside binding) {
	if len(ps) == 0 {
		if inside != top {
			w.b.WriteString("()")
		}
		return
	}
	w.parentheses(inside > insideOr, func() {
		for i := 0; i < len(ps); i++ {
			if i > 0 {
				w.b.WriteByte(' ')
			}
			if i+1 < len(ps) {
				if s, ok := w.between(ps[i : i+2]); ok {
					w.b.WriteString(s.word + ":" + s.said())
					i++
					continue
				}
			}
			w.print(ps[i], insideAnd)
		}
	})
}

func (w *searchPrinter) alternatives(ps Disjunction, inside binding) {
	if len(ps) == 0 {
		w.b.WriteString("(or)")
		return
	}
	w.parentheses(inside > top, func() {
		for i, p := range ps {
			if i > 0 {
				w.b.WriteString(" or ")
			}
			w.print(p, insideOr)
		}
	})
}

func (w *searchPrinter) parentheses(needed bool, print func()) {
	if needed {
		w.b.WriteByte('(')
		defer w.b.WriteByte(')')
	}
	print()
}

// nothing writes a condition with an empty list.
func (w *searchPrinter) nothing(c Condition) {
	if len(c.values) > 0 {
		w.err = &PredicateError{c.field.Key(), "a value has no text"}
		return
	}
	sign := ""
	switch {
	case c.op == AllOf:
		sign = "+"
	case c.field.Type() == Text:
		sign = "="
	}
	w.b.WriteString(wordOf(c.field) + ":" + sign + "()")
}
