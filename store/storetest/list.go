package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

var listRules = []rule{
	{
		"List/returns the rows as they are stored",
		"every column, every event and the whole timeline come back as they were saved, and a timeline gives its row again",
		listReturnsWhatIsStored,
	},
	{
		"List/gives pages of every size",
		"a page has as many rows as its limit says, but for the last; together the pages have every row once",
		listPagesOfEverySize,
	},
	{
		"List/refuses a limit out of range",
		"a limit below 0 or above MaxLimit is ErrLimit; 0 is DefaultLimit",
		listLimits,
	},
	{
		"List/sorts by every field",
		"rows are sorted by any field but a set, in both directions",
		listSortsByEveryField,
	},
	{
		"List/sorts by several keys",
		"rows sort by the first key, then the next, and at last by number in the direction of the last key",
		listSortsBySeveralKeys,
	},
	{
		"List/puts absent values last",
		"absent values come last in both directions, and pages go on among them",
		listPutsAbsentLast,
	},
	{
		"List/sorts texts by folded code points",
		"texts sort by the code points of their folded form, the same in every store",
		listSortsTexts,
	},
	{
		"List/goes on while rows move",
		"no row is lost or doubled when others come, move in the order or go between two pages",
		listGoesOnWhileRowsMove,
	},
	{
		"List/goes back to the page before",
		"Prev leads to the page before, with the same rows in the same order; the first page has none",
		listGoesBack,
	},
	{
		"List/goes on and back while rows move",
		"on the way on and on the way back, by any field, no row is lost or doubled when others come, move in the order or go",
		listGoesBackWhileRowsMove,
	},
	{
		"List/refuses a cursor of another query",
		"a cursor belongs to its predicate and order: with others it is ErrCursor",
		listRefusesOtherCursors,
	},
	{
		"List/takes the cursor with another limit",
		"the limit need not be that of the page before",
		listChangesLimit,
	},
	{
		"List/does not trust a cursor",
		"a cursor that was tampered with is ErrCursor or another place in the same list, and nothing worse",
		listDoesNotTrustCursors,
	},
	{
		"List/hands out what belongs to the caller",
		"slices given to a store and taken from it can be changed and change nothing in it",
		listHandsOut,
	},
	{
		"List/refuses what cannot be asked",
		"an invalid predicate is ErrPredicate and an invalid order ErrOrder, for List and Count",
		listRefusesInvalid,
	},
	{
		"List/takes what is within the limits",
		"a predicate and an order at all limits of package filter are answered",
		listTakesLimits,
	},
}

// walk returns all rows of a query and how many there were on each page.
func (c *check) walk(st store.Store, q store.Query) (rows []row, sizes []int) {
	c.Helper()
	for {
		page, err := st.List(c.Context(), q)
		c.ok(err, "List")
		rows = append(rows, page.Conversations...)
		sizes = append(sizes, len(page.Conversations))
		if page.Next == "" {
			return rows, sizes
		}
		c.endless(len(sizes))
		q = q.After(page.Next)
	}
}

// endless ends the trial when there are more pages than there can be.
func (c *check) endless(pages int) {
	c.Helper()
	if pages > 10_000 {
		c.Fatalf("after %d pages there is still a next one", pages)
	}
}

// expected returns the rows for which a predicate is true, in order.
func expected(rows []row, where filter.Predicate, order filter.Order) []row {
	var found []*row
	for i := range rows {
		if where.Match(&rows[i]) {
			found = append(found, &rows[i])
		}
	}
	slices.SortFunc(found, order.Compare)
	want := make([]row, len(found))
	for i, v := range found {
		want[i] = *v
	}
	return want
}

// answers reports when a query does not give these rows, page by page.
func (c *check) answers(st store.Store, q store.Query, limit int, want []row, what string) {
	c.Helper()
	if d := c.wrong(st, q, limit, want); d != "" {
		c.Errorf("%s: %s", what, d)
	}
}

