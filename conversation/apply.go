package conversation

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/colloquy-go/colloquy/metrics"
	"github.com/colloquy-go/colloquy/status"
)

// The errors of applying an event. Each is wrapped in an [*EventError]; match
// with errors.Is.
var (
	ErrNone        = errors.New("no such conversation")                           // applied to the zero Conversation
	ErrClosed      = errors.New("conversation is closed: start a new one")        // a *ClosedError says which one to link to
	ErrHeld        = errors.New("held by an agent already")                       // a *HeldError names the holder
	ErrLate        = errors.New("earlier than the latest event")                  // and this value does not know its timeline
	ErrNoRoom      = errors.New("leaves no room for a later event")               // a *NoRoomError names the event that could not have happened after the late one
	ErrBeforeStart = errors.New("earlier than the start of the conversation")     // nothing can happen before Started
	ErrStarted     = errors.New("conversation has started already")               // a second Started
	ErrNotStarted  = errors.New("timeline does not begin with the event started") // in Rebuild
	ErrNotLinked   = errors.New("record is not linked")                           // Unlinked of something else
	ErrTimeline    = errors.New("timeline is not that of the conversation")       // in WithTimeline
)

// EventError says which event was refused, and why. Its Err is one of the
// errors of this package or a [*status.TransitionError].
type EventError struct {
	Event Event
	Err   error
}

// Error names the event by kind, id and instant, never by its text.
func (e *EventError) Error() string {
	return fmt.Sprintf("conversation: %s %s of %s: %v",
		e.Event.Kind(), e.Event.ID, e.Event.At.UTC().Format("2006-01-02T15:04:05.000Z"), e.Err)
}

// Unwrap returns the cause.
func (e *EventError) Unwrap() error { return e.Err }

// ClosedError refuses a customer's message to a conversation that is over. The
// host starts a new one with [Conversation.Successor]. It wraps [ErrClosed] and
// the [*status.TransitionError].
type ClosedError struct {
	Conversation ID
	Transition   error
}

// Error names the closed conversation.
func (e *ClosedError) Error() string {
	return fmt.Sprintf("%v, linked to %s", ErrClosed, e.Conversation)
}

// Unwrap returns [ErrClosed] and the transition error.
func (e *ClosedError) Unwrap() []error { return []error{ErrClosed, e.Transition} }

// HeldError refuses to accept what an agent holds, or to hand it to the agent
// who holds it. It wraps [ErrHeld].
type HeldError struct{ Holder AgentID }

// Error names the holder.
func (e *HeldError) Error() string { return fmt.Sprintf("%v: %s", ErrHeld, e.Holder) }

// Unwrap returns [ErrHeld].
func (e *HeldError) Unwrap() error { return ErrHeld }

// NoRoomError refuses a late event after which a known one could not have
// happened. It wraps [ErrNoRoom] and not the cause at the later event, which is
// no advice to whoever sent the late one: a late finish starts no new
// conversation.
type NoRoomError struct{ Later *EventError }

// Error names the later event and its cause.
func (e *NoRoomError) Error() string { return fmt.Sprintf("%v: %v", ErrNoRoom, e.Later) }

// Unwrap returns [ErrNoRoom].
func (e *NoRoomError) Unwrap() error { return ErrNoRoom }

// Option changes how conversations are built.
type Option func(*Conversation)

// MeasuredBy makes the metrics follow the rules of calc instead of
// [metrics.Default]. A host uses the same rules for all conversations of a store.
func MeasuredBy(calc *metrics.Calculator) Option {
	return func(c *Conversation) { c.measured = calc.Accumulator() }
}

// Start begins a conversation. An incoming one is New, an outgoing one Accepted.
// The customer's first message is an event of its own. Errors are an
// [*EventError].
func Start(id EventID, at time.Time, by Author, s Started, options ...Option) (Conversation, error) {
	e := Event{ID: id, At: at, By: by, Body: s}
	var c Conversation
	for _, o := range options {
		o(&c)
	}
	if err := e.Validate(); err != nil {
		return Conversation{}, &EventError{e, err}
	}
	if err := c.record(e, instant(at.UnixMilli())); err != nil {
		return Conversation{}, &EventError{e, err}
	}
	return c, nil
}

