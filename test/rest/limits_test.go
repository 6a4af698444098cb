package rest

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestAnImportOfTooManyOperationsIsRefused: an import is one transaction, for which everybody else's writes wait.
func TestAnImportOfTooManyOperationsIsRefused(t *testing.T) {
	t.Parallel()
	in := start(t)
	r := newRun(t, in, "limits", &txtar.Archive{})
	for operations, want := range map[int]int{5000: http.StatusCreated, 5001: http.StatusBadRequest} {
		var paths []string
		for i := range operations {
			paths = append(paths, fmt.Sprintf(`"/p%d":{"get":{"responses":{}}}`, i))
		}
		document := `{"openapi":"3.0.1","info":{"title":"T","version":"1"},"paths":{` + strings.Join(paths, ",") + `}}`
		body := fmt.Sprintf(`{"properties":{"path":"p%d","format":"openapi+json","value":%q}}`, operations, document)
		if err := r.send("PUT", fmt.Sprintf("%s/apis/a%d", r.vars["ws"], operations), body, nil); err != nil || r.status != want {
			t.Errorf("a document of %d operations is answered %d %.300s, %v", operations, r.status, r.body, err)
		}
	}
}

// TestStrangersAreAnsweredBeforeTheirBody: who has no token is not waited for.
func TestStrangersAreAnsweredBeforeTheirBody(t *testing.T) {
	t.Parallel()
	in := start(t)
	address := strings.TrimPrefix(in.endpoints.Management, "https://")
	conn, err := tls.Dial("tcp", address, in.client.Transport.(*http.Transport).TLSClientConfig) //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // a test
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(conn, "PUT /subscriptions/x?api-version=2024-05-01 HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000\r\n\r\n", address); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("no answer while the body is awaited: %v", err)
	}
	defer res.Body.Close() //nolint:errcheck // a test
	if res.StatusCode != http.StatusUnauthorized || !res.Close {
		t.Errorf("the answer is %d, the connection ends with it: %v", res.StatusCode, res.Close)
	}
}
