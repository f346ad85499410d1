package conversation_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var fourStars = func() conversation.Rating {
	r, err := conversation.NewRating(conversation.Stars, 4)
	if err != nil {
		panic(err)
	}
	return r
}()

// oneOfEach is an event of each kind with every field given.
var oneOfEach = []conversation.Event{
	made(conversation.ByCustomer(), conversation.Started{
		Conversation: conversation.DeriveID("1"), Direction: conversation.Incoming,
		OpenChannel: conversation.OpenChannel{ID: "support", Name: "Wsparcie", Closing: conversation.ClosingPolicy{
			AskRating: true, AutoReply: "Dziękujemy!", CloseOnRating: true, FinishAfterClosing: 24 * time.Hour, FinishAfterSilence: 1500 * time.Millisecond,
		}},
		Source: "live_chat", Customer: conversation.Customer{ID: "7", Name: "Łukasz"},
		Bot: "helper", SitePage: "https://example.com/?a=1&b=2", Previous: conversation.DeriveID("0"),
	}),
	made(conversation.Author{Kind: conversation.AuthorCustomer, ID: "7"}, conversation.Wrote{Text: "the invoice is broken"}),
	made(conversation.ByAgent("ann"), conversation.Noted{Text: "knows him"}),
	made(conversation.ByAgent("ann"), conversation.Accepted{}),
	made(conversation.ByAgent("bob"), conversation.TakenOver{}),
	made(conversation.ByBot("helper"), conversation.ForwardedToAgent{To: "ann"}),
	made(conversation.BySystem(), conversation.ForwardedToChannel{To: conversation.OpenChannel{ID: "vip", Name: "VIP"}}),
	made(conversation.ByAgent("ann"), conversation.Queued{}),
	made(conversation.ByAgent("ann"), conversation.RatingRequested{}),
	made(conversation.BySystem(), conversation.AutoReplied{Text: "Dziękujemy!"}),
	made(conversation.ByAgent("ann"), conversation.Finished{}),
	made(conversation.ByAgent("ann"), conversation.ForceFinished{}),
	made(conversation.ByCustomer(), conversation.Rated{Rating: conversation.Like}),
	made(conversation.ByAgent("eve"), conversation.Reviewed{Rating: fourStars, Comment: "well done"}),
	made(conversation.BySystem(), conversation.Linked{Link: conversation.Link{Kind: "deal", ID: "7", Caption: "Big deal"}}),
	made(conversation.BySystem(), conversation.Unlinked{Link: conversation.Link{Kind: "deal", ID: "7"}}),
	made(conversation.ByCustomer(), conversation.FormSubmitted{}),
	made(conversation.ByCustomer(), conversation.HistoryRequested{}),
}

func made(by conversation.Author, b conversation.Body) conversation.Event {
	return conversation.Event{ID: conversation.DeriveEventID("made"), At: conversationtest.At(1250 * time.Millisecond), By: by, Body: b}
}

func TestEachKindOfEventHasAStoredForm(t *testing.T) {
	for _, e := range oneOfEach {
		t.Run(e.Kind(), func(t *testing.T) {
			require.NoError(t, e.Validate())
			got, err := json.MarshalIndent(e, "", "  ")
			require.NoError(t, err)
			got = append(got, '\n')
			golden := filepath.Join("testdata", "events", e.Kind()+".json")
			if *update {
				require.NoError(t, os.WriteFile(golden, got, 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got))

			var read conversation.Event
			require.NoError(t, json.Unmarshal(want, &read))
			require.Equal(t, e, read)
		})
	}
}

// The set of bodies is closed: each type with the sealing method is told of here.
func TestNoKindIsForgotten(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "event.go", nil, 0)
	require.NoError(t, err)
	var sealed []string
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "kind" {
			sealed = append(sealed, f.Recv.List[0].Type.(*ast.Ident).Name)
		}
	}
	var told, kinds []string
	for _, e := range oneOfEach {
		told = append(told, reflect.TypeOf(e.Body).Name())
		kinds = append(kinds, e.Kind())
	}
	require.ElementsMatch(t, sealed, told)

	golden, err := filepath.Glob("testdata/events/*.json")
	require.NoError(t, err)
	for i, name := range golden {
		golden[i] = strings.TrimSuffix(filepath.Base(name), ".json")
	}
	require.ElementsMatch(t, kinds, golden, "a kind that was stored once is read for ever")
}

