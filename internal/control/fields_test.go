package control

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What a filter sees of a resource is what JSON shows of it.
func TestFiltersSeeWhatIsShown(t *testing.T) {
	t.Parallel()
	type base struct {
		Inherited string `json:"inherited"`
	}
	type shape struct {
		*base
		Text    string         `json:"displayName"`
		Empty   string         `json:"empty,omitempty"`
		Blank   string         `json:"blank"`
		On      bool           `json:"on"`
		Maybe   *bool          `json:"maybe,omitempty"`
		Set     *bool          `json:"set,omitempty"`
		Count   int            `json:"count"`
		Zero    int            `json:"zero,omitempty"`
		Tags    []string       `json:"tags,omitempty"`
		At      time.Time      `json:"at"`
		Nested  map[string]any `json:"nested"`
		Any     any            `json:"any"`
		Hidden  string         `json:"-"`
		private string
	}
	no := false
	v := &shape{Text: "Orders", Set: &no, Count: 7, Tags: []string{"a", "b"}, At: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Any: "x", Hidden: "h", private: "p"}
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var shown map[string]any
	if err := json.Unmarshal(body, &shown); err != nil {
		t.Fatal(err)
	}
	get := fieldsOf("orders", v, map[string]any{"extra": "e"})
	for _, name := range []string{"displayName", "empty", "blank", "on", "maybe", "set", "count", "zero", "at", "nested", "any", "inherited", "hidden", "private", "unknown"} {
		if diff := cmp.Diff(shown[name], get(name)); diff != "" {
			t.Errorf("%s (-shown +seen):\n%s", name, diff)
		}
	}
	for name, want := range map[string]any{"name": "orders", "DISPLAYNAME": "Orders", "tags": []string{"a", "b"}, "extra": "e"} {
		if diff := cmp.Diff(want, get(name)); diff != "" {
			t.Errorf("%s (-want +seen):\n%s", name, diff)
		}
	}
}
