package filter_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tables below, on every machine

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/colloquy-go/colloquy/conversation"
	"github.com/colloquy-go/colloquy/filter"
	"github.com/colloquy-go/colloquy/status"
)

func zone(t testing.TB, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	require.NoError(t, err)
	return loc
}

// bounds returns what a predicate compares an instant with, as the clocks of the
// zone show it, and how long the period is.
func bounds(t testing.TB, p filter.Predicate, zone *time.Location) (first, behind string, length time.Duration) {
	c, ok := p.(filter.Conjunction)
	require.True(t, ok, "%T", p)
	require.Len(t, c, 2)
	from, to := c[0].(filter.Condition), c[1].(filter.Condition)
	require.Equal(t, filter.AtLeast, from.Op())
	require.Equal(t, filter.Less, to.Op())
	show := func(c filter.Condition) string { return clock(c.Values()[0].Num, zone) }
	return show(from), show(to), time.Duration(to.Values()[0].Num-from.Values()[0].Num) * time.Millisecond
}

func clock(ms int64, zone *time.Location) string {
	return time.UnixMilli(ms).In(zone).Format("Mon 2006-01-02 15:04:05.999 -0700")
}

func TestPeriods(t *testing.T) {
	const hour = time.Hour
	for _, tt := range []struct {
		asked  string // what the clocks show
		zone   string
		term   filter.Term
		first  string
		behind string
		length time.Duration
	}{
		{"2026-01-14 23:59", "UTC", filter.Today, "Wed 2026-01-14 00:00:00 +0000", "Thu 2026-01-15 00:00:00 +0000", 24 * hour},
		{"2026-01-14 00:00", "UTC", filter.Yesterday, "Tue 2026-01-13 00:00:00 +0000", "Wed 2026-01-14 00:00:00 +0000", 24 * hour},
		{"2026-01-01 10:00", "UTC", filter.Yesterday, "Wed 2025-12-31 00:00:00 +0000", "Thu 2026-01-01 00:00:00 +0000", 24 * hour},

		// A day of 23 hours and one of 25.
		{"2026-03-29 12:00", "Europe/Warsaw", filter.Today, "Sun 2026-03-29 00:00:00 +0100", "Mon 2026-03-30 00:00:00 +0200", 23 * hour},
		{"2026-10-25 12:00", "Europe/Warsaw", filter.Today, "Sun 2026-10-25 00:00:00 +0200", "Mon 2026-10-26 00:00:00 +0100", 25 * hour},
		{"2026-10-26 00:30", "Europe/Warsaw", filter.Yesterday, "Sun 2026-10-25 00:00:00 +0200", "Mon 2026-10-26 00:00:00 +0100", 25 * hour},
		{"2026-03-31 12:00", "Europe/Warsaw", filter.ThisMonth, "Sun 2026-03-01 00:00:00 +0100", "Wed 2026-04-01 00:00:00 +0200", 31*24*hour - hour},
		{"2026-10-26 12:00", "Europe/Warsaw", filter.LastWeek, "Mon 2026-10-19 00:00:00 +0200", "Mon 2026-10-26 00:00:00 +0100", 7*24*hour + hour},
		{"2026-03-30 12:00", "Europe/Warsaw", filter.Last(2, filter.Day), "Sun 2026-03-29 00:00:00 +0100", "Tue 2026-03-31 00:00:00 +0200", 47 * hour},

		// Where clocks are changed by half an hour.
		{"2026-04-05 12:00", "Australia/Lord_Howe", filter.Today, "Sun 2026-04-05 00:00:00 +1100", "Mon 2026-04-06 00:00:00 +1030", 24*hour + hour/2},
		{"2026-10-04 12:00", "Australia/Lord_Howe", filter.Today, "Sun 2026-10-04 00:00:00 +1030", "Mon 2026-10-05 00:00:00 +1100", 24*hour - hour/2},
		{"2026-10-04 12:00", "Australia/Lord_Howe", date(t, "2026-10-04T02:10"), "Sun 2026-10-04 02:30:00 +1100", "Sun 2026-10-04 02:30:00 +1100", 0},

		// Where a day begins at one o'clock, where midnight comes twice, and where a day was left out.
		{"2018-11-04 12:00", "America/Sao_Paulo", filter.Today, "Sun 2018-11-04 01:00:00 -0200", "Mon 2018-11-05 00:00:00 -0200", 23 * hour},
		{"2018-11-03 12:00", "America/Sao_Paulo", filter.Today, "Sat 2018-11-03 00:00:00 -0300", "Sun 2018-11-04 01:00:00 -0200", 24 * hour},
		{"2026-11-01 12:00", "America/Havana", filter.Today, "Sun 2026-11-01 00:00:00 -0400", "Mon 2026-11-02 00:00:00 -0500", 25 * hour},
		{"2011-12-31 12:00", "Pacific/Apia", filter.Yesterday, "Sat 2011-12-31 00:00:00 +1400", "Sat 2011-12-31 00:00:00 +1400", 0},
		{"2011-12-31 12:00", "Pacific/Apia", filter.Last(3, filter.Day), "Thu 2011-12-29 00:00:00 -1000", "Sun 2012-01-01 00:00:00 +1400", 48 * hour},

		// The borders of weeks, months and years.
		{"2026-01-12 00:00", "UTC", filter.ThisWeek, "Mon 2026-01-12 00:00:00 +0000", "Mon 2026-01-19 00:00:00 +0000", 7 * 24 * hour},
		{"2026-01-18 23:59", "UTC", filter.ThisWeek, "Mon 2026-01-12 00:00:00 +0000", "Mon 2026-01-19 00:00:00 +0000", 7 * 24 * hour},
		{"2026-01-04 12:00", "UTC", filter.LastWeek, "Mon 2025-12-22 00:00:00 +0000", "Mon 2025-12-29 00:00:00 +0000", 7 * 24 * hour},
		{"2026-01-31 12:00", "UTC", filter.ThisMonth, "Thu 2026-01-01 00:00:00 +0000", "Sun 2026-02-01 00:00:00 +0000", 31 * 24 * hour},
		{"2026-01-31 12:00", "UTC", filter.LastMonth, "Mon 2025-12-01 00:00:00 +0000", "Thu 2026-01-01 00:00:00 +0000", 31 * 24 * hour},
		{"2024-03-31 12:00", "UTC", filter.LastMonth, "Thu 2024-02-01 00:00:00 +0000", "Fri 2024-03-01 00:00:00 +0000", 29 * 24 * hour},
		{"2024-12-31 23:59", "UTC", filter.ThisYear, "Mon 2024-01-01 00:00:00 +0000", "Wed 2025-01-01 00:00:00 +0000", 366 * 24 * hour},
		{"2026-01-01 00:00", "UTC", filter.LastYear, "Wed 2025-01-01 00:00:00 +0000", "Thu 2026-01-01 00:00:00 +0000", 365 * 24 * hour},

		// The last of days and longer end with today.
		{"2026-01-14 12:00", "UTC", filter.Last(1, filter.Day), "Wed 2026-01-14 00:00:00 +0000", "Thu 2026-01-15 00:00:00 +0000", 24 * hour},
		{"2026-01-14 12:00", "UTC", filter.Last(7, filter.Day), "Thu 2026-01-08 00:00:00 +0000", "Thu 2026-01-15 00:00:00 +0000", 7 * 24 * hour},
		{"2026-01-14 12:00", "UTC", filter.Last(1, filter.Week), "Thu 2026-01-08 00:00:00 +0000", "Thu 2026-01-15 00:00:00 +0000", 7 * 24 * hour},
		{"2026-01-14 12:00", "UTC", filter.Last(2, filter.Week), "Thu 2026-01-01 00:00:00 +0000", "Thu 2026-01-15 00:00:00 +0000", 14 * 24 * hour},
		{"2026-01-14 12:00", "UTC", filter.Last(1, filter.Month), "Mon 2025-12-15 00:00:00 +0000", "Thu 2026-01-15 00:00:00 +0000", 31 * 24 * hour},
		{"2026-03-31 12:00", "UTC", filter.Last(1, filter.Month), "Sun 2026-03-01 00:00:00 +0000", "Wed 2026-04-01 00:00:00 +0000", 31 * 24 * hour},
		{"2024-02-29 12:00", "UTC", filter.Last(1, filter.Year), "Wed 2023-03-01 00:00:00 +0000", "Fri 2024-03-01 00:00:00 +0000", 366 * 24 * hour},

		// The last of hours and shorter are as long as they say, now included.
		{"2026-03-29 03:30", "Europe/Warsaw", filter.Last(1, filter.Hour), "Sun 2026-03-29 01:30:00 +0100", "Sun 2026-03-29 03:30:00.001 +0200", hour + time.Millisecond},
		{"2026-01-14 12:00", "UTC", filter.Last(48, filter.Hour), "Mon 2026-01-12 12:00:00 +0000", "Wed 2026-01-14 12:00:00.001 +0000", 48*hour + time.Millisecond},
		{"2026-01-14 12:00", "UTC", filter.Last(90, filter.Second), "Wed 2026-01-14 11:58:30 +0000", "Wed 2026-01-14 12:00:00.001 +0000", 90*time.Second + time.Millisecond},

		// A date is a day of the zone, a time with it a minute or a second.
		{"2026-01-14 12:00", "Asia/Kolkata", filter.Date(2026, time.January, 1), "Thu 2026-01-01 00:00:00 +0530", "Fri 2026-01-02 00:00:00 +0530", 24 * hour},
		{"2026-01-14 12:00", "Asia/Kolkata", date(t, "2026-01-01T10:00"), "Thu 2026-01-01 10:00:00 +0530", "Thu 2026-01-01 10:01:00 +0530", time.Minute},
		{"2026-01-14 12:00", "Asia/Kolkata", date(t, "2026-01-01T10:00:59"), "Thu 2026-01-01 10:00:59 +0530", "Thu 2026-01-01 10:01:00 +0530", time.Second},
		{"2026-01-14 12:00", "Europe/Warsaw", date(t, "2026-03-29T02:30"), "Sun 2026-03-29 03:00:00 +0200", "Sun 2026-03-29 03:00:00 +0200", 0},
		{"2026-01-14 12:00", "Europe/Warsaw", date(t, "2026-10-25T02:30"), "Sun 2026-10-25 02:30:00 +0200", "Sun 2026-10-25 02:31:00 +0200", time.Minute},
	} {
		t.Run(fmt.Sprintf("%s asked in %s at %s", tt.term, tt.zone, tt.asked), func(t *testing.T) {
			loc := zone(t, tt.zone)
			now, err := time.ParseInLocation("2006-01-02 15:04", tt.asked, loc)
			require.NoError(t, err)
			p, err := filter.Resolve(filter.CreatedAt.During(tt.term), filter.Asking{Now: now, Zone: loc})
			require.NoError(t, err)
			first, behind, length := bounds(t, p, loc)
			require.Equal(t, tt.first, first)
			require.Equal(t, tt.behind, behind)
			require.Equal(t, tt.length, length)
		})
	}
}