// Successor begins the conversation that follows c when the customer writes
// after it was over: same customer, open channel, source and page, linked by
// [Conversation.Previous]. It asks nothing of c's status.
func (c Conversation) Successor(id ID, event EventID, at time.Time, by Author) (Conversation, error) {
	next, err := Start(event, at, by, Started{
		Conversation: id, Direction: Incoming, OpenChannel: c.openChannel, Source: c.source,
		Customer: c.customer, SitePage: c.sitePage, Previous: c.id,
	}, MeasuredBy(c.measured.Calculator()))
	return next, err
}

// Apply returns the conversation after an event. c itself never changes.
//
// An event whose ID this value knows already has no second effect: c is returned
// as it is. An event earlier than the latest one is put where it belongs and all
// later ones are applied again, if this value knows its timeline; otherwise it is
// [ErrLate], and applying it to [Conversation.WithTimeline] succeeds. A late event
// after which a known one could not have happened is a [*NoRoomError], a late
// acceptance before another agent's a [*HeldError]. Events of one instant count
// in the order they are applied.
//
// Every error is an [*EventError].
func (c Conversation) Apply(e Event) (Conversation, error) {
	if c.version == 0 {
		return c, &EventError{e, ErrNone}
	}
	if err := e.Validate(); err != nil {
		return c, &EventError{e, err}
	}
	if c.knows(e.ID) {
		return c, nil
	}
	at := instant(e.At.UnixMilli())
	switch {
	case at < c.createdAt:
		return c, &EventError{e, ErrBeforeStart}
	case at < c.modifiedAt:
		return c.insert(e)
	}
	next := c
	if err := next.record(e, at); err != nil {
		return c, &EventError{e, err}
	}
	return next, nil
}

func (c *Conversation) knows(id EventID) bool {
	if id == c.lastEvent {
		return true
	}
	for e := c.log; e != nil; e = e.before {
		if e.ID == id {
			return true
		}
	}
	return false
}

// insert applies an event that happened before others which are known already.
func (c Conversation) insert(late Event) (Conversation, error) {
	events, known := c.Timeline()
	if !known {
		return c, &EventError{late, ErrLate}
	}
	events = append(events, late)
	inOrder(events)
	next, err := c.fold(events)
	if err != nil {
		return c, &EventError{late, refusal(late, err)}
	}
	next.number, next.base = c.number, c.base
	next.log = &entry{late, c.log}
	next.log.At = instant(late.At.UnixMilli()).time()
	return next, nil
}

// refusal returns the cause for which a late event is refused, given the error of
// the fold with it.
func refusal(late Event, err error) error {
	var failed *EventError
	if !errors.As(err, &failed) || failed.Event.ID == late.ID {
		return errors.Unwrap(err)
	}
	_, accept := late.Body.(Accepted)
	if _, again := failed.Event.Body.(Accepted); accept && again {
		return &HeldError{failed.Event.By.agent()}
	}
	return &NoRoomError{failed}
}

// fold builds the conversation of all events, which are in order, by the rules c
// is measured by. Its log is in that order too.
func (c *Conversation) fold(events []Event) (Conversation, error) {
	if len(events) == 0 || rank(events[0]) != 0 {
		return Conversation{}, fmt.Errorf("conversation: %w", ErrNotStarted)
	}
	next := Conversation{measured: c.measured.Calculator().Accumulator(), marks: c.marks}
	for _, e := range events {
		if err := e.Validate(); err != nil {
			return Conversation{}, &EventError{e, err}
		}
		if err := next.record(e, instant(e.At.UnixMilli())); err != nil {
			return Conversation{}, &EventError{e, err}
		}
	}
	return next, nil
}

// Rebuild returns the conversation of a whole timeline, given in any order: of
// the events with one ID the first one given counts, the rest are sorted by
// instant, and those of one instant keep the order they are given in. All of them
// count as changes that no store has yet. The number is not part of the timeline.
//
// The first event that cannot be applied ends it with an [*EventError].
func Rebuild(events []Event, options ...Option) (Conversation, error) {
	var c Conversation
	for _, o := range options {
		o(&c)
	}
	return c.fold(timeline(events))
}

