// Package storetest is the suite that every adapter of package store passes: it
// says what the contract of [store.Store] means. Whoever writes an adapter runs it
// in a test of his own, and inherits nothing but the standard library.
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t testing.TB) func(store.Account) (store.Store, error) {
//			return memory.New().Account
//		})
//	}
//
// # Rules
//
// Each rule is a sub-test on an empty database, which the adapter opens:
// "List/puts absent values last". A failure says what was found, and then the
// sentence of the contract that it breaks. The rules come in the order in which a
// new adapter comes to keep them: create, get and save first, then lists,
// conditions, counts and timelines, then many writers at once, deletion, accounts,
// scopes and contexts. Some rules run goroutines; run the suite under the race
// detector, too.
//
// # Random questions
//
// Some rules fill the database with a few hundred conversations that are hard on
// databases (absent and equal values, every script, wildcards, quotes, events of
// one instant, late events) and ask it questions: every field with every operator,
// every order in both directions, and random trees of And, Or and Not in random
// orders, in pages of random sizes. The answer has to be what filter.Match and the
// order of package filter make of the same rows, each time.
//
// The questions follow from a seed and are the same in every run. A failure names
// the seed, the question and the smallest part of it that is wrong. Environment
// variables ask for others:
//
//	STORETEST_SEED=7            another seed than 1
//	STORETEST_QUESTIONS=20000   more random trees than 2,000 (200 with go test -short)
//
// The suite takes a few seconds on a store in memory, and some ten times as long
// on a database.
//
// # Not covered
//
// The suite knows no adapter. What only one has (migrations, transactions of the
// host, indexes, what a crash leaves) is for tests of its own.
package storetest