func date(t testing.TB, text string) filter.Term {
	term, err := filter.ParseTerm(text)
	require.NoError(t, err)
	return term
}

func TestAgoIsAnInstant(t *testing.T) {
	for _, tt := range []struct {
		asked, zone string
		term        filter.Term
		is          string
	}{
		{"2026-01-14 12:00", "UTC", filter.Ago(30, filter.Minute), "Wed 2026-01-14 11:30:00 +0000"},
		{"2026-01-14 12:00", "UTC", filter.Ago(45, filter.Second), "Wed 2026-01-14 11:59:15 +0000"},
		{"2026-01-14 12:00", "UTC", filter.Ago(3, filter.Day), "Sun 2026-01-11 12:00:00 +0000"},
		{"2026-01-14 12:00", "UTC", filter.Ago(2, filter.Week), "Wed 2025-12-31 12:00:00 +0000"},
		{"2026-03-31 12:00", "UTC", filter.Ago(1, filter.Month), "Sat 2026-02-28 12:00:00 +0000"},
		{"2024-02-29 12:00", "UTC", filter.Ago(1, filter.Year), "Tue 2023-02-28 12:00:00 +0000"},
		{"2026-01-31 12:00", "UTC", filter.Ago(13, filter.Month), "Tue 2024-12-31 12:00:00 +0000"},
		{"2026-03-29 12:00", "Europe/Warsaw", filter.Ago(1, filter.Day), "Sat 2026-03-28 12:00:00 +0100"},
		{"2026-03-29 12:00", "Europe/Warsaw", filter.Ago(24, filter.Hour), "Sat 2026-03-28 11:00:00 +0100"},
		{"2026-03-30 02:30", "Europe/Warsaw", filter.Ago(1, filter.Day), "Sun 2026-03-29 03:00:00 +0200"},
		{"2026-10-26 02:30", "Europe/Warsaw", filter.Ago(1, filter.Day), "Sun 2026-10-25 02:30:00 +0200"},
	} {
		t.Run(fmt.Sprintf("%s asked in %s at %s", tt.term, tt.zone, tt.asked), func(t *testing.T) {
			loc := zone(t, tt.zone)
			now, err := time.ParseInLocation("2006-01-02 15:04", tt.asked, loc)
			require.NoError(t, err)
			p, err := filter.Resolve(filter.CreatedAt.BeforeTerm(tt.term), filter.Asking{Now: now, Zone: loc})
			require.NoError(t, err)
			require.Equal(t, tt.is, clock(p.(filter.Condition).Values()[0].Num, loc))
		})
	}
}

