package gateway_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/atelier-apim/atelier/internal/gateway"
)

// A retry sends the whole body again, or, where nobody kept the body, nothing: never a request that lost its body.
func TestRetrySendsTheBodyAgainOrFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, attribute string
		status          int
		saw             []string
	}{
		{"kept", ` buffer-request-body="true"`, 503, []string{"order 7", "order 7", "order 7"}},
		{"not kept", "", 500, []string{"order 7"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var saw []string
			backend := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				mu.Lock()
				saw = append(saw, string(body))
				mu.Unlock()
				w.WriteHeader(http.StatusServiceUnavailable)
			})
			policy := fmt.Sprintf(`<policies><backend><retry condition="true" count="2" interval="0"><forward-request%s/></retry></backend></policies>`, c.attribute)
			in := serve(t, oneAPI(backend, "", policy), gateway.Limits{})
			res, err := http.Post(in.url+"/api/x", "text/plain", strings.NewReader("order 7"))
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			mu.Lock()
			defer mu.Unlock()
			if res.StatusCode != c.status || !slices.Equal(saw, c.saw) {
				t.Errorf("answered %d, the backend saw %q; want %d and %q", res.StatusCode, saw, c.status, c.saw)
			}
		})
	}
}
