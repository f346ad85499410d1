package metrics

import (
	"errors"
	"fmt"
	"time"
)

// Rules say what the nine metrics of a timeline are. They are data: read them,
// change a copy, keep them as JSON. [New] checks them and makes them usable.
type Rules struct {
	Name string `json:"name"` // names the rules where numbers are stored; not empty

	FirstReplyWait  Stretch `json:"first_reply_wait"`
	AcceptTime      Stretch `json:"accept_time"`
	AgentFinishTime Stretch `json:"agent_finish_time"`
	Duration        Stretch `json:"duration"`
	InitialReaction Stretch `json:"initial_reaction"`
	BotTime         Stretch `json:"bot_time"`

	Reactions Reactions `json:"reactions"` // behind TotalReaction, MeanReaction and MaxReaction

	// MeanUnit is the unit MeanReaction is given in; zero is a millisecond.
	// MeanFloor cuts what is left over instead of rounding half up.
	MeanUnit  time.Duration `json:"mean_unit_ns,omitempty"`
	MeanFloor bool          `json:"mean_floor,omitempty"`

	// ZeroIsAbsent makes every metric of zero or less absent.
	ZeroIsAbsent bool `json:"zero_is_absent,omitempty"`
}

// Stretch measures the time between two marks. It is absent until both are
// there. A mark whose kind is in From and in To starts and ends it at once.
type Stretch struct {
	From    Kinds `json:"from"`              // the first of these starts it
	To      Kinds `json:"to"`                // the first of these from then on ends it
	Last    bool  `json:"last,omitempty"`    // the last of To ends it instead
	Restart Kinds `json:"restart,omitempty"` // each of these forgets it and starts it anew
	Needs   Kinds `json:"needs,omitempty"`   // absent unless one of these is in the timeline

	// LessBotTime subtracts the metric BotTime, when it is there.
	LessBotTime bool `json:"less_bot_time,omitempty"`
}

// Reactions say which intervals count as a customer's wait for a reply. At most
// one wait is open at a time; a wait that nothing ends does not count.
type Reactions struct {
	Open    Kinds `json:"open"`              // opens a wait, or joins the one that is open
	End     Kinds `json:"end"`               // ends the open wait, and it counts
	Cancel  Kinds `json:"cancel,omitempty"`  // ends the open wait, and it does not count
	Restart Kinds `json:"restart,omitempty"` // moves the start of the open wait to itself
	Burst   Burst `json:"burst"`             // how several messages before one reply count
}

// Burst says how several openings before one end count. The zero Burst is
// BurstFirst. The text form is stored.
type Burst uint8

const (
	BurstFirst Burst = iota // one interval, from the first
	BurstLast               // one interval, from the last
	BurstEach               // an interval from each
)

var burstTexts = [...]string{BurstFirst: "first", BurstLast: "last", BurstEach: "each"}

const bursts = len(burstTexts)

// String returns the stored text, or burst(n) for an invalid b.
func (b Burst) String() string {
	if int(b) >= bursts {
		return fmt.Sprintf("burst(%d)", uint8(b))
	}
	return burstTexts[b]
}

// MarshalText returns the stored text; an invalid b is [ErrRules].
func (b Burst) MarshalText() ([]byte, error) {
	if int(b) >= bursts {
		return nil, fmt.Errorf("metrics: %w: burst %d", ErrRules, uint8(b))
	}
	return []byte(burstTexts[b]), nil
}

// UnmarshalText reads the stored text; any other is [ErrRules].
func (b *Burst) UnmarshalText(text []byte) error {
	for i, s := range burstTexts {
		if s == string(text) {
			*b = Burst(i)
			return nil
		}
	}
	return fmt.Errorf("metrics: %w: burst %q", ErrRules, text)
}

// Default returns the rules of the list's columns (spec section 4).
func Default() Rules {
	agentIsThere := Of(Accepted, AgentJoined, AgentMessage)
	return Rules{
		Name:            "default",
		FirstReplyWait:  Stretch{From: Of(Created), To: Of(AgentMessage)},
		AcceptTime:      Stretch{From: Of(Created), To: Of(Accepted)},
		AgentFinishTime: Stretch{From: Of(Created), To: Of(AgentFinished), Last: true},
		Duration: Stretch{
			From: Of(CustomerMessage, AgentMessage, BotMessage),
			To:   Of(CustomerMessage, AgentMessage, BotMessage), Last: true,
		},
		InitialReaction: Stretch{From: Of(CustomerMessage), To: Of(AgentMessage, Closed)},
		BotTime: Stretch{
			From: Of(Created), To: Of(HandedOver, BotFinished) | agentIsThere,
			Needs: Of(BotJoined, BotMessage, HandedOver, BotFinished),
		},
		Reactions: Reactions{Open: Of(CustomerMessage), End: Of(AgentMessage), Burst: BurstFirst},
	}
}

