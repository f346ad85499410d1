// Package storetest is the suite that every adapter of package store passes. It
// says what the contract of [store.Store] means.
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t testing.TB) func(store.Account) (store.Store, error) {
//			return memory.New().Account
//		})
//	}
package storetest