func TestWhoMayDoWhat(t *testing.T) {
	may := map[string]string{
		"started":              "customer agent bot system",
		"wrote":                "customer agent bot system",
		"noted":                "agent bot system",
		"accepted":             "agent",
		"taken_over":           "agent",
		"forwarded_to_agent":   "agent bot system",
		"forwarded_to_channel": "agent bot system",
		"queued":               "agent bot system",
		"rating_requested":     "agent bot system",
		"auto_replied":         "bot system",
		"finished":             "customer agent bot system",
		"force_finished":       "agent bot system",
		"rated":                "customer",
		"reviewed":             "agent",
		"linked":               "agent bot system",
		"unlinked":             "agent bot system",
		"form_submitted":       "customer agent bot system",
		"history_requested":    "customer agent bot system",
	}
	for _, e := range oneOfEach {
		for _, by := range []conversation.Author{conversation.ByCustomer(), conversation.ByAgent("ann"), conversation.ByBot("helper"), conversation.BySystem()} {
			e.By = by
			allowed := slices.Contains(strings.Fields(may[e.Kind()]), by.Kind.String())
			if err := e.Validate(); allowed {
				require.NoError(t, err, "%s by %s", e.Kind(), by)
			} else {
				require.ErrorIs(t, err, conversation.ErrValue, "%s by %s", e.Kind(), by)
				require.EqualError(t, err, "invalid value: by is "+by.Kind.String()+", who cannot do this")
			}
		}
	}
	require.Len(t, may, len(oneOfEach))
}

// hollow has a Body inside, so it satisfies Body; without one it has no kind.
type hollow struct{ conversation.Body }

