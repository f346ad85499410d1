//go:build race

package sqlstore

import "os"

// The race detector makes the driver ten times slower, and finds nothing in the
// second thousand of questions.
func init() {
	if os.Getenv("STORETEST_QUESTIONS") == "" {
		if err := os.Setenv("STORETEST_QUESTIONS", "50"); err != nil {
			panic(err)
		}
	}
}
