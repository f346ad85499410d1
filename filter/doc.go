// Package filter holds what can be asked of a list of conversations: conditions
// on its columns, how they combine, the order of rows and the place in it.
//
// # Vocabulary
//
// A [Field] is something that can be asked about: a column of the list or a part
// of one. Fields are typed, so that a question that makes no sense does not
// compile:
//
//	filter.Detailed.In(status.Waiting, status.WaitingAgain)
//	filter.Customer.Contains("łukasz")
//	filter.MaxReaction.Greater(45 * time.Second)
//	filter.Agent.Absent()
//
// A [Predicate] is a tree of such conditions under [And], [Or] and [Not]. It is
// evaluated in memory by Match and translated by SQL stores; both give the same
// result for every row.
//
// An [Order] says how rows are sorted, a [Position] is a place in that order, and
// a cursor is a position as text that belongs to one question.
//
// A [Term] is a value that is known only when a question is asked: [Me], [Today],
// [Last]. A leaf that compares with one is [Relative], until [Resolve] replaces it.
//
// A [Question] is a predicate that may have such leaves, an order, the size of a
// page and a cursor: what a front end sends and a saved view keeps. It has a JSON
// form, described by [Schema], and a URL form for people to read.
//
// A [Column] is what a list shows, by its key, with the fields that ask about it. A
// [View] is columns and a question under a name, for one agent or for others too. A
// [Registry] describes all of it to a front end, with [Labels] in one of several
// languages.
//
// # Rules
//
// Every comparison with an absent value is false. Not is two-valued: it is true
// wherever its predicate is false, so Not(Agent.Is("ann")) includes conversations
// without an agent. An empty And is true; an empty Or and an empty In are false.
//
// Contains and StartsWith do not mind case, in any script (see [Fold]); Is and In
// compare exactly. Nothing in a text is a wildcard.
//
// Rows sort by the first key, then the next, and at last by number, in the
// direction of the last key. Absent values come last in both directions. Texts
// sort by the code points of their folded form, the same in every store.
//
// What comes from outside is limited; [Validate] and [Order.Validate] report what
// is over a limit.
//
// Predicates, fields and orders are immutable and safe for concurrent use.
package filter
