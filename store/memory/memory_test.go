package memory_test

import (
	"testing"

	"github.com/colloquy-go/colloquy/store"
	"github.com/colloquy-go/colloquy/store/memory"
	"github.com/colloquy-go/colloquy/store/storetest"
)

func TestMemoryKeepsTheRulesOfEveryStore(t *testing.T) {
	storetest.Run(t, func(testing.TB) func(store.Account) (store.Store, error) { return memory.New().Account })
}