func TestInvalidEventsAreRefused(t *testing.T) {
	const long = 1 << 20
	started := func(change func(*conversation.Started)) conversation.Event {
		e := oneOfEach[0]
		b := e.Body.(conversation.Started)
		change(&b)
		e.Body = b
		return e
	}
	outgoing := func(by conversation.Author, change func(*conversation.Started)) conversation.Event {
		e := started(func(b *conversation.Started) {
			b.Direction, b.Bot = conversation.Outgoing, ""
			change(b)
		})
		e.By = by
		return e
	}
	with := func(b conversation.Body, by conversation.Author) conversation.Event { return made(by, b) }
	ann, system, customer := conversation.ByAgent("ann"), conversation.BySystem(), conversation.ByCustomer()
	text := func(n int) string { return strings.Repeat("x", n) }

	require.NoError(t, outgoing(ann, func(*conversation.Started) {}).Validate())
	for name, row := range map[string]struct {
		event conversation.Event
		want  string
	}{
		"no id":                          {conversation.Event{At: conversationtest.At(0), By: ann, Body: conversation.Accepted{}}, "not an id: the event has none"},
		"no body":                        {with(nil, ann), "invalid value: body is missing"},
		"a pointer for a body":           {with(&conversation.Accepted{}, ann), "invalid value: body is a *conversation.Accepted"},
		"a nil pointer for a body":       {with((*conversation.Wrote)(nil), ann), "invalid value: body is a *conversation.Wrote"},
		"a body of no kind":              {with(hollow{}, ann), "invalid value: body is a conversation_test.hollow"},
		"a body in another type":         {with(hollow{conversation.Accepted{}}, ann), "invalid value: body is a conversation_test.hollow"},
		"nobody":                         {with(conversation.Accepted{}, conversation.Author{}), "invalid value: by.kind is missing or unknown"},
		"an author of no kind":           {with(conversation.Accepted{}, conversation.Author{Kind: 200, ID: "ann"}), "invalid value: by.kind is missing or unknown"},
		"an agent without an id":         {with(conversation.Accepted{}, conversation.ByAgent("")), "invalid value: by.id is missing"},
		"a bot without an id":            {with(conversation.Queued{}, conversation.ByBot("")), "invalid value: by.id is missing"},
		"a system with an id":            {with(conversation.Queued{}, conversation.Author{Kind: conversation.AuthorSystem, ID: "x"}), "invalid value: by.id is given for the system"},
		"a long id":                      {with(conversation.Accepted{}, conversation.ByAgent(conversation.AgentID(text(129)))), "invalid value: by.id has 129 bytes, more than 128"},
		"a long id of a customer":        {with(conversation.Wrote{}, conversation.Author{Kind: conversation.AuthorCustomer, ID: text(129)}), "invalid value: by.id has 129 bytes, more than 128"},
		"an id that is not UTF-8":        {with(conversation.Accepted{}, conversation.ByAgent("\xff")), "invalid value: by.id is not UTF-8"},
		"an id with NUL":                 {with(conversation.Accepted{}, conversation.ByAgent("a\x00")), "invalid value: by.id contains a NUL character"},
		"a message that is not UTF-8":    {with(conversation.Wrote{Text: "a\xed\xa0\x80"}, ann), "invalid value: text is not UTF-8"},
		"a message with NUL":             {with(conversation.Wrote{Text: "a\x00b"}, ann), "invalid value: text contains a NUL character"},
		"a long message":                 {with(conversation.Wrote{Text: text(long + 1)}, ann), "invalid value: text has 1048577 bytes, more than 1048576"},
		"a long note":                    {with(conversation.Noted{Text: text(long + 1)}, ann), "invalid value: text has 1048577 bytes, more than 1048576"},
		"a long automatic reply":         {with(conversation.AutoReplied{Text: text(long + 1)}, system), "invalid value: text has 1048577 bytes, more than 1048576"},
		"a forward to nobody":            {with(conversation.ForwardedToAgent{}, ann), "invalid value: to is missing"},
		"a forward to nowhere":           {with(conversation.ForwardedToChannel{}, ann), "invalid value: to.id is missing"},
		"a link of no kind":              {with(conversation.Linked{Link: conversation.Link{ID: "7"}}, ann), "invalid value: link.kind is missing"},
		"a link to nothing":              {with(conversation.Unlinked{Link: conversation.Link{Kind: "deal"}}, ann), "invalid value: link.id is missing"},
		"a link with a long caption":     {with(conversation.Linked{Link: conversation.Link{Kind: "deal", ID: "7", Caption: text(513)}}, ann), "invalid value: link.caption has 513 bytes, more than 512"},
		"no rating":                      {with(conversation.Rated{}, customer), "invalid value: rating is missing"},
		"an empty review":                {with(conversation.Reviewed{}, ann), "invalid value: rating and comment are both missing"},
		"a review in thumbs":             {with(conversation.Reviewed{Rating: conversation.Like}, ann), "invalid value: rating is not on the scale stars"},
		"a long review":                  {with(conversation.Reviewed{Comment: text(conversation.MaxCommentLen + 1)}, ann), "invalid value: comment has 4097 bytes, more than 4096"},
		"a start of no conversation":     {started(func(b *conversation.Started) { b.Conversation = conversation.ID{} }), "invalid value: conversation is missing"},
		"a start without a direction":    {started(func(b *conversation.Started) { b.Direction = 0 }), "invalid value: direction is missing or unknown"},
		"a start in another direction":   {started(func(b *conversation.Started) { b.Direction = 3 }), "invalid value: direction is missing or unknown"},
		"a start nowhere":                {started(func(b *conversation.Started) { b.OpenChannel.ID = "" }), "invalid value: open_channel.id is missing"},
		"a long name of an open channel": {started(func(b *conversation.Started) { b.OpenChannel.Name = text(513) }), "invalid value: open_channel.name has 513 bytes, more than 512"},
		"a long automatic reply to come": {started(func(b *conversation.Started) { b.OpenChannel.Closing.AutoReply = text(long + 1) }), "invalid value: open_channel.closing.auto_reply has 1048577 bytes, more than 1048576"},
		"a negative wait":                {started(func(b *conversation.Started) { b.OpenChannel.Closing.FinishAfterClosing = -1 }), "invalid value: open_channel.closing.finish_after_closing_ns is negative or below a millisecond"},
		"a wait too short to be kept":    {started(func(b *conversation.Started) { b.OpenChannel.Closing.FinishAfterSilence = time.Microsecond }), "invalid value: open_channel.closing.finish_after_silence_ns is negative or below a millisecond"},
		"a start without a source":       {started(func(b *conversation.Started) { b.Source = "" }), "invalid value: source is missing"},
		"a start without a customer":     {started(func(b *conversation.Started) { b.Customer.ID = "" }), "invalid value: customer.id is missing"},
		"a long name of a customer":      {started(func(b *conversation.Started) { b.Customer.Name = text(513) }), "invalid value: customer.name has 513 bytes, more than 512"},
		"a long name of a bot":           {started(func(b *conversation.Started) { b.Bot = conversation.BotID(text(129)) }), "invalid value: bot has 129 bytes, more than 128"},
		"a long address":                 {started(func(b *conversation.Started) { b.SitePage = text(4097) }), "invalid value: site_page has 4097 bytes, more than 4096"},
		"a start that follows itself":    {started(func(b *conversation.Started) { b.Previous = b.Conversation }), "invalid value: previous is the conversation itself"},
		"an outgoing start of no agent":  {outgoing(customer, func(*conversation.Started) {}), "invalid value: by is customer, but an outgoing conversation is started by an agent"},
		"an outgoing start with a bot":   {outgoing(ann, func(b *conversation.Started) { b.Bot = "helper" }), "invalid value: bot is given for an outgoing conversation"},
	} {
		t.Run(name, func(t *testing.T) {
			require.EqualError(t, row.event.Validate(), row.want)
			_, err := json.Marshal(row.event)
			require.ErrorContains(t, err, "conversation: write event: "+row.want, "what is invalid is not stored")
			c := conversationtest.Play(t, "0 customer")
			_, err = c.Apply(row.event)
			var refused *conversation.EventError
			require.ErrorAs(t, err, &refused)
			require.ErrorContains(t, err, row.want)
		})
	}
}

