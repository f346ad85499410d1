package dataset

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"
)

// State is the state of an incident after an update, spelt as in the log.
type State string

// The states of an incident.
const (
	StateNew              State = "New"
	StateActive           State = "Active"
	StateAwaitingUserInfo State = "Awaiting User Info"
	StateAwaitingVendor   State = "Awaiting Vendor"
	StateAwaitingProblem  State = "Awaiting Problem"
	StateAwaitingEvidence State = "Awaiting Evidence"
	StateResolved         State = "Resolved"
	StateClosed           State = "Closed"
	StateUnknown          State = "-100"
)

var states = []State{
	StateNew, StateActive, StateAwaitingUserInfo, StateAwaitingVendor, StateAwaitingProblem,
	StateAwaitingEvidence, StateResolved, StateClosed, StateUnknown,
}

// IncidentUpdate is one row of uci_incidents: an incident after one update. It
// keeps the columns that say what happened to the conversation, when and by
// whom. Persons are bare numbers, and the numbers of callers, updaters and
// resolvers have nothing to do with each other.
type IncidentUpdate struct {
	Line        int    // line of the file where the row begins
	Number      string // the incident, "INC0000045"
	State       State
	ModCount    int    // updates so far, mostly growing
	Caller      string // "" when not known
	OpenedAt    time.Time
	UpdatedBy   string
	UpdatedAt   time.Time // of this row, to the minute
	ContactType string    // how the caller reported it, "Phone"
	Group       string    // whose queue it is in; "" means none
	AssignedTo  string    // who works on it; "" means nobody
	ResolvedAt  time.Time // the same in all rows of an incident; zero when not known
	ClosedAt    time.Time // the same in all rows of an incident; zero while it is open
}

// Minutes without a zone; the log is read as UTC.
const incidentTime = "2/1/2006 15:04"

// Incidents reads the rows of uci_incidents in file order. See the package
// comment for what the errors mean.
func Incidents(file string, src io.Reader) iter.Seq2[IncidentUpdate, error] {
	return rows(UCIIncidents, file, src, func(v *values) IncidentUpdate {
		u := IncidentUpdate{
			Line:        v.record.line,
			Number:      v.word("number"),
			State:       State(v.word("incident_state")),
			ModCount:    int(v.number("sys_mod_count", 0)),
			Caller:      v.known("caller_id"),
			OpenedAt:    v.instant("opened_at", incidentTime),
			UpdatedBy:   v.key("sys_updated_by"),
			UpdatedAt:   v.instant("sys_updated_at", incidentTime),
			ContactType: v.key("contact_type"),
			Group:       v.known("assignment_group"),
			AssignedTo:  v.known("assigned_to"),
			ResolvedAt:  v.knownInstant("resolved_at", incidentTime),
			ClosedAt:    v.knownInstant("closed_at", incidentTime),
		}
		if !strings.HasPrefix(u.Number, "INC") {
			v.fail("number", fmt.Errorf("%.40q: %w", u.Number, errUnknown))
		}
		if !slices.Contains(states, u.State) {
			v.fail("incident_state", fmt.Errorf("%.40q: %w", string(u.State), errUnknown))
		}
		return u
	})
}
