package filter

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/colloquy-go/colloquy/conversation"
)

// ViewID names a view within an account: 1 to [MaxViewID] lower-case letters a to
// z, digits, hyphens and underscores. Text of a UUID is one.
type ViewID string

// View is a way to look at the list: which columns, which conversations, in which
// order, how many at a time, and who is offered it. It says nothing about who may
// see a conversation: every reader sees through it what he may see anyway.
//
// Its condition may hold values that are known only when it is used, such as [Me]
// and [Today], see [View.Resolve].
//
// A store keeps the views of each account by their ID. It must
//   - call Validate before it writes, and leave what it has as it is when that is
//     an error;
//   - replace a view as a whole, in one transaction, and count its Revision up; a
//     view whose Revision is not that of the kept one was changed by somebody else
//     in the meantime and is refused;
//   - give back the view with the JSON of the one it was given;
//   - list the views of an audience, sorted by ID;
//   - delete those for an open channel with the open channel.
//
// Who may change or delete a view that others use is decided before the store is
// called.
type View struct {
	ID       ViewID
	Revision uint64    // 0 until a store keeps it
	Name     string    // what people read
	Columns  []Column  // from left to right; at least one, each once
	Where    Predicate // nil: every conversation
	Order    Order     // empty: by number
	PageSize int       // 1 to [MaxPageSize]; 0: whatever the store's default is
	Audience Audience
}

// The limits on a view.
const (
	MaxViewID   = 64   // bytes
	MaxViewName = 256  // bytes
	MaxPageSize = 1000 // conversations
)

// Audience is who is offered a view: one agent, or everybody, or those who have
// something in common. The zero Audience is nobody, and no view can have it.
type Audience struct {
	Kind AudienceKind `json:"kind"`
	ID   string       `json:"id,omitempty"` // of the agent, the role or the open channel; the host's
}

// AudienceKind says what those have in common who are offered a view. The zero
// AudienceKind is invalid. The text form is stored.
type AudienceKind uint8

// The kinds of audiences.
const (
	AudienceAgent       AudienceKind = iota + 1 // one agent, whose private view it is
	AudienceEverybody                           // of the account
	AudienceRole                                // who has a role
	AudienceOpenChannel                         // who belongs to the queue of an open channel
)

var audienceTexts = [...]string{
	AudienceAgent: "agent", AudienceEverybody: "everybody", AudienceRole: "role", AudienceOpenChannel: "open_channel",
}

func (k AudienceKind) valid() bool { return k > 0 && int(k) < len(audienceTexts) }

// String returns the stored text, or audience(n) for an invalid k.
func (k AudienceKind) String() string {
	if !k.valid() {
		return fmt.Sprintf("audience(%d)", uint8(k))
	}
	return audienceTexts[k]
}

// MarshalText returns the stored text. An invalid k is an error.
func (k AudienceKind) MarshalText() ([]byte, error) {
	if !k.valid() {
		return nil, fmt.Errorf("filter: %w: %s", ErrView, k)
	}
	return []byte(audienceTexts[k]), nil
}

// UnmarshalText reads the stored text; any other is [ErrView].
func (k *AudienceKind) UnmarshalText(text []byte) error {
	i := slices.Index(audienceTexts[:], string(text))
	if i < 1 {
		return fmt.Errorf("filter: %w: unknown audience %s", ErrView, short(string(text)))
	}
	*k = AudienceKind(i)
	return nil
}

// PrivateTo is the one agent who made a view for himself.
func PrivateTo(agent conversation.AgentID) Audience { return Audience{AudienceAgent, string(agent)} }

// Everybody is every reader of the account.
func Everybody() Audience { return Audience{Kind: AudienceEverybody} }

// EverybodyWith is whoever has a role.
func EverybodyWith(role string) Audience { return Audience{AudienceRole, role} }

// EverybodyIn is whoever belongs to the queue of an open channel.
func EverybodyIn(o conversation.OpenChannelID) Audience {
	return Audience{AudienceOpenChannel, string(o)}
}

// Includes reports whether somebody is in the audience: an agent with these roles
// who belongs to the queues of these open channels.
func (a Audience) Includes(agent conversation.AgentID, roles []string, queues []conversation.OpenChannelID) bool {
	switch a.Kind {
	case AudienceAgent:
		return a.ID != "" && a.ID == string(agent)
	case AudienceEverybody:
		return true
	case AudienceRole:
		return slices.Contains(roles, a.ID)
	case AudienceOpenChannel:
		return slices.Contains(queues, conversation.OpenChannelID(a.ID))
	}
	return false
}

// ErrView is what a view that cannot be kept gives.
var ErrView = errors.New("invalid view")

// ViewError says what is wrong with a view, and where. It wraps [ErrView] and the
// cause: [ErrColumn], [ErrPredicate] or [ErrOrder] if it is one.
type ViewError struct {
	Place string // the part of the view, as in its JSON: "columns[2]"
	Cause error
}

// Error names the place and the cause.
func (e *ViewError) Error() string {
	return fmt.Sprintf("filter: %v: %s: %s", ErrView, e.Place, strings.TrimPrefix(e.Cause.Error(), "filter: "))
}

// Unwrap returns [ErrView] and the cause.
func (e *ViewError) Unwrap() []error { return []error{ErrView, e.Cause} }

