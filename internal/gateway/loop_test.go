package gateway_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/atelier-apim/atelier/internal/gateway"
)

// An API whose backend is the gateway itself ends after a few rounds, whatever its policy does to headers; one request can't become thousands.
func TestARequestThatGoesRoundIsRefused(t *testing.T) {
	t.Parallel()
	var in atomic.Pointer[installation]
	var calls atomic.Int64
	again := backendOf(t, func(w http.ResponseWriter, r *http.Request) { // a hop outside that hands every request back
		calls.Add(1)
		back, err := http.NewRequestWithContext(r.Context(), http.MethodGet, in.Load().url+"/api/x", nil)
		if err != nil {
			t.Error(err)
			return
		}
		back.Header = r.Header.Clone()
		res, err := http.DefaultTransport.RoundTrip(back)
		if err != nil {
			t.Error(err)
			return
		}
		defer res.Body.Close() //nolint:errcheck // a test
		w.WriteHeader(res.StatusCode)
	})
	strip := `<policies><inbound><set-header name="CDN-Loop" exists-action="delete"/></inbound><backend><forward-request/></backend><outbound/><on-error/></policies>`
	in.Store(serve(t, oneAPI(again, "", strip), gateway.Limits{}))
	res, err := in.Load().client.Get(in.Load().url + "/api/x") //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // a test
	if res.StatusCode != http.StatusLoopDetected || calls.Load() != 8 {
		t.Errorf("the answer is %d after %d rounds, want 508 after 8", res.StatusCode, calls.Load())
	}
}

func TestWhatOthersNoteOfLoopsStays(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"":                                     "atelier;hops=1",
		"cdn.example; a=b":                     "cdn.example; a=b, atelier;hops=1",
		"atelier;hops=2, cdn.example":          "cdn.example, atelier;hops=3",
		"Atelier , atelier;hops=oops":          "atelier;hops=3",
		"atelier;hops=0, ,atelier;hops=99999a": "atelier;hops=3",
	} {
		var got atomic.Pointer[string]
		backend := backendOf(t, func(_ http.ResponseWriter, r *http.Request) {
			line := strings.Join(r.Header.Values("CDN-Loop"), " and ")
			got.Store(&line)
		})
		in := serve(t, oneAPI(backend, "", ""), gateway.Limits{})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, in.url+"/api/x", nil)
		if err != nil {
			t.Fatal(err)
		}
		if sent != "" {
			req.Header.Set("CDN-Loop", sent)
		}
		res, err := in.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close() //nolint:errcheck // a test
		if line := got.Load(); res.StatusCode != http.StatusOK || line == nil || *line != want {
			t.Errorf("%q: the answer is %d, the backend reads %v, want %q", sent, res.StatusCode, line, want)
		}
	}
}