func TestWhatIsAsLongAsItMayBeIsTaken(t *testing.T) {
	text := func(n int) string { return strings.Repeat("ż", n/2) }
	e := oneOfEach[0]
	e.Body = conversation.Started{
		Conversation: conversation.DeriveID("1"), Direction: conversation.Incoming,
		OpenChannel: conversation.OpenChannel{
			ID: conversation.OpenChannelID(text(conversation.MaxIDLen)), Name: text(conversation.MaxNameLen),
			Closing: conversation.ClosingPolicy{AutoReply: text(conversation.MaxTextLen), FinishAfterSilence: time.Millisecond, FinishAfterClosing: 1<<63 - 1},
		},
		Source: conversation.Source(text(conversation.MaxIDLen)), Customer: conversation.Customer{ID: conversation.CustomerID(text(conversation.MaxIDLen)), Name: text(conversation.MaxNameLen)},
		SitePage: text(conversation.MaxURLLen), Bot: conversation.BotID(text(conversation.MaxIDLen)),
	}
	c, err := conversation.Start(e.ID, e.At, e.By, e.Body.(conversation.Started))
	require.NoError(t, err)
	c, err = conversationtest.Apply(c, "10 finish ann")
	require.NoError(t, err)
	read, err := conversation.FromSnapshot(c.Snapshot())
	require.NoError(t, err)
	require.Equal(t, c.OpenChannel(), read.OpenChannel())
	deadline, ok := read.Deadline()
	require.True(t, ok)
	require.Positive(t, deadline.At.Sub(conversationtest.At(0)))
}

