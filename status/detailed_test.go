package status_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/status"
)

func TestDetailed(t *testing.T) {
	const active, inactive = true, false
	rows := []struct {
		detailed status.Detailed
		text     string
		code     int
		general  status.General
		active   bool
	}{
		{status.New, "new", 0, status.GeneralWaiting, active},
		{status.Queued, "queued", 5, status.GeneralWaiting, active},
		{status.Accepted, "accepted", 10, status.GeneralWaiting, active},
		{status.Waiting, "waiting", 20, status.GeneralWaiting, active},
		{status.WaitingAgain, "waiting_again", 25, status.GeneralWaiting, active},
		{status.Replied, "replied", 40, status.GeneralReplied, active},
		{status.Closing, "closing", 50, status.GeneralReplied, inactive},
		{status.Closed, "closed", 60, status.GeneralClosed, inactive},
		{status.Spam, "spam", 65, status.GeneralClosed, inactive},
	}
	for _, row := range rows {
		t.Run(row.text, func(t *testing.T) {
			require.Equal(t, row.text, row.detailed.String())
			require.Equal(t, row.code, row.detailed.Code())
			require.Equal(t, row.general, row.detailed.General())
			require.Equal(t, row.active, row.detailed.Active())

			back, err := status.FromCode(row.code)
			require.NoError(t, err)
			require.Equal(t, row.detailed, back)
		})
	}

	t.Run("the rows are all there are, in their order", func(t *testing.T) {
		i := 0
		for d := range status.AllDetailed() {
			require.Equal(t, rows[i].detailed, d)
			i++
		}
		require.Len(t, rows, i)
	})

	t.Run("a value that is no status has no code, no general status and is not active", func(t *testing.T) {
		for _, d := range []status.Detailed{0, status.Spam + 1, 255} {
			require.Equal(t, -1, d.Code())
			require.Zero(t, d.General())
			require.False(t, d.Active())
		}
	})
}

func TestFromCode(t *testing.T) {
	known := map[int]status.Detailed{
		0: status.New, 5: status.Queued, 10: status.Accepted, 20: status.Waiting, 25: status.WaitingAgain,
		40: status.Replied, 50: status.Closing, 60: status.Closed, 65: status.Spam,
		69: status.Closed, 75: status.Closed,
	}
	for code := -300; code <= 300; code++ {
		d, err := status.FromCode(code)
		require.Equal(t, known[code], d, "code %d", code)
		if _, ok := known[code]; ok {
			require.NoError(t, err, "code %d", code)
		} else {
			require.ErrorIs(t, err, status.ErrInvalid, "code %d", code)
		}
	}
	_, err := status.FromCode(30)
	require.EqualError(t, err, "status: from code: invalid value 30")
}
