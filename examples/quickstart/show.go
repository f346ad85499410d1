package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
	"github.com/colloquy-go/colloquy/store"
)

// everything asks for all conversations: this program is the administrator.
var everything = store.NewQuery(access.System())

// show writes everything a person wants to see first.
func show(ctx context.Context, st store.Store, out *strings.Builder) error {
	for _, part := range []func(context.Context, store.Store, *strings.Builder) error{
		showList, showTotals, showWaiting, showHistory, showPages,
	} {
		if err := part(ctx, st, out); err != nil {
			return err
		}
	}
	return nil
}

func showList(ctx context.Context, st store.Store, out *strings.Builder) error {
	page, err := st.List(ctx, everything.Limit(15))
	if err != nil {
		return err
	}
	heading(out, "The conversation list, latest message first")
	fmt.Fprintln(out, rows(page.Conversations))
	return nil
}

func showTotals(ctx context.Context, st store.Store, out *strings.Builder) error {
	heading(out, "Totals by status")
	channels, err := openChannels(ctx, st)
	if err != nil {
		return err
	}
	header, widths := table.Row{"status", "detailed"}, []int{7, 13}
	for _, channel := range channels {
		header, widths = append(header, channel.Name), append(widths, 15)
	}
	t := newTable(append(header, "all"), append(widths, 7)...)
	for s := range status.AllDetailed() {
		q := everything.Where(filter.Detailed.Is(s))
		row := table.Row{s.General(), s}
		for _, channel := range channels {
			n, err := st.Count(ctx, q.Where(filter.OpenChannelID.Is(channel.ID)), 0)
			if err != nil {
				return err
			}
			row = append(row, n)
		}
		n, err := st.Count(ctx, q, 0)
		if err != nil {
			return err
		}
		t.AppendRow(append(row, n))
	}
	active, err := st.Count(ctx, everything.Where(filter.Active), 0)
	if err != nil {
		return err
	}
	all, err := st.Count(ctx, everything, 0)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, t.Render())
	fmt.Fprintf(out, "%s of %s conversations are active.\n", active, all)
	return nil
}

// showWaiting shows for each open channel who waits longest, as of the latest
// change in it: the data lies in the past, each set in another one.
func showWaiting(ctx context.Context, st store.Store, out *strings.Builder) error {
	heading(out, "Who waits longest")
	t := newTable(table.Row{"no", "open channel", "as of", "detailed", "customer", "agent", "waits", "the customer wrote last"}, 6, 15, 16, 13, 11, 13, 8, 28)
	channels, err := openChannels(ctx, st)
	if err != nil {
		return err
	}
	for _, channel := range channels {
		q := everything.Where(filter.OpenChannelID.Is(channel.ID))
		latest, err := st.List(ctx, q.OrderBy(filter.ModifiedAt.Desc()).Limit(1))
		if err != nil {
			return err
		}
		now := latest.Conversations[0].ModifiedAt()
		// Whoever has waited for more than a month has gone elsewhere.
		recent := filter.WaitingSince.After(now.AddDate(0, -1, 0))
		page, err := st.List(ctx, q.Where(recent).OrderBy(filter.WaitingSince.Asc()).Limit(5))
		if err != nil {
			return err
		}
		for _, c := range page.Conversations {
			said, err := lastWords(ctx, st, c.ID())
			if err != nil {
				return err
			}
			t.AppendRow(table.Row{c.Number(), channel.Name, minute(now), c.Detailed(), name(c), c.Agent(), c.Waiting(now), said})
		}
	}
	fmt.Fprintln(out, t.Render())
	return nil
}

// openChannels walks the list from one open channel to the next, to the fifth at
// most: a public data set has dozens.
func openChannels(ctx context.Context, st store.Store) ([]conversation.OpenChannel, error) {
	var found []conversation.OpenChannel
	var known []conversation.OpenChannelID
	for len(found) < 5 {
		page, err := st.List(ctx, everything.Where(filter.Not(filter.OpenChannelID.In(known...))).Limit(1))
		if err != nil {
			return nil, err
		}
		if len(page.Conversations) == 0 {
			break
		}
		channel := page.Conversations[0].OpenChannel()
		found, known = append(found, channel), append(known, channel.ID)
	}
	return found, nil
}

func lastWords(ctx context.Context, st store.Store, id conversation.ID) (string, error) {
	page, err := st.Timeline(ctx, access.System(), id, store.Range{NewestFirst: true})
	if err != nil {
		return "", err
	}
	for _, e := range page.Events {
		if wrote, ok := e.Body.(conversation.Wrote); ok && e.By.Kind == conversation.AuthorCustomer {
			return wrote.Text, nil
		}
	}
	return "", nil
}