// What is before, within and after a period is everything, once.
func TestTermsCompare(t *testing.T) {
	asking := filter.Asking{Now: second(7200), Zone: time.UTC}
	for _, tt := range []struct {
		asks  string
		where filter.Predicate
		op    filter.Op
		at    time.Time
	}{
		{"before today: before it begins", filter.ClosedAt.BeforeTerm(filter.Today), filter.Less, second(-32_400)},
		{"since today: from its beginning", filter.ClosedAt.SinceTerm(filter.Today), filter.AtLeast, second(-32_400)},
		{"until today: before it ends", filter.ClosedAt.UntilTerm(filter.Today), filter.Less, second(54_000)},
		{"after today: from where it ends", filter.ClosedAt.AfterTerm(filter.Today), filter.AtLeast, second(54_000)},
		{"before an hour ago", filter.ClosedAt.BeforeTerm(filter.Ago(1, filter.Hour)), filter.Less, second(3600)},
		{"until an hour ago", filter.ClosedAt.UntilTerm(filter.Ago(1, filter.Hour)), filter.AtMost, second(3600)},
		{"after an hour ago", filter.ClosedAt.AfterTerm(filter.Ago(1, filter.Hour)), filter.Greater, second(3600)},
		{"since an hour ago", filter.ClosedAt.SinceTerm(filter.Ago(1, filter.Hour)), filter.AtLeast, second(3600)},
	} {
		t.Run(tt.asks, func(t *testing.T) {
			p, err := filter.Resolve(tt.where, asking)
			require.NoError(t, err)
			c := p.(filter.Condition)
			require.Equal(t, filter.ClosedAt.Field, c.Field())
			require.Equal(t, tt.op, c.Op())
			require.Equal(t, clock(tt.at.UnixMilli(), time.UTC), clock(c.Values()[0].Num, time.UTC))
		})
	}
}

