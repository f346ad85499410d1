package conversation

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
)

// ID names a conversation. The zero ID names none. IDs compare with ==.
type ID struct{ key }

// EventID names an event. It is what makes an event happen once: applying an
// event whose ID is known already has no effect. The zero EventID names none.
type EventID struct{ key }

// key is what both ids are: a UUID that is only ever read in its 36-character
// form and never accepted as nil.
type key struct{ u uuid.UUID }

// ErrID is what a text or bytes that are no id give.
var ErrID = errors.New("not an id")

// ParseID reads the 36-character form, in either case. Anything else, the nil
// UUID included, is [ErrID].
func ParseID(s string) (ID, error) {
	k, err := parseKey(s)
	return ID{k}, err
}

// ParseEventID reads the 36-character form; see [ParseID].
func ParseEventID(s string) (EventID, error) {
	k, err := parseKey(s)
	return EventID{k}, err
}

// IDFromBytes reads the 16 bytes that Bytes returns. Anything else is [ErrID].
func IDFromBytes(b []byte) (ID, error) {
	k, err := keyFromBytes(b)
	return ID{k}, err
}

// EventIDFromBytes reads the 16 bytes that Bytes returns. Anything else is [ErrID].
func EventIDFromBytes(b []byte) (EventID, error) {
	k, err := keyFromBytes(b)
	return EventID{k}, err
}

// DeriveID returns the id that belongs to a foreign key: the same parts always
// give the same id (UUID version 5), different parts different ones. An import
// that derives its ids can be run again.
func DeriveID(parts ...string) ID { return ID{deriveKey("conversation", parts)} }

// DeriveEventID returns the event id that belongs to a foreign key, such as a
// webhook's own message id; see [DeriveID].
func DeriveEventID(parts ...string) EventID { return EventID{deriveKey("event", parts)} }

// IDSource makes new ids: UUIDs of version 7, which sort by the instant given.
// It reads randomness and no clock. It is safe for concurrent use if its reader is.
type IDSource struct{ random io.Reader }

// NewIDSource returns a source over random, which is crypto/rand.Reader in
// production and something seeded in a test.
func NewIDSource(random io.Reader) *IDSource { return &IDSource{random} }

// ID returns a new conversation id for something that begins at the instant at.
// It fails only when the reader does.
func (s *IDSource) ID(at time.Time) (ID, error) {
	k, err := s.key(at)
	return ID{k}, err
}

// EventID returns a new event id for something that happens at the instant at.
// It fails only when the reader does.
func (s *IDSource) EventID(at time.Time) (EventID, error) {
	k, err := s.key(at)
	return EventID{k}, err
}

// key lays a UUID of version 7 out by RFC 9562, section 5.7: 48 bits of
// milliseconds, the version, the variant, random bits.
func (s *IDSource) key(at time.Time) (key, error) {
	var k key
	if _, err := io.ReadFull(s.random, k.u[6:]); err != nil {
		return key{}, fmt.Errorf("conversation: new id: %w", err)
	}
	ms := uint64(at.UnixMilli())
	for i := range 6 {
		k.u[i] = byte(ms >> (40 - 8*i))
	}
	k.u[6] = k.u[6]&0x0f | 0x70
	k.u[8] = k.u[8]&0x3f | 0x80
	return k, nil
}

func parseKey(s string) (key, error) {
	if len(s) != 36 {
		return key{}, fmt.Errorf("conversation: %w: %q has not 36 characters", ErrID, clip(s))
	}
	u, err := uuid.Parse(s)
	if err != nil || u == uuid.Nil {
		return key{}, fmt.Errorf("conversation: %w: %q", ErrID, s)
	}
	return key{u}, nil
}

func keyFromBytes(b []byte) (key, error) {
	u, err := uuid.FromBytes(b)
	if err != nil || u == uuid.Nil {
		return key{}, fmt.Errorf("conversation: %w: % x", ErrID, clip(string(b)))
	}
	return key{u}, nil
}

// namespace is the name space of derived ids. It may never change.
var namespace = uuid.MustParse("6f1a2c54-2f0b-5c5e-9a53-6d0f1c7d8b21")

func deriveKey(what string, parts []string) key {
	var b strings.Builder
	b.WriteString(what)
	for _, p := range parts {
		fmt.Fprintf(&b, "\x00%d\x00%s", len(p), p)
	}
	return key{uuid.NewSHA1(namespace, []byte(b.String()))}
}

// IsZero reports whether the id names nothing.
func (k key) IsZero() bool { return k.u == uuid.Nil }

// String returns the 36-character form.
func (k key) String() string { return k.u.String() }

// Bytes returns the 16 bytes of the id.
func (k key) Bytes() [16]byte { return k.u }

// MarshalText returns the 36-character form. A zero id is [ErrID].
func (k key) MarshalText() ([]byte, error) {
	if k.IsZero() {
		return nil, fmt.Errorf("conversation: %w: zero", ErrID)
	}
	return k.u.MarshalText()
}

// UnmarshalText reads the 36-character form. Anything else is [ErrID].
func (k *key) UnmarshalText(text []byte) error {
	parsed, err := parseKey(string(text))
	if err == nil {
		*k = parsed
	}
	return err
}

// clip shortens what came from outside for a message.
func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}
