package status_test

import (
	"encoding"
	"encoding/json"
	"fmt"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/status"
)

func TestDetailedText(t *testing.T) {
	testText(t, status.AllDetailed(), status.ParseDetailed, "Detailed",
		"new", "queued", "accepted", "waiting", "waiting_again", "replied", "closing", "closed", "spam")
}

func TestGeneralText(t *testing.T) {
	testText(t, status.AllGeneral(), status.ParseGeneral, "General",
		"waiting", "replied", "closed")
}

func TestTriggerText(t *testing.T) {
	testText(t, status.AllTriggers(), status.ParseTrigger, "Trigger",
		"customer_message", "agent_message", "accept", "take_over", "forward", "queue", "start_closing", "finish", "force_finish")
}

// textValue is what the three types have in common.
type textValue interface {
	~uint8
	fmt.Stringer
	encoding.TextMarshaler
}

// testText checks a type whose values 1, 2 ... have the given stored texts.
func testText[T textValue, P interface {
	*T
	encoding.TextUnmarshaler
}](t *testing.T, all iter.Seq[T], parse func(string) (T, error), typ string, texts ...string) {
	t.Helper()

	t.Run("all values come in order and their numbers never change", func(t *testing.T) {
		want := T(1)
		for v := range all {
			require.Equal(t, want, v)
			want++
		}
		require.Equal(t, len(texts)+1, int(want))
	})

	t.Run("a loop over all values can stop early", func(t *testing.T) {
		for v := range all {
			require.Equal(t, T(1), v)
			break
		}
	})

	for i, text := range texts {
		v := T(i + 1)
		t.Run(text+" round-trips", func(t *testing.T) {
			require.Equal(t, text, v.String())

			parsed, err := parse(text)
			require.NoError(t, err)
			require.Equal(t, v, parsed)

			marshaled, err := v.MarshalText()
			require.NoError(t, err)
			require.Equal(t, text, string(marshaled))

			var unmarshaled T
			require.NoError(t, P(&unmarshaled).UnmarshalText(marshaled))
			require.Equal(t, v, unmarshaled)

			type document struct {
				Value T
				ByKey map[T]T
			}
			written := document{Value: v, ByKey: map[T]T{v: v}}
			asJSON, err := json.Marshal(written)
			require.NoError(t, err)
			require.Equal(t, fmt.Sprintf(`{"Value":%q,"ByKey":{%q:%q}}`, text, text, text), string(asJSON))
			var read document
			require.NoError(t, json.Unmarshal(asJSON, &read))
			require.Equal(t, written, read)
		})
	}

	t.Run("a value out of range is never written", func(t *testing.T) {
		for n := range 256 {
			if 1 <= n && n <= len(texts) {
				continue
			}
			v := T(n)
			require.Equal(t, fmt.Sprintf("%s(%d)", typ, n), v.String())
			_, err := v.MarshalText()
			require.ErrorIs(t, err, status.ErrInvalid)
			require.EqualError(t, err, fmt.Sprintf("status: marshal: invalid value %s(%d)", typ, n))
			_, err = json.Marshal(v)
			require.ErrorIs(t, err, status.ErrInvalid)
			_, err = parse(v.String())
			require.ErrorIs(t, err, status.ErrInvalid)
		}
	})

	t.Run("any other text is refused and leaves the value as it was", func(t *testing.T) {
		first := texts[0]
		for _, text := range []string{"", " ", "0", "1", "unknown", first + " ", " " + first, first[:len(first)-1], first + "\x00", "W" + first[1:], "\xff"} {
			_, err := parse(text)
			require.ErrorIs(t, err, status.ErrInvalid, "%q", text)
			require.ErrorContains(t, err, fmt.Sprintf("%q", text))

			v := T(2)
			require.ErrorIs(t, P(&v).UnmarshalText([]byte(text)), status.ErrInvalid, "%q", text)
			require.Equal(t, T(2), v)
		}
		v := T(2)
		require.Error(t, json.Unmarshal([]byte(`1`), &v))
		require.Equal(t, T(2), v)
	})
}

func FuzzParseDetailed(f *testing.F) { fuzzParse(f, status.AllDetailed(), status.ParseDetailed) }
func FuzzParseGeneral(f *testing.F)  { fuzzParse(f, status.AllGeneral(), status.ParseGeneral) }
func FuzzParseTrigger(f *testing.F)  { fuzzParse(f, status.AllTriggers(), status.ParseTrigger) }

// fuzzParse checks that a parser takes exactly the texts of the values.
func fuzzParse[T textValue](f *testing.F, all iter.Seq[T], parse func(string) (T, error)) {
	texts := map[string]T{}
	for v := range all {
		texts[v.String()] = v
		f.Add(v.String())
		f.Add(v.String() + " ")
	}
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		v, err := parse(text)
		want, known := texts[text]
		require.Equal(t, want, v)
		if !known {
			require.ErrorIs(t, err, status.ErrInvalid)
			return
		}
		require.NoError(t, err)
		require.Equal(t, text, v.String())
	})
}