func TestMeIsWhoAsks(t *testing.T) {
	cs := actors(t)
	for _, tt := range []struct {
		where filter.Predicate
		me    conversation.AgentID
		finds string
	}{
		{filter.IsMe(filter.Agent), "ann", "held replied again closed outgoing"},
		{filter.IsMe(filter.Agent), "bob", "waiting closing"},
		{filter.Not(filter.IsMe(filter.Agent)), "ann", "bare bot queued waiting closing spam"},
		{filter.IsMe(filter.RatedAgent), "ann", "closed"},
		{filter.IncludesMe(filter.Participants), "bob", "waiting replied closing outgoing"},
		{filter.And(filter.Active, filter.Or(filter.IsMe(filter.Agent), filter.IncludesMe(filter.Participants))), "bob", "waiting replied outgoing"},
	} {
		require.Empty(t, found(cs, filter.And(tt.where, filter.IsMe(filter.Agent))), "nobody asks yet")
		p, err := filter.Resolve(tt.where, filter.Asking{Me: tt.me})
		require.NoError(t, err)
		require.NoError(t, filter.Validate(p))
		require.Equal(t, tt.finds, found(cs, p))
	}
}

func TestResolveNamesWhatItLacks(t *testing.T) {
	now := second(0)
	for _, tt := range []struct {
		is     string
		where  filter.Predicate
		asking filter.Asking
		causes []string
	}{
		{"nobody asks", filter.IsMe(filter.Agent), filter.Asking{Now: now, Zone: time.UTC}, []string{"agent: me needs to know who asks"}},
		{"no zone", filter.CreatedAt.During(filter.Today), filter.Asking{Now: now}, []string{"created_at: today needs to know the time zone"}},
		{"no zone for a date", filter.CreatedAt.During(filter.Date(2026, 1, 31)), filter.Asking{Now: now}, []string{"created_at: 2026-01-31 needs to know the time zone"}},
		{"no zone for days", filter.CreatedAt.BeforeTerm(filter.Ago(1, filter.Day)), filter.Asking{Now: now}, []string{"created_at: 1 day ago needs to know the time zone"}},
		{"no instant", filter.CreatedAt.During(filter.LastYear), filter.Asking{Zone: time.UTC}, []string{"created_at: last year needs to know when it is asked"}},
		{"no instant for minutes", filter.CreatedAt.During(filter.Last(5, filter.Minute)), filter.Asking{Zone: time.UTC}, []string{"created_at: last 5 minutes needs to know when it is asked"}},
		{"nothing for several", filter.And(filter.IsMe(filter.Agent), filter.Not(filter.Or(filter.CreatedAt.During(filter.Today), filter.IncludesMe(filter.Participants)))), filter.Asking{}, []string{
			"agent: me needs to know who asks", "created_at: today needs to know when it is asked", "participants: me needs to know who asks",
		}},
		{"an instant as a period", filter.CreatedAt.During(filter.Ago(1, filter.Hour)), filter.Asking{}, []string{
			"created_at: 1 hour ago is an instant and no period: compare by less, at_most, greater or at_least",
		}},
		{"an agent as an instant", filter.CreatedAt.BeforeTerm(filter.Me), filter.Asking{}, []string{"created_at: it cannot be compared with me by less"}},
		{"no term", filter.CreatedAt.During(filter.Term{}), filter.Asking{}, []string{"created_at: a term is empty"}},
		{"none of a unit", filter.CreatedAt.During(filter.Last(0, filter.Day)), filter.Asking{}, []string{"created_at: a term has a number outside 1 to 100000"}},
		{"less than none", filter.CreatedAt.BeforeTerm(filter.Ago(-1<<40, filter.Day)), filter.Asking{}, []string{"created_at: a term has a number outside 1 to 100000"}},
		{"too many", filter.CreatedAt.BeforeTerm(filter.Ago(filter.MaxCount+1, filter.Second)), filter.Asking{}, []string{"created_at: a term has a number outside 1 to 100000"}},
		{"far too many", filter.CreatedAt.BeforeTerm(filter.Ago(1<<40, filter.Second)), filter.Asking{}, []string{"created_at: a term has a number outside 1 to 100000"}},
		{"no unit", filter.CreatedAt.BeforeTerm(filter.Ago(1, 0)), filter.Asking{}, []string{"created_at: a term has no unit"}},
		{"a year with five digits", filter.CreatedAt.During(filter.Date(10_000, 1, 1)), filter.Asking{}, []string{"created_at: a date is outside the years 0 to 9999"}},
		{"an empty comparison", filter.Relative{}, filter.Asking{}, []string{"a condition is empty"}},
		{"what is wrong besides", filter.And(filter.Detailed.Is(77), filter.IsMe(filter.Agent), nil), filter.Asking{}, []string{"detailed: 77 is none of its words", "a predicate is nil"}},
	} {
		t.Run(tt.is, func(t *testing.T) {
			p, err := filter.Resolve(tt.where, tt.asking)
			require.Nil(t, p)
			require.Equal(t, tt.causes, causesOf(t, err))
		})
	}
}

