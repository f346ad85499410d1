package metrics_test

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/colloquy-go/colloquy/metrics"
)

var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// Somebody who has only a chat log turns its lines into marks.
func ExampleCompute() {
	log := []struct {
		after time.Duration
		agent bool
	}{
		{0, false}, {10 * time.Second, false}, {30 * time.Second, true}, {40 * time.Second, false}, {100 * time.Second, true},
	}
	var marks iter.Seq[metrics.Mark] = func(yield func(metrics.Mark) bool) {
		for _, line := range log {
			m := metrics.Mark{At: monday.Add(line.after), Kind: metrics.CustomerMessage}
			if line.agent {
				m.Kind = metrics.AgentMessage
			}
			if !yield(m) {
				return
			}
		}
	}
	v, err := metrics.Compute(marks)
	if err != nil {
		fmt.Println(err)
		return
	}
	mean, _ := v.ExactMean(3)
	fmt.Println("first reply wait:", v.FirstReplyWait)
	fmt.Println("reactions:", v.Reactions, "total:", v.TotalReaction, "mean:", mean, "s", "max:", v.MaxReaction)
	fmt.Println("accept time:", v.AcceptTime)
	// Output:
	// first reply wait: 30s
	// reactions: 2 total: 1m 30s mean: 45 s max: 1m 00s
	// accept time: –
}

// An accumulator takes one mark at a time and knows how long somebody waits now.
func ExampleAccumulator() {
	var a metrics.Accumulator
	for _, m := range []metrics.Mark{
		{At: monday, Kind: metrics.CustomerMessage},
		{At: monday.Add(time.Minute), Kind: metrics.AgentMessage},
		{At: monday.Add(2 * time.Minute), Kind: metrics.CustomerMessage},
	} {
		if err := a.Add(m); err != nil {
			fmt.Println(err)
			return
		}
	}
	now := monday.Add(6 * time.Minute)
	fmt.Println("kept:", a.Values().MaxReaction, "live:", a.Live(now).MaxReaction, "waiting:", a.Waiting(now))
	// Output:
	// kept: 1m 00s live: 4m 00s waiting: 4m 00s
}

// Every number can be explained by intervals and event ids.
func ExampleCalculator_Explain() {
	calculator, err := metrics.New(metrics.Bitrix24())
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := calculator.Explain(slices.Values([]metrics.Mark{
		{At: monday, Kind: metrics.CustomerMessage, ID: "m1"},
		{At: monday.Add(30 * time.Second), Kind: metrics.AgentMessage, ID: "m2"},
		{At: monday.Add(60 * time.Second), Kind: metrics.CustomerMessage, ID: "m3"},
		{At: monday.Add(300 * time.Second), Kind: metrics.Closed, ID: "finish"},
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range e.Of(metrics.TotalReaction) {
		fmt.Println(i.FromID, "to", i.ToID, "is", i.Span())
	}
	fmt.Println("total:", e.Values.TotalReaction)
	// Output:
	// m1 to m2 is 30s
	// m3 to finish is 4m 00s
	// total: 4m 30s
}

// Another product's definition is data: here, a first reply counts from the
// bot's hand-over, and a burst from its last message.
func ExampleNew() {
	rules := metrics.Default()
	rules.Name = "ours"
	rules.FirstReplyWait.From = metrics.Of(metrics.HandedOver)
	rules.Reactions.Burst = metrics.BurstLast
	calculator, err := metrics.New(rules)
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := calculator.Compute(slices.Values([]metrics.Mark{
		{At: monday, Kind: metrics.CustomerMessage},
		{At: monday.Add(10 * time.Second), Kind: metrics.BotMessage},
		{At: monday.Add(60 * time.Second), Kind: metrics.HandedOver},
		{At: monday.Add(70 * time.Second), Kind: metrics.CustomerMessage},
		{At: monday.Add(90 * time.Second), Kind: metrics.AgentMessage},
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("first reply wait:", v.FirstReplyWait, "max reaction:", v.MaxReaction)
	// Output:
	// first reply wait: 30s max reaction: 20s
}