// wrong tells how the pages of a query differ from the rows it should give.
func (c *check) wrong(st store.Store, q store.Query, limit int, want []row) string {
	c.Helper()
	got, sizes := c.walk(st, q.Limit(limit))
	for i := range min(len(got), len(want)) {
		if got[i].ID() != want[i].ID() {
			return fmt.Sprintf("row %d of %d, in pages of %d, is number %d, want number %d", i+1, len(want), limit, got[i].Number(), want[i].Number())
		}
		if got[i].Number() != want[i].Number() || got[i].Version() != want[i].Version() {
			return fmt.Sprintf("row %d is number %d in version %d, want number %d in version %d", i+1,
				got[i].Number(), got[i].Version(), want[i].Number(), want[i].Version())
		}
	}
	if len(got) != len(want) {
		return fmt.Sprintf("%d rows, want %d", len(got), len(want))
	}
	return wrongSizes(sizes, limit, len(want))
}

// wrongSizes tells which page has not the size it should have. A page that is not
// the first one is never empty.
func wrongSizes(sizes []int, limit, all int) string {
	for i, n := range sizes {
		if n != min(limit, all-i*limit) || n == 0 && i > 0 {
			return fmt.Sprintf("page %d of %d has %d of %d, the limit is %d", i+1, len(sizes), n, all, limit)
		}
	}
	return ""
}

func listReturnsWhatIsStored(c *check) {
	st := c.store()
	rows := c.fill(st)
	listed, _ := c.walk(st, everything().Limit(33))
	if len(listed) != len(rows) {
		c.Fatalf("List gives %d rows, want %d", len(listed), len(rows))
	}
	slices.SortFunc(rows, func(a, b row) int { return filter.Order(nil).Compare(&a, &b) })
	for i, want := range rows {
		c.same(listed[i], want.Saved(want.Number()), "what List returns")
		c.isStored(st, want, want.Number())
		again, err := conversation.Rebuild(c.events(st, want.ID()))
		if err != nil {
			c.Errorf("the timeline of number %d gives no conversation: %v", want.Number(), err)
			continue
		}
		c.same(again.Saved(want.Number()), listed[i], "what Rebuild makes of the timeline")
	}
}

func listPagesOfEverySize(c *check) {
	st := c.store()
	const n = 12
	rows := c.create(st, several(n, "a")...)
	for _, order := range []filter.Order{nil, {filter.ConversationNumber.Desc()}, {filter.CreatedAt.Asc()}, {filter.CreatedAt.Desc()}} {
		for limit := 1; limit <= n+1; limit++ {
			want := expected(rows, filter.All, order)
			c.answers(st, everything().OrderBy(order...), limit, want, fmt.Sprintf("%d rows by [%s]", n, order))
		}
	}
	nobody := everything().Where(filter.CustomerID.Is("nobody"))
	c.answers(st, nobody, 5, nil, "a query that nothing answers")
}

func listLimits(c *check) {
	st := c.store()
	c.create(st, several(store.DefaultLimit+1, "a")...)
	for _, limit := range []int{-1, store.MaxLimit + 1, -store.MaxLimit} {
		_, err := st.List(c.Context(), everything().Limit(limit))
		c.fails(err, store.ErrLimit, "List with the limit %d", limit)
	}
	for _, test := range []struct{ limit, want int }{
		{0, store.DefaultLimit}, {store.MaxLimit, store.DefaultLimit + 1}, {1, 1},
	} {
		page, err := st.List(c.Context(), everything().Limit(test.limit))
		c.ok(err, "List with the limit %d", test.limit)
		if len(page.Conversations) != test.want {
			c.Errorf("List with the limit %d gives %d of %d rows, want %d", test.limit, len(page.Conversations), store.DefaultLimit+1, test.want)
		}
	}
}

