package sample

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// exchange is one request and what must come back: the status, and texts that the body contains.
type exchange struct {
	request string // method and path with query
	body    string
	status  int
	want    []string
}

func run(t *testing.T, exchanges ...exchange) {
	t.Helper()
	h := Handler()
	for _, e := range exchanges {
		method, target, _ := strings.Cut(e.request, " ")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(e.body)))
		got := w.Body.String()
		if w.Code != e.status {
			t.Errorf("%s %s: %d %s, want %d", e.request, e.body, w.Code, got, e.status)
			continue
		}
		for _, text := range e.want {
			if !strings.Contains(got, text) {
				t.Errorf("%s %s: %s lacks %s", e.request, e.body, got, text)
			}
		}
		wantType := "application/json; charset=utf-8"
		if e.status >= 400 {
			wantType = "application/problem+json"
		}
		if got := w.Header().Get("Content-Type"); got != wantType {
			t.Errorf("%s: content type %q, want %q", e.request, got, wantType)
		}
		if method != http.MethodHead && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: %s is no JSON", e.request, got)
		}
	}
}

func TestPaymentsAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	run(t,
		exchange{"GET /payments/payments", "", 200, []string{`{"total":3,"items":[{"id":"pay-1003"`}},
		exchange{"GET /payments/payments?limit=1&offset=1", "", 200, []string{`{"total":3,"items":[{"id":"pay-1002"`}},
		exchange{"GET /payments/payments?offset=9", "", 200, []string{`{"total":3,"items":[]}`}},
		exchange{"GET /payments/payments?status=pending", "", 200, []string{`"total":1`, "pay-1002"}},
		exchange{"GET /payments/payments?status=lost", "", 400, []string{"pending, captured or refunded"}},
		exchange{"GET /payments/payments?limit=0", "", 400, []string{"limit must be a whole number from 1 to 100"}},
		exchange{"GET /payments/payments?offset=-1", "", 400, []string{"offset must be"}},
	)
}

func TestPaymentIsTakenAndGivenBack(t *testing.T) {
	t.Parallel()
	run(t,
		exchange{"POST /payments/payments", `{"amount":700,"currency":"EUR","customer":"tailwind"}`, 201, []string{`"id":"pay-1004"`, `"status":"captured"`, `"created":"2026-03-04T09:00:00Z"`}},
		exchange{"GET /payments/payments/pay-1004", "", 200, []string{`"customer":"tailwind"`}},
		exchange{"POST /payments/payments/pay-1004/refunds", `{"amount":200,"reason":"late"}`, 201, []string{`"id":"pay-1004-refund-1"`, `"amount":200`, `"reason":"late"`}},
		exchange{"POST /payments/payments/pay-1004/refunds", `{"amount":501}`, 409, []string{"500 is left"}},
		exchange{"POST /payments/payments/pay-1004/refunds", ``, 201, []string{`"id":"pay-1004-refund-2"`, `"amount":500`}},
		exchange{"GET /payments/payments/pay-1004", "", 200, []string{`"status":"refunded"`, `"refunded":700`}},
		exchange{"POST /payments/payments/pay-1004/refunds", ``, 409, []string{"All of it has been given back"}},
		exchange{"POST /payments/payments/pay-1002/refunds", ``, 409, []string{"not been taken yet"}},
	)
}

func TestPaymentsRefuse(t *testing.T) {
	t.Parallel()
	run(t,
		exchange{"POST /payments/payments", `{"amount":0,"currency":"EUR","customer":"x"}`, 400, []string{"amount must be"}},
		exchange{"POST /payments/payments", `{"amount":1,"currency":"XXX","customer":"x"}`, 400, []string{"currency must be"}},
		exchange{"POST /payments/payments", `{"amount":1,"currency":"EUR"}`, 400, []string{"customer is needed"}},
		exchange{"POST /payments/payments", `{"amount":1000001,"currency":"EUR","customer":"x"}`, 402, []string{"declined"}},
		exchange{"POST /payments/payments", `{`, 400, []string{"must be an object of JSON"}},
		exchange{"POST /payments/payments", `{"reference":"` + strings.Repeat("x", maxBody) + `"}`, 413, nil},
		exchange{"GET /payments/payments/pay-9", "", 404, []string{"There is no payment pay-9."}},
		exchange{"POST /payments/payments/pay-9/refunds", "", 404, []string{"There is no payment pay-9."}},
		exchange{"POST /payments/payments/pay-1001/refunds", `{"amount":-1}`, 400, []string{"above zero"}},
		exchange{"DELETE /payments/payments/pay-1001", "", 405, []string{"DELETE is not possible here"}},
		exchange{"GET /payments/nothing", "", 404, []string{"/payments/nothing"}},
		exchange{"GET /elsewhere", "", 404, []string{"/payments and /catalog"}},
	)
}

func TestCatalog(t *testing.T) {
	t.Parallel()
	run(t,
		exchange{"GET /catalog/products", "", 200, []string{`"total":7`, `{"sku":"tea-assam-250","name":"Assam tea"`}},
		exchange{"GET /catalog/products?category=tea&limit=1", "", 200, []string{`"total":3`, `"category":"tea"`}},
		exchange{"GET /catalog/products?category=none", "", 200, []string{`{"total":0,"items":[]}`}},
		exchange{"GET /catalog/products/search?q=GREEN", "", 200, []string{`"total":2`, "tea-green-100", "cup-green"}},
		exchange{"GET /catalog/products/search?q=green+sencha", "", 200, []string{`"total":1`, "tea-green-100"}},
		exchange{"GET /catalog/products/search", "", 400, []string{"q must say"}},
		exchange{"GET /catalog/products/tea-green-100", "", 200, []string{`"price":890`}},
		exchange{"GET /catalog/products/tea-blue", "", 404, []string{"There is no product tea-blue."}},
		exchange{"GET /catalog/categories", "", 200, []string{`[{"id":"coffee","name":"Coffee","products":2},{"id":"tableware","name":"Tableware","products":2},{"id":"tea","name":"Tea","products":3}]`}},
		exchange{"POST /catalog/products", "{}", 405, []string{"POST is not possible here"}},
	)
}

func TestEchoTellsWhatArrived(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/payments/echo", "/catalog/echo"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPatch, "http://backend.example"+path+"?a=1&a=2", strings.NewReader("hello"))
		r.Header.Set("X-Seen", "yes")
		Handler().ServeHTTP(w, r)
		var got echoed
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if got.Method != "PATCH" || got.Path != path || len(got.Query["a"]) != 2 || got.Headers["X-Seen"][0] != "yes" || got.Headers["Host"][0] != "backend.example" || got.Body != "hello" {
			t.Errorf("%s: %+v", path, got)
		}
	}
	run(t,
		exchange{"PUT /catalog/echo", "\xff\xfe", 200, []string{`"body":"(not text)"`}},
		exchange{"PUT /catalog/echo", strings.Repeat("x", maxBody+1), 413, nil},
	)
}

func TestHandlersShareNothing(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/payments/payments", strings.NewReader(`{"amount":1,"currency":"EUR","customer":"x"}`)))
	run(t, exchange{"GET /payments/payments", "", 200, []string{`"total":3`}})
}
