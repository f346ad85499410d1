// Package store keeps conversations and lists them, whatever the database.
//
// # Vocabulary
//
// A [Store] is a handle on the conversations of one [Account]; no call of it can
// reach another account. It keeps the row of every conversation (all columns of
// the list), and its timeline of events, in one transaction.
//
// A [Query] asks for a list: an [access.Scope] that says what the asker may see,
// a predicate, an order, a limit and a place. It is answered by a [Page], whose
// Next and Prev are the cursors of the following one and the one before.
//
// # Rules
//
// A row is the fold of its events, and is saved by compare-and-swap on its
// version: [Update] loads, applies a function, saves, and starts again when
// somebody else was faster. The function is pure, so nothing is lost and nothing
// happens twice. An event that is repeated has no second effect, and one that
// comes late is put where it belongs.
//
// What lies outside a scope does not exist: it is [ErrNotFound].
//
// Adapters live in packages below this one. Package storetest is the suite that
// every adapter passes; it says what the rules mean.
package store