// Resolve returns the condition as a reader asks it, see [Resolve]: [All] if there
// is none.
func (v View) Resolve(a Asking) (Predicate, error) {
	if v.Where == nil {
		return All, nil
	}
	return Resolve(v.Where, a)
}

// Validate reports everything that keeps the view from being kept, each as a
// [*ViewError]: among others an unknown column, a column twice, the ID of a
// built-in view. It changes nothing.
func (v View) Validate() error {
	c := v.check()
	if _, builtIn := viewLabels[v.ID]; builtIn {
		c.fail("id", fmt.Errorf("%s is a built-in view", v.ID))
	}
	return errors.Join(c.errs...)
}

// check reports what is wrong with the view, whether it is to be kept or built in.
func (v View) check() viewCheck {
	var c viewCheck
	c.id(v.ID)
	c.name(v.Name)
	c.columns(v.Columns)
	c.where(v.Where)
	c.fail("sort", v.Order.Validate())
	if v.PageSize < 0 || v.PageSize > MaxPageSize {
		c.fail("page_size", fmt.Errorf("%d is not in 1 to %d", v.PageSize, MaxPageSize))
	}
	c.audience(v.Audience)
	return c
}

type viewCheck struct{ errs []error }

// fail notes a cause, unless there is none.
func (c *viewCheck) fail(place string, cause error) {
	if cause != nil {
		c.errs = append(c.errs, &ViewError{place, cause})
	}
}

func (c *viewCheck) id(id ViewID) {
	foreign := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' }
	if id == "" || len(id) > MaxViewID || strings.ContainsFunc(string(id), foreign) {
		c.fail("id", fmt.Errorf("%s is not 1 to %d of a-z, 0-9, - and _", short(string(id)), MaxViewID))
	}
}

func (c *viewCheck) name(name string) {
	switch {
	case strings.TrimSpace(name) == "":
		c.fail("name", errors.New("it is missing"))
	case len(name) > MaxViewName:
		c.fail("name", fmt.Errorf("it has %d bytes, more than %d", len(name), MaxViewName))
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		c.fail("name", errors.New("it is no line of text"))
	}
}

func (c *viewCheck) columns(columns []Column) {
	if len(columns) == 0 {
		c.fail("columns", errors.New("there are none"))
	}
	if len(columns) > len(columnTable) {
		c.fail("columns", fmt.Errorf("there are %d, more than the %d that exist", len(columns), len(columnTable)))
		return
	}
	for i, column := range columns {
		place := fmt.Sprintf("columns[%d]", i)
		if _, err := ColumnByKey(string(column)); err != nil {
			c.fail(place, err)
		} else if slices.Contains(columns[:i], column) {
			c.fail(place, fmt.Errorf("%s stands twice", column))
		}
	}
}

func (c *viewCheck) where(p Predicate) {
	if p == nil {
		return
	}
	if all, joined := validate(p, true).(interface{ Unwrap() []error }); joined {
		for _, cause := range all.Unwrap() {
			c.fail("where", cause)
		}
	}
}

func (c *viewCheck) audience(a Audience) {
	switch {
	case !a.Kind.valid():
		c.fail("audience.kind", errors.New("it is missing or unknown"))
	case a.Kind == AudienceEverybody:
		if a.ID != "" {
			c.fail("audience.id", errors.New("everybody has none"))
		}
	case a.ID == "" || len(a.ID) > conversation.MaxIDLen:
		c.fail("audience.id", fmt.Errorf("it is missing or has more than %d bytes", conversation.MaxIDLen))
	case !utf8.ValidString(a.ID) || strings.ContainsRune(a.ID, 0):
		c.fail("audience.id", errors.New("it is not UTF-8 or contains a NUL character"))
	}
}

// BuiltInViews returns the views that every list has, named in one language, for
// somebody who belongs to the queues of these open channels: all conversations
// (the default view), the active ones, mine, my active ones, the unassigned ones,
// those in which a customer waits, the longest first, and my inbox. "My" is [Me]:
// resolve the condition for the reader.
//
// No store keeps them. A copy with an ID of its own can be changed and kept.
func BuiltInViews(l Labels, queues ...conversation.OpenChannelID) []View {
	mine := IsMe(Agent)
	latest := Order{LastMessageAt.Desc()}
	views := []View{
		{ID: "all", Where: All, Order: latest},
		{ID: "active", Where: Active, Order: latest},
		{ID: "mine", Where: mine, Order: latest},
		{ID: "my_active", Where: And(Active, mine), Order: latest},
		{ID: "unassigned", Where: Unassigned, Order: Order{CreatedAt.Asc()}},
		{ID: "waiting_longest", Where: WaitingSince.Present(), Order: Order{WaitingSince.Asc()}, Columns: []Column{"general", "waiting_since", "customer", "agent"}},
		{ID: "my_inbox", Where: Or(IncludesMe(Participants), And(Unassigned, OpenChannelID.In(queues...))), Order: latest},
	}
	for i := range views {
		v := &views[i]
		v.Name, v.Audience = viewLabels[v.ID][l.in], Everybody()
		if v.Columns == nil {
			v.Columns = DefaultColumns()
		}
	}
	return views
}