func TestOnlyWhatIsNeededMustBeKnown(t *testing.T) {
	for _, tt := range []struct {
		where  filter.Predicate
		asking filter.Asking
	}{
		{filter.Active, filter.Asking{}},
		{filter.IsMe(filter.Agent), filter.Asking{Me: "ann"}},
		{filter.CreatedAt.During(filter.Last(5, filter.Minute)), filter.Asking{Now: second(0)}},
		{filter.CreatedAt.AfterTerm(filter.Ago(5, filter.Hour)), filter.Asking{Now: second(0)}},
		{filter.CreatedAt.During(filter.Date(2026, 1, 1)), filter.Asking{Zone: time.UTC}},
	} {
		p, err := filter.Resolve(tt.where, tt.asking)
		require.NoError(t, err)
		require.NoError(t, filter.Validate(p))
	}
}

func TestValidateRefusesWhatIsNotResolved(t *testing.T) {
	require.Equal(t, []string{"agent: me is not resolved", "created_at: last 7 days is not resolved"},
		causes(t, filter.And(filter.IsMe(filter.Agent), filter.Not(filter.CreatedAt.During(filter.Last(7, filter.Day))))))
	require.Equal(t, []string{"created_at: a term is empty"}, causes(t, filter.CreatedAt.During(filter.Term{})))
}

