package sqlstore_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/store"
)

func TestNoTextIsTakenForSQL(t *testing.T) {
	for _, text := range []string{
		`'; DROP TABLE colloquy_conversations; --`,
		`' OR '1'='1`,
		`" OR ""="`,
		`\'; DELETE FROM colloquy_events; --`,
		`%' OR 1=1 /*`,
		`) UNION SELECT state FROM colloquy_conversations --`,
		`?1 $1 :a @a`,
		`{prefix}`,
	} {
		t.Run(text, func(t *testing.T) {
			db := migrated(t, onFile(t, recommended))
			other := accountOf(t, db, "other")
			_, err := other.Create(t.Context(), generated(t, 1))
			require.NoError(t, err)

			st := accountOf(t, db, store.Account(text))
			c := hostile(t, text)
			stored, err := st.Create(t.Context(), c)
			require.NoError(t, err)
			got, err := st.Get(t.Context(), access.System(), c.ID())
			require.NoError(t, err)
			require.Equal(t, stored[0].Snapshot(), got.Snapshot())

			link := conversation.Link{Kind: text, ID: text}
			for _, p := range []filter.Predicate{
				filter.OpenChannelID.Is(conversation.OpenChannelID(text)),
				filter.OpenChannel.Contains(text),
				filter.Source.Is(conversation.Source(text)),
				filter.CustomerID.Is(conversation.CustomerID(text)),
				filter.Customer.StartsWith(text),
				filter.Customer.Is(text),
				filter.Agent.In("x", conversation.AgentID(text)),
				filter.SitePage.Contains(text),
				filter.ReviewComment.Contains(text),
				filter.RatedAgent.Is(conversation.AgentID(text)),
				filter.LinkKinds.AllOf(text),
				filter.Links.AnyOf(link),
				filter.Participants.AllOf(conversation.AgentID(text), "ann"),
			} {
				for _, within := range []access.Scope{access.System(), access.Within(p)} {
					found, err := st.Count(t.Context(), store.NewQuery(within).Where(p), 0)
					require.NoError(t, err)
					require.Equal(t, store.Count{N: 1}, found)
				}
				none, err := st.Count(t.Context(), store.NewQuery(access.System()).Where(filter.Not(p)), 0)
				require.NoError(t, err)
				require.Equal(t, store.Count{}, none)
			}

			deleted, err := st.DeleteOpenChannel(t.Context(), conversation.OpenChannelID(text))
			require.NoError(t, err)
			require.Equal(t, store.Deleted{Conversations: 1, Events: int(c.Version())}, deleted)
			left, err := other.Count(t.Context(), store.NewQuery(access.System()), 0)
			require.NoError(t, err)
			require.Equal(t, store.Count{N: 1}, left)
		})
	}
}

// hostile returns a conversation that says text wherever a text is kept.
func hostile(t *testing.T, text string) conversation.Conversation {
	t.Helper()
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	id := func(n string) conversation.EventID { return conversation.DeriveEventID(text, n) }
	c, err := conversation.Start(id("start"), at, conversation.ByCustomer(), conversation.Started{
		Conversation: conversation.DeriveID(text), Direction: conversation.Incoming,
		OpenChannel: conversation.OpenChannel{ID: conversation.OpenChannelID(text), Name: text},
		Source:      conversation.Source(text), SitePage: text,
		Customer: conversation.Customer{ID: conversation.CustomerID(text), Name: text},
	})
	require.NoError(t, err)
	agent := conversation.ByAgent(conversation.AgentID(text))
	for _, e := range []struct {
		by   conversation.Author
		body conversation.Body
	}{
		{conversation.ByCustomer(), conversation.Wrote{Text: text}},
		{agent, conversation.Accepted{}},
		{conversation.ByAgent("ann"), conversation.Noted{Text: text}},
		{agent, conversation.Linked{Link: conversation.Link{Kind: text, ID: text, Caption: text}}},
		{conversation.Author{Kind: conversation.AuthorCustomer, ID: text}, conversation.Rated{Rating: conversation.Like}},
		{agent, conversation.Reviewed{Comment: text}},
	} {
		at = at.Add(time.Second)
		c, err = c.Apply(conversation.Event{ID: id(at.String()), At: at, By: e.by, Body: e.body})
		require.NoError(t, err)
	}
	return c
}
