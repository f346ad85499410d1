package sqlstore

import "errors"

// Dialect is the SQL that a database speaks. The zero Dialect is none.
type Dialect uint8

// The dialects.
const (
	// SQLite is SQLite 3.37 or later, by a driver whose errors tell SQLite's
	// result code by a method Code() int, as those of modernc.org/sqlite do.
	SQLite Dialect = iota + 1
)

var dialects = map[Dialect]*dialect{SQLite: &sqlite}

// dialect is everything in which databases differ. What is not here is the same
// in all of them.
type dialect struct {
	folder      string                         // of its migrations
	placeholder func(b []byte, nth int) []byte // appends that of the nth value, from 1
	insert      string                         // of several rows, which leads to a roll-back when it fails
	position    string                         // the function that tells where in a text another one begins, 0 for nowhere
	rowValues   bool                           // (a, b) < (x, y) is a range of an index
	again       func(err error) bool           // whether the transaction may succeed when it is run again
}

var sqlite = dialect{
	folder:      "sqlite",
	placeholder: func(b []byte, _ int) []byte { return append(b, '?') },
	// Without OR FAIL it keeps a journal to take back half of a statement, which
	// takes a fifth of the time.
	insert:    "INSERT OR FAIL INTO ",
	position:  "INSTR",
	rowValues: true,
	again: func(err error) bool {
		const (
			busy     = 5   // another connection reads or writes; the low byte of several codes
			shared   = 262 // the same, among connections that share a cache
			protocol = 15  // several connections began at once
		)
		var coded interface{ Code() int }
		if !errors.As(err, &coded) {
			return false
		}
		code := coded.Code()
		return code&0xff == busy || code == shared || code == protocol
	},
}
