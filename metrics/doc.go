// Package metrics measures one conversation: how long a customer waited, how
// fast agents reacted, how long it all took. It knows nothing of conversations,
// stores or statuses: its input is a sequence of [Mark] values, so anybody with
// a chat log can use it alone.
//
// # Vocabulary
//
// A [Mark] says that something happened at an instant: its [Kind] tells what
// (a customer's message, an acceptance, the closing). The first mark is the
// creation of the conversation, whatever its kind.
//
// A [Span] is a duration that may be absent. Absent is not zero: a conversation
// nobody replied to has no first reply wait, and one answered in the same
// millisecond has a first reply wait of zero.
//
// [Rules] say what is measured. A plain time is a [Stretch]: the kinds of marks
// that start it and the kinds that end it. [Reactions] say when a customer
// begins to wait for a reply, what ends the wait and how a burst of messages
// counts. Rules are data: the nine metrics of [Default], the variant [Bitrix24]
// and what a host writes itself run through the same code.
//
// # Computing
//
// [Compute] takes a whole timeline. An [Accumulator] takes one mark at a time,
// in constant time and space and without allocating, and gives the same
// numbers. [Explain] tells which intervals and which events stand behind every
// number. Live values ("waiting for four minutes now") take the present instant
// as an argument; nothing here reads a clock.
//
// Instants are truncated to milliseconds, the precision of the whole library.
//
// Values and rules are plain data. A [Calculator] is immutable and safe for
// concurrent use; an Accumulator belongs to one goroutine at a time.
package metrics
