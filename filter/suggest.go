package filter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Suggestion is a way to go on with a search: a text that can stand in place of the
// bytes from At to End. The cursor then belongs behind it.
type Suggestion struct {
	Kind    SuggestionKind
	At, End int
	Text    string
	Label   string // what people read
}

// SuggestionKind says what is suggested. The zero SuggestionKind is invalid.
type SuggestionKind uint8

// The kinds of suggestions.
const (
	SuggestedField    SuggestionKind = iota + 1 // a field with a colon, or one of yes and no by itself
	SuggestedOperator                           // a sign
	SuggestedValue
	SuggestedKeyword // or, not
)

var suggestionTexts = [...]string{
	SuggestedField: "field", SuggestedOperator: "operator", SuggestedValue: "value", SuggestedKeyword: "keyword",
}

// String returns "field", "operator", "value" or "keyword", or suggestion(n) for an
// invalid k.
func (k SuggestionKind) String() string {
	if k == 0 || int(k) >= len(suggestionTexts) {
		return fmt.Sprintf("suggestion(%d)", uint8(k))
	}
	return suggestionTexts[k]
}

// Suggest returns how a search can go on at a cursor, which is a number of bytes: a
// word that it stands in or behind is completed as a whole, by what begins as the
// part in front of the cursor does, or has a label in which a word begins so.
//
// Fields come in the order of the list's columns, values in that of the registry;
// those that begin so themselves come first. The rest of the search may be wrong.
// Within a phrase of free text there are none.
//
// Which agents, customers, open channels, sources or records there are, only the
// host knows: values, which may be nil, returns those of a field of keys or text
// that somebody who has typed so much may mean. The key of such a [Word] is the
// value (of [Links], kind and id as in "deal/7"), not in quotes.
func Suggest(search string, cursor int, l Labels, values func(f Field, typed string) []Word) []Suggestion {
	if len(search) > MaxSearchLen || !utf8.ValidString(search) {
		return nil
	}
	cursor = min(max(cursor, 0), len(search))
	for cursor < len(search) && !utf8.RuneStart(search[cursor]) {
		cursor--
	}
	s := suggester{search: search, cursor: cursor, labels: l, host: values}
	s.suggest()
	slices.SortStableFunc(s.found, func(a, b ranked) int { return a.rank - b.rank })
	var all []Suggestion
	for _, r := range s.found {
		all = append(all, r.Suggestion)
	}
	return all
}

type suggester struct {
	search  string
	cursor  int
	labels  Labels
	host    func(Field, string) []Word
	at, end int    // what is replaced
	typed   string // of it, in front of the cursor
	found   []ranked
}

type ranked struct {
	Suggestion
	rank int // less comes first
}

// The ranks of what fits.
const (
	byText = iota
	byLabel
	byNothing
)

// add suggests a text if what is typed fits it, its key or its label.
func (s *suggester) add(k SuggestionKind, text, label string, keys ...string) {
	if rank := s.rank(label, append(keys, text)); rank != byNothing {
		s.found = append(s.found, ranked{Suggestion{k, s.at, s.end, text, label}, rank})
	}
}

func (s *suggester) rank(label string, keys []string) int {
	typed := Fold(s.typed)
	for _, key := range keys {
		if strings.HasPrefix(key, typed) {
			return byText
		}
	}
	label = Fold(label)
	for i := range label {
		before, _ := utf8.DecodeLastRuneInString(label[:i])
		if (i == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before)) && strings.HasPrefix(label[i:], typed) {
			return byLabel
		}
	}
	return byNothing
}

