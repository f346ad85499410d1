// Package colloquy is a conversation list for contact centers, as a library: the
// conversations of customers with a company over any channel, their statuses,
// reaction times and history, kept in memory or in a SQL database and listed by
// any question. This package holds documentation only; the packages below it do
// the work.
//
// # The way of one message
//
// 1. A message arrives. The host turns its webhook into an event: who wrote what,
// and when. The instant comes from the message, because the library reads no
// clock; the id is derived from the message's own, because webhooks come twice.
//
//	event := conversation.Event{
//		ID:   conversation.DeriveEventID("telegram", update.ID),
//		At:   update.Date,
//		By:   conversation.ByCustomer(),
//		Body: conversation.Wrote{Text: update.Text},
//	}
//
// 2. The event changes a conversation. [github.com/colloquy-go/colloquy/conversation.Conversation] is an immutable
// value; Apply returns the next one, or a typed error and the old value untouched.
//
//	next, err := c.Apply(event)
//
// 3. Package [github.com/colloquy-go/colloquy/status] says what the event does to the status. A customer who
// writes to a conversation that was replied to makes it waiting again: that is one
// row of a table, and what is not in the table is an error.
//
// 4. Package [github.com/colloquy-go/colloquy/metrics] takes a mark of it: the customer now waits for a reply. The
// nine metrics of the list (first reply wait, mean reaction ...) are there at any
// time, in constant time for each message, and can be explained.
//
// 5. Package [github.com/colloquy-go/colloquy/store] keeps the row and the event in one transaction. Update loads
// the conversation, applies the event and saves it, again if somebody else was
// faster. A repeated message has no second effect; a late one is put where it
// belongs.
//
//	c, err := store.Update(ctx, st, access.System(), id, func(c conversation.Conversation) (conversation.Conversation, error) {
//		return c.Apply(event)
//	})
//
// 6. Somebody looks at the list. Package [github.com/colloquy-go/colloquy/access] says what he may see: a scope,
// without which no query can be written.
//
//	q := store.NewQuery(scope)
//
// 7. Package [github.com/colloquy-go/colloquy/filter] says what he asks for, in typed fields, with the same answer
// from every store.
//
//	q = q.Where(filter.Active, filter.Agent.Is("ann")).OrderBy(filter.WaitingSince.Asc()).Limit(50)
//
// 8. A page comes back, and a cursor for the next one. Rows that change in between
// neither hide nor double the others.
//
//	page, err := st.List(ctx, q)
//	page, err = st.List(ctx, q.After(page.Next))
//
// # Where to look
//
// The example of this package is all of the above as one program. For logic under
// test, package conversation/conversationtest plays a timeline written as a line.
// Adapters: store/memory, and the module store/sqlstore for SQL databases; package
// store/storetest is the suite for writing another one. For metrics of a chat log
// alone, package metrics needs nothing else.
package colloquy
