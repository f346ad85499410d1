package conversationtest

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/colloquy-go/colloquy/conversation"
)

// Generate returns a timeline that [conversation.Rebuild] takes, in order of
// time, always the same for a seed. Different seeds give conversations with
// different ids, so a store is filled by counting:
//
//	for seed := range uint64(1000) {
//		c, err := conversation.Rebuild(conversationtest.Generate(seed))
//		...
//	}
//
// A few hundred seeds hold every kind of event, every status, absent and equal
// values, events of one instant, and texts that are hard on databases: every
// script, combining marks, emoji, `%`, `_`, `'` and `\`. Conversations begin
// within 90 days from [At](0), share 5 open channels, 6 sources, 8 agents and 12
// customers, and have from one event to some hundred.
func Generate(seed uint64) []conversation.Event {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0x636f6c6c6f717579)), seed: strconv.FormatUint(seed, 10)}
	g.begin()
	for g.more() {
		g.step()
	}
	events, _ := g.c.Timeline() // it was built here
	return events
}

// The pools are small, so that conversations share values and queries find several.
var (
	genChannels = []conversation.OpenChannel{
		{ID: "sales", Name: "Sprzedaż"},
		{ID: "support", Name: "Support 100%", Closing: conversation.ClosingPolicy{
			AskRating: true, CloseOnRating: true, FinishAfterClosing: 24 * time.Hour, FinishAfterSilence: 72 * time.Hour,
		}},
		{ID: "vip", Closing: conversation.ClosingPolicy{AskRating: true}},
		{ID: "returns_&_claims", Name: `Returns\claims`, Closing: conversation.ClosingPolicy{
			AutoReply: "Dziękujemy! 🙏", FinishAfterClosing: time.Hour,
		}},
		{ID: "kanał-5", Name: "O'Neill_line", Closing: conversation.ClosingPolicy{FinishAfterSilence: 30 * time.Minute}},
	}
	genSources   = []conversation.Source{"live_chat", "telegram", "whatsapp", "email", "viber", "własne źródło"}
	genAgents    = []conversation.AgentID{"ann", "bob", "carl", "daria", "ewa", "Ann", "łukasz", "o'hara_7%"}
	genBots      = []conversation.BotID{"helper", "menu-bot"}
	genCustomers = []conversation.Customer{
		{ID: "c-1", Name: "Łukasz Żółć"},
		{ID: "c-2", Name: "ŁUKASZ ŻÓŁĆ"},
		{ID: "c-3", Name: "Anna O'Hara"},
		{ID: "c-4", Name: "100% pewny"},
		{ID: "c_5", Name: "under_score"},
		{ID: "c-6", Name: `back\slash`},
		{ID: "c-7", Name: "E\u0301ric combining"},
		{ID: "c-8", Name: "Éric composed"},
		{ID: "c-9", Name: "👩‍🚀 Zoë Straße"},
		{ID: "C-9", Name: "李雷"},
		{ID: "c-%", Name: "محمد İstanbul"},
		{ID: "c-12"},
	}
	genTexts = []string{
		"", "hello", "Dzień dobry, mam pytanie", "100% sure? a_b 'quoted' \"double\" back\\slash", "zażółć gęślą jaźń",
		"e\u0301 and é", "👍🏽", "line\nbreak\ttab", "ΣΊΣΥΦΟΣ σίσυφος", "it's; DROP TABLE conversations; --",
	}
	genPages = []string{"", "https://example.com/pricing?plan=a_b&x=100%25", "https://example.com/zażółć#o'clock"}
	genLinks = []conversation.Link{
		{Kind: "contact", ID: "7", Caption: "Łukasz Żółć"},
		{Kind: "contact", ID: "8"},
		{Kind: "deal", ID: "7", Caption: "50% off_er"},
		{Kind: "activity", ID: "a'b"},
		{Kind: "invoice", ID: "FV/2026/01"},
	}
)

// generator grows one conversation. It proposes what is likely to happen next
// and lets the conversation refuse, so that no rule is written here.
type generator struct {
	*rand.Rand
	seed string
	c    conversation.Conversation
	at   time.Time
	bot  conversation.BotID
	left int // how many more events at most
	busy int // how many in a hundred events happen within a minute
}

func pick[T any](g *generator, all []T) T { return all[g.IntN(len(all))] }

// chance is true in percent of a hundred cases.
func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g *generator) begin() {
	g.at = At(time.Duration(g.IntN(90*24*60)) * time.Minute)
	if g.chance(60) {
		g.at = g.at.Add(time.Duration(g.IntN(60_000)) * time.Millisecond)
	}
	s := conversation.Started{
		Conversation: conversation.DeriveID("conversationtest", "generated", g.seed), Direction: conversation.Incoming,
		OpenChannel: pick(g, genChannels), Source: pick(g, genSources), Customer: pick(g, genCustomers),
	}
	g.bot = pick(g, genBots)
	by := conversation.ByCustomer()
	switch n := g.IntN(100); {
	case n < 15:
		s.Direction, by = conversation.Outgoing, conversation.ByAgent(pick(g, genAgents))
	case n < 45:
		s.Bot = g.bot
	case n < 50:
		by = conversation.BySystem()
	}
	if s.Source == "live_chat" {
		s.SitePage = pick(g, genPages)
	}
	if g.chance(10) {
		s.Previous = conversation.DeriveID("conversationtest", "generated", g.seed, "previous")
	}
	g.left, g.busy = g.length(), 20+g.IntN(75)
	c, err := conversation.Start(g.id(), g.at, by, s)
	if err != nil {
		panic(err) // the pools hold valid values
	}
	g.c = c
	if s.Direction == conversation.Incoming && g.chance(90) {
		g.try(conversation.ByCustomer(), conversation.Wrote{Text: pick(g, genTexts)})
	}
}

