package gateway_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

const prompt = `{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"hello"}]}`

// Tokens are counted while a stream passes: nothing waits for its end, and a caller who leaves in the middle has taken what was said until then.
func TestTokensOfAStreamCountWhileItPasses(t *testing.T) {
	t.Parallel()
	more := make(chan struct{})
	backend := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: {\"choices\":[{\"delta\":{\"content\":\"one two three four\"}}]}\n\n")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-more:
		case <-r.Context().Done():
		}
	})
	in := serve(t, oneAPI(backend, "", `<policies><inbound><base/><llm-token-limit counter-key="k" tokens-per-minute="12" estimate-prompt-tokens="false"/>
		<llm-emit-token-metric><dimension name="API ID"/></llm-emit-token-metric></inbound></policies>`), gateway.Limits{})
	res, err := in.client.Post(in.url+"/api/x", "application/json", strings.NewReader(prompt))
	if err != nil {
		t.Fatal(err)
	}
	var first [5]byte
	if _, err := io.ReadFull(res.Body, first[:]); err != nil || string(first[:]) != "data:" {
		t.Fatalf("read %q, %v before the stream ended", first, err)
	}
	_ = res.Body.Close()
	for deadline := time.Now().Add(10 * time.Second); !in.logged(`"name":"Total Tokens","value":12,`); {
		if time.Now().After(deadline) {
			t.Fatalf("the log is %s", in.log.String())
		}
	}
	close(more)
	res, err = in.client.Post(in.url+"/api/x", "application/json", strings.NewReader(prompt))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the next call gets %d", res.StatusCode)
	}
}

// safetyAPI is an API whose prompts are checked by a backend entity.
func safetyAPI(model string, safety *snapshot.Backend) *snapshot.Snapshot {
	s := oneAPI(model, "", "")
	safety.ID, safety.Name = s.Others[0].ID+"/backends/safety", "safety"
	s.Others[0].Backends = append(s.Others[0].Backends, safety)
	for a := range s.Others[0].APIs.All() {
		a.Policy = document("api", `<policies><inbound><base/><llm-content-safety backend-id="safety" shield-prompt="true"/></inbound></policies>`)
	}
	return s
}

// Calls that policies make by themselves carry the credentials of their backend and of nobody else, and the mark that ends loops.
func TestCallsOfPoliciesCarryTheBackendsCredentials(t *testing.T) {
	t.Parallel()
	var seen *http.Request
	safety := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r
		_, _ = io.WriteString(w, `{"userPromptAnalysis":{"attackDetected":false}}`)
	})
	in := serve(t, safetyAPI(backendOf(t, func(http.ResponseWriter, *http.Request) {}), &snapshot.Backend{
		URL: safety + "/base/?a=b", Header: map[string][]string{"Ocp-Apim-Subscription-Key": {"its-own"}}, Query: map[string][]string{"code": {"a b"}},
	}), gateway.Limits{})
	req, _ := http.NewRequest(http.MethodPost, in.url+"/api/x", strings.NewReader(prompt))
	req.Header.Set("Authorization", "Bearer of-the-caller")
	req.Header.Set("Cookie", "of=the-caller")
	res, err := in.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK || seen == nil {
		t.Fatalf("the answer is %d, the call %v", res.StatusCode, seen)
	}
	if seen.RequestURI != "/base/contentsafety/text:shieldPrompt?a=b&api-version=2024-09-01&code=a+b" {
		t.Errorf("the call went to %s", seen.RequestURI)
	}
	h := seen.Header
	if h.Get("Ocp-Apim-Subscription-Key") != "its-own" || h.Get("Authorization")+h.Get("Cookie") != "" || h.Get("Cdn-Loop") != "atelier;hops=1" {
		t.Errorf("the call has the headers %v", h)
	}
}

// A call that gets no answer that can be used refuses the request: addresses that no backend may have, redirects, and answers without end.
func TestCallsToNamedBackendsAreGuarded(t *testing.T) {
	t.Parallel()
	reached := false
	model := backendOf(t, func(http.ResponseWriter, *http.Request) { reached = true })
	open := backendOf(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"userPromptAnalysis":{"attackDetected":false}}`)
	})
	for name, address := range map[string]string{
		"metadata": "http://169.254.169.254",
		"redirect": backendOf(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, open+r.RequestURI, http.StatusTemporaryRedirect)
		}),
		"endless": backendOf(t, func(w http.ResponseWriter, _ *http.Request) {
			for range 64 {
				_, _ = w.Write(make([]byte, 64<<10))
			}
		}),
		"broken off": backendOf(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
	} {
		in := serve(t, safetyAPI(model, &snapshot.Backend{URL: address}), gateway.Limits{})
		res, err := in.client.Post(in.url+"/api/x", "application/json", strings.NewReader(prompt))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusInternalServerError || strings.Contains(string(body), "169.254") {
			t.Errorf("%s: the answer is %d %s", name, res.StatusCode, body)
		}
		if !in.logged(`"errorReason":"ContentSafetyUnavailable"`) {
			t.Errorf("%s: the log is %s", name, in.log.String())
		}
	}
	if reached {
		t.Error("the model was reached")
	}
}
