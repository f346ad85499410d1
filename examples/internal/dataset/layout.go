package dataset

import (
	"fmt"
	"slices"
	"strings"
)

// Layout says how the rows of a file are laid out. The zero Layout is none.
type Layout uint8

// The three layouts.
const (
	IRCUbuntu    Layout = iota + 1 // chat messages, see [Messages]
	TWCS                           // tweets, see [Tweets]
	UCIIncidents                   // audit log of incidents, see [Incidents]
)

var layouts = []struct {
	layout Layout
	name   string
	header []string
}{
	{IRCUbuntu, "irc_ubuntu", strings.Fields(`conversation_id seq line_no created_at side author
		reply_to truncated_start text`)},
	{TWCS, "twcs", strings.Fields(`tweet_id author_id inbound created_at text
		response_tweet_id in_response_to_tweet_id`)},
	{UCIIncidents, "uci_incidents", strings.Fields(`number incident_state active reassignment_count
		reopen_count sys_mod_count made_sla caller_id opened_by opened_at sys_created_by sys_created_at
		sys_updated_by sys_updated_at contact_type location category subcategory u_symptom cmdb_ci impact
		urgency priority assignment_group assigned_to knowledge u_priority_confirmation notify problem_id
		rfc vendor caused_by closed_code resolved_by resolved_at closed_at`)},
}

// String is the name of the set, such as "irc_ubuntu". It is part of the ids
// derived from foreign keys and must not change.
func (l Layout) String() string {
	for _, known := range layouts {
		if known.layout == l {
			return known.name
		}
	}
	return fmt.Sprintf("layout %d", uint8(l))
}

// Header returns the names of the columns, in order; nil for an unknown layout.
func (l Layout) Header() []string {
	for _, known := range layouts {
		if known.layout == l {
			return slices.Clone(known.header)
		}
	}
	return nil
}

// layoutOf returns the layout with this header, or the zero Layout.
func layoutOf(header []string) Layout {
	for _, known := range layouts {
		if slices.Equal(known.header, header) {
			return known.layout
		}
	}
	return 0
}
