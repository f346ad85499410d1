package conversation_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
)

const someID = "6ba7b810-9dad-51d1-80b4-00c04fd430c8"

func TestOnlyThe36CharacterFormIsAnID(t *testing.T) {
	id, err := conversation.ParseID(someID)
	require.NoError(t, err)
	require.Equal(t, someID, id.String())
	upper, err := conversation.ParseID(strings.ToUpper(someID))
	require.NoError(t, err)
	require.True(t, id == upper, "in either case")

	for _, wrong := range []string{
		"",
		"00000000-0000-0000-0000-000000000000",
		"6ba7b8109dad51d180b400c04fd430c8",
		"{" + someID + "}",
		"urn:uuid:" + someID,
		someID + " ",
		someID[:35] + "g",
		strings.ReplaceAll(someID, "-", "_"),
		"6ba7b810-9dad-51d1-80b4-00c04fd430cé",
		strings.Repeat("long", 100),
	} {
		_, err := conversation.ParseID(wrong)
		require.ErrorIs(t, err, conversation.ErrID, wrong)
		require.Less(t, len(err.Error()), 150, "what came from outside is shortened")
		_, err = conversation.ParseEventID(wrong)
		require.ErrorIs(t, err, conversation.ErrID, wrong)
		kept := id
		require.ErrorIs(t, kept.UnmarshalText([]byte(wrong)), conversation.ErrID)
		require.Equal(t, id, kept, "unchanged")
	}
}

func TestIDsRoundTrip(t *testing.T) {
	id, event := conversation.DeriveID("1"), conversation.DeriveEventID("1")

	bytesOf := id.Bytes()
	back, err := conversation.IDFromBytes(bytesOf[:])
	require.NoError(t, err)
	require.Equal(t, id, back)
	bytesOf = event.Bytes()
	backEvent, err := conversation.EventIDFromBytes(bytesOf[:])
	require.NoError(t, err)
	require.Equal(t, event, backEvent)
	for _, wrong := range [][]byte{nil, make([]byte, 16), bytesOf[:15], append(bytesOf[:], 0)} {
		_, err := conversation.IDFromBytes(wrong)
		require.ErrorIs(t, err, conversation.ErrID)
		_, err = conversation.EventIDFromBytes(wrong)
		require.ErrorIs(t, err, conversation.ErrID)
	}

	data, err := json.Marshal(map[conversation.ID]conversation.EventID{id: event})
	require.NoError(t, err)
	var read map[conversation.ID]conversation.EventID
	require.NoError(t, json.Unmarshal(data, &read))
	require.Equal(t, map[conversation.ID]conversation.EventID{id: event}, read)

	require.True(t, conversation.ID{}.IsZero())
	require.False(t, id.IsZero())
	_, err = json.Marshal(conversation.EventID{})
	require.ErrorIs(t, err, conversation.ErrID, "the zero id is not written")
}

func TestDerivedIDsNeverChange(t *testing.T) {
	// Stored by imports: a change here would import everything a second time.
	require.Equal(t, "57488d5c-50ad-504a-b4a9-3046c395cbb6", conversation.DeriveID("zendesk", "ticket-17").String())
	require.Equal(t, "3ea538a5-c7b0-59aa-9afa-3d7a6d77f061", conversation.DeriveEventID("zendesk", "ticket-17").String())
}

func TestDifferentPartsGiveDifferentIDs(t *testing.T) {
	seen := map[conversation.ID][]string{}
	for _, parts := range [][]string{
		nil, {""}, {"", ""}, {"a"}, {"b"}, {"ab"}, {"a", "b"}, {"b", "a"}, {"a", "", "b"}, {"a\x00b"}, {"a\x001\x00b"}, {"1\x00a"}, {"a\x00", "b"}, {"a", "\x00b"},
	} {
		id := conversation.DeriveID(parts...)
		require.Nil(t, seen[id], "%q and %q", parts, seen[id])
		seen[id] = append([]string{"parts"}, parts...)
		require.NotEqual(t, id.String(), conversation.DeriveEventID(parts...).String())
		require.Equal(t, byte(5), id.Bytes()[6]>>4, "the version")
		require.Equal(t, byte(2), id.Bytes()[8]>>6, "the variant")
	}
}

func TestNewIDsAreOfVersion7(t *testing.T) {
	at := time.UnixMilli(0x0123456789ab)
	source := conversation.NewIDSource(bytes.NewReader(bytes.Repeat([]byte{0xff}, 20)))
	id, err := source.ID(at)
	require.NoError(t, err)
	require.Equal(t, "01234567-89ab-7fff-bfff-ffffffffffff", id.String())
	event, err := source.EventID(at.Add(time.Millisecond))
	require.NoError(t, err)
	require.Equal(t, "01234567-89ac-7fff-bfff-ffffffffffff", event.String())
	_, err = source.ID(at)
	require.ErrorContains(t, err, "conversation: new id: EOF")

	broken := errors.New("broken")
	_, err = conversation.NewIDSource(iotest.ErrReader(broken)).EventID(at)
	require.ErrorIs(t, err, broken)
}

func TestNewIDsSortByTheirInstant(t *testing.T) {
	source := conversation.NewIDSource(rand.NewChaCha8([32]byte{1}))
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	last := ""
	for range 1000 {
		id, err := source.ID(at)
		require.NoError(t, err)
		require.Less(t, last, id.String())
		last, at = id.String(), at.Add(time.Millisecond)
	}
}
