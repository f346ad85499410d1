package conversation_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/conversation/conversationtest"
)

func FuzzEventJSON(f *testing.F) {
	for _, e := range oneOfEach {
		data, err := json.Marshal(e)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add([]byte(`{"v":1,"id":"6ba7b810-9dad-51d1-80b4-00c04fd430c8","at":"2026-01-05T09:00:00.9999+01:00","by":{"kind":"system"},"kind":"finished","body":null}`))
	base, err := conversationtest.Apply(conversation.Conversation{}, "0 customer, 5 agent ann")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, data []byte) {
		var e conversation.Event
		if err := e.UnmarshalJSON(data); err != nil {
			require.ErrorIs(t, err, conversation.ErrEventJSON)
			require.Equal(t, conversation.Event{}, e)
			return
		}
		require.NoError(t, e.Validate())
		written, err := json.Marshal(e)
		require.NoError(t, err)
		var again conversation.Event
		require.NoError(t, json.Unmarshal(written, &again))
		require.Equal(t, e, again)
		if next, err := base.Apply(e); err == nil {
			_, err = conversation.FromSnapshot(next.Snapshot())
			require.NoError(t, err)
		}
	})
}

func FuzzParseID(f *testing.F) {
	for _, s := range []string{someID, strings.ToUpper(someID), "{" + someID + "}", "urn:uuid:" + someID, "", "00000000-0000-0000-0000-000000000000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := conversation.ParseID(s)
		event, eventErr := conversation.ParseEventID(s)
		require.Equal(t, err == nil, eventErr == nil)
		if err != nil {
			require.ErrorIs(t, err, conversation.ErrID)
			require.True(t, id.IsZero())
			return
		}
		require.Equal(t, strings.ToLower(s), id.String())
		require.Equal(t, id.Bytes(), event.Bytes())
	})
}