func TestInstantsAreBetween1970And9999(t *testing.T) {
	e := made(conversation.ByAgent("ann"), conversation.Accepted{})
	for _, at := range []time.Time{
		{},
		time.Unix(0, 0),
		time.UnixMilli(-1),
		time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Unix(1<<62, 0),
		time.Unix(1<<61+1_800_000_000, 0),          // its milliseconds wrap around to 2027
		time.Unix(-(1<<61)+1_800_000_000, 0),       // and so do these
		time.Unix(1_800_000_000+(1<<64)/1000+1, 0), // and these
	} {
		e.At = at
		require.ErrorIs(t, e.Validate(), conversation.ErrInstant, at.Unix())
	}
	for _, at := range []time.Time{
		time.UnixMilli(1),
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
		time.Date(2026, 7, 1, 12, 0, 0, 123_456_789, time.FixedZone("", -7*3600)),
	} {
		e.At = at
		data, err := json.Marshal(e)
		require.NoError(t, err)
		var read conversation.Event
		require.NoError(t, json.Unmarshal(data, &read))
		require.Equal(t, at.UTC().Truncate(time.Millisecond), read.At)
	}
}

func TestReadingAnEventIsStrict(t *testing.T) {
	const good = `{"v":1,"id":"6ba7b810-9dad-51d1-80b4-00c04fd430c8","at":"2026-01-05T09:00:00Z","by":{"kind":"agent","id":"ann"},"kind":"wrote","body":{"text":"hello"}}`
	var e conversation.Event
	require.NoError(t, json.Unmarshal([]byte(good), &e))
	before := e
	for name, row := range map[string]struct{ old, new, want string }{
		"another version":            {`"v":1`, `"v":2`, "version 2 is not 1"},
		"no version":                 {`"v":1,`, ``, "version 0 is not 1"},
		"an unknown key":             {`"v":1`, `"v":1,"x":1`, `unknown field "x"`},
		"an unknown key of a body":   {`"text"`, `"txt"`, `unknown field "txt"`},
		"an unknown key of the doer": {`"id":"ann"`, `"id":"ann","name":"Ann"`, `unknown field "name"`},
		"an unknown kind":            {`"wrote"`, `"said"`, `unknown kind "said"`},
		"no kind":                    {`"kind":"wrote",`, ``, `unknown kind ""`},
		"an unknown kind of doer":    {`"agent"`, `"operator"`, `author kind "operator" is unknown`},
		"a doer who cannot do it":    {`"wrote","body":{"text":"hello"}`, `"rated","body":{"rating":{"scale":"stars","score":4}}`, "by is agent, who cannot do this"},
		"no id":                      {`"id":"6ba7b810-9dad-51d1-80b4-00c04fd430c8",`, ``, "not an id"},
		"the nil id":                 {`6ba7b810-9dad-51d1-80b4-00c04fd430c8`, `00000000-0000-0000-0000-000000000000`, "not an id"},
		"an id in another form":      {`6ba7b810-9dad-51d1-80b4-00c04fd430c8`, `6ba7b8109dad51d180b400c04fd430c8`, "not an id"},
		"no instant":                 {`"at":"2026-01-05T09:00:00Z",`, ``, "instant is missing or out of range"},
		"an instant that is none":    {`2026-01-05T09:00:00Z`, `2026-01-05`, "cannot parse"},
		"a NUL":                      {`hello`, `\u0000`, "text contains a NUL character"},
		"bytes that are not UTF-8":   {`hello`, "\xff", "is not UTF-8"},
		"a body of another kind":     {`{"text":"hello"}`, `[]`, "cannot unmarshal array"},
		"a body that is needed":      {`"wrote","body":{"text":"hello"}`, `"linked"`, "link.kind is missing"},
		"something after it":         {`}}`, `}}{}`, ""},
		"nothing":                    {good, `null`, "version 0 is not 1"},
		"a score of 0":               {`"wrote","body":{"text":"hello"}`, `"reviewed","body":{"rating":{"scale":"stars","score":0}}`, "0 is not on the scale stars"},
		"a score of 6":               {`"wrote","body":{"text":"hello"}`, `"reviewed","body":{"rating":{"scale":"stars","score":6}}`, "6 is not on the scale stars"},
		"a score of 3.5":             {`"wrote","body":{"text":"hello"}`, `"reviewed","body":{"rating":{"scale":"stars","score":3.5}}`, "3.5 is not a whole number"},
		"an unknown scale":           {`"wrote","body":{"text":"hello"}`, `"reviewed","body":{"rating":{"scale":"points","score":3}}`, `scale "points" is unknown`},
		"an unknown key of a rating": {`"wrote","body":{"text":"hello"}`, `"reviewed","body":{"rating":{"scale":"stars","score":3,"of":5}}`, `unknown field "of"`},
	} {
		t.Run(name, func(t *testing.T) {
			broken := strings.Replace(good, row.old, row.new, 1)
			require.NotEqual(t, good, broken)
			err := json.Unmarshal([]byte(broken), &e)
			require.Error(t, err)
			require.Equal(t, before, e, "what was there is unchanged")
			if row.want == "" {
				return // refused before it reached the event
			}
			require.ErrorIs(t, err, conversation.ErrEventJSON)
			require.ErrorContains(t, err, row.want)
		})
	}
	require.Error(t, e.UnmarshalJSON([]byte(good+"{}")), "and by itself it reads exactly one value")
}

