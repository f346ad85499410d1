// Package status holds the statuses of a conversation and the only rules by
// which they change.
//
// A conversation has two statuses. [Detailed] is one of nine and says where the
// conversation is: new, queued, accepted, waiting, waiting_again, replied,
// closing, closed or spam. [General] is one of three and follows from it: the
// customer waits for a reply, has been replied to, or the matter is closed. The
// first six detailed statuses are active: somebody may still have work to do.
//
// A [Trigger] is what happened: the customer or an agent wrote, an agent
// accepted, took over, forwarded, finished. [Next] tells which status follows:
//
//	                  new       queued    accepted  waiting  waiting_again  replied        closing        closed  spam
//	customer_message  =         =         waiting   =        =              waiting_again  waiting_again  -       -
//	agent_message     replied   replied   replied   replied  replied        =              =              -       -
//	accept            accepted  accepted  -         -        -              -              -              -       -
//	take_over         -         -         =         =        =              =              -              -       -
//	forward           accepted  accepted  =         =        =              =              -              -       -
//	queue             queued    =         queued    queued   queued         queued         -              -       -
//	start_closing     closing   closing   closing   closing  closing        closing        -              -       -
//	finish            closed    closed    closed    closed   closed         closed         closed         -       -
//	force_finish      spam      spam      spam      spam     spam           spam           spam           -       -
//
// "=" stays in the status it has. "-" is refused: a [*TransitionError], and
// nothing changes. Nothing leaves closed and spam; a customer who writes after
// that starts a new conversation. Messages of bots and of the system, and notes,
// are no triggers: they never change a status.
//
// The package knows statuses only. Who holds a conversation, whose message is
// an agent's and when a rating is asked is decided by the caller, who then names
// the trigger. Everything but [Machine] is a pure function or a value.
//
// The values of all three types are stored and sent as text, in JSON too. The
// zero value of each stands for no status and no trigger; it has no text and is
// never stored. Text and numbers are stable.
//
// [Machine] is the same table for hosts that want callbacks around a change, as
// a state machine of github.com/looplab/fsm. [Mermaid] and [Graphviz] draw the
// table.
package status
