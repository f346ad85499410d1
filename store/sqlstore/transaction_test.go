package sqlstore_test

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/store"
)

// impatient is a context that is cancelled when it is looked at for the nth time:
// with n from 1 on, a call is interrupted at every place where it can be.
type impatient struct {
	context.Context
	cancel context.CancelFunc

	mu   sync.Mutex
	left int
}

func newImpatient(ctx context.Context, n int) *impatient {
	inner, cancel := context.WithCancel(ctx)
	return &impatient{Context: inner, cancel: cancel, left: n}
}

func (c *impatient) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left == 0 {
		c.cancel()
	}
	return c.Context.Done()
}

func TestAnInterruptedWriteLeavesNothing(t *testing.T) {
	pool := onFile(t, recommended)
	st := accountOf(t, migrated(t, pool), "acme")
	old, err := st.Create(t.Context(), generated(t, 1))
	require.NoError(t, err)
	var fresh []conversation.Conversation
	for seed := range uint64(300) {
		fresh = append(fresh, generated(t, 2+seed))
	}
	changed, err := old[0].Apply(noteOn(old[0], "late"))
	require.NoError(t, err)

	for _, write := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"create", func(ctx context.Context) error { _, err := st.Create(ctx, fresh...); return err }},
		{"save", func(ctx context.Context) error { _, err := st.Save(ctx, changed); return err }},
	} {
		t.Run(write.name, func(t *testing.T) {
			before := contents(t, pool)
			interrupted := 0
			for n := 1; ; n++ {
				ctx := newImpatient(t.Context(), n)
				err := write.run(ctx)
				ctx.cancel()
				if err == nil {
					break
				}
				require.ErrorIs(t, err, context.Canceled)
				require.Equal(t, before, contents(t, pool), "interrupted at look %d", n)
				interrupted++
			}
			require.NotEqual(t, before, contents(t, pool), "what was acknowledged is there")
			require.Greater(t, interrupted, 5, "it was interrupted in the middle")
		})
	}
}

// contents returns the numbers of rows, the last number and the versions.
func contents(t *testing.T, pool *sql.DB) string {
	t.Helper()
	return strings.Join(column(t, pool, `
		SELECT 'conversations ' || COUNT(*) || ' ' || SUM(version) FROM colloquy_conversations
		UNION ALL SELECT 'events ' || COUNT(*) FROM colloquy_events
		UNION ALL SELECT 'members ' || COUNT(*) FROM colloquy_members
		UNION ALL SELECT 'numbers ' || SUM(last_number) FROM colloquy_accounts`), ", ")
}

func noteOn(c conversation.Conversation, id string) conversation.Event {
	return conversation.Event{
		ID: conversation.DeriveEventID(c.ID().String(), id), At: c.ModifiedAt().Add(time.Minute),
		By: conversation.ByAgent("ann"), Body: conversation.Noted{Text: id},
	}
}

func TestWritesWaitForOneAnother(t *testing.T) {
	// Somebody else writes to the file, in whatever program, and nobody set a busy timeout.
	pool := onFile(t, "")
	st := accountOf(t, migrated(t, pool), "acme")
	created, err := st.Create(t.Context(), generated(t, 1))
	require.NoError(t, err)
	changed, err := created[0].Apply(noteOn(created[0], "note"))
	require.NoError(t, err)

	t.Run("until the context is done", func(t *testing.T) {
		release := lock(t, pool)
		defer release()
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		defer cancel()
		_, err := st.Save(ctx, changed)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
	t.Run("and succeed when it is their turn", func(t *testing.T) {
		release := lock(t, pool)
		// Released at a look that comes after several attempts.
		ctx := newImpatient(t.Context(), 100)
		ctx.cancel = release
		saved, err := st.Save(ctx, changed)
		require.NoError(t, err)
		require.Equal(t, changed.Version(), saved.Base())
	})
}

// lock takes SQLite's lock for writing.
func lock(t *testing.T, pool *sql.DB) (release func()) {
	t.Helper()
	conn, err := pool.Conn(t.Context())
	require.NoError(t, err)
	_, err = conn.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	require.NoError(t, err)
	return sync.OnceFunc(func() {
		_, err := conn.ExecContext(context.WithoutCancel(t.Context()), "ROLLBACK")
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	})
}

func TestDeletionInBatches(t *testing.T) {
	pool := onFile(t, recommended)
	st := accountOf(t, migrated(t, pool), "acme")
	var all []conversation.Conversation
	for seed := range uint64(900) {
		all = append(all, generated(t, seed))
	}
	_, err := st.Create(t.Context(), all...)
	require.NoError(t, err)

	var deleted, want store.Deleted
	for _, c := range all {
		if c.OpenChannel().ID == "sales" {
			want.Conversations++
			want.Events += int(c.Version())
		}
	}
	calls := 0
	for n := 20; ; n += 20 {
		ctx := newImpatient(t.Context(), n)
		part, err := st.DeleteOpenChannel(ctx, "sales")
		ctx.cancel()
		calls++
		deleted.Conversations += part.Conversations
		deleted.Events += part.Events
		if err == nil {
			break
		}
		require.ErrorIs(t, err, context.Canceled)
	}
	require.Equal(t, want, deleted)
	require.Greater(t, calls, 1, "it was interrupted")
	for _, table := range []string{"events", "members"} {
		orphans := column(t, pool, "SELECT COUNT(*) FROM colloquy_"+table+
			" WHERE conversation_id NOT IN (SELECT id FROM colloquy_conversations)")
		require.Equal(t, []string{"0"}, orphans, table)
	}
}