// A period becomes two conditions: the limits hold for what it becomes.
func TestLimitsHoldForWhatIsResolved(t *testing.T) {
	asking := filter.Asking{Now: second(0), Zone: time.UTC, Me: "ann"}
	today := filter.CreatedAt.During(filter.Today)
	for _, tt := range []struct {
		is     string
		where  filter.Predicate
		causes []string
	}{
		{"as many periods as there may be", filter.And(times(filter.MaxLeaves/2, today)...), nil},
		{"one more", filter.And(times(filter.MaxLeaves/2+1, today)...), []string{"more than 50 conditions"}},
		{"as many single comparisons as there may be", filter.And(times(filter.MaxLeaves, filter.IsMe(filter.Agent))...), nil},
		{"a period in as many levels as there may be", nested(filter.MaxDepth-1, today), nil},
		{"a period in one more", nested(filter.MaxDepth, today), []string{"more than 16 levels"}},
		{"a single comparison in as many", nested(filter.MaxDepth, filter.IsMe(filter.Agent)), nil},
	} {
		t.Run(tt.is, func(t *testing.T) {
			p, err := filter.Resolve(tt.where, asking)
			require.Equal(t, tt.causes, causesOf(t, err))
			if err == nil {
				require.NoError(t, filter.Validate(p))
			}
		})
	}
}

// Time goes on between two pages; a cursor knows what was asked and not when.
func TestACursorOutlivesTheMoment(t *testing.T) {
	c := generated(t, 1)
	order := filter.Order{filter.CreatedAt.Desc()}
	resolved := func(p filter.Predicate, a filter.Asking) filter.Predicate {
		p, err := filter.Resolve(p, a)
		require.NoError(t, err)
		return p
	}
	first := filter.Asking{Now: second(0), Zone: time.UTC, Me: "ann"}
	later := filter.Asking{Now: second(100_000), Zone: time.UTC, Me: "ann"}
	asked := filter.And(filter.IsMe(filter.Agent), filter.CreatedAt.During(filter.Last(5, filter.Minute)), filter.CreatedAt.AfterTerm(filter.Ago(1, filter.Hour)))
	cursor := order.PositionOf(&c).Cursor(resolved(asked, first), order)
	_, err := filter.ParseCursor(cursor, resolved(asked, later), order)
	require.NoError(t, err)

	cursor = order.PositionOf(&c).Cursor(resolved(filter.CreatedAt.During(filter.Today), first), order)
	for _, other := range []filter.Predicate{
		filter.CreatedAt.During(filter.Yesterday),
		filter.CreatedAt.During(filter.Last(1, filter.Day)),
		filter.ClosedAt.During(filter.Today),
		filter.CreatedAt.AfterTerm(filter.Today),
		filter.And(filter.CreatedAt.SinceTerm(filter.Today), filter.CreatedAt.BeforeTerm(filter.Today)),
		filter.And(filter.CreatedAt.SinceTerm(filter.Today), filter.CreatedAt.UntilTerm(filter.Today)),
		filter.CreatedAt.Between(second(-32_400), second(54_000)),
	} {
		_, err := filter.ParseCursor(cursor, resolved(other, first), order)
		require.ErrorIs(t, err, filter.ErrCursor)
	}
}

