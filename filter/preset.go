package filter

import (
	"time"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/status"
)

// The presets of every conversation list (spec section 5).
var (
	// All is true everywhere.
	All = And()
	// Active is true for the six statuses in which a conversation goes on.
	Active = Detailed.In(status.New, status.Queued, status.Accepted, status.Waiting, status.WaitingAgain, status.Replied)
	// Unassigned is true for active conversations that no agent serves.
	Unassigned = And(Active, Agent.Absent())
)

// Mine is true for conversations that the agent serves, or served last.
func Mine(me conversation.AgentID) Predicate { return Agent.Is(me) }

// MyActive is true for active conversations that the agent serves.
func MyActive(me conversation.AgentID) Predicate { return And(Active, Mine(me)) }

// WaitingLonger is true where, at now, the customer has waited for longer than d.
func WaitingLonger(d time.Duration, now time.Time) Predicate { return WaitingSince.Before(now.Add(-d)) }

// MyInbox is true for conversations that the agent takes part in, and for the
// unassigned ones of the open channels whose queue he belongs to, which he may
// accept.
func MyInbox(me conversation.AgentID, queues ...conversation.OpenChannelID) Predicate {
	return Or(Participants.AnyOf(me), And(Unassigned, OpenChannelID.In(queues...)))
}
