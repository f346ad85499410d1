package metrics

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math/bits"
	"sync"
	"time"
)

// Accumulator measures a timeline one mark at a time. Its zero value measures an
// empty timeline by the [Default] rules; [Calculator.Accumulator] gives one for
// others. It is a plain value: a copy goes its own way. It is not safe for
// concurrent use.
type Accumulator struct {
	calc *Calculator

	seen   Kinds // kinds of all marks so far; empty: no mark yet
	ended  uint8 // stretches that have an end, bit i for metric i+1
	begun  uint8 // stretches that have a start
	closed bool  // over, and not reopened
	usual  Kinds // kinds that change nothing here any more; see add
	first  int64 // instants are milliseconds since 1970
	latest int64
	from   [8]int64 // by stretch; longer than needed, so that an index of three bits is in bounds
	to     [8]int64

	waits     int64 // openings of the open wait; 0: nobody waits
	waitFrom  int64 // where the open wait starts
	waitSum   int64 // sum of the starts after first, for BurstEach
	reactions int64
	total     int64
	max       int64
}

// Accumulator returns an empty accumulator by the rules of c.
func (c *Calculator) Accumulator() Accumulator { return Accumulator{calc: c} }

// Calculator returns the rules a measures by; nil stands for [Default].
func (a *Accumulator) Calculator() *Calculator { return a.calc }

// Add takes the next mark, in constant time. Marks of one instant count in the
// order they come. A mark earlier than the one before it is [ErrOrder], one of
// no known kind [ErrKind], both as a [*MarkError]; then nothing has changed.
func (a *Accumulator) Add(m Mark) error {
	if !a.add(m.Kind, m.At.UnixMilli()) {
		return a.refuse(m)
	}
	return nil
}

func (a *Accumulator) refuse(m Mark) error {
	if !m.Kind.Valid() {
		return &MarkError{Mark: m, Index: -1, Err: ErrKind}
	}
	return &MarkError{Mark: m, Index: -1, Err: ErrOrder}
}

// add is Add with its mark in registers; it reports whether the mark was taken.
//
// Once a kind has started and ended what it can, another mark of it only moves
// the ends that follow the last mark, and the open wait. Such kinds are usual
// until another stretch begins, and skip the rest.
func (a *Accumulator) add(k Kind, at int64) bool {
	if at < a.latest || a.usual>>k&1 == 0 {
		if !a.addUnusual(k, at) {
			return false
		}
	}
	c := a.calc
	if c == nil {
		c = byDefault
	}
	a.latest = at
	e := &c.effects[k&31]
	for end := e.end & c.last & a.begun; end != 0; end &= end - 1 {
		a.to[bits.TrailingZeros8(end)&7] = at
	}
	switch {
	case e.wait == 0:
	case e.wait != waitOpen:
		if a.waits > 0 {
			a.endWait(e.wait, c.rules.Reactions.Burst, at)
		}
	case a.waits == 0 || c.rules.Reactions.Burst == BurstLast:
		a.waitFrom = at
		fallthrough
	default:
		a.waits++
		a.waitSum += at - a.first
	}
	return true
}

// addUnusual does what only the first marks of a kind do, and says whether the
// mark may be taken.
func (a *Accumulator) addUnusual(k Kind, at int64) bool {
	if a.seen != 0 && at < a.latest || !k.Valid() {
		return false
	}
	if a.seen == 0 {
		a.first = at
		if k != Created {
			a.latest = at
			a.add(Created, at)
		}
	}
	a.seen |= 1 << k
	if k == Closed || k == Reopened {
		a.closed = k == Closed
	}
	c := a.calc.orDefault()
	e := c.effects[k]
	again := e.restart & a.begun
	a.ended &^= again
	if begin := again | e.start&^a.begun; begin != 0 {
		a.begin(begin, at)
		a.usual = 0
	}
	for end := e.end & a.begun &^ a.ended; end != 0; end &= end - 1 {
		i := bits.TrailingZeros8(end) & 7
		a.to[i] = at
		a.ended |= 1 << i
	}
	if e.restart == 0 && k != Closed && k != Reopened {
		a.usual |= 1 << k
	}
	return true
}

func (a *Accumulator) begin(which uint8, at int64) {
	a.begun |= which
	for ; which != 0; which &= which - 1 {
		i := bits.TrailingZeros8(which) & 7
		a.from[i], a.to[i] = at, 0
	}
}

