package conversation_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/colloquy-go/colloquy/conversation"
)

func TestARatingIsOnItsScale(t *testing.T) {
	for scale, scores := range map[conversation.Scale][]int{
		conversation.Stars:  {1, 2, 3, 4, 5},
		conversation.Thumbs: {1, 5},
		0:                   nil,
		3:                   nil,
	} {
		var taken []int
		for score := -300; score <= 300; score++ {
			r, err := conversation.NewRating(scale, score)
			if err != nil {
				require.ErrorIs(t, err, conversation.ErrValue)
				require.False(t, r.Present())
				continue
			}
			taken = append(taken, score)
			require.True(t, r.Present())
			require.Equal(t, scale, r.Scale())
			require.Equal(t, score, r.Score())
		}
		require.Equal(t, scores, taken, scale)
	}
}

func TestRatingsReadAndWrite(t *testing.T) {
	for _, row := range []struct {
		rating     conversation.Rating
		text, json string
	}{
		{conversation.Rating{}, "–", `null`},
		{fourStars, "4/5", `{"scale":"stars","score":4}`},
		{conversation.Like, "like", `{"scale":"thumbs","score":5}`},
		{conversation.Dislike, "dislike", `{"scale":"thumbs","score":1}`},
	} {
		require.Equal(t, row.text, row.rating.String())
		data, err := json.Marshal(row.rating)
		require.NoError(t, err)
		require.JSONEq(t, row.json, string(data))
		read := conversation.Like
		require.NoError(t, json.Unmarshal(data, &read))
		require.Equal(t, row.rating, read)
	}
	for _, wrong := range []string{
		`{"scale":"stars","score":0}`, `{"scale":"stars","score":6}`, `{"scale":"stars","score":3.5}`, `{"scale":"stars","score":-1}`,
		`{"scale":"stars","score":260}`, `{"scale":"stars","score":4294967300}`, `{"scale":"stars","score":99999999999999999999}`,
		`{"scale":"stars"}`, `{"score":4}`, `{"scale":"thumbs","score":3}`, `{"scale":"stars","score":4,"x":1}`, `4`, `"like"`,
	} {
		read := conversation.Like
		require.Error(t, json.Unmarshal([]byte(wrong), &read), wrong)
		require.Equal(t, conversation.Like, read, "unchanged")
	}
}

func TestNoScoreIsNotABadRating(t *testing.T) {
	var absent conversation.Rating
	require.False(t, absent.Present())
	require.Zero(t, absent.Score())
	require.NotEqual(t, absent, conversation.Dislike)
	require.Equal(t, 1, conversation.Dislike.Score())
}
