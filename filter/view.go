package filter

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
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
// What it asks may depend on who looks and when, as [Me] and [Today] do: resolve its
// question for each reader.
//
// A view has a JSON form, for stores and front ends.
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
	Revision uint64   // 0 until a store keeps it
	Name     string   // what people read
	Columns  []Column // from left to right; at least one, each once
	Question Question // which conversations, in which order, how many at a time; no cursor
	Audience Audience
}

// The limits on a view. [MaxPageSize] is one on every question.
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

// ViewError says what is wrong with a view, and where. It wraps [ErrView] and its
// cause, which can be [ErrColumn], or an error of the view's question or of its
// JSON form.
type ViewError struct {
	Place string // as in its JSON: "columns[2]"; "$" for the whole
	Cause error
}

// Error names the place and the cause.
func (e *ViewError) Error() string {
	cause := e.Cause.Error()
	if form, ok := e.Cause.(*FormError); ok { //nolint:errorlint // the cause itself, which repeats the place
		cause = form.Cause
	}
	return fmt.Sprintf("filter: %v: %s: %s", ErrView, e.Place, strings.TrimPrefix(cause, "filter: "))
}

// Unwrap returns [ErrView] and the cause.
func (e *ViewError) Unwrap() []error { return []error{ErrView, e.Cause} }

// Validate reports everything that keeps the view from being kept, each as a
// [*ViewError]: among others an unknown column, a column twice, the ID of a
// built-in view. It changes nothing.
func (v View) Validate() error {
	c := v.check()
	if _, builtIn := viewLabels[v.ID]; builtIn {
		c.fail("id", fmt.Errorf("%s is a built-in view", v.ID))
	}
	return c.join()
}

// check reports what is wrong with the view, whether it is to be kept or built in.
func (v View) check() viewCheck {
	var c viewCheck
	c.id(v.ID)
	c.name(v.Name)
	c.columns(v.Columns)
	_, err := v.Question.MarshalJSON() // what has no JSON form cannot be kept
	c.all("question", err)
	if v.Question.Cursor != "" {
		c.fail("question.cursor", errors.New("a view has none"))
	}
	c.audience(v.Audience)
	return c
}

type viewCheck struct{ errs []*ViewError }

func (c *viewCheck) fail(place string, cause error) {
	c.errs = append(c.errs, &ViewError{place, cause})
}

// all notes each of the joined causes. A form says more exactly where it is wrong.
func (c *viewCheck) all(place string, cause error) {
	switch e := cause.(type) { //nolint:errorlint // what errors.Join returned, and what is in it
	case nil:
	case interface{ Unwrap() []error }:
		for _, cause := range e.Unwrap() {
			c.all(place, cause)
		}
	case *FormError:
		inside, rooted := strings.CutPrefix(e.Path, "$")
		if !rooted {
			inside = "." + inside
		}
		c.fail(strings.TrimPrefix(place+inside, "$."), e)
	default:
		c.fail(place, cause)
	}
}

