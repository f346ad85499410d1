// Package conversation holds the conversation of a customer with the company:
// an immutable value that is changed only by applying an event.
//
// # Vocabulary
//
// A [Conversation] is one exchange between one customer and the company in one
// [OpenChannel], a configured line that customers write to. It has two statuses,
// dates, metrics and a timeline of events. An [Event] is a fact: who did what,
// and when. Who did it is an [Author]: the customer, an agent (a person, never a
// program), a bot, or the system. What happened is a [Body], one of a closed set
// of types: [Wrote], [Accepted], [Finished] and so on.
//
// To accept is to take a conversation from the queue; to reply is to write to
// the customer. An agent who replies to, or finishes, what nobody has accepted
// accepts it at that instant.
//
// # Rules
//
// [Start] begins a conversation and [Conversation.Apply] goes on with it. Each
// event pulls at most one trigger of package status and leaves marks for package
// metrics; nothing else decides the status or the numbers. What is not allowed is
// a typed error, an [*EventError], and the old value is as it was.
//
// The value is the fold of its events: [Rebuild] gives the same value from a
// timeline in any order. Events carry their instants, and nothing here reads a
// clock. An event whose ID is known has no second effect. An event that comes
// late is put where it belongs, by a value that knows its timeline.
//
// How a conversation ends is the [ClosingPolicy] of its open channel;
// [Conversation.Due] says what falls due by it.
//
// # Stored form
//
// A [Snapshot] is the value as plain data with every column of the list, and
// [FromSnapshot] reads it back. Events have a versioned JSON form. Instants are
// in UTC and truncated to milliseconds when an event is applied, so that every
// store gives back what it was given.
//
// Conversations, events and snapshots may be shared between goroutines as long
// as nobody writes to the slices of a snapshot.
package conversation
