package policies_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/atelier-apim/atelier/internal/policy/policytest"
)

// longestRequest is more than a request's budget of time for what policies compute.
const longestRequest = 20 * time.Second

// FuzzDocuments: no document stalls or crashes a gateway: one that may be saved runs to an end within the budgets, whatever it and the request hold. It begins with the
// documents of all cases, which run, or are refused, once for each test.
func FuzzDocuments(f *testing.F) {
	archives, err := filepath.Glob(filepath.Join("testdata", "*", "*.txtar"))
	if err != nil || len(archives) == 0 {
		f.Fatalf("there are no cases (%v)", err)
	}
	for _, file := range archives {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, doc := range txtar.Parse(data).Files {
			if text := string(doc.Data); strings.HasPrefix(text, "<policies") && len(text) < 4096 {
				f.Add(text, "GET /a?x=1 HTTP/1.1\nContent-Type: application/json\n\n{\"a\":[1,2,{\"b\":null}]}")
				f.Add(text, "POST /a HTTP/1.1\nContent-Type: text/xml\n\n<a b=\"1\"><c>2</c></a>")
			}
		}
	}
	f.Fuzz(func(t *testing.T, document, request string) {
		if len(document)+len(request) > 16<<10 {
			return
		}
		began := time.Now()
		_ = policytest.Run(&txtar.Archive{
			Comment: []byte("backend-reply answer\npolicy api document\nsend request\n"),
			Files: []txtar.File{
				{Name: "document", Data: []byte(document)},
				{Name: "request", Data: []byte(request)},
				{Name: "answer", Data: []byte("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{\"a\":1}")},
			},
		})
		if took := time.Since(began); took > longestRequest {
			t.Errorf("it took %s", took)
		}
	})
}
