package liquid_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// StripHtml takes scripts, styles and comments out with what they hold, and then every tag. Text that opens one after another and closes few of them
// costs no more than its length: a caller's body may be 8 MiB of it.
func TestStripHTML(t *testing.T) {
	t.Parallel()
	hostile := strings.Repeat("<script<!---->", 40_000)
	for text, want := range map[string]string{
		"a<b>c</b>d": "acd", "a<SCRIPT x>b<i></Script>c": "ac", "<!-- <p> -->x<style>y</style>": "x", "a < b": "a < b", "a<script>b": "ab", "<!-->x": "x",
		"<script><!--</script>x-->": "x-->",
		"<style<script</script>x":   "<stylex", "é<p>è": "éè", hostile: "",
	} {
		body, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		got, err := render(t, "{{ body | StripHtml }}", string(body))
		if took := time.Since(begun); took > time.Second {
			t.Errorf("%d bytes took %s", len(text), took)
		}
		if err != nil || len(text) < 100 && got != want {
			t.Errorf("%q becomes %q, %v; want %q", text, got, err, want)
		}
	}
}
