package conversationtest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/colloquy-go/colloquy/conversation"
)

var epoch = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)

// At returns the instant with an offset: that of 0 is 09:00 UTC on Monday, 5
// January 2026.
func At(offset time.Duration) time.Time { return epoch.Add(offset) }

// Option says something about a conversation that its line does not.
type Option func(*scenario)

// With gives the open channels. The conversation begins in the first one; the
// others are those that a forward to "#id" finds. One that is not given has no
// closing policy, and its id for a name.
func With(channels ...conversation.OpenChannel) Option {
	return func(s *scenario) {
		s.channels = append(s.channels, channels...)
		if len(s.channels) > 0 {
			s.started.OpenChannel = s.channels[0]
		}
	}
}

// Starting gives what is known when the conversation begins. Fields that are
// zero stay as they are without it; direction and bot are those of the line.
func Starting(b conversation.Started) Option {
	return func(s *scenario) {
		d := &s.started
		if !b.Conversation.IsZero() {
			d.Conversation = b.Conversation
		}
		if b.OpenChannel != (conversation.OpenChannel{}) {
			d.OpenChannel = b.OpenChannel
		}
		if b.Source != "" {
			d.Source = b.Source
		}
		if b.Customer != (conversation.Customer{}) {
			d.Customer = b.Customer
		}
		d.SitePage, d.Previous = b.SitePage, b.Previous
	}
}

type scenario struct {
	started  conversation.Started
	channels []conversation.OpenChannel
	events   uint64 // how many the conversation has already
}

func newScenario(line string, options []Option) *scenario {
	s := &scenario{started: conversation.Started{
		Conversation: conversation.DeriveID("conversationtest", line),
		OpenChannel:  conversation.OpenChannel{ID: "sales", Name: "Sales"},
		Source:       "live_chat",
		Customer:     conversation.Customer{ID: "customer", Name: "Customer"},
	}}
	for _, o := range options {
		o(s)
	}
	return s
}

