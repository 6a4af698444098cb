package editor_test

import (
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/editor"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// Everyone who has signed in may have a document completed: what it costs grows with its length, and not with its square. The bound is a hundred times
// what a linear reading takes, and a tenth of the other.
func TestHostileDocumentsCostNoMoreThanTheirLength(t *testing.T) {
	t.Parallel()
	engine, err := policy.NewEngine(policies.Table(policies.Env{}))
	if err != nil {
		t.Fatal(err)
	}
	e, err := editor.New(engine)
	if err != nil {
		t.Fatal(err)
	}
	const size = 512 << 10
	for name, document := range map[string]string{
		"elements that are never closed": strings.Repeat("<a>", size/6) + strings.Repeat("</b>", size/8),
		"a path without an end":          `<policies><inbound><set-body>@(` + strings.Repeat("a.", size/2),
	} {
		begun := time.Now()
		e.Complete(document, len(document))
		e.Hover(document, len(document)-1)
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("%s: %d KiB took %s", name, size>>10, took)
		}
	}
}