func (a *Accumulator) endWait(act waitAction, burst Burst, at int64) {
	if act == waitRestart {
		a.waitFrom = at
		a.waitSum = a.waits * (at - a.first)
		return
	}
	if act == waitEnd {
		a.reactions, a.total, a.max = a.counted(burst, at)
	}
	a.waits, a.waitFrom, a.waitSum = 0, 0, 0
}

// counted returns the reactions as they are if the open wait ends at the instant at.
func (a *Accumulator) counted(burst Burst, at int64) (reactions, total, longest int64) {
	n, sum := int64(1), at-a.waitFrom
	if burst == BurstEach {
		n, sum = a.waits, a.waits*(at-a.first)-a.waitSum
	}
	return a.reactions + n, a.total + sum, max(a.max, at-a.waitFrom)
}

// Values returns the nine metrics of the marks so far.
func (a *Accumulator) Values() Values {
	return a.values(a.to, a.ended, a.reactions, a.total, a.max)
}

// meets reports whether the timeline has what a stretch needs to be there.
func (a *Accumulator) meets(needs Kinds) bool { return needs == 0 || needs&a.seen != 0 }

func (a *Accumulator) values(to [8]int64, ended uint8, reactions, total, longest int64) Values {
	r := &a.calc.orDefault().rules
	measure := func(m Metric, s *Stretch) int64 {
		i := int(m - 1)
		if ended&(1<<i) == 0 || !a.meets(s.Needs) {
			return -1
		}
		return to[i] - a.from[i]
	}
	bot := measure(BotTime, &r.BotTime)
	span := func(ms int64) Span {
		if ms == 0 && r.ZeroIsAbsent {
			return Span{}
		}
		return SpanOfMillis(ms)
	}
	stretch := func(m Metric, s *Stretch) Span {
		ms := measure(m, s)
		if ms >= 0 && bot > 0 && s.LessBotTime {
			ms -= bot
		}
		return span(ms)
	}
	v := Values{
		FirstReplyWait:  stretch(FirstReplyWait, &r.FirstReplyWait),
		AcceptTime:      stretch(AcceptTime, &r.AcceptTime),
		AgentFinishTime: stretch(AgentFinishTime, &r.AgentFinishTime),
		Duration:        stretch(Duration, &r.Duration),
		InitialReaction: stretch(InitialReaction, &r.InitialReaction),
		BotTime:         span(bot),
		Reactions:       int(reactions),
	}
	if reactions > 0 {
		unit := r.MeanUnit.Milliseconds()
		whole := reactions * unit
		mean := total / whole
		if rest := total % whole; !r.MeanFloor && rest >= whole-rest {
			mean++
		}
		v.TotalReaction, v.MeanReaction, v.MaxReaction = span(total), span(mean*unit), span(longest)
	}
	return v
}

// Compute returns the metrics of a whole timeline by the rules of c. The marks
// must be in order of time; the first one that is not, or is of no known kind,
// ends it with a [*MarkError]. It does not allocate.
func (c *Calculator) Compute(marks iter.Seq[Mark]) (Values, error) {
	r := runs.Get().(*run)
	defer runs.Put(r)
	r.Accumulator, r.n, r.err = c.Accumulator(), 0, nil
	marks(r.add)
	if r.err != nil {
		return Values{}, at(r.err, r.n)
	}
	return r.Values(), nil
}

// run is one walk over a timeline. It is kept for the next one because what is
// handed to an iterator lives on the heap.
type run struct {
	Accumulator
	n   int
	err error
	add func(Mark) bool
}

var runs = sync.Pool{New: func() any {
	r := new(run)
	r.add = func(m Mark) bool {
		if !r.Accumulator.add(m.Kind, m.At.UnixMilli()) {
			r.err = r.refuse(m)
			return false
		}
		r.n++
		return true
	}
	return r
}}

// Compute returns the metrics of a whole timeline by the [Default] rules; see
// [Calculator.Compute].
func Compute(marks iter.Seq[Mark]) (Values, error) { return byDefault.Compute(marks) }

func at(err error, index int) error {
	var e *MarkError
	if errors.As(err, &e) {
		e.Index = index
	}
	return err
}

// Waiting returns how long, at now, the customer has waited for a reply: since
// the start of the open reaction interval. Absent when nobody waits or the
// conversation is over. A now before the latest mark counts as that mark.
func (a *Accumulator) Waiting(now time.Time) Span {
	if a.waits == 0 || a.closed {
		return Span{}
	}
	return SpanOfMillis(max(now.UnixMilli(), a.latest) - a.waitFrom)
}