// Marks returns what a timeline leaves for package metrics, in order of time, so
// that it can be computed and explained by any rules:
//
//	events, _ := c.Timeline()
//	marks, err := conversation.Marks(events)
//	...
//	explanation, err := calculator.Explain(slices.Values(marks))
//
// The ID of a mark is the [EventID] of the event that left it. Events are taken,
// and errors returned, as by [Rebuild].
func Marks(events []Event) ([]metrics.Mark, error) {
	var marks []metrics.Mark
	c := Conversation{marks: &marks}
	if _, err := c.fold(timeline(events)); err != nil {
		return nil, err
	}
	return marks, nil
}

// timeline returns the events with different IDs in order.
func timeline(events []Event) []Event {
	seen := make(map[EventID]struct{}, len(events))
	sorted := slices.DeleteFunc(slices.Clone(events), func(e Event) bool {
		_, again := seen[e.ID]
		seen[e.ID] = struct{}{}
		return again
	})
	inOrder(sorted)
	return sorted
}

// WithTimeline returns c knowing all its events, in the order they were saved,
// so that late and repeated events can be told and applied. Unsaved changes of c
// are dropped: the result is what the events give. Events that do not give the
// row c was read from are [ErrTimeline].
func (c Conversation) WithTimeline(events []Event) (Conversation, error) {
	sorted := slices.Clone(events)
	inOrder(sorted)
	next, err := c.fold(sorted)
	if err != nil {
		return Conversation{}, fmt.Errorf("conversation: %w: %w", ErrTimeline, err)
	}
	if next.id != c.id || next.version != c.base {
		return Conversation{}, fmt.Errorf("conversation: %w: version %d of %s, not %d of %s",
			ErrTimeline, next.version, next.id, c.base, c.id)
	}
	next.log = nil
	for _, e := range events {
		e.At = instant(e.At.UnixMilli()).time()
		next.log = &entry{e, next.log}
	}
	next.number, next.base = c.number, next.version
	return next, nil
}

// record applies a valid event that is not earlier than the others. It is the
// one place that says what an event does: which trigger it pulls, which mark it
// leaves, which fields it sets. On an error c may be half changed and is thrown
// away by the caller.
func (c *Conversation) record(e Event, at instant) error {
	before := c.detailed.General()
	c.lastEvent = e.ID
	if err := c.take(e, at); err != nil {
		return err
	}
	switch now := c.detailed.General(); {
	case now != status.GeneralWaiting:
		c.waitingSince = 0
	case before != status.GeneralWaiting:
		c.waitingSince = at
	}
	c.version++
	c.modifiedAt = at
	c.logged++
	e.At = at.time()
	c.log = &entry{e, c.log}
	return nil
}

func (c *Conversation) take(e Event, at instant) error {
	switch b := e.Body.(type) {
	case Started:
		return c.start(b, e.By, at)
	case Wrote:
		return c.write(e.By, at)
	case Noted:
		c.takesPart(e.By.agent())
		return c.mark(metrics.Note, at)
	case Accepted:
		if c.detailed.Active() && c.agent != "" {
			return &HeldError{c.agent}
		}
		if err := c.move(status.Accept); err != nil {
			return err
		}
		return c.accept(e.By.agent(), at)
	case TakenOver:
		return c.hand(status.TakeOver, e.By.agent(), at)
	case ForwardedToAgent:
		return c.hand(status.Forward, b.To, at)
	case ForwardedToChannel:
		c.openChannel = b.To
		return c.queue(e.By, at)
	case Queued:
		return c.queue(e.By, at)
	case RatingRequested:
		c.ratingPending = true
		return c.startClosing(e.By, at)
	case AutoReplied:
		return c.startClosing(e.By, at)
	case Finished:
		return c.finish(e.By, at)
	case ForceFinished:
		return c.end(status.ForceFinish, e.By, at)
	case Rated:
		return c.rate(b.Rating, e.By, at)
	case Reviewed:
		c.review = Review{Rating: b.Rating, Comment: b.Comment, By: e.By.agent(), At: at.time()}
	case Linked:
		return c.link(b.Link)
	case Unlinked:
		return c.unlink(b.Link)
	case FormSubmitted:
		c.formSubmitted = true
	case HistoryRequested:
		c.historyRequested = true
	}
	return nil
}

