package ascii_test

import (
	"encoding/json"
	"testing"

	"github.com/atelier-apim/atelier/internal/ascii"
)

func TestAHeaderHoldsAnyText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"a"`: `"a"`, `"Zürich"`: `"Z\u00fcrich"`, `"名"`: `"\u540d"`, `"😀"`: `"\ud83d\ude00"`, "\"\u007f\"": `"\u007f"`,
	} {
		got := ascii.JSON(text)
		if got != want {
			t.Errorf("%s is written %s, want %s", text, got, want)
		}
		var before, after string
		if json.Unmarshal([]byte(text), &before) != nil || json.Unmarshal([]byte(got), &after) != nil || before != after {
			t.Errorf("%s reads %q, before %q", got, after, before)
		}
	}
}
