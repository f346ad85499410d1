// Package access says who may see what, as data that every read carries.
//
// A [Scope] is the part of an account's conversations that somebody may see. No
// query of package store can be written without one. The zero Scope sees
// nothing; [System] sees everything and is easy to find in a code review;
// [Within] sees what a predicate lets through.
//
// A filter never widens a scope: what lies outside does not exist for the one who
// asks.
package access