// Bitrix24 returns the variant of the seed product (spec section 4): the four
// plain times without the bot's time, a wait that ends with the closing counts,
// the mean in whole seconds, and nothing of zero or less.
func Bitrix24() Rules {
	r := Default()
	r.Name = "bitrix24"
	for _, s := range []*Stretch{&r.FirstReplyWait, &r.AcceptTime, &r.AgentFinishTime, &r.Duration} {
		s.LessBotTime = true
	}
	r.Reactions.End |= Of(Closed)
	r.MeanUnit, r.MeanFloor = time.Second, true
	r.ZeroIsAbsent = true
	return r
}

// ErrRules is what rules that cannot be used give.
var ErrRules = errors.New("unusable rules")

// RulesError says which part of the rules is unusable. It wraps [ErrRules].
type RulesError struct {
	Rules string // the rules' name
	Part  string // the path of the part, as in JSON: "reactions.open"
	Cause string
}

// Error names the rules, the part and the cause.
func (e *RulesError) Error() string {
	return fmt.Sprintf("metrics: rules %q: %s: %s", e.Rules, e.Part, e.Cause)
}

// Unwrap returns [ErrRules].
func (e *RulesError) Unwrap() error { return ErrRules }

func (r *Rules) stretches() [stretches]*Stretch {
	return [stretches]*Stretch{
		&r.FirstReplyWait, &r.AcceptTime, &r.AgentFinishTime, &r.Duration, &r.InitialReaction, &r.BotTime,
	}
}

// Calculator is rules made ready to use. It is immutable and safe for concurrent
// use. A nil Calculator calculates by [Default].
type Calculator struct {
	rules   Rules
	effects [32]effect // by kind; longer than needed, so that an index of five bits is in bounds
	last    uint8      // the stretches that end with the last mark of To, bit i for metric i+1
}

// effect is what a mark of one kind does: to stretches, bit i for metric i+1,
// and to the open reaction interval. It is one word, so that a kind without
// effect costs one comparison.
type effect struct {
	start, end, restart uint8
	wait                waitAction
}

// waitAction is what a mark does to the open reaction interval.
type waitAction uint8

const (
	waitOpen waitAction = 1 << iota
	waitEnd
	waitCancel
	waitRestart
)

// New checks rules and makes them usable. All that is wrong with them is
// reported at once, each part as a [*RulesError].
func New(rules Rules) (*Calculator, error) {
	c := &Calculator{rules: rules}
	var errs []error
	bad := func(part, cause string) {
		errs = append(errs, &RulesError{Rules: rules.Name, Part: part, Cause: cause})
	}
	known := func(part string, set Kinds) {
		if !set.valid() {
			bad(part, "unknown kind of mark")
		}
	}
	if rules.Name == "" {
		bad("name", "is empty")
	}
	for i, s := range rules.stretches() {
		part, bit := Metric(i+1).String(), uint8(1)<<i
		known(part+".from", s.From)
		known(part+".to", s.To)
		known(part+".restart", s.Restart)
		known(part+".needs", s.Needs)
		if (s.From == 0) != (s.To == 0) {
			bad(part, "needs both from and to, or neither for a metric that is always absent")
		}
		if s.LessBotTime && Metric(i+1) == BotTime {
			bad(part+".less_bot_time", "the bot's time cannot be subtracted from itself")
		}
		c.each(s.From, func(e *effect) { e.start |= bit })
		c.each(s.To, func(e *effect) { e.end |= bit })
		c.each(s.Restart, func(e *effect) { e.restart |= bit })
		if s.Last {
			c.last |= bit
		}
	}
	w := rules.Reactions
	known("reactions.open", w.Open)
	known("reactions.end", w.End)
	known("reactions.cancel", w.Cancel)
	known("reactions.restart", w.Restart)
	if w.Open&(w.End|w.Cancel|w.Restart) != 0 || w.End&(w.Cancel|w.Restart) != 0 || w.Cancel&w.Restart != 0 {
		bad("reactions", "a kind may be in one of open, end, cancel and restart only")
	}
	if int(w.Burst) >= bursts {
		bad("reactions.burst", "is not first, last or each")
	}
	c.each(w.Open, func(e *effect) { e.wait |= waitOpen })
	c.each(w.End, func(e *effect) { e.wait |= waitEnd })
	c.each(w.Cancel, func(e *effect) { e.wait |= waitCancel })
	c.each(w.Restart, func(e *effect) { e.wait |= waitRestart })
	if c.rules.MeanUnit == 0 {
		c.rules.MeanUnit = time.Millisecond
	}
	if c.rules.MeanUnit < 0 || c.rules.MeanUnit%time.Millisecond != 0 {
		bad("mean_unit_ns", "is not a whole number of milliseconds")
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Calculator) each(set Kinds, change func(*effect)) {
	for k := range set.All() {
		change(&c.effects[k])
	}
}

// byDefault is what a nil *Calculator stands for; it is never changed.
var byDefault = func() *Calculator {
	c, err := New(Default())
	if err != nil {
		panic(err)
	}
	return c
}()

func (c *Calculator) orDefault() *Calculator {
	if c == nil {
		return byDefault
	}
	return c
}

// Rules returns a copy of the rules.
func (c *Calculator) Rules() Rules { return c.orDefault().rules }

// Name returns the name of the rules.
func (c *Calculator) Name() string { return c.orDefault().rules.Name }
