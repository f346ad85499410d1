package conversation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Scale is what a rating was given on.
type Scale uint8

// The scales. The zero Scale is that of an absent rating. The text form is stored.
const (
	Stars  Scale = iota + 1 // 1 to 5
	Thumbs                  // dislike or like
)

var scales = texts[Scale]{"scale", []string{Stars: "stars", Thumbs: "thumbs"}}

// String returns the stored text.
func (s Scale) String() string { return scales.string(s) }

// MarshalText returns the stored text; an invalid s is [ErrValue].
func (s Scale) MarshalText() ([]byte, error) { return scales.marshal(s) }

// UnmarshalText reads the stored text; any other is [ErrValue].
func (s *Scale) UnmarshalText(text []byte) error { return scales.unmarshal(text, s) }

// Rating is how good somebody found a conversation, on a declared scale. The
// zero Rating is absent, which is not a bad rating.
type Rating struct {
	scale Scale
	score uint8
}

// The two ratings of the scale Thumbs. Their scores lie at the ends of 1 to 5, so
// that both scales can be filtered, sorted and averaged on one axis.
var (
	Dislike = Rating{Thumbs, 1}
	Like    = Rating{Thumbs, 5}
)

// NewRating returns a rating on a scale: Stars takes the scores 1 to 5, Thumbs 1
// and 5. Any other is [ErrValue].
func NewRating(scale Scale, score int) (Rating, error) {
	ok := scale == Stars && score >= 1 && score <= 5 || scale == Thumbs && (score == 1 || score == 5)
	if !ok {
		return Rating{}, &ValueError{Field: "rating", Cause: fmt.Sprintf("%d is not on the scale %s", score, scale)}
	}
	return Rating{scale, uint8(score)}, nil
}

// Present reports whether there is a rating.
func (r Rating) Present() bool { return r != Rating{} }

// Scale returns the scale; zero when absent.
func (r Rating) Scale() Scale { return r.scale }

// Score returns 1 (worst) to 5 (best), or 0 when absent.
func (r Rating) Score() int { return int(r.score) }

// String returns "4/5", "like", "dislike", or a dash when absent.
func (r Rating) String() string {
	switch {
	case !r.Present():
		return "–"
	case r == Like:
		return "like"
	case r == Dislike:
		return "dislike"
	default:
		return fmt.Sprintf("%d/5", r.score)
	}
}

type ratingJSON struct {
	Scale Scale       `json:"scale"`
	Score json.Number `json:"score"`
}

// MarshalJSON returns {"scale":"stars","score":4}, or null when absent.
func (r Rating) MarshalJSON() ([]byte, error) {
	if !r.Present() {
		return []byte("null"), nil
	}
	return json.Marshal(ratingJSON{r.scale, json.Number(fmt.Sprint(r.score))})
}

// UnmarshalJSON reads what MarshalJSON writes. A score off the scale, such as 0,
// 6 or 3.5, is [ErrValue].
func (r *Rating) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		*r = Rating{}
		return nil
	}
	var j ratingJSON
	if err := unmarshalStrict(data, &j); err != nil {
		return err
	}
	score, err := j.Score.Int64()
	if err != nil {
		return &ValueError{Field: "rating", Cause: fmt.Sprintf("%s is not a whole number", clip(j.Score.String()))}
	}
	parsed, err := NewRating(j.Scale, int(score))
	if err == nil {
		*r = parsed
	}
	return err
}

// CustomerRating is the customer's rating of a conversation. The zero
// CustomerRating is absent.
type CustomerRating struct {
	Rating Rating     `json:"rating"`
	By     CustomerID `json:"by,omitempty"`
	At     time.Time  `json:"at"`
	Agent  AgentID    `json:"agent,omitempty"` // who served at that moment, to whom it is credited; empty: nobody
}

// Review is a supervisor's opinion of a conversation. The zero Review is absent.
type Review struct {
	Rating  Rating    `json:"rating"` // on the scale Stars; may be absent
	Comment string    `json:"comment,omitempty"`
	By      AgentID   `json:"by,omitempty"`
	At      time.Time `json:"at"`
}
