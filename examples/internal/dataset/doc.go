// Package dataset reads three public sets of real support conversations in their
// own layouts and turns them into events of colloquy.
//
// A [Layout] is one of the three: chat messages of #ubuntu ([Messages]), tweets
// to companies ([Tweets]) and the audit log of a service desk ([Incidents]).
// Each reader takes an io.Reader, plain or gzip-compressed, and yields typed
// rows one by one. The readers are strict and do not give up: a row that is
// broken comes out as a *[RowError] with file, line and column, and the rows
// after it still follow. Only what makes the whole file unreadable, a foreign
// header ([ErrHeader]) or a failing read, ends the walk.
//
// [Find] looks at a file or a folder and says which files of which layout it
// holds. [Load] reads one of them and groups its rows into conversations; the
// set it returns walks them in the order they began, each as the events that
// rebuild it. How foreign states and roles become ours is written in the tables
// of mapping.go.
//
// Nothing here is safe for concurrent use except the immutable rows and sets.
package dataset
