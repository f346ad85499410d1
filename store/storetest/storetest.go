package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/store"
)

// Open makes an empty database for one test and returns how to get at the store
// of an account of it. Asked again for the same account, it returns a store on
// the same conversations. What the database needs to be closed or removed goes to
// t.Cleanup. An invalid account is [store.ErrAccount].
type Open func(t testing.TB) (account func(store.Account) (store.Store, error))

// Run checks every rule of [store.Store], each as a sub-test on a database of its
// own. See the package comment for what it can be told.
func Run(t *testing.T, open Open) {
	e := usualEffort(t)
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			r.check(&check{reporter: t, rule: r, effort: e, account: open(t)})
		})
	}
}

// rules are all rules, in the order in which an adapter comes to obey them.
var rules = slices.Concat(
	createRules,
	getRules,
	saveRules,
	listRules,
	conditionRules,
	countRules,
	timelineRules,
	updateRules,
	deleteRules,
	accountRules,
	scopeRules,
	contextRules,
)

// rule is one promise of the contract.
type rule struct {
	name  string // of the sub-test
	says  string // printed when it is broken
	check func(*check)
}

// effort is how much is tried.
type effort struct {
	seed      uint64
	rows      int // of the list that random questions are asked about
	questions int // asked at random
}

func usualEffort(t *testing.T) effort {
	e := effort{seed: 1, rows: 250, questions: 2000}
	if testing.Short() {
		e.questions = 200
	}
	if n, ok := number(t, seedVariable); ok {
		e.seed = n
	}
	if n, ok := number(t, questionsVariable); ok {
		e.questions = int(n)
	}
	return e
}

// The environment variables that say how much is tried.
const (
	seedVariable      = "STORETEST_SEED"
	questionsVariable = "STORETEST_QUESTIONS"
)

// number returns the number in an environment variable and whether it is set.
func number(t *testing.T, variable string) (uint64, bool) {
	t.Helper()
	s := os.Getenv(variable)
	if s == "" {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		t.Fatalf("storetest: %s=%s is not a whole number from 0 to 2147483647", variable, s)
	}
	return n, true
}

// reporter is what the rules use of a *testing.T: little, so that the suite can
// be run by tests of its own.
type reporter interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
	FailNow()
}

// check is the trial of one rule on one database.
type check struct {
	reporter
	rule    rule
	effort  effort
	account func(store.Account) (store.Store, error)
	seeded  string // says by which seed, when the rule is tried at random
}

// Errorf says what was found and which rule it breaks.
func (c *check) Errorf(format string, args ...any) {
	c.Helper()
	c.reporter.Errorf("%s\nbroken rule: %s%s", fmt.Sprintf(format, args...), c.rule.says, c.seeded)
}

// Fatalf says it and ends the trial.
func (c *check) Fatalf(format string, args ...any) {
	c.Helper()
	c.Errorf(format, args...)
	c.FailNow()
}

// open returns the store of an account.
func (c *check) open(account store.Account) store.Store {
	c.Helper()
	st, err := c.account(account)
	c.ok(err, "opening the account %q", account)
	return st
}

// store returns the store of the account that most rules are checked on.
func (c *check) store() store.Store {
	c.Helper()
	return c.open("acme")
}

// ok ends the trial when something fails that has to succeed.
func (c *check) ok(err error, doing string, args ...any) {
	c.Helper()
	if err != nil {
		c.Fatalf("%s: %v", fmt.Sprintf(doing, args...), err)
	}
}

// fails reports when something does not fail as it has to.
func (c *check) fails(err, want error, doing string, args ...any) {
	c.Helper()
	switch {
	case err == nil:
		c.Errorf("%s: there is no error; want one that is %q", fmt.Sprintf(doing, args...), want)
	case !errors.Is(err, want):
		c.Errorf("%s: the error is %q; want one that is %q", fmt.Sprintf(doing, args...), err, want)
	}
}

// create stores conversations and returns them as stored.
func (c *check) create(st store.Store, cs ...conversation.Conversation) []conversation.Conversation {
	c.Helper()
	stored, err := st.Create(c.Context(), slices.Clone(cs)...) // an adapter may be wrong in any way
	c.ok(err, "creating %d conversations", len(cs))
	if len(stored) != len(cs) {
		c.Fatalf("Create of %d conversations returned %d", len(cs), len(stored))
	}
	return stored
}