func listSortsByEveryField(c *check) {
	st := c.store()
	rows := c.fill(st)
	r := c.random()
	for _, col := range columns {
		if !col.field.Sortable() {
			continue
		}
		for _, key := range []filter.SortKey{col.field.Asc(), col.field.Desc()} {
			order := filter.Order{key}
			for _, limit := range []int{store.MaxLimit, 7 + r.IntN(30)} {
				c.answers(st, everything().OrderBy(order...), limit, expected(rows, filter.All, order), "by "+order.String())
			}
		}
	}
}

func listSortsBySeveralKeys(c *check) {
	st := c.store()
	rows := c.fill(st)
	r := c.random()
	orders := []filter.Order{
		{filter.General.Asc(), filter.CreatedAt.Desc()},
		{filter.General.Desc(), filter.CreatedAt.Asc()},
		{filter.Agent.Asc(), filter.ClosedAt.Desc(), filter.OpenChannel.Asc()},
		{filter.ReviewRating.Desc(), filter.CustomerRating.Desc()},
		{filter.ReviewRating.Asc(), filter.CustomerRating.Asc(), filter.Spam.Asc()},
		{filter.CustomerRating.Desc(), filter.ConversationNumber.Asc()},
		{filter.Direction.Asc(), filter.ConversationNumber.Desc()},
	}
	for range c.effort.rows / 5 {
		orders = append(orders, order(r))
	}
	for _, order := range orders {
		limit := 10 + r.IntN(60)
		c.answers(st, everything().OrderBy(order...), limit, expected(rows, filter.All, order), "by ["+order.String()+"]")
	}
}

func listPutsAbsentLast(c *check) {
	st := c.store()
	var rows []row
	for i, names := range []string{"", "b", "", "a", "c", "", ""} {
		v := begin(fmt.Sprint("v", i), of(names))
		if names != "" {
			v = c.apply(v, accepts(fmt.Sprint("a", i), 10-i, conversation.AgentID(names)))
		}
		rows = append(rows, c.createOne(st, v))
	}
	for _, test := range []struct {
		key  filter.SortKey
		want string
	}{
		{filter.Customer.Asc(), "4 2 5 1 3 6 7"},
		{filter.Customer.Desc(), "5 2 4 7 6 3 1"},
		{filter.Agent.Asc(), "4 2 5 1 3 6 7"},
		{filter.Agent.Desc(), "5 2 4 7 6 3 1"},
		{filter.AcceptedAt.Asc(), "5 4 2 1 3 6 7"},
		{filter.AcceptedAt.Desc(), "2 4 5 7 6 3 1"},
		{filter.AcceptTime.Asc(), "5 4 2 1 3 6 7"},
		{filter.AcceptTime.Desc(), "2 4 5 7 6 3 1"},
	} {
		order := filter.Order{test.key}
		for limit := 1; limit <= len(rows); limit++ {
			got, _ := c.walk(st, everything().OrderBy(test.key).Limit(limit))
			if s := places(got, rows[0].Number()); s != test.want {
				c.Errorf("in pages of %d by %s the rows come as %s, want %s", limit, order, s, test.want)
			}
		}
	}
}

// places writes the numbers of rows counted from the first one created.
func places(rows []row, first int64) string {
	parts := make([]string, len(rows))
	for i, v := range rows {
		parts[i] = fmt.Sprint(v.Number() - first + 1)
	}
	return strings.Join(parts, " ")
}

func listSortsTexts(c *check) {
	st := c.store()
	sorted := []string{
		"\tb", " leading", "!", "%", "'", "10", "9", "B", "Jose", "STRASSE", "\\", "_", "a", "b", "strasse x", "z", "zz",
		"José", "Ł", "łukasz", "ź", "юлия", "東京", "\ue000", "～", "😀", "𝒳",
	}
	slices.SortFunc(sorted, func(a, b string) int { return strings.Compare(filter.Fold(a), filter.Fold(b)) })
	var rows []row
	for i, name := range sorted {
		rows = append(rows, begin(fmt.Sprint(i), of(name)))
	}
	shuffled := slices.Clone(rows)
	c.random().Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	shuffled = c.create(st, shuffled...)
	for _, key := range []filter.SortKey{filter.Customer.Asc(), filter.Customer.Desc()} {
		order := filter.Order{key}
		c.answers(st, everything().OrderBy(key), 3, expected(shuffled, filter.All, order), "by "+order.String())
	}
}