func (c *Conversation) start(s Started, by Author, at instant) error {
	if c.version > 0 {
		return ErrStarted
	}
	c.id, c.previous, c.direction = s.Conversation, s.Previous, s.Direction
	c.openChannel, c.source, c.customer, c.sitePage = s.OpenChannel, s.Source, s.Customer, s.SitePage
	c.createdAt = at
	if err := c.mark(metrics.Created, at); err != nil {
		return err
	}
	if s.Direction == Outgoing {
		c.detailed, c.queuedAt = status.Accepted, at
		c.hold(by.agent())
		return c.mark(metrics.AgentJoined, at)
	}
	c.detailed = status.New
	if s.Bot != "" {
		return c.mark(metrics.BotJoined, at)
	}
	c.queuedAt = at
	return nil
}

func (c *Conversation) write(by Author, at instant) error {
	var mark metrics.Kind
	switch by.Kind {
	case AuthorCustomer:
		mark = metrics.CustomerMessage
		cameBack := c.detailed == status.Closing
		if err := c.move(status.CustomerMessage); err != nil {
			return &ClosedError{c.id, err}
		}
		if cameBack {
			c.ratingPending, c.closingSince, c.finisher = false, 0, 0
			if err := c.mark(metrics.Reopened, at); err != nil {
				return err
			}
		}
	case AuthorAgent:
		mark = metrics.AgentMessage
		if err := c.move(status.AgentMessage); err != nil {
			return err
		}
		if err := c.acceptIfNobodyDid(by.agent(), at); err != nil {
			return err
		}
		c.takesPart(by.agent())
		c.repliedAt = at
		if c.firstReplyAt == 0 {
			c.firstReplyAt = at
		}
	case AuthorBot:
		mark = metrics.BotMessage
	case AuthorSystem:
		mark = metrics.SystemMessage
	}
	if by.Kind != AuthorSystem {
		c.messages++
		c.lastMessageAt = at
	}
	return c.mark(mark, at)
}

// accept makes an agent the holder, for the first time or again.
func (c *Conversation) accept(agent AgentID, at instant) error {
	c.hold(agent)
	if c.queuedAt == 0 {
		c.queuedAt = at // no bot handed over: people came by themselves
	}
	if c.direction == Outgoing {
		return c.mark(metrics.AgentJoined, at)
	}
	if c.acceptedAt == 0 {
		c.acceptedAt = at
	}
	return c.mark(metrics.Accepted, at)
}

// acceptIfNobodyDid is the implicit acceptance by a message or a finish.
func (c *Conversation) acceptIfNobodyDid(agent AgentID, at instant) error {
	if c.agent != "" {
		return nil
	}
	return c.accept(agent, at)
}

// hand gives the conversation to an agent; if nobody holds it, as accepted by him.
func (c *Conversation) hand(t status.Trigger, to AgentID, at instant) error {
	held := c.agent != ""
	if err := c.move(t); err != nil {
		return err
	}
	switch {
	case c.agent == to:
		return &HeldError{to}
	case !held:
		return c.accept(to, at)
	}
	c.hold(to)
	return c.mark(metrics.Forwarded, at)
}

// queue returns the conversation to people who may accept it. What a bot does so
// is its hand-over, in whatever open channel those people are.
func (c *Conversation) queue(by Author, at instant) error {
	if err := c.move(status.Queue); err != nil {
		return err
	}
	c.agent = ""
	if c.queuedAt == 0 {
		c.queuedAt = at
	}
	if by.Kind == AuthorBot {
		return c.mark(metrics.HandedOver, at)
	}
	return c.mark(metrics.Queued, at)
}