func (c *check) createOne(st store.Store, v conversation.Conversation) conversation.Conversation {
	c.Helper()
	return c.create(st, v)[0]
}

func (c *check) get(st store.Store, id conversation.ID) conversation.Conversation {
	c.Helper()
	v, err := st.Get(c.Context(), access.System(), id)
	c.ok(err, "Get")
	return v
}

func (c *check) save(st store.Store, v conversation.Conversation) conversation.Conversation {
	c.Helper()
	saved, err := st.Save(c.Context(), v)
	c.ok(err, "Save")
	return saved
}

// apply applies an event that can be applied.
func (c *check) apply(v conversation.Conversation, events ...conversation.Event) conversation.Conversation {
	c.Helper()
	for _, e := range events {
		next, err := v.Apply(e)
		c.ok(err, "applying an event")
		v = next
	}
	return v
}

// update applies an event to a stored conversation.
func (c *check) update(st store.Store, id conversation.ID, e conversation.Event) conversation.Conversation {
	c.Helper()
	v, err := store.Update(c.Context(), st, access.System(), id, applying(e))
	c.ok(err, "Update")
	return v
}

func applying(e conversation.Event) func(conversation.Conversation) (conversation.Conversation, error) {
	return func(v conversation.Conversation) (conversation.Conversation, error) { return v.Apply(e) }
}

func (c *check) events(st store.Store, id conversation.ID) []conversation.Event {
	c.Helper()
	events, err := store.Events(c.Context(), st, access.System(), id)
	c.ok(err, "Timeline")
	return events
}

// isStored reports when the store has not exactly this: the row and, in its
// order, the timeline of want, which knows it.
func (c *check) isStored(st store.Store, want conversation.Conversation, number int64) {
	c.Helper()
	timeline, _ := want.Timeline()
	c.same(c.get(st, want.ID()), want.Saved(number), "what Get returns")
	c.sameEvents(c.events(st, want.ID()), timeline, "the timeline")
}

// same reports in which column a value is not as it should be. The result of
// every method is a stored value: without changes.
func (c *check) same(got, want conversation.Conversation, what string) {
	c.Helper()
	if d := difference(fields(got.Snapshot()), fields(want.Snapshot())); d != "" {
		c.Errorf("%s is not as it was saved: %s", what, d)
	}
	if got.Base() != got.Version() || len(got.Changes()) != 0 {
		c.Errorf("%s is at version %d with base %d and %d changes: want one without changes",
			what, got.Version(), got.Base(), len(got.Changes()))
	}
}

// sameEvents reports the first event that is not as it should be.
func (c *check) sameEvents(got, want []conversation.Event, what string) {
	c.Helper()
	for i := range min(len(got), len(want)) {
		if g, w := text(got[i]), text(want[i]); g != w {
			c.Errorf("%s: event %d of %d is\n\t%s\nwant\n\t%s", what, i+1, len(want), g, w)
			return
		}
	}
	if len(got) != len(want) {
		c.Errorf("%s has %d events, want %d", what, len(got), len(want))
	}
}

// text is the stored form of a value.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%+v, which has no JSON: %v", v, err)
	}
	return string(b)
}

// fields are the columns of a snapshot by their JSON names.
func fields(s conversation.Snapshot) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text(s)), &m); err != nil {
		return map[string]json.RawMessage{"snapshot": json.RawMessage(text(s))}
	}
	return m
}

// difference tells in which columns two snapshots differ.
func difference(got, want map[string]json.RawMessage) string {
	var ds []string
	for key, w := range want {
		if g := got[key]; string(g) != string(w) {
			ds = append(ds, fmt.Sprintf("%s is %s, want %s", key, orNothing(g), w))
		}
	}
	for key, g := range got {
		if _, ok := want[key]; !ok {
			ds = append(ds, fmt.Sprintf("%s is %s, want nothing", key, g))
		}
	}
	slices.Sort(ds)
	return strings.Join(ds, "; ")
}

func orNothing(v json.RawMessage) string {
	if v == nil {
		return "nothing"
	}
	return string(v)
}
