package sqlstore

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFewStatementsAreKept(t *testing.T) {
	st := testAccount(t)
	p := st.db.prepared
	errs := make(chan error)
	const askers = 4
	for asker := range askers {
		go func() {
			for n := range 2 * maxPrepared {
				// All ask the same at about the same time, some of it again.
				s := &statement{}
				s.write(fmt.Sprintf("SELECT %d", n-n%(asker+1)))
				got, err := number(t.Context(), p, s)
				if err == nil && got != int64(n-n%(asker+1)) {
					err = fmt.Errorf("%s gives %d", s, got)
				}
				if err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range askers {
		require.NoError(t, <-errs)
	}
	require.Len(t, p.kept, maxPrepared)
	for text, s := range p.kept {
		require.Zero(t, s.users, text)
		require.False(t, s.dropped, text)
	}
}

func TestRowsOutliveTheirStatement(t *testing.T) {
	st := testAccount(t)
	p := st.db.prepared
	rows, err := p.QueryContext(t.Context(), "SELECT 1 UNION ALL SELECT 2")
	require.NoError(t, err)
	defer rows.Close()
	require.True(t, rows.Next())
	for n := range 3 * maxPrepared {
		_, err := number(t.Context(), p, &statement{sql: fmt.Appendf(nil, "SELECT %d", n)})
		require.NoError(t, err)
	}
	require.True(t, rows.Next())
	var n int
	require.NoError(t, rows.Scan(&n))
	require.Equal(t, 2, n)
	require.False(t, rows.Next())
	require.NoError(t, rows.Err())
}