// Play returns the conversation of a line. A mistake in the line and an event
// that the conversation refuses end the test, with the place in the line.
func Play(t testing.TB, line string, options ...Option) conversation.Conversation {
	t.Helper()
	c, err := Apply(conversation.Conversation{}, line, options...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Apply goes on with c, or begins when c is zero, and returns the conversation
// after the line. Every error is a [*LineError] that names the place; when an
// event is refused, it wraps the [*conversation.EventError], and the conversation
// is that before the event.
func Apply(c conversation.Conversation, line string, options ...Option) (conversation.Conversation, error) {
	s := newScenario(line, options)
	if !c.IsZero() {
		s.started.Conversation, s.events = c.ID(), c.Version()
	}
	entries, err := s.parse(line)
	if err != nil {
		return c, err
	}
	for _, e := range entries {
		var next conversation.Conversation
		if b, ok := e.event.Body.(conversation.Started); ok && c.IsZero() {
			next, err = conversation.Start(e.event.ID, e.event.At, e.event.By, b)
		} else {
			next, err = c.Apply(e.event)
		}
		if err != nil {
			return c, &LineError{Line: line, Offset: e.offset, Err: err}
		}
		c = next
	}
	return c, nil
}

// Parse returns the events of a line in the order of the line, the start first.
// They are valid one by one; whether they can follow one another is for the
// conversation to say. Every error is a [*LineError].
func Parse(line string, options ...Option) ([]conversation.Event, error) {
	entries, err := newScenario(line, options).parse(line)
	if err != nil {
		return nil, err
	}
	events := make([]conversation.Event, len(entries))
	for i, e := range entries {
		events[i] = e.event
	}
	return events, nil
}

// LineError says what is wrong with a line, and where.
type LineError struct {
	Line   string
	Offset int // in bytes
	Err    error
}

// Error returns the place, the cause, and the line of text with a mark below the place.
func (e *LineError) Error() string {
	before := e.Line[:e.Offset]
	begin := strings.LastIndexByte(before, '\n') + 1
	text, _, _ := strings.Cut(e.Line[begin:], "\n")
	margin := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, before[begin:])
	return fmt.Sprintf("conversationtest: line %d, column %d: %v\n\t%s\n\t%s^",
		strings.Count(before, "\n")+1, utf8.RuneCountInString(before[begin:])+1, e.Err, text, margin)
}

// Unwrap returns the cause.
func (e *LineError) Unwrap() error { return e.Err }

// entry is an event and the byte of the line where it begins.
type entry struct {
	event  conversation.Event
	offset int
}

func (s *scenario) parse(line string) ([]entry, error) {
	p := &parser{scenario: s, line: line}
	p.advance()
	var entries []entry
	add := func(e conversation.Event, offset int) {
		e.ID = conversation.DeriveEventID("conversationtest", s.started.Conversation.String(), strconv.FormatUint(s.events, 10))
		if err := e.Validate(); err != nil {
			p.fail(offset, err)
		}
		s.events++
		entries = append(entries, entry{e, offset})
	}
	for p.err == nil && (p.kind != endOfLine || entries == nil) {
		offset := p.begin
		at := p.offset()
		by, body := p.event()
		if p.kind != comma && p.kind != endOfLine {
			p.expected("a comma")
		}
		p.advance()
		if _, begins := body.(conversation.Started); s.events == 0 && !begins && p.err == nil {
			add(conversation.Event{At: at, By: conversation.ByCustomer(), Body: s.start(conversation.Incoming, "")}, offset)
		}
		if p.err == nil {
			add(conversation.Event{At: at, By: by, Body: body}, offset)
		}
	}
	if p.err != nil {
		return nil, p.err
	}
	return entries, nil
}

func (s *scenario) start(d conversation.Direction, bot conversation.BotID) conversation.Started {
	b := s.started
	b.Direction, b.Bot = d, bot
	return b
}

func (s *scenario) channel(id conversation.OpenChannelID) conversation.OpenChannel {
	i := slices.IndexFunc(s.channels, func(o conversation.OpenChannel) bool { return o.ID == id })
	if i < 0 {
		return conversation.OpenChannel{ID: id, Name: string(id)}
	}
	return s.channels[i]
}

// parser reads a line token by token. After the first mistake it stands at the
// end of the line.
type parser struct {
	*scenario
	line string
	err  error

	kind       tokenKind
	token      string // of a quoted text what the quotes hold
	begin, end int
}

type tokenKind int

const (
	endOfLine tokenKind = iota
	comma
	word
	text
)

func (p *parser) fail(offset int, err error) {
	if p.err == nil {
		p.err = &LineError{Line: p.line, Offset: offset, Err: err}
	}
	p.kind, p.token, p.end = endOfLine, "", len(p.line)
}

func (p *parser) expected(what string) {
	found := fmt.Sprintf("%q", p.token)
	if p.kind == endOfLine {
		found = "the end"
	}
	p.fail(p.begin, fmt.Errorf("expected %s, found %s", what, found))
}

func (p *parser) advance() {
	rest := strings.TrimLeftFunc(p.line[p.end:], unicode.IsSpace)
	p.begin = len(p.line) - len(rest)
	ends := func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",\"`", r) }
	switch {
	case rest == "":
		p.kind, p.token, p.end = endOfLine, "", len(p.line)
	case rest[0] == ',':
		p.kind, p.token, p.end = comma, ",", p.begin+1
	case rest[0] == '"' || rest[0] == '`':
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			p.fail(p.begin, errors.New("the text has no end"))
			return
		}
		p.kind, p.end = text, p.begin+len(quoted)
		p.token, _ = strconv.Unquote(quoted) // it is a quoted text
	default:
		n := strings.IndexFunc(rest, ends)
		if n < 0 {
			n = len(rest)
		}
		p.kind, p.token, p.end = word, rest[:n], p.begin+n
	}
}

// word takes a word that must be there.
func (p *parser) word(what string) string {
	if p.kind != word {
		p.expected(what)
		return ""
	}
	return p.optionalWord()
}

// optionalWord takes a word if there is one.
func (p *parser) optionalWord() string {
	if p.kind != word {
		return ""
	}
	w := p.token
	p.advance()
	return w
}

// text takes a quoted text if there is one.
func (p *parser) text() string {
	if p.kind != text {
		return ""
	}
	t := p.token
	p.advance()
	return t
}

func (p *parser) agent() conversation.AgentID {
	if p.kind == word && slices.Contains([]string{"customer", "system", "bot", "to"}, p.token) {
		p.fail(p.begin, fmt.Errorf("%q is nobody's name", p.token))
	}
	return conversation.AgentID(p.word("the name of an agent"))
}

func (p *parser) bot() conversation.BotID {
	if p.kind != word || p.token == "to" {
		return "helper"
	}
	return conversation.BotID(p.optionalWord())
}

// by takes who did something, the system if nobody is named.
func (p *parser) by() conversation.Author {
	switch {
	case p.kind != word || p.token == "to":
		return conversation.BySystem()
	case p.token == "system":
		p.advance()
		return conversation.BySystem()
	case p.token == "customer":
		p.advance()
		return conversation.ByCustomer()
	case p.token == "bot":
		p.advance()
		return conversation.ByBot(p.bot())
	default:
		return conversation.ByAgent(p.agent())
	}
}

