package sample

import (
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestEveryDescribedOperationIsServed walks the paths and methods of the documents, which are written so plainly that two patterns find them.
func TestEveryDescribedOperationIsServed(t *testing.T) {
	t.Parallel()
	path, method := regexp.MustCompile(`^  (/\S+):$`), regexp.MustCompile(`^    (get|put|post|delete|patch):$`)
	values := strings.NewReplacer("{paymentId}", "pay-1001", "{sku}", "cup-blue")
	for document, operations := range map[string]int{"payments": 6, "catalog": 6} {
		text, err := os.ReadFile("../../samples/" + document + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		at, found := "", 0
		for line := range strings.Lines(string(text)) {
			line = strings.TrimRight(line, "\n")
			if m := path.FindStringSubmatch(line); m != nil {
				at = values.Replace(m[1])
			}
			m := method.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			found++
			w := httptest.NewRecorder()
			r := httptest.NewRequestWithContext(t.Context(), strings.ToUpper(m[1]), "/"+document+at+"?q=cup", strings.NewReader(`{"amount":1,"currency":"EUR","customer":"x"}`))
			Handler().ServeHTTP(w, r)
			if w.Code >= 300 {
				t.Errorf("%s %s: %d %s", m[1], at, w.Code, w.Body)
			}
		}
		if found != operations {
			t.Errorf("%s describes %d operations, want %d", document, found, operations)
		}
	}
}
