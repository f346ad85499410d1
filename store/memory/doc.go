// Package memory keeps conversations in the memory of the program: for tests,
// for programs that need them no longer than they run, and as the simplest
// adapter to read.
//
// A [DB] holds any number of accounts. What one handle stores, every other handle
// on the same account sees; nothing outlives the DB.
//
//	db := memory.New()
//	st, err := db.Account("acme")
//
// Lists and counts look at every row of the account, so their cost grows with
// its number of conversations; package store/sqlstore has indexes.
package memory
