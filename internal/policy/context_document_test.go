package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

var noon = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// What an absent member gives is part of the document's meaning.
func TestEmptyContextDocument(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " null ", "{}"} {
		x, now, err := policy.ParseContextDocument([]byte(text), noon, true)
		if err != nil {
			t.Fatal(err)
		}
		if !now.Equal(noon) || !x.Received.Equal(noon) || x.Request.Method != "GET" || x.Request.URL.String() != "https://gateway.example/" ||
			x.Request.OriginalURL != x.Request.URL || x.Request.RemoteIP != "127.0.0.1" || x.Request.Body != nil || x.Response != nil ||
			x.API == nil || x.API.Revision != "1" || !x.API.IsCurrentRevision || x.Operation != nil || x.Product != nil || x.Subscription != nil ||
			x.User != nil || x.Workspace != nil || x.LastError != nil || x.Backend.Backend != nil || x.Deployment.GatewayID != "managed" {
			t.Errorf("%q gives %+v", text, x)
		}
	}
}

func TestContextDocumentsAreChecked(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"not JSON", `{`, "unexpected EOF"},
		{"more than an object", `{} {}`, "something follows the object"},
		{"unknown member", `{"requests": {}}`, "requests"},
		{"request id", `{"requestId": "7"}`, "is not a GUID"},
		{"elapsed", `{"elapsed": "1.5"}`, "is not a duration"},
		{"relative address", `{"request": {"url": "/a"}}`, "is not an absolute address"},
		{"header value", `{"request": {"headers": {"A": 1}}}`, "headers.A"},
		{"body", `{"request": {"body": 1}}`, "body"},
		{"base64", `{"response": {"body": {"base64": "?"}}}`, "base64"},
		{"variable type", `{"variables": {"a": {"type": "Thread", "value": 1}}}`, "variables.a: a variable can't be a Thread"},
		{"variable out of range", `{"variables": {"a": {"type": "byte", "value": 256}}}`, "variables.a"},
		{"char of two letters", `{"variables": {"a": {"type": "char", "value": "ab"}}}`, "one character"},
		{"token", `{"variables": {"a": {"type": "Jwt", "value": "x"}}}`, "can't be a Jwt"},
		{"guid", `{"variables": {"a": {"type": "Guid", "value": 7}}}`, "a Guid is written as text"},
		{"list", `{"variables": {"a": [1]}}`, "variables.a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := policy.ParseContextDocument([]byte(test.in), noon, true)
			if err == nil || !strings.HasPrefix(err.Error(), "context document: ") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want %s", err, test.want)
			}
		})
	}
}

// A document from elsewhere is an input like any other.
func FuzzContextDocument(f *testing.F) {
	f.Add(`{"request": {"body": {"json": {"a": 1}}, "headers": {"A": ["1", "2"]}}, "variables": {"a": {"type": "JObject", "value": {}}}, "elapsed": "1.02:03:04.5"}`)
	f.Fuzz(func(t *testing.T, source string) {
		x, _, err := policy.ParseContextDocument([]byte(source), noon, false)
		if (x == nil) == (err == nil) {
			t.Fatalf("exchange %v, error %v", x, err)
		}
	})
}
