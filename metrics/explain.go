package metrics

import (
	"fmt"
	"iter"
	"strings"
	"time"
)

// Interval is one piece of time behind a metric.
type Interval struct {
	From   time.Time `json:"from"` // UTC, milliseconds
	To     time.Time `json:"to"`
	FromID string    `json:"from_id,omitempty"` // the event that starts it
	ToID   string    `json:"to_id,omitempty"`   // the event that ends it
}

// Span returns the length of the interval.
func (i Interval) Span() Span { return SpanOfMillis(i.To.UnixMilli() - i.From.UnixMilli()) }

// Explanation tells how the metrics of a timeline come about.
type Explanation struct {
	Rules  string `json:"rules"` // the name of the rules
	Values Values `json:"values"`

	// Stretches holds the interval of each plain time that has one, before the
	// bot's time is subtracted and before the rules drop a zero.
	Stretches map[Metric]Interval `json:"stretches"`
	// Reactions holds the reaction intervals in the order they start. Those of a
	// burst may overlap when the rules count each message.
	Reactions []Interval `json:"reactions"`
	// Waiting holds the marks that opened a wait which nothing has ended: they
	// count in no metric yet.
	Waiting []Mark `json:"-"`
}

// Of returns the intervals behind m: one for a plain time, all reaction
// intervals for a total or a mean, the first of the longest for a maximum, none
// for an absent metric.
func (e Explanation) Of(m Metric) []Interval {
	switch {
	case !e.Values.Of(m).Present():
		return nil
	case m == TotalReaction || m == MeanReaction:
		return e.Reactions
	case m == MaxReaction:
		longest := e.Reactions[0]
		for _, i := range e.Reactions[1:] {
			if i.Span().Compare(longest.Span()) > 0 {
				longest = i
			}
		}
		return []Interval{longest}
	default:
		return []Interval{e.Stretches[m]}
	}
}

// String returns a report for a person: a line for each metric and below it the
// intervals behind it.
func (e Explanation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "by the rules %q\n", e.Rules)
	for m := range All() {
		fmt.Fprintf(&b, "%-17s %s\n", m, e.Values.Of(m))
		for _, i := range e.Of(m) {
			fmt.Fprintf(&b, "    %s  %s -> %s", i.Span(), i.From.Format(time.DateTime), i.To.Format(time.DateTime))
			if i.FromID != "" || i.ToID != "" {
				fmt.Fprintf(&b, "  (%s -> %s)", i.FromID, i.ToID)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// Explain returns the metrics of a timeline together with the intervals and
// event ids behind them. It runs an [Accumulator] and watches what each mark
// changes, so that the explanation cannot differ from the numbers. Errors are
// those of [Calculator.Compute].
func (c *Calculator) Explain(marks iter.Seq[Mark]) (Explanation, error) {
	x := explainer{Accumulator: c.Accumulator()}
	e := Explanation{Rules: c.Name(), Stretches: map[Metric]Interval{}}
	i := 0
	for m := range marks {
		if created := m; i == 0 && m.Kind != Created && m.Kind.Valid() {
			created.Kind = Created
			if err := x.add(created); err != nil {
				return Explanation{}, at(err, i)
			}
		}
		if err := x.add(m); err != nil {
			return Explanation{}, at(err, i)
		}
		i++
	}
	for s, rule := range x.calc.orDefault().rules.stretches() {
		if x.ended&(1<<s) != 0 && x.meets(rule.Needs) {
			e.Stretches[Metric(s+1)] = between(x.startedBy[s], x.endedBy[s])
		}
	}
	e.Values, e.Reactions, e.Waiting = x.Values(), x.reacted, x.opened
	return e, nil
}

// explainer is an accumulator that remembers which marks did what.
type explainer struct {
	Accumulator
	startedBy, endedBy [stretches]Mark
	opened             []Mark     // the openings of the open wait
	reacted            []Interval // the intervals that counted
}

func (x *explainer) add(m Mark) error {
	before := x.Accumulator
	if err := x.Add(m); err != nil {
		return err
	}
	c := x.calc.orDefault()
	effect := c.effects[m.Kind]
	for s := range stretches {
		bit := uint8(1) << s
		if x.begun&^before.begun&bit != 0 || effect.restart&bit != 0 {
			x.startedBy[s] = m
		}
		if x.ended&^before.ended&bit != 0 || effect.end&x.ended&(c.last|effect.restart)&bit != 0 {
			x.endedBy[s] = m
		}
	}
	switch {
	case x.waits > before.waits:
		x.opened = append(x.opened, m)
	case before.waits == 0:
	case x.waits > 0 && effect.wait == waitRestart:
		for i := range x.opened {
			x.opened[i] = m
		}
	case x.waits == 0:
		if x.reactions > before.reactions {
			for _, o := range counting(x.opened, c.rules.Reactions.Burst) {
				x.reacted = append(x.reacted, between(o, m))
			}
		}
		x.opened = nil
	}
	return nil
}

// Explain explains a timeline by the [Default] rules; see [Calculator.Explain].
func Explain(marks iter.Seq[Mark]) (Explanation, error) { return byDefault.Explain(marks) }

// counting returns those of the openings of one wait that start an interval.
func counting(waiting []Mark, burst Burst) []Mark {
	switch burst {
	case BurstEach:
		return waiting
	case BurstLast:
		return waiting[len(waiting)-1:]
	case BurstFirst:
	}
	return waiting[:1]
}

func between(from, to Mark) Interval {
	utc := func(t time.Time) time.Time { return time.UnixMilli(t.UnixMilli()).UTC() }
	return Interval{From: utc(from.At), To: utc(to.At), FromID: from.ID, ToID: to.ID}
}
