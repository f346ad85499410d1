// Package conversationtest makes conversations for tests: from a line of text
// that reads like what happened, or by the thousand from a seed. It says with
// readable differences whether a conversation is as expected.
//
//	c := conversationtest.Play(t, "0 customer, 20 accept ann, 50 agent ann, 90 customer")
//	conversationtest.Expect(t, c, "detailed=waiting_again agent=ann first_reply_wait=50s message_count=3")
//
// # Scenarios
//
// A line is a list of entries, separated by commas, in the order in which they
// arrive; an entry with an earlier offset than one before it arrives late. An
// entry is an offset from a fixed instant ([At]), what happened, and who did it:
//
//	Line    = Entry { "," Entry } [ "," ] .
//	Entry   = Offset ( Begin | Message | Holder | Queue | Ending | Opinion | Other ) .
//	Offset  = number [ "ms" | "s" | "m" | "h" | "d" ] .       seconds without a unit; 1.5 and 2.25h are numbers
//	Begin   = "start" [ "bot" [ name ] ]                      incoming, a bot may receive it first
//	        | "outgoing" name .
//	Message = "customer" [ text ] | "agent" name [ text ] | "bot" [ name ] [ text ] | "system" [ text ]
//	        | "note" [ By ] [ text ] .
//	Holder  = "accept" name | "takeover" name | "forward" [ By ] "to" name .
//	Queue   = "forward" [ By ] "to" "#" id                        to an open channel
//	        | "decline" name | "handover" [ name ] | "timeout" .
//	Ending  = "rating-request" [ By ] | "auto-reply" [ By ] [ text ]
//	        | "finish" [ By ] | "spam" [ By ] .
//	Opinion = "rate" Rating | "review" name [ Rating ] [ text ] .
//	Rating  = "1" | "2" | "3" | "4" | "5" | "like" | "dislike" .
//	Other   = "link" kind "/" id [ text ] | "unlink" kind "/" id | "form" | "history" .
//	By      = "customer" | "system" | "bot" [ name ] | name   a name is an agent's; without By it is the system
//
// A text is quoted as in Go: "the invoice is broken" or `100 %`. Names and ids are
// words without spaces, commas and quotes; "customer", "system", "bot" and "to"
// are nobody's names. A bot without a name is "helper".
//
// A line that does not begin with start or outgoing begins, incoming, at the
// instant of its first entry. The conversation is in the open channel "sales",
// its source is "live_chat", its customer "customer"; [With] and [Starting] say
// otherwise. Its id derives from the line, those of its events from their
// places in it: a test gives the same ids whenever it is run.
//
// # Generated timelines
//
// [Generate] makes one valid timeline of each seed. Together they hold every kind
// of event and every status, with texts that are hard on databases.
//
// The package needs nothing but the standard library and this module.
package conversationtest