func (c *Conversation) startClosing(by Author, at instant) error {
	if err := c.move(status.StartClosing); err != nil {
		return err
	}
	c.closingSince, c.finisher = at, by.Kind
	if by.Kind == AuthorAgent {
		if err := c.agentFinishes(by.agent(), at); err != nil {
			return err
		}
	}
	return c.mark(metrics.ClosingStarted, at)
}

func (c *Conversation) finish(by Author, at instant) error {
	policy := c.openChannel.Closing
	if by.Kind == AuthorAgent && c.detailed.Active() && policy.asks() {
		c.ratingPending = policy.AskRating
		return c.startClosing(by, at)
	}
	return c.end(status.Finish, by, at)
}

// end closes the conversation, as spam or not.
func (c *Conversation) end(t status.Trigger, by Author, at instant) error {
	if err := c.move(t); err != nil {
		return err
	}
	finisher := by.Kind
	if c.closingSince != 0 {
		finisher = c.finisher
	}
	// In the Closing that an agent began, his finish is the one that counts.
	if by.Kind == AuthorAgent && (c.closingSince == 0 || c.finisher != AuthorAgent) {
		agent := by.agent()
		if t == status.ForceFinish {
			agent = c.agent // throwing spam away is not serving it
		}
		if err := c.agentFinishes(agent, at); err != nil {
			return err
		}
	}
	if finisher == AuthorBot {
		if err := c.mark(metrics.BotFinished, at); err != nil {
			return err
		}
	}
	c.closedAt, c.closingSince, c.finisher = at, 0, 0
	c.ratingPending = false
	return c.mark(metrics.Closed, at)
}

func (c *Conversation) agentFinishes(agent AgentID, at instant) error {
	if agent != "" {
		if err := c.acceptIfNobodyDid(agent, at); err != nil {
			return err
		}
	}
	c.agentFinishedAt = at
	return c.mark(metrics.AgentFinished, at)
}

func (c *Conversation) rate(r Rating, by Author, at instant) error {
	c.rating, c.ratedAgent, c.ratedAt, c.ratingPending = r, c.agent, at, false
	if c.ratedBy = CustomerID(by.ID); by.ID == "" {
		c.ratedBy = c.customer.ID
	}
	if c.detailed == status.Closing && c.openChannel.Closing.CloseOnRating {
		return c.end(status.Finish, by, at)
	}
	return nil
}

func (c *Conversation) link(l Link) error {
	i, found := c.findLink(l)
	links := slices.Clone(c.links)
	if found {
		links[i] = l
	} else {
		if len(links) == MaxLinks {
			return &ValueError{Field: "link", Cause: fmt.Sprintf("is one more than %d", MaxLinks)}
		}
		links = slices.Insert(links, i, l)
	}
	c.links = links
	return nil
}

func (c *Conversation) unlink(l Link) error {
	i, found := c.findLink(l)
	if !found {
		return fmt.Errorf("%w: %s %s", ErrNotLinked, l.Kind, l.ID)
	}
	c.links = slices.Concat(c.links[:i], c.links[i+1:]) // nil without any, as when read from a row
	return nil
}

func (c *Conversation) findLink(l Link) (int, bool) {
	return slices.BinarySearchFunc(c.links, l, compareLinks)
}

func compareLinks(a, b Link) int {
	if d := strings.Compare(a.Kind, b.Kind); d != 0 {
		return d
	}
	return strings.Compare(a.ID, b.ID)
}

func (c *Conversation) hold(agent AgentID) {
	c.agent = agent
	c.takesPart(agent)
}

func (c *Conversation) takesPart(agent AgentID) {
	if agent != "" && !slices.Contains(c.participants, agent) {
		c.participants = append(slices.Clip(c.participants), agent)
	}
}

func (c *Conversation) move(t status.Trigger) error {
	to, err := status.Next(c.detailed, t)
	if err != nil {
		return err
	}
	c.detailed = to
	return nil
}

func (c *Conversation) mark(k metrics.Kind, at instant) error {
	m := metrics.Mark{At: time.UnixMilli(int64(at)), Kind: k}
	if c.marks != nil {
		m.At, m.ID = at.time(), c.lastEvent.String()
		*c.marks = append(*c.marks, m)
	}
	return c.measured.Add(m)
}
