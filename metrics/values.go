package metrics

import (
	"fmt"
	"iter"

	"github.com/shopspring/decimal"
)

// Metric names one of the nine metrics. The zero Metric is invalid. The text
// form is stored and sent; do not rename.
type Metric uint8

// The nine metrics, columns 27 to 35 of the list, in their order. The comment
// gives the default rule.
const (
	FirstReplyWait  Metric = iota + 1 // creation to the first message of an agent
	AcceptTime                        // creation to the first acceptance
	AgentFinishTime                   // creation to the moment an agent finished
	Duration                          // first message to last message
	InitialReaction                   // first customer message to the first reply after it, or to the closing
	BotTime                           // creation to the hand-over or the first agent's joining
	TotalReaction                     // sum of all reaction intervals
	MeanReaction                      // their mean
	MaxReaction                       // the longest of them
)

// stretches is how many of the metrics are plain times between two marks: the
// first six.
const stretches = int(BotTime)

var metricTexts = [...]string{
	FirstReplyWait: "first_reply_wait", AcceptTime: "accept_time", AgentFinishTime: "agent_finish_time",
	Duration: "duration", InitialReaction: "initial_reaction", BotTime: "bot_time",
	TotalReaction: "total_reaction", MeanReaction: "mean_reaction", MaxReaction: "max_reaction",
}

const metrics = len(metricTexts)

// All yields the nine metrics in their order.
func All() iter.Seq[Metric] {
	return func(yield func(Metric) bool) {
		for m := FirstReplyWait; int(m) < metrics; m++ {
			if !yield(m) {
				return
			}
		}
	}
}

// String returns the stored text, or metric(n) for an invalid m.
func (m Metric) String() string {
	if m == 0 || int(m) >= metrics {
		return fmt.Sprintf("metric(%d)", uint8(m))
	}
	return metricTexts[m]
}

// MarshalText returns the stored text; an invalid m is an error.
func (m Metric) MarshalText() ([]byte, error) {
	if m == 0 || int(m) >= metrics {
		return nil, fmt.Errorf("metrics: unknown metric %d", uint8(m))
	}
	return []byte(metricTexts[m]), nil
}

// UnmarshalText reads the stored text; any other is an error.
func (m *Metric) UnmarshalText(text []byte) error {
	for i := range All() {
		if metricTexts[i] == string(text) {
			*m = i
			return nil
		}
	}
	return fmt.Errorf("metrics: unknown metric %q", text)
}

// Values are the nine metrics of one conversation. Each is absent until it is
// known; the zero Values are those of an empty timeline.
type Values struct {
	FirstReplyWait  Span `json:"first_reply_wait"`
	AcceptTime      Span `json:"accept_time"`
	AgentFinishTime Span `json:"agent_finish_time"`
	Duration        Span `json:"duration"`
	InitialReaction Span `json:"initial_reaction"`
	BotTime         Span `json:"bot_time"`
	TotalReaction   Span `json:"total_reaction"`
	MeanReaction    Span `json:"mean_reaction"` // rounded as the rules say; see ExactMean
	MaxReaction     Span `json:"max_reaction"`
	Reactions       int  `json:"reactions"` // how many reaction intervals there are
}

// Of returns the span of m; absent for an invalid m.
func (v Values) Of(m Metric) Span {
	switch m {
	case FirstReplyWait:
		return v.FirstReplyWait
	case AcceptTime:
		return v.AcceptTime
	case AgentFinishTime:
		return v.AgentFinishTime
	case Duration:
		return v.Duration
	case InitialReaction:
		return v.InitialReaction
	case BotTime:
		return v.BotTime
	case TotalReaction:
		return v.TotalReaction
	case MeanReaction:
		return v.MeanReaction
	case MaxReaction:
		return v.MaxReaction
	default:
		return Span{}
	}
}

// ExactMean returns TotalReaction / Reactions in seconds, rounded half away from
// zero to the given number of decimal places, and whether there is a reaction.
func (v Values) ExactMean(places int32) (decimal.Decimal, bool) {
	total, ok := v.TotalReaction.Seconds()
	if !ok || v.Reactions == 0 {
		return decimal.Decimal{}, false
	}
	return total.DivRound(decimal.NewFromInt(int64(v.Reactions)), places), true
}