// suggest finds the piece that the cursor stands in or behind.
func (s *suggester) suggest() {
	for at := 0; at <= s.cursor; {
		p := searchParser{text: s.search, at: at}
		p.space()
		if at = p.at; at > s.cursor || at == len(s.search) {
			break
		}
		word, colon := p.peek()
		if colon && !isWord(word) && strings.HasPrefix(s.search[at+len(word):], "://") {
			colon = false
		}
		end := at + 1
		switch c := s.search[at]; {
		case c == '(' || c == ')' || c == '-':
		case c == '"':
			_, behind, err := readQuoted(s.search, at)
			if err != nil {
				behind = len(s.search) + 1
			}
			if at < s.cursor && s.cursor < behind {
				return
			}
			end = behind
		case colon:
			if end, _ = saidEnd(s.search, at+len(word)+1); s.cursor <= end {
				s.condition(at, end, word)
				return
			}
		default:
			if end = bareEnd(s.search, at); s.cursor <= end {
				s.word(at, end, "")
				return
			}
		}
		at = end
	}
	s.word(s.cursor, s.cursor, "")
}

// word suggests what can stand in front of a colon, or without one.
func (s *suggester) word(at, end int, colon string) {
	s.at, s.end, s.typed = at, end, s.search[at:s.cursor]
	for _, row := range columnTable {
		for _, f := range row.fields {
			behind := ":"
			if f.Type() == Bool {
				behind = colon
			}
			s.add(SuggestedField, wordOf(f)+behind, s.labels.Field(f), f.Key())
		}
	}
	s.add(SuggestedField, waitWord+":", s.labels.Field(WaitingSince.Field))
	s.add(SuggestedField, hasWord+":", s.labels.operator("present"))
	s.add(SuggestedField, noWord+":", s.labels.operator("absent"))
	if s.typed != "" && colon == "" {
		if strings.TrimFunc(s.search[:at], isBlank) != "" {
			s.add(SuggestedKeyword, "or", "or")
		}
		s.add(SuggestedKeyword, "not", "not")
	}
}

// condition suggests what can stand in a condition.
func (s *suggester) condition(at, end int, word string) {
	from := at + len(word) + 1
	if s.cursor < from {
		s.word(at, from, ":")
		return
	}
	if !isWord(word) {
		return
	}
	said, k := s.search[from:end], s.cursor-from
	sign := ""
	for _, known := range signs {
		if strings.HasPrefix(said, known) {
			sign = known
			break
		}
	}
	f, _ := fieldOf(word)
	if k == 0 || k < len(sign) {
		s.at, s.end, s.typed = from, from+len(sign), ""
		s.signs(f, word)
	}
	if k >= len(sign) {
		s.value(f, word, sign, said, from)
	}
}

func (s *suggester) signs(f Field, word string) {
	less, greater := "less", "greater"
	switch t := f.Type(); {
	case t == Instant:
		less, greater = "before", "after"
		fallthrough
	case word == waitWord || t.isOrdered():
		s.add(SuggestedOperator, ">", s.labels.operator(greater))
		s.add(SuggestedOperator, ">=", s.labels.operator("at_least"))
		s.add(SuggestedOperator, "<", s.labels.operator(less))
		s.add(SuggestedOperator, "<=", s.labels.operator("at_most"))
	case t == Text:
		s.add(SuggestedOperator, "^", s.labels.operator("starts_with"))
		s.add(SuggestedOperator, "=", s.labels.operator("is"))
	case t == Set:
		s.add(SuggestedOperator, "+", s.labels.operator("all_of"))
	}
}

// value suggests a value in place of the one at the cursor.
func (s *suggester) value(f Field, word, sign, said string, from int) {
	k := s.cursor - from
	var others []string
	at, end, quoted := len(sign), len(said), false
	for start := len(sign); start <= len(said); {
		stop := atomEnd(said, start)
		if start <= k && k <= stop {
			at, end, quoted = start, stop, strings.HasPrefix(said[start:], `"`)
		} else {
			others = append(others, said[start:stop])
		}
		start = stop + 1
	}
	if len(others) > 0 && signOps[sign] != 0 {
		return
	}
	inRange := false
	if f.Type().isOrdered() && !quoted {
		if i := strings.LastIndex(said[at:k], ".."); i >= 0 {
			at, inRange = at+i+len(".."), true
		}
		if i := strings.Index(said[k:end], ".."); i >= 0 {
			end, inRange = k+i, true
		}
	}
	s.at, s.end, s.typed = from+at, from+end, said[at:k]
	if quoted {
		a, _, err := readQuoted(said[at:k]+`"`, 0)
		if err != nil {
			return
		}
		s.typed = a.text
	}
	all := len(s.found)
	s.values(f, word)
	if inRange {
		sign = ">=" // by which a range is compared
	}
	kept := slices.DeleteFunc(s.found[all:], func(r ranked) bool {
		_, err := readWord(word, sign+r.Text)
		return err != nil || slices.Contains(others, r.Text)
	})
	s.found = s.found[:all+len(kept)]
}

