package gateway_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway"
)

// unsized is a reader whose length no client can know.
func unsized(n int) io.Reader { return io.MultiReader(strings.NewReader(strings.Repeat("x", n))) }

// awaitLog waits for a line of the log to hold a text.
func (in *installation) awaitLog(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !in.logged(text); {
		if time.Now().After(deadline) {
			t.Fatalf("the log never said %s; it says %s", text, in.log.String())
		}
	}
}

// chunked answers with n bytes of unknown length.
func chunked(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = http.NewResponseController(w).Flush()
		_, _ = io.WriteString(w, strings.Repeat("y", n))
	}
}

// post sends a body of unknown length and reads the answer.
func (in *installation) post(t *testing.T, n int) int {
	t.Helper()
	res, err := in.client.Post(in.url+"/api/x", "text/plain", unsized(n))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // a test
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode
}

func TestTheLogSaysHowManyBytesOfBodiesPassed(t *testing.T) {
	t.Parallel()
	in := serve(t, oneAPI(backendOf(t, chunked(70_000)), "", ""), gateway.Limits{})
	if status := in.post(t, 50_000); status != 200 {
		t.Fatalf("answered %d", status)
	}
	in.awaitLog(t, `"requestBytes":50000,"responseBytes":70000`)
}

func TestBandwidthCountsBodiesOfUnknownLength(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ request, response int }{"of requests": {1100, 0}, "of answers": {0, 1100}, "of both": {600, 600}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := serve(t, oneAPI(backendOf(t, chunked(c.response)), "",
				`<policies><inbound><quota-by-key bandwidth="1" renewal-period="3600" counter-key="k"/></inbound></policies>`), gateway.Limits{})
			if status := in.post(t, c.request); status != 200 {
				t.Fatalf("the first call got %d", status)
			}
			in.awaitLog(t, `"status":200`)
			if status := in.post(t, c.request); status != 403 {
				t.Errorf("after more than a kilobyte the next call got %d, want 403", status)
			}
		})
	}
}

// limited is an installation whose backend sends the beginning of an answer to each GET, and the rest when told.
func limited(t *testing.T, policy string) (in *installation, finish chan struct{}) {
	t.Helper()
	finish = make(chan struct{})
	in = serve(t, oneAPI(backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, "not now")
			return
		}
		_, _ = io.WriteString(w, "begun")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-finish:
		case <-r.Context().Done():
		}
	}), "", policy), gateway.Limits{})
	return in, finish
}

const onePlace = `<policies><backend><limit-concurrency key="k" max-count="1"><forward-request/></limit-concurrency></backend></policies>`

// begin asks for an answer and reads no further than its head.
func (in *installation) begin(t *testing.T, ctx context.Context) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, in.url+"/api/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := in.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func TestAStreamedAnswerHoldsItsPlaceUntilItEnds(t *testing.T) {
	t.Parallel()
	in, finish := limited(t, onePlace)
	first := in.begin(t, t.Context())
	if second := in.begin(t, t.Context()); second.StatusCode != http.StatusTooManyRequests {
		t.Fatalf("while the first answer is still coming, the second call got %d, want 429", second.StatusCode)
	}
	close(finish)
	if body, err := io.ReadAll(first.Body); err != nil || string(body) != "begun" {
		t.Fatalf("the first answer is %q, %v", body, err)
	}
	in.awaitLog(t, `"responseBytes":5`)
	if third := in.begin(t, t.Context()); third.StatusCode != 200 {
		t.Errorf("after the first answer has ended, the next call got %d, want 200", third.StatusCode)
	}
}

func TestACallerWhoLeavesFreesItsPlace(t *testing.T) {
	t.Parallel()
	in, finish := limited(t, onePlace)
	defer close(finish)
	ctx, leave := context.WithCancel(t.Context())
	if first := in.begin(t, ctx); first.StatusCode != 200 {
		t.Fatalf("the first call got %d", first.StatusCode)
	}
	leave()
	in.awaitLog(t, `"errorReason":"ClientConnectionFailure"`)
	if next := in.begin(t, t.Context()); next.StatusCode != 200 {
		t.Errorf("after the first caller has left, the next call got %d, want 200", next.StatusCode)
	}
}

// Each try of a retry takes the place that the try before has left, although that one's answer was to be streamed.
func TestATryThatIsGivenUpFreesItsPlace(t *testing.T) {
	t.Parallel()
	in, _ := limited(t, `<policies><backend><retry condition="@(context.Response.StatusCode == 503)" count="3" interval="0">`+
		`<limit-concurrency key="k" max-count="1"><forward-request buffer-request-body="true"/></limit-concurrency></retry></backend></policies>`)
	if status := in.post(t, 10); status != 503 {
		t.Errorf("answered %d, want the backend's 503: a try was refused by the limit that its own exchange holds", status)
	}
}
