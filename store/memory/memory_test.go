package memory_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/access"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
	"github.com/colloquy-go/colloquy/store"
	"github.com/colloquy-go/colloquy/store/memory"
	"github.com/colloquy-go/colloquy/store/storetest"
)

func TestMemoryKeepsTheRulesOfEveryStore(t *testing.T) {
	storetest.Run(t, func(testing.TB) func(store.Account) (store.Store, error) { return memory.New().Account })
}

func TestAccountsAreOpenedAtOnce(t *testing.T) {
	db := memory.New()
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			st, err := db.Account("acme")
			if !assert.NoError(t, err) {
				return
			}
			_, err = st.Create(t.Context(), conversationtest.Play(t, fmt.Sprintf("%d customer", i)))
			assert.NoError(t, err)
		})
	}
	wg.Wait()
	st, err := db.Account("acme")
	require.NoError(t, err)
	count, err := st.Count(t.Context(), store.NewQuery(access.System()), 0)
	require.NoError(t, err)
	require.Equal(t, store.Count{N: 20}, count)
}