func listGoesOnWhileRowsMove(c *check) {
	const n = 30
	still := func(i int) bool { return i%3 != 0 && i%7 != 0 }
	for _, direction := range []filter.SortKey{filter.LastMessageAt.Desc(), filter.LastMessageAt.Asc()} {
		st := c.open(store.Account("moving " + filter.Order{direction}.String()))
		var cs []row
		for i := range n {
			cs = append(cs, c.apply(begin(fmt.Sprint("v", i), in(conversation.OpenChannelID(fmt.Sprint("line ", i%7)))), asks(fmt.Sprint("q", i), 1000+10*i)))
		}
		cs = c.create(st, cs...)
		var want []row
		for i, v := range cs {
			if still(i) {
				want = append(want, v)
			}
		}
		order := filter.Order{direction}
		slices.SortFunc(want, func(a, b row) int { return order.Compare(&a, &b) })

		q := everything().OrderBy(direction).Limit(4)
		var got []row
		for page := 0; ; page++ {
			p, err := st.List(c.Context(), q)
			c.ok(err, "List")
			for _, v := range p.Conversations {
				if i := slices.IndexFunc(cs, func(w row) bool { return w.ID() == v.ID() }); i >= 0 && still(i) {
					got = append(got, v)
				}
			}
			if p.Next == "" {
				break
			}
			q = q.After(p.Next)
			c.endless(page)
			switch page {
			case 0: // every third moves to one of the ends
				for i := 0; i < n; i += 3 {
					c.update(st, cs[i].ID(), asks(fmt.Sprint("late", i), 5000+n-i))
				}
			case 1: // new ones come everywhere
				for i := range n {
					c.create(st, c.apply(begin(fmt.Sprint("new", i)), asks(fmt.Sprint("n", i), 995+11*i)))
				}
			case 2: // every seventh goes
				_, err := st.DeleteOpenChannel(c.Context(), "line 0")
				c.ok(err, "DeleteOpenChannel")
			}
		}
		if g, w := places(got, cs[0].Number()), places(want, cs[0].Number()); g != w {
			c.Errorf("by %s the rows that did not move come as %s, want %s", order, g, w)
		}
	}
}

func listGoesBack(c *check) {
	st := c.store()
	c.fill(st)
	r := c.random()
	orders := []filter.Order{nil, {filter.Agent.Desc(), filter.ClosedAt.Asc(), filter.ReviewRating.Desc()}, order(r), order(r)}
	for _, col := range columns {
		if col.field.Sortable() {
			orders = append(orders, filter.Order{col.field.Asc()}, filter.Order{col.field.Desc()})
		}
	}
	for _, order := range orders {
		q := everything().OrderBy(order...).Limit(5 + r.IntN(40))
		page := c.list(st, q)
		if page.Prev != "" {
			c.Errorf("by [%s] the first page has a Prev", order)
		}
		var pages []store.Page
		for ; page.Next != ""; page = c.list(st, q.After(page.Next)) {
			c.endless(len(pages))
			pages = append(pages, page)
		}
		for i := len(pages) - 1; i >= 0; i-- {
			here := page
			if page = c.list(st, q.After(here.Prev)); numbers(page) != numbers(pages[i]) {
				c.Fatalf("by [%s] the page before page %d has the rows %s, want %s", order, i+2, numbers(page), numbers(pages[i]))
			}
			if again := c.list(st, q.After(page.Next)); numbers(again) != numbers(here) {
				c.Fatalf("by [%s] there and back from page %d are the rows %s, want %s", order, i+2, numbers(again), numbers(here))
			}
			if (page.Prev == "") != (i == 0) {
				c.Fatalf("by [%s] the Prev of page %d, come to from behind, is %q", order, i+1, page.Prev)
			}
		}
	}
}