func (c *viewCheck) join() error {
	errs := make([]error, len(c.errs))
	for i, e := range c.errs {
		errs[i] = e
	}
	return errors.Join(errs...)
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

// The JSON form of a view, with that of its question:
//
//	{
//	  "v": 1,
//	  "id": "late-replies",
//	  "revision": 3,
//	  "name": "Late replies",
//	  "columns": ["detailed", "customer", "agent", "max_reaction"],
//	  "question": {"v": 1, "where": {"field": "max_reaction", "op": "greater", "value": 45000}, "sort": ["-max_reaction"], "limit": 25},
//	  "audience": {"kind": "agent", "id": "ann"}
//	}

const viewVersion = 1

type viewJSON struct {
	V        int      `json:"v"`
	ID       ViewID   `json:"id"`
	Revision uint64   `json:"revision,omitempty"`
	Name     string   `json:"name"`
	Columns  []Column `json:"columns"`
	Question Question `json:"question"`
	Audience Audience `json:"audience"`
}

// MarshalJSON returns the JSON form of a view that is built in or can be kept: the
// same for equal ones. What is wrong with another is reported as by Validate.
func (v View) MarshalJSON() ([]byte, error) {
	if c := v.check(); c.errs != nil {
		return nil, c.join()
	}
	return json.Marshal(viewJSON{viewVersion, v.ID, v.Revision, v.Name, v.Columns, v.Question, v.Audience})
}

// UnmarshalJSON reads the JSON form of a view. It is strict: what is unknown,
// doubled, missing, of another type or over a limit is a [*ViewError], and so is
// what Validate reports, but for the ID of a built-in view. They are reported
// together, and v keeps its value.
func (v *View) UnmarshalJSON(data []byte) error {
	var r viewReader
	read, ok := r.read(data)
	c := r.check()
	if ok {
		c.errs = append(c.errs, slices.DeleteFunc(read.check().errs, c.tellsOf)...)
	}
	if c.errs == nil {
		*v = read
	}
	return c.join()
}

// tellsOf reports whether something is wrong already in the same part of the view.
func (c *viewCheck) tellsOf(e *ViewError) bool {
	part := func(e *ViewError) string {
		return strings.FieldsFunc(e.Place, func(r rune) bool { return r == '.' || r == '[' })[0]
	}
	return slices.ContainsFunc(c.errs, func(told *ViewError) bool { return part(told) == part(e) })
}

// viewReader reads the form of a view; what the parts of it mean is for
// [View.Validate] to say.
type viewReader struct{ jsonReader }

// maxViewJSON leaves room for the longest question and the rest of a view.
const maxViewJSON = MaxJSON + 1<<14

func (r *viewReader) check() viewCheck {
	var c viewCheck
	c.all("$", r.join())
	return c
}

// read returns a view unless nothing can be said of its parts.
func (r *viewReader) read(data []byte) (View, bool) {
	if len(data) > maxViewJSON {
		r.fail(root, "%d bytes, more than %d", len(data), maxViewJSON)
		return View{}, false
	}
	n, ok := r.jsonReader.read(data, root)
	if !ok {
		return View{}, false
	}
	o, ok := r.asObject(n, root)
	if !ok {
		return View{}, false
	}
	if v, _ := o.get("v"); v != numeral(strconv.Itoa(viewVersion)) {
		r.formErrors = nil // what the rest means is for that version to say
		r.fail(root.key("v"), "the version is missing or not %d", viewVersion)
		return View{}, false
	}
	var v View
	for _, m := range o {
		r.part(&v, m, root.key(m.key))
	}
	if _, ok := o.get("question"); !ok {
		r.fail(root.key("question"), "it is missing")
	}
	return v, true
}

func (r *viewReader) part(v *View, m member, at *path) {
	switch m.key {
	case "v":
	case "id":
		id, _ := r.asText(m.value, at)
		v.ID = ViewID(id)
	case "revision":
		n, ok := asInteger(m.value)
		if !ok || n < 0 {
			r.fail(at, "it is no whole number of 0 and more")
		}
		v.Revision = uint64(n)
	case "name":
		v.Name, _ = r.asText(m.value, at)
	case "columns":
		ns, _ := r.asArray(m.value, at)
		for i, n := range ns {
			key, _ := r.asText(n, at.index(i))
			v.Columns = append(v.Columns, Column(key))
		}
	case "question":
		before := r.formErrors
		r.formErrors = nil // a question of another version forgets what else is wrong with it
		v.Question = r.question(m.value, at)
		r.formErrors = append(before, r.formErrors...)
	case "audience":
		v.Audience = r.audience(m.value, at)
	default:
		r.fail(at, "unknown key")
	}
}

func (r *viewReader) audience(n node, at *path) (a Audience) {
	o, _ := r.asObject(n, at)
	for _, m := range o {
		at := at.key(m.key)
		switch m.key {
		case "kind":
			if s, ok := r.asText(m.value, at); ok && a.Kind.UnmarshalText([]byte(s)) != nil {
				r.fail(at, "unknown audience %s", short(s))
			}
		case "id":
			a.ID, _ = r.asText(m.value, at)
		default:
			r.fail(at, "unknown key")
		}
	}
	return a
}

// BuiltInViews returns the views that every list has, named in one language, for
// somebody who belongs to the queues of these open channels: all conversations
// (the default view), the active ones, mine, my active ones, the unassigned ones,
// those in which a customer waits, the longest first, and my inbox. They ask what
// the presets of the same names do; "my" is [Me].
//
// No store keeps them. A copy with an ID of its own can be changed and kept.
func BuiltInViews(l Labels, queues ...conversation.OpenChannelID) []View {
	mine := IsMe(Agent)
	inbox := Or(IncludesMe(Participants), And(Unassigned, OpenChannelID.In(queues...)))
	columns := DefaultColumns()
	latest, longest := Order{LastMessageAt.Desc()}, Order{WaitingSince.Asc()}
	views := []View{
		{ID: "all", Columns: columns, Question: Question{Where: All, Order: latest}},
		{ID: "active", Columns: columns, Question: Question{Where: Active, Order: latest}},
		{ID: "mine", Columns: columns, Question: Question{Where: mine, Order: latest}},
		{ID: "my_active", Columns: columns, Question: Question{Where: And(Active, mine), Order: latest}},
		{ID: "unassigned", Columns: columns, Question: Question{Where: Unassigned, Order: longest}},
		{ID: "waiting_longest", Columns: append(columns, "waiting_since"), Question: Question{Where: WaitingSince.Present(), Order: longest}},
		{ID: "my_inbox", Columns: columns, Question: Question{Where: inbox, Order: latest}},
	}
	for i := range views {
		v := &views[i]
		v.Name, v.Audience = viewLabels[v.ID][l.in], Everybody()
		v.Columns, v.Question.Order = slices.Clone(v.Columns), slices.Clone(v.Question.Order)
	}
	return views
}