// length is mostly short, now and then very long.
func (g *generator) length() int {
	switch n := g.IntN(100); {
	case n < 5:
		return 0
	case n < 95:
		return 1 + g.IntN(25)
	default:
		return 30 + g.IntN(80)
	}
}

func (g *generator) id() conversation.EventID {
	return conversation.DeriveEventID("conversationtest", "generated", g.seed, strconv.FormatUint(g.c.Version(), 10))
}

func (g *generator) more() bool {
	g.left--
	return g.left >= 0 && (!g.over() || g.chance(70))
}

func (g *generator) over() bool { return !g.c.ClosedAt().IsZero() }

func (g *generator) try(by conversation.Author, b conversation.Body) bool {
	next, err := g.c.Apply(conversation.Event{ID: g.id(), At: g.at, By: by, Body: b})
	if err != nil {
		return false
	}
	g.c = next
	return true
}

func (g *generator) step() {
	g.wait()
	for range 20 {
		moves := g.moves()
		total := 0
		for _, m := range moves {
			total += m.weight
		}
		n := g.IntN(total)
		i := slices.IndexFunc(moves, func(m move) bool { n -= m.weight; return n < 0 })
		if g.try(moves[i].by, moves[i].body) {
			return
		}
	}
}

func (g *generator) wait() {
	switch n := g.IntN(100); {
	case n < 8: // the same instant
	case n < g.busy:
		g.at = g.at.Add(time.Duration(g.IntN(60_000)) * time.Millisecond)
	case n < 85:
		g.at = g.at.Add(time.Duration(g.IntN(3600)) * time.Second)
	case n < 97:
		g.at = g.at.Add(time.Duration(g.IntN(24*60)) * time.Minute)
	default:
		g.at = g.at.Add(time.Duration(g.IntN(14*24)) * time.Hour)
	}
}

// move is something that may happen, and how often compared with the others.
type move struct {
	weight int
	by     conversation.Author
	body   conversation.Body
}

func (g *generator) moves() []move {
	var (
		customer = conversation.ByCustomer()
		system   = conversation.BySystem()
		bot      = conversation.ByBot(g.bot)
		other    = conversation.ByAgent(pick(g, genAgents))
		agent    = conversation.ByAgent(g.c.Agent())
		staff    = pick(g, []conversation.Author{other, other, bot, system})
		program  = pick(g, []conversation.Author{bot, system})
		wrote    = conversation.Wrote{Text: pick(g, genTexts)}
		rated    = conversation.Rated{Rating: g.rating()}
	)
	if !g.c.Assigned() {
		agent = other
	}
	moves := []move{
		{6, staff, conversation.Noted(wrote)},
		{4, system, wrote},
		{6, bot, wrote},
		{4, customer, rated},
		{4, other, g.review(wrote.Text)},
		{6, staff, conversation.Linked{Link: pick(g, genLinks)}},
		{8, staff, conversation.Unlinked{Link: pick(g, genLinks)}},
		{2, customer, conversation.FormSubmitted{}},
		{2, staff, conversation.HistoryRequested{}},
	}
	switch {
	case g.c.Active():
		return append(moves, []move{
			{50, customer, wrote},
			{36, agent, wrote},
			{4, other, wrote},
			{24, agent, conversation.Accepted{}},
			{8, other, conversation.TakenOver{}},
			{8, staff, conversation.ForwardedToAgent{To: pick(g, genAgents)}},
			{6, staff, conversation.ForwardedToChannel{To: pick(g, genChannels)}},
			{4, agent, conversation.Queued{}},
			{4, system, conversation.Queued{}},
			{6, bot, conversation.Queued{}},
			{1, staff, conversation.RatingRequested{}},
			{1, program, conversation.AutoReplied(wrote)},
			{5, agent, conversation.Finished{}},
			{2, pick(g, []conversation.Author{program, customer, other}), conversation.Finished{}},
			{1, staff, conversation.ForceFinished{}},
		}...)
	case g.over():
		return moves
	default: // it waits for completion
		return append(moves, []move{
			{16, customer, wrote},
			{6, agent, wrote},
			{20, customer, rated},
			{16, system, conversation.Finished{}},
			{3, pick(g, []conversation.Author{bot, customer, other}), conversation.Finished{}},
			{1, staff, conversation.ForceFinished{}},
		}...)
	}
}

func (g *generator) rating() conversation.Rating {
	if g.chance(40) {
		return pick(g, []conversation.Rating{conversation.Like, conversation.Dislike})
	}
	return g.stars()
}

func (g *generator) stars() conversation.Rating {
	r, err := conversation.NewRating(conversation.Stars, 1+g.IntN(5))
	if err != nil {
		panic(err) // 1 to 5 are all of them
	}
	return r
}

func (g *generator) review(comment string) conversation.Reviewed {
	r := conversation.Reviewed{Comment: comment}
	if comment == "" || g.chance(60) {
		r.Rating = g.stars()
	}
	return r
}