func (c *check) list(st store.Store, q store.Query) store.Page {
	c.Helper()
	page, err := st.List(c.Context(), q)
	c.ok(err, "List")
	return page
}

// numbers writes the numbers of a page.
func numbers(page store.Page) string { return places(page.Conversations, 1) }

func listGoesBackWhileRowsMove(c *check) {
	st := c.store()
	rows := c.fill(st)
	r := c.random()
	moves := 0
	still := make(map[conversation.ID]bool, len(rows))
	for i, v := range rows {
		still[v.ID()] = i%3 > 0
	}
	// disturb lets rows come, move and go between two pages: twice on each way, or
	// the list would grow faster than it is read.
	disturb := func(pages int) {
		if pages > 2 {
			return
		}
		moves++
		name := fmt.Sprint("newcomer ", moves)
		c.create(st, tell(r, name, conversationtest.Generate(r.Uint64())).created, begin("passing "+name, in("passing"), of(oneOf(r, texts))))
		for range 3 {
			name := fmt.Sprint(name, r.Uint64())
			v := c.get(st, rows[r.IntN((len(rows)+2)/3)*3].ID())
			next, err := v.Apply(oneOf(r, []conversation.Event{
				asks(name, 9e6+moves), notes(name, 9e6+moves), accepts(name, 9e6+moves, "zed"),
				happens(name, 9e6+moves, conversation.ByAgent("zed"), conversation.Reviewed{Comment: oneOf(r, texts)}),
			}))
			if err == nil { // not everything can happen to every row
				c.save(st, next)
			}
		}
		if moves%3 == 0 {
			_, err := st.DeleteOpenChannel(c.Context(), "passing")
			c.ok(err, "DeleteOpenChannel")
		}
	}
	enough := func(seen []row) {
		if len(seen) > 2*(len(rows)+3*moves) {
			c.Fatalf("a list of %d rows has not ended after %d", len(rows)+3*moves, len(seen))
		}
	}
	for _, col := range columns {
		if !col.field.Sortable() {
			continue
		}
		order := filter.Order{{Field: col.field, Descending: r.IntN(2) == 0}}
		q := everything().OrderBy(order...).Limit(3 + len(rows)/5)
		var on, back []row
		last := store.Page{}
		pages := 0
		for page := c.list(st, q); ; page = c.list(st, q.After(page.Next)) {
			on = append(on, page.Conversations...)
			enough(on)
			if len(page.Conversations) > 0 {
				last = page
			}
			if page.Next == "" {
				break
			}
			pages++
			disturb(pages)
		}
		pages = 0
		for page := last; ; page = c.list(st, q.After(page.Prev)) {
			back = slices.Concat(page.Conversations, back)
			enough(back)
			if page.Prev == "" {
				break
			}
			pages++
			disturb(pages)
		}
		for _, way := range []struct {
			name string
			got  []row
		}{{"on", on}, {"back", back}} {
			moving := func(v row) bool { return !still[v.ID()] }
			got := slices.DeleteFunc(slices.Clone(way.got), moving)
			want := slices.DeleteFunc(expected(rows, filter.All, order), moving)
			if g, w := places(got, 1), places(want, 1); g != w {
				c.Fatalf("by %s, on the way %s, the rows that did not move come as %s, want %s", order, way.name, g, w)
			}
		}
	}
}