func TestTermsHaveAText(t *testing.T) {
	for _, tt := range []struct {
		term filter.Term
		text string
	}{
		{filter.Me, "me"},
		{filter.Today, "today"},
		{filter.Yesterday, "yesterday"},
		{filter.ThisWeek, "this week"},
		{filter.LastWeek, "last week"},
		{filter.ThisMonth, "this month"},
		{filter.LastMonth, "last month"},
		{filter.ThisYear, "this year"},
		{filter.LastYear, "last year"},
		{filter.Last(7, filter.Day), "last 7 days"},
		{filter.Last(1, filter.Week), "last 1 week"},
		{filter.Last(filter.MaxCount, filter.Month), "last 100000 months"},
		{filter.Ago(30, filter.Minute), "30 minutes ago"},
		{filter.Ago(1, filter.Year), "1 year ago"},
		{filter.Ago(90, filter.Second), "90 seconds ago"},
		{filter.Ago(2, filter.Hour), "2 hours ago"},
		{filter.Date(2026, time.January, 31), "2026-01-31"},
		{filter.Date(2026, time.January, 32), "2026-02-01"},
		{filter.Date(0, time.January, 1), "0000-01-01"},
		{filter.Date(9999, time.December, 31), "9999-12-31"},
		{date(t, "2026-01-31T10:00"), "2026-01-31T10:00"},
		{date(t, "2026-01-31T10:00:00"), "2026-01-31T10:00:00"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			require.Equal(t, tt.text, tt.term.String())
			text, err := tt.term.MarshalText()
			require.NoError(t, err)
			require.Equal(t, tt.text, string(text))
			term, err := filter.ParseTerm(tt.text)
			require.NoError(t, err)
			require.True(t, tt.term == term)
			require.NoError(t, term.UnmarshalText(text))
			require.True(t, tt.term == term)
		})
	}
}

func TestParseTermIsStrict(t *testing.T) {
	for _, text := range []string{
		"", " ", "Me", "me ", " me", "TODAY", "to day", "tomorrow", "last", "last ", "ago", "last day", "last  week", "last_week",
		"last 0 days", "last 01 days", "last +1 days", "last -1 days", "last 1 days", "last 7 day", "last 7 dayss", "last 7", "last 7 ", "last 1.5 days",
		"last 100001 days", "last 99999999999999999999 days", "last 7 decades", "last 7 days ago", "7 days", "0 days ago", "1 days ago", " ago", "days ago",
		"last 7 s", "last 7 unit(0)", "term(0)", "2026", "2026-01", "2026-1-1", "2026-02-30", "2026-13-01", "26-01-01", "20260101", "2026-01-01T", "2026-01-01T1:00",
		"2026-01-01T24:00", "2026-01-01T10:00:60", "2026-01-01T10:00Z", "2026-01-01t10:00", "2026-01-01 10:00", "2026-01-01T10:00:00.5", "2026-01-01T10:00:00Z",
		"٢٠٢٦-٠١-٠١", "12026-01-01", "-2026-01-01", "\xff", "today\x00", strings.Repeat("today", 1000),
	} {
		term, err := filter.ParseTerm(text)
		require.ErrorIs(t, err, filter.ErrTerm, "%q", text)
		require.Zero(t, term)
		require.Less(t, len(err.Error()), 200)
		kept := filter.Today
		require.ErrorIs(t, kept.UnmarshalText([]byte(text)), filter.ErrTerm)
		require.Equal(t, filter.Today, kept)
	}
}

func TestInvalidTermsHaveNoStoredText(t *testing.T) {
	for _, term := range []filter.Term{{}, filter.Last(0, filter.Day), filter.Ago(1, 0), filter.Ago(1, filter.Year+1), filter.Date(10_000, 1, 1), filter.Date(-1, 12, 31)} {
		_, err := term.MarshalText()
		require.ErrorIs(t, err, filter.ErrTerm)
		require.Regexp(t, `^term\(\d+\)$`, term.String())
	}
	require.Equal(t, "unit(0)", filter.Unit(0).String())
	require.Equal(t, "unit(8)", (filter.Year + 1).String())
	require.Equal(t, "second", filter.Second.String())
}