// atomEnd returns where a value that begins at a place ends: in front of a comma.
func atomEnd(said string, at int) int {
	if strings.HasPrefix(said[at:], `"`) {
		_, end, err := readQuoted(said, at)
		if err != nil {
			return len(said)
		}
		at = end
	}
	if i := strings.IndexByte(said[at:], ','); i >= 0 {
		return at + i
	}
	return len(said)
}

// Values of which there are too many to suggest all.
var (
	commonSpans = []string{"1m", "5m", "15m", "1h", "1d"}
	commonTerms = []Term{Last(7, Day), Last(30, Day), Ago(24, Hour), Ago(7, Day), Ago(30, Day)}
)

// values suggests values; those that cannot be said are taken out again.
func (s *suggester) values(f Field, word string) {
	switch word {
	case hasWord, noWord:
		for _, row := range columnTable {
			for _, f := range row.fields {
				if f.Optional() {
					s.add(SuggestedValue, wordOf(f), s.labels.Field(f), f.Key())
				}
			}
		}
		return
	case waitWord:
		s.texts(commonSpans)
		return
	}
	switch f.Type() {
	case Enum:
		for _, w := range f.def.words[1:] {
			s.add(SuggestedValue, w, s.labels.Word(f, w))
		}
	case Bool:
		s.add(SuggestedValue, "yes", s.labels.Word(f, "true"))
		s.add(SuggestedValue, "no", s.labels.Word(f, "false"))
	case Instant:
		s.terms()
	case Span:
		s.texts(commonSpans)
	case Number:
		if measureOf(f) == "score_1_5" {
			s.texts([]string{"1", "2", "3", "4", "5"})
		}
	case Key, Text, Set:
		if f.def.agents {
			s.add(SuggestedValue, termTexts[me], s.labels.term(termTexts[me]))
		}
		s.fromHost(f)
	}
}

func (s *suggester) texts(texts []string) {
	for _, text := range texts {
		s.add(SuggestedValue, text, text)
	}
}

func (s *suggester) terms() {
	for _, text := range termTexts[today:fixedTerms] {
		s.add(SuggestedValue, strings.ReplaceAll(text, " ", "_"), s.labels.term(text))
	}
	for _, t := range commonTerms {
		label := "last {n} {unit}"
		if t.isInstant() {
			label = "{n} {unit} ago"
		}
		label = strings.NewReplacer("{n}", strconv.Itoa(int(t.count)), "{unit}", s.labels.time(t.unit.String())).Replace(s.labels.term(label))
		s.add(SuggestedValue, strings.ReplaceAll(t.String(), " ", "_"), label)
	}
}

// fromHost suggests what the host knows, in its order.
func (s *suggester) fromHost(f Field) {
	if s.host == nil {
		return
	}
	for _, w := range s.host(f, s.typed) {
		if len(w.Key) > MaxText || !utf8.ValidString(w.Key) || strings.IndexByte(w.Key, 0) >= 0 {
			continue
		}
		text := w.Key
		if (speller{special: isSpecial}).mustQuote(text) || f.def.agents && text == termTexts[me] {
			text = quote(text)
		}
		s.found = append(s.found, ranked{Suggestion{SuggestedValue, s.at, s.end, text, w.Label}, byText})
	}
}