// showHistory shows a conversation of medium length, the one with the slowest
// reaction.
func showHistory(ctx context.Context, st store.Store, out *strings.Builder) error {
	q := everything.Where(filter.MessageCount.Between(6, 12)).OrderBy(filter.MaxReaction.Desc()).Limit(1)
	page, err := st.List(ctx, q)
	if err != nil || len(page.Conversations) == 0 {
		return err
	}
	c := page.Conversations[0]
	heading(out, fmt.Sprintf("The history of conversation %d", c.Number()))
	t := newTable(table.Row{"at", "who", "what", "text"}, 19, 20, 16, 60)
	events, err := store.Events(ctx, st, access.System(), c.ID())
	if err != nil {
		return err
	}
	for _, e := range events {
		t.AppendRow(table.Row{e.At.Format(time.DateTime), e.By, e.Kind(), words(e)})
	}
	fmt.Fprintln(out, t.Render())
	m := c.Metrics()
	fmt.Fprintf(out, "It is %s. First reply after %s; %d reactions took %s together, %s on average, %s at most.\n",
		c.Detailed(), m.FirstReplyWait, m.Reactions, m.TotalReaction, m.MeanReaction, m.MaxReaction)
	return nil
}

func words(e conversation.Event) string {
	switch b := e.Body.(type) {
	case conversation.Wrote:
		return b.Text
	case conversation.Noted:
		return b.Text
	case conversation.AutoReplied:
		return b.Text
	case conversation.ForwardedToAgent:
		return "to " + string(b.To)
	default:
		return ""
	}
}

// showPages shows a filtered list and its next page.
func showPages(ctx context.Context, st store.Store, out *strings.Builder) error {
	q := everything.
		Where(filter.Detailed.In(status.WaitingAgain, status.Queued), filter.MaxReaction.Greater(2*time.Minute)).
		OrderBy(filter.MaxReaction.Desc()).
		Limit(5)
	for _, title := range []string{"Waiting again or queued, with a reaction above 2 minutes, slowest first", "The next page, by cursor"} {
		page, err := st.List(ctx, q)
		if err != nil {
			return err
		}
		heading(out, title)
		fmt.Fprintln(out, rows(page.Conversations))
		if page.Next == "" {
			break
		}
		q = q.After(page.Next)
	}
	return nil
}

func heading(out *strings.Builder, title string) {
	fmt.Fprintf(out, "\n%s\n%s\n\n", title, strings.Repeat("=", text.StringWidthWithoutEscSequences(title)))
}

// rows draws a list in 120 columns.
func rows(cs []conversation.Conversation) string {
	t := newTable(table.Row{"no", "open channel", "source", "status", "detailed", "customer", "agent", "created", "1st reply", "mean", "max"},
		6, 15, 11, 7, 13, 11, 13, 16, 9, 7, 7)
	for i := range cs {
		c := &cs[i]
		m := c.Metrics()
		t.AppendRow(table.Row{
			c.Number(), c.OpenChannel().Name, c.Source(), c.General(), c.Detailed(), name(*c), c.Agent(),
			minute(c.CreatedAt()), m.FirstReplyWait, m.MeanReaction, m.MaxReaction,
		})
	}
	return t.Render()
}

// newTable returns a table whose columns are cut at the given widths.
func newTable(header table.Row, widths ...int) table.Writer {
	t := table.NewWriter()
	style := table.StyleDefault
	style.Format.Header = text.FormatDefault
	style.Options = table.Options{SeparateHeader: true}
	style.Box = table.BoxStyle{MiddleHorizontal: "─", PaddingRight: " "}
	t.SetStyle(style)
	t.AppendHeader(header)
	configs := make([]table.ColumnConfig, len(widths))
	for i, w := range widths {
		configs[i] = table.ColumnConfig{
			Number: i + 1, Align: text.AlignLeft,
			Transformer: func(v any) string { return cut(fmt.Sprint(v), w) },
		}
	}
	t.SetColumnConfigs(configs)
	return t
}

// cut makes a text one line of at most width columns.
func cut(s string, width int) string {
	s = strings.Join(strings.Fields(s), " ")
	if text.StringWidthWithoutEscSequences(s) <= width {
		return s
	}
	return text.Trim(s, width-1) + "…"
}

func name(c conversation.Conversation) string {
	if c.Customer().Name != "" {
		return c.Customer().Name
	}
	return string(c.Customer().ID)
}

func minute(t time.Time) string { return t.Format("2006-01-02 15:04") }