// Days follow each other without a gap, whatever is done to the clocks, and each
// instant is on the day that the clocks show.
func TestDaysFollowEachOther(t *testing.T) {
	zones := []string{
		"UTC", "Europe/Warsaw", "Europe/London", "Europe/Dublin", "Australia/Lord_Howe", "America/Sao_Paulo", "America/Asuncion", "America/Havana",
		"America/St_Johns", "Africa/Cairo", "Africa/Casablanca", "Asia/Beirut", "Asia/Tehran", "Asia/Kathmandu", "Asia/Gaza", "Pacific/Apia", "Pacific/Kwajalein",
		"Pacific/Chatham", "Pacific/Kiritimati", "Antarctica/Troll",
	}
	rapid.Check(t, func(t *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		require.NoError(t, err)
		now := time.Unix(rapid.Int64Range(0, 2_500_000_000).Draw(t, "now"), 0).In(loc)
		period := func(term filter.Term) (from, to int64) {
			p, err := filter.Resolve(filter.CreatedAt.During(term), filter.Asking{Now: now, Zone: loc})
			require.NoError(t, err)
			c := p.(filter.Conjunction)
			return c[0].(filter.Condition).Values()[0].Num, c[1].(filter.Condition).Values()[0].Num
		}
		yesterday, midnight := period(filter.Yesterday)
		today, tomorrow := period(filter.Today)
		require.Equal(t, midnight, today)
		require.LessOrEqual(t, yesterday, today)
		require.Less(t, today, tomorrow)
		y, m, d := now.Date()
		from, to := period(filter.Date(y, m, d))
		require.Equal(t, [2]int64{today, tomorrow}, [2]int64{from, to})
		if now.UnixMilli() < today || now.UnixMilli() >= tomorrow {
			// Only clocks that go back over midnight show a date again, for less than an hour.
			require.Less(t, now.UnixMilli()-tomorrow, time.Hour.Milliseconds())
		}
		for _, pair := range [][2]filter.Term{{filter.LastWeek, filter.ThisWeek}, {filter.LastMonth, filter.ThisMonth}, {filter.LastYear, filter.ThisYear}} {
			_, end := period(pair[0])
			begin, next := period(pair[1])
			require.Equal(t, end, begin)
			require.LessOrEqual(t, begin, today)
			require.GreaterOrEqual(t, next, tomorrow)
		}
		for u := filter.Second; u <= filter.Year; u++ {
			from, to := period(filter.Last(rapid.IntRange(1, filter.MaxCount).Draw(t, "count"), u))
			require.LessOrEqual(t, from, now.UnixMilli())
			require.Greater(t, to, from)
		}
	})
}

// Whoever says what time it is may be wrong, but must get something.
func TestResolveTakesEveryInstant(t *testing.T) {
	for _, now := range []time.Time{time.Unix(0, 0), time.Unix(-1<<40, 0), time.Unix(1<<40, 0), time.Unix(math.MinInt64, 0), time.Unix(math.MaxInt64, 999_999_999), time.Date(-1_000_000, 1, 1, 0, 0, 0, 0, time.UTC)} {
		for _, name := range []string{"UTC", "Europe/Warsaw", "Pacific/Apia"} {
			for _, term := range []filter.Term{filter.Today, filter.LastWeek, filter.ThisYear, filter.Last(filter.MaxCount, filter.Year), filter.Ago(filter.MaxCount, filter.Month)} {
				p, err := filter.Resolve(filter.CreatedAt.SinceTerm(term), filter.Asking{Now: now, Zone: zone(t, name)})
				require.NoError(t, err)
				require.NoError(t, filter.Validate(p))
			}
		}
	}
}

func TestResolveLeavesTheRestAsItIs(t *testing.T) {
	where := filter.And(filter.Active, filter.Or(filter.Detailed.Is(status.Closed), filter.Not(filter.Customer.Contains("x"))))
	p, err := filter.Resolve(where, filter.Asking{})
	require.NoError(t, err)
	require.Equal(t, where, p)

	where = filter.And(filter.Active, filter.IsMe(filter.Agent), filter.IsMe(filter.RatedAgent))
	p, err = filter.Resolve(where, filter.Asking{Me: "ann"})
	require.NoError(t, err)
	require.Equal(t, filter.And(filter.Active, filter.Agent.Is("ann"), filter.RatedAgent.Is("ann")), p)
	require.Equal(t, filter.And(filter.Active, filter.IsMe(filter.Agent), filter.IsMe(filter.RatedAgent)), where, "the question can be asked again")
	require.Nil(t, func() filter.Predicate { p, _ := filter.Resolve(nil, filter.Asking{}); return p }())
}

func FuzzParseTerm(f *testing.F) {
	for _, seed := range []string{"me", "today", "last week", "last 7 days", "30 minutes ago", "1 year ago", "2026-01-31", "2026-01-31T10:00", "2026-01-31T10:00:30", "last 100001 days", "0000-00-00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		term, err := filter.ParseTerm(text)
		if err != nil {
			require.ErrorIs(t, err, filter.ErrTerm)
			require.Zero(t, term)
			return
		}
		require.Equal(t, text, term.String())
		if term == filter.Me {
			return
		}
		p, err := filter.Resolve(filter.CreatedAt.BeforeTerm(term), filter.Asking{Now: second(0), Zone: time.UTC})
		require.NoError(t, err)
		require.NoError(t, filter.Validate(p))
	})
}