// Live returns the metrics as they are at now: each one that is still running
// counts as if it ended at now, an open reaction interval included. Once the
// conversation is over nothing runs, and Live equals Values. A now before the
// latest mark counts as that mark.
func (a *Accumulator) Live(now time.Time) Values {
	if a.seen == 0 || a.closed {
		return a.Values()
	}
	at := max(now.UnixMilli(), a.latest)
	to := a.to
	for run := a.begun &^ a.ended; run != 0; run &= run - 1 {
		to[bits.TrailingZeros8(run)&7] = at
	}
	reactions, total, longest := a.reactions, a.total, a.max
	if a.waits > 0 {
		reactions, total, longest = a.counted(a.calc.orDefault().rules.Reactions.Burst, at)
	}
	return a.values(to, a.begun|a.ended, reactions, total, longest)
}

// The binary form: a version, then varints. Instants are kept as differences to
// the first one, so a conversation of days takes about 40 bytes.
const binaryVersion = 1

// AppendBinary appends the state of a, without its rules. The form is stored.
func (a *Accumulator) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, binaryVersion)
	b = binary.AppendUvarint(b, uint64(a.seen))
	if a.seen == 0 {
		return b, nil
	}
	closed := byte(0)
	if a.closed {
		closed = 1
	}
	b = append(b, a.begun, a.ended, closed)
	b = binary.AppendVarint(b, a.first)
	b = binary.AppendUvarint(b, uint64(a.latest-a.first))
	for i := range stretches {
		if a.begun&(1<<i) != 0 {
			b = binary.AppendUvarint(b, uint64(a.from[i]-a.first))
		}
		if a.ended&(1<<i) != 0 {
			b = binary.AppendUvarint(b, uint64(a.to[i]-a.from[i]))
		}
	}
	b = binary.AppendUvarint(b, uint64(a.waits))
	if a.waits > 0 {
		b = binary.AppendUvarint(b, uint64(a.waitFrom-a.first))
		b = binary.AppendUvarint(b, uint64(a.waitSum))
	}
	b = binary.AppendUvarint(b, uint64(a.reactions))
	b = binary.AppendUvarint(b, uint64(a.total))
	return binary.AppendUvarint(b, uint64(a.max)), nil
}

// ErrState is what a state that AppendBinary did not write gives.
var ErrState = errors.New("unreadable accumulator state")

// UnmarshalBinary reads what AppendBinary wrote into a, which keeps its rules:
// they must be those the state was made by. Anything else is [ErrState], and a
// is unchanged.
func (a *Accumulator) UnmarshalBinary(data []byte) error {
	r := reader{rest: data}
	if v := r.byte(); v != binaryVersion {
		return fmt.Errorf("metrics: %w: version %d", ErrState, v)
	}
	n := Accumulator{calc: a.calc, seen: Kinds(r.uint(uint64(1)<<kinds - 1))}
	if n.seen != 0 {
		n.begun, n.ended = r.byte(), r.byte()
		n.closed = r.byte() == 1
		n.first = r.int()
		n.latest = n.first + r.span()
		for i := range stretches {
			if n.begun&(1<<i) != 0 {
				n.from[i] = n.first + r.span()
			}
			if n.ended&(1<<i) != 0 {
				n.to[i] = n.from[i] + r.span()
			}
		}
		if n.waits = r.span(); n.waits > 0 {
			n.waitFrom = n.first + r.span()
			n.waitSum = r.span()
		}
		n.reactions, n.total, n.max = r.span(), r.span(), r.span()
	}
	if r.bad || len(r.rest) > 0 || n.ended&^n.begun != 0 || n.begun>>stretches != 0 {
		return fmt.Errorf("metrics: %w: %d bytes", ErrState, len(data))
	}
	*a = n
	return nil
}

// reader reads the binary form; after the first failure it is bad and gives zeros.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) byte() byte {
	if len(r.rest) == 0 {
		r.bad = true
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (r *reader) int() int64 {
	v, n := binary.Varint(r.rest)
	return r.took(v, n)
}

// span reads a number that is not negative and leaves room for sums.
func (r *reader) span() int64 { return int64(r.uint(1 << 61)) }

func (r *reader) uint(most uint64) uint64 {
	v, n := binary.Uvarint(r.rest)
	if v > most {
		n = 0
	}
	return uint64(r.took(int64(v), n))
}

func (r *reader) took(v int64, n int) int64 {
	if n <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}