func listRefusesOtherCursors(c *check) {
	st := c.store()
	c.create(st, several(5, "a")...)
	where := filter.CustomerID.Is("zoe")
	base := store.NewQuery(access.System()).Limit(2)
	asked := base.Where(where).OrderBy(filter.CreatedAt.Desc())
	page, err := st.List(c.Context(), asked)
	c.ok(err, "List")
	if page.Next == "" {
		c.Fatalf("a page of 2 of 5 rows has no Next")
	}
	for _, other := range []struct {
		what  string
		query store.Query
	}{
		{"without the predicate", base.OrderBy(filter.CreatedAt.Desc())},
		{"with another predicate", base.Where(filter.CustomerID.Is("Zoe")).OrderBy(filter.CreatedAt.Desc())},
		{"with a further predicate", asked.Where(filter.Active)},
		{"in the other direction", base.Where(where).OrderBy(filter.CreatedAt.Asc())},
		{"by another field", base.Where(where).OrderBy(filter.ModifiedAt.Desc())},
		{"by another key besides", base.Where(where).OrderBy(filter.CreatedAt.Desc(), filter.Agent.Desc())},
		{"by number", base.Where(where).OrderBy()},
	} {
		_, err := st.List(c.Context(), other.query.After(page.Next))
		c.fails(err, filter.ErrCursor, "List %s than the cursor", other.what)
	}
}

func listChangesLimit(c *check) {
	st := c.store()
	rows := c.create(st, several(9, "a")...)
	q := everything()
	var got []row
	for _, limit := range []int{2, 1, 4, 100} {
		page, err := st.List(c.Context(), q.Limit(limit))
		c.ok(err, "List")
		got = append(got, page.Conversations...)
		q = q.After(page.Next)
	}
	if g, w := places(got, rows[0].Number()), places(rows, rows[0].Number()); g != w {
		c.Errorf("pages of 2, 1, 4 and 100 rows have the rows %s, want %s", g, w)
	}
}

func listDoesNotTrustCursors(c *check) {
	st := c.store()
	rows := c.create(st, several(9, "a")...)
	for _, q := range []store.Query{
		everything().Limit(2),
		everything().OrderBy(filter.Customer.Asc(), filter.Agent.Desc(), filter.ClosedAt.Asc()).Limit(2),
		everything().OrderBy(filter.CreatedAt.Desc(), filter.OpenChannelID.Asc()).Limit(2),
	} {
		page, err := st.List(c.Context(), q)
		c.ok(err, "List")
		second, err := st.List(c.Context(), q.After(page.Next))
		c.ok(err, "List")
		for _, cursor := range slices.Concat(tampered(page.Next), tampered(second.Prev)) {
			page, err := st.List(c.Context(), q.After(cursor))
			if err != nil {
				c.fails(err, filter.ErrCursor, "List after %q", cursor)
				continue
			}
			if len(page.Conversations) > 2 || len(page.Conversations) == 0 && page.Next != "" {
				c.Errorf("List after %q has %d rows in a page of 2", cursor, len(page.Conversations))
			}
			for _, v := range page.Conversations {
				if !contains(rows, v.ID()) {
					c.Errorf("List after %q has the row %s, which was not created", cursor, v.ID())
				}
			}
		}
	}
}

// tampered returns wrong cursors made of a right one.
func tampered(cursor string) []string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	all := []string{"!", " " + cursor, cursor + "=", cursor + "\n", "A", strings.Repeat("A", 100_000), "\x00", "%27", "żółć"}
	for i := range len(cursor) {
		all = append(all, cursor[:i]+cursor[i+1:])
		if i > 0 {
			all = append(all, cursor[:i])
		}
		at := strings.IndexByte(alphabet, cursor[i])
		for _, step := range []int{1, 16, 33, 48, 63} {
			all = append(all, cursor[:i]+alphabet[(at+step)%64:][:1]+cursor[i+1:])
		}
	}
	return all
}

func listHandsOut(c *check) {
	st := c.store()
	a, b := c.apply(begin("a"), asks("q", 1)), begin("b")
	given := []row{a, b}
	stored, err := st.Create(c.Context(), given...)
	c.ok(err, "Create")
	numbers := numbersOf(stored)
	clear(given)
	clear(stored)
	for range 2 {
		page, err := st.List(c.Context(), everything())
		c.ok(err, "List")
		c.sameRows(page.Conversations, []row{a.Saved(numbers[0]), b.Saved(numbers[1])})
		clear(page.Conversations)
		timeline, err := st.Timeline(c.Context(), access.System(), a.ID(), store.Range{})
		c.ok(err, "Timeline")
		c.sameEvents(timeline.Events, a.Changes(), "the timeline")
		clear(timeline.Events)
	}
}