func TestABodyWithoutFieldsMayBeLeftOut(t *testing.T) {
	for _, body := range []string{``, `,"body":{}`} {
		var e conversation.Event
		require.NoError(t, json.Unmarshal([]byte(`{"v":1,"id":"6ba7b810-9dad-51d1-80b4-00c04fd430c8","at":"2026-01-05T10:00:00+01:00","by":{"kind":"system"},"kind":"finished"`+body+`}`), &e))
		require.Equal(t, conversation.Event{ID: e.ID, At: conversationtest.At(0), By: conversation.BySystem(), Body: conversation.Finished{}}, e)
	}
}

func TestGeneratedEventsRoundTripAsJSON(t *testing.T) {
	for seed := range uint64(200) {
		events := conversationtest.Generate(seed)
		data, err := json.Marshal(events)
		require.NoError(t, err)
		var read []conversation.Event
		require.NoError(t, json.Unmarshal(data, &read))
		require.Equal(t, events, read)
	}
}

func TestAuthorsReadAsText(t *testing.T) {
	texts := map[string]conversation.Author{
		"customer": conversation.ByCustomer(), "agent ann": conversation.ByAgent("ann"), "bot helper": conversation.ByBot("helper"), "system": conversation.BySystem(),
	}
	for want, a := range texts {
		require.Equal(t, want, a.String())
	}
	require.Equal(t, "author kind(0)", conversation.Author{}.String())
}

func TestClosedSetsHaveStableTexts(t *testing.T) {
	for want, v := range map[string]interface{ MarshalText() ([]byte, error) }{
		"incoming": conversation.Incoming, "outgoing": conversation.Outgoing,
		"customer": conversation.AuthorCustomer, "agent": conversation.AuthorAgent, "bot": conversation.AuthorBot, "system": conversation.AuthorSystem,
		"stars": conversation.Stars, "thumbs": conversation.Thumbs,
		"closing_is_over": conversation.ClosingIsOver, "customer_silent": conversation.CustomerSilent,
	} {
		text, err := v.MarshalText()
		require.NoError(t, err)
		require.Equal(t, want, string(text))
		read := reflect.New(reflect.TypeOf(v))
		require.NoError(t, read.Interface().(interface{ UnmarshalText([]byte) error }).UnmarshalText(text))
		require.Equal(t, v, read.Elem().Interface())
		for _, wrong := range [][]byte{nil, []byte(strings.ToUpper(want)), []byte(want + " "), bytes.Repeat([]byte("long"), 30)} {
			require.ErrorIs(t, read.Interface().(interface{ UnmarshalText([]byte) error }).UnmarshalText(wrong), conversation.ErrValue)
			require.Equal(t, v, read.Elem().Interface(), "unchanged")
		}
	}
	for _, v := range []interface{ MarshalText() ([]byte, error) }{
		conversation.Direction(0), conversation.Direction(3), conversation.AuthorKind(0), conversation.AuthorKind(5),
		conversation.Scale(0), conversation.Scale(3), conversation.DeadlineReason(0), conversation.DeadlineReason(3),
	} {
		_, err := v.MarshalText()
		require.ErrorIs(t, err, conversation.ErrValue)
	}
	require.Equal(t, "direction(7)", conversation.Direction(7).String())
	require.Equal(t, "stars", conversation.Stars.String())
	require.Equal(t, "closing_is_over", conversation.ClosingIsOver.String())
}
