package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/filter"
)

func TestScopeSeesWhatItsPredicateLetsThrough(t *testing.T) {
	anns := conversationtest.Play(t, "0 customer, 20 accept ann")
	nobodys := conversationtest.Play(t, "0 customer")
	var none conversation.Conversation
	for _, tt := range []struct {
		scope                string
		of                   access.Scope
		anns, nobodys, empty bool
	}{
		{scope: "the zero scope sees nothing"},
		{scope: "within no predicate, nothing is seen", of: access.Within(nil)},
		{scope: "within one of no rights, nothing is seen", of: access.Within(filter.Or())},
		{scope: "within no conversation of nobody, nothing is seen", of: access.Within(filter.Mine(""))},
		{scope: "the system sees everything", of: access.System(), anns: true, nobodys: true, empty: true},
		{scope: "within all, everything is seen", of: access.Within(filter.All), anns: true, nobodys: true, empty: true},
		{scope: "within all of no limits, everything is seen", of: access.Within(filter.Conjunction(nil)), anns: true, nobodys: true, empty: true},
		{scope: "ann sees hers", of: access.Within(filter.Mine("ann")), anns: true},
		{scope: "bob does not see hers", of: access.Within(filter.Mine("bob"))},
		{scope: "ann sees hers and the queue", of: access.Within(filter.MyInbox("ann", "sales")), anns: true, nobodys: true},
		{scope: "bob sees the queue", of: access.Within(filter.MyInbox("bob", "sales")), nobodys: true},
	} {
		t.Run(tt.scope, func(t *testing.T) {
			require.Equal(t, tt.anns, tt.of.Sees(&anns), "ann's")
			require.Equal(t, tt.nobodys, tt.of.Sees(&nobodys), "nobody's")
			require.Equal(t, tt.empty, tt.of.Sees(&none), "no conversation")

			p := tt.of.Predicate()
			require.True(t, p != nil, "never nil")
			require.NoError(t, filter.Validate(p))
			require.Equal(t, tt.anns, p.Match(&anns), "a list says the same as a single conversation")
			require.Equal(t, tt.nobodys, p.Match(&nobodys), "a list says the same as a single conversation")
		})
	}
}

// What the predicate is combined with narrows it and never widens it.
func TestFilterNeverWidensAScope(t *testing.T) {
	anns := conversationtest.Play(t, "0 customer, 20 accept ann")
	bobs := access.Within(filter.Mine("bob"))
	for _, asked := range []filter.Predicate{
		filter.All, filter.Mine("ann"), filter.Not(filter.Or()), filter.Or(filter.All, filter.Mine("bob")), filter.Not(bobs.Predicate()),
	} {
		require.False(t, filter.And(bobs.Predicate(), asked).Match(&anns))
	}
}

// Somebody may replace an exported predicate of another package; what the system
// sees does not hang on it.
func TestSystemHangsOnNothingThatCanBeReplaced(t *testing.T) {
	anns := conversationtest.Play(t, "0 customer, 20 accept ann")
	all := filter.All
	defer func() { filter.All = all }()
	filter.All = nil
	require.True(t, access.System().Sees(&anns))
}
