// Package sqlstore keeps conversations in an SQL database, through database/sql.
//
// The database, its driver and its settings are the host's: a [DB] works on a
// *sql.DB that it neither opens nor closes, and this package imports no driver.
// [DB.Migrate] creates the tables; nothing does so by itself.
//
//	pool, err := sql.Open("sqlite", "file:conversations.db?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)")
//	db, err := sqlstore.New(pool, sqlstore.SQLite)
//	err = db.Migrate(ctx)
//	st, err := db.Account("acme")
//
// # What is kept
//
// A conversation is one row with every column of the list, and its events. Both
// change in one transaction, which writes before it reads, so that it never waits
// for a lock in the middle. A transaction that meets another one's lock is run
// again until the context is done.
//
// Whatever can be asked by package filter is answered by the database, with the
// same rows in the same order as from any other store: texts are compared in the
// form of [filter.Fold], which is kept beside them, and whether a value is absent
// is never left to the database to judge. What somebody asks with never becomes
// part of a statement; it is bound to it.
//
// # SQLite
//
// Set these for each connection, in the name of the data source:
//
//   - busy_timeout(5000): wait for another connection's lock in the database.
//     Without it a transaction that meets one is tried again after a pause, which
//     takes longer.
//   - journal_mode(WAL): readers and the writer do not wait for one another.
//     Without it a list waits for every commit, and a commit for every list.
//   - synchronous(NORMAL) is enough for WAL to keep the database sound, but the
//     last transactions may be lost when the machine loses power. Leave it at
//     FULL, the default, to keep whatever was acknowledged.
//
// Nothing else is needed: transactions begin by writing, whatever _txlock says, and
// the tables come with statistics for the planner. ANALYZE may replace these.
//
// A database in memory (":memory:") is one for each connection: use it with
// SetMaxOpenConns(1) alone.
package sqlstore