// event takes what happened and who did it.
func (p *parser) event() (conversation.Author, conversation.Body) {
	place := p.begin
	switch what := p.word("what happened"); what {
	case "start":
		var bot conversation.BotID
		if p.kind == word && p.token == "bot" {
			p.advance()
			bot = p.bot()
		}
		return conversation.ByCustomer(), p.start(conversation.Incoming, bot)
	case "outgoing":
		return conversation.ByAgent(p.agent()), p.start(conversation.Outgoing, "")
	case "customer":
		return conversation.ByCustomer(), conversation.Wrote{Text: p.text()}
	case "agent":
		return conversation.ByAgent(p.agent()), conversation.Wrote{Text: p.text()}
	case "bot":
		return conversation.ByBot(p.bot()), conversation.Wrote{Text: p.text()}
	case "system":
		return conversation.BySystem(), conversation.Wrote{Text: p.text()}
	case "note":
		return p.by(), conversation.Noted{Text: p.text()}
	case "accept":
		return conversation.ByAgent(p.agent()), conversation.Accepted{}
	case "takeover":
		return conversation.ByAgent(p.agent()), conversation.TakenOver{}
	case "forward":
		by := p.by()
		if p.kind != word || p.token != "to" {
			p.expected(`"to"`)
		}
		p.advance()
		if id, ok := strings.CutPrefix(p.token, "#"); ok && p.kind == word {
			p.advance()
			return by, conversation.ForwardedToChannel{To: p.channel(conversation.OpenChannelID(id))}
		}
		return by, conversation.ForwardedToAgent{To: p.agent()}
	case "decline":
		return conversation.ByAgent(p.agent()), conversation.Queued{}
	case "handover":
		return conversation.ByBot(p.bot()), conversation.Queued{}
	case "timeout":
		return conversation.BySystem(), conversation.Queued{}
	case "rating-request":
		return p.by(), conversation.RatingRequested{}
	case "auto-reply":
		return p.by(), conversation.AutoReplied{Text: p.text()}
	case "finish":
		return p.by(), conversation.Finished{}
	case "spam":
		return p.by(), conversation.ForceFinished{}
	case "rate":
		return conversation.ByCustomer(), conversation.Rated{Rating: p.rating()}
	case "review":
		by := conversation.ByAgent(p.agent())
		var r conversation.Rating
		if p.kind == word {
			r = p.rating()
		}
		return by, conversation.Reviewed{Rating: r, Comment: p.text()}
	case "link":
		return conversation.BySystem(), conversation.Linked{Link: p.link()}
	case "unlink":
		return conversation.BySystem(), conversation.Unlinked{Link: p.link()}
	case "form":
		return conversation.ByCustomer(), conversation.FormSubmitted{}
	case "history":
		return conversation.ByCustomer(), conversation.HistoryRequested{}
	default:
		p.fail(place, fmt.Errorf("nothing that happens is called %q", what))
		return conversation.Author{}, nil
	}
}

func (p *parser) rating() conversation.Rating {
	place := p.begin
	switch w := p.word("a rating"); w {
	case "like":
		return conversation.Like
	case "dislike":
		return conversation.Dislike
	default:
		score, _ := strconv.Atoi(w) // no number is 0, which is no rating either
		r, err := conversation.NewRating(conversation.Stars, score)
		if err != nil {
			p.fail(place, errors.New(`a rating is "like", "dislike" or one of 1 to 5`))
		}
		return r
	}
}

func (p *parser) link() conversation.Link {
	place := p.begin
	kind, id, ok := strings.Cut(p.word("a record"), "/")
	if !ok {
		p.fail(place, errors.New(`a record is written as "kind/id"`))
	}
	return conversation.Link{Kind: kind, ID: id, Caption: p.text()}
}

func (p *parser) offset() time.Time {
	place := p.begin
	d, err := parseOffset(p.word("an offset"))
	if err != nil {
		p.fail(place, err)
	}
	return At(d)
}

// longest leaves room for sums of offsets.
const longest = 100_000 * 24 * time.Hour

// parseOffset reads a number of seconds, or of what its unit says.
func parseOffset(s string) (time.Duration, error) {
	wrong := fmt.Errorf(`%q is no offset: write 90, 1.5, 250ms, 5m, 2h or 1d`, s)
	number := strings.TrimRight(s, "mshd")
	if strings.Trim(number, "0123456789.") != "" {
		return 0, wrong
	}
	unit, days := s[len(number):], time.Duration(1)
	switch unit {
	case "":
		unit = "s"
	case "d":
		unit, days = "h", 24
	}
	d, err := time.ParseDuration(number + unit)
	switch {
	case err != nil:
		return 0, wrong
	case d > longest/days:
		return 0, fmt.Errorf("%q is too far off", s)
	case d*days%time.Millisecond != 0:
		return 0, fmt.Errorf("%q is finer than a millisecond", s)
	}
	return d * days, nil
}