func (c *check) sameRows(got, want []row) {
	c.Helper()
	if len(got) != len(want) {
		c.Fatalf("the list has %d rows, want %d", len(got), len(want))
	}
	for i := range got {
		c.same(got[i], want[i], "what List returns")
	}
}

func listRefusesInvalid(c *check) {
	st := c.store()
	c.create(st, several(2, "a")...)
	deep, wide := filter.Spam.Is(true), make([]filter.Predicate, filter.MaxLeaves+1)
	for range filter.MaxDepth {
		deep = filter.Not(deep)
	}
	for i := range wide {
		wide[i] = filter.Spam.Is(false)
	}
	many := make([]filter.SortKey, 0, filter.MaxSortKeys+1)
	for _, col := range columns[:filter.MaxSortKeys+1] {
		many = append(many, col.field.Asc())
	}
	q := everything()
	for _, test := range []struct {
		what string
		q    store.Query
		want error
	}{
		{"a predicate that is nil", q.Where(nil), filter.ErrPredicate},
		{"an empty condition", q.Where(filter.Condition{}), filter.ErrPredicate},
		{"a predicate that is too deep", q.Where(deep), filter.ErrPredicate},
		{"a predicate of too many conditions", q.Where(filter.And(wide...)), filter.ErrPredicate},
		{"a list that is too long", q.Where(filter.MessageCount.In(make([]int64, filter.MaxList+1)...)), filter.ErrPredicate},
		{"a text that is too long", q.Where(filter.Customer.Contains(strings.Repeat("a", filter.MaxText+1))), filter.ErrPredicate},
		{"a key without a field", q.OrderBy(filter.SortKey{}), filter.ErrOrder},
		{"a key that is a set", q.OrderBy(filter.Links.Asc()), filter.ErrOrder},
		{"a key that stands twice", q.OrderBy(filter.Agent.Asc(), filter.Agent.Desc()), filter.ErrOrder},
		{"too many keys", q.OrderBy(many...), filter.ErrOrder},
	} {
		_, err := st.List(c.Context(), test.q)
		c.fails(err, test.want, "List by %s", test.what)
		if errors.Is(test.want, filter.ErrPredicate) {
			_, err = st.Count(c.Context(), test.q, 0)
			c.fails(err, test.want, "Count by %s", test.what)
		}
	}
}

func listTakesLimits(c *check) {
	st := c.store()
	rows := c.fill(st)
	r := c.random()
	lists := make([]filter.Predicate, filter.MaxLeaves)
	for i := range lists {
		values := make([]int64, filter.MaxList)
		for j := range values {
			values[j] = int64(r.IntN(100 * c.effort.rows))
		}
		lists[i] = filter.ConversationNumber.In(values...)
	}
	texts := make([]filter.Predicate, filter.MaxLeaves)
	for i := range texts {
		texts[i] = filter.Customer.Contains(strings.Repeat(fmt.Sprintf("ł%d", i), filter.MaxText/4))
	}
	deep := filter.CustomerRating.Greater(2)
	for range filter.MaxDepth - 2 { // Where adds a level, the condition is the last
		deep = filter.Not(deep)
	}
	var order filter.Order
	for _, col := range columns {
		if col.field.Sortable() && len(order) < filter.MaxSortKeys && col.field.Optional() {
			order = append(order, filter.SortKey{Field: col.field, Descending: len(order)%2 == 0})
		}
	}
	for _, test := range []struct {
		what  string
		where filter.Predicate
	}{
		{"as many lists as allowed, each as long as allowed", filter.Or(lists...)},
		{"as many texts as allowed, each as long as allowed", filter.Or(texts...)},
		{"as deep as allowed", deep},
		{"by as many keys as allowed", filter.All},
	} {
		c.answers(st, everything().Where(test.where).OrderBy(order...), 40, expected(rows, test.where, order), test.what)
	}
}
