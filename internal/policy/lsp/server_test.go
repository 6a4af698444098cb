package lsp_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/editor"
	"github.com/atelier-apim/atelier/internal/policy/lsp"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// talk lets a client say messages and returns what the server says.
func talk(t *testing.T, messages ...string) ([]map[string]any, error) {
	t.Helper()
	engine, err := policy.NewEngine(policies.Table(policies.Env{}))
	if err != nil {
		t.Fatal(err)
	}
	e, err := editor.New(engine)
	if err != nil {
		t.Fatal(err)
	}
	var in, out strings.Builder
	for _, m := range messages {
		fmt.Fprintf(&in, "Content-Length: %d\r\n\r\n%s", len(m), m)
	}
	err = lsp.New(e, &out).Serve(strings.NewReader(in.String()))
	return heard(t, out.String()), err
}

func heard(t *testing.T, text string) (all []map[string]any) {
	t.Helper()
	r := bufio.NewReader(strings.NewReader(text))
	for {
		head, err := textproto.NewReader(r).ReadMIMEHeader()
		if err != nil {
			return all
		}
		n, err := strconv.Atoi(head.Get("Content-Length"))
		if err != nil {
			t.Fatal(err)
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(r, body); err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(body, &m); err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
}

func opened(text string) string {
	quoted, _ := json.Marshal(text)
	return fmt.Sprintf(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///a.xml","languageId":"xml","version":1,"text":%s}}}`, quoted)
}

func asked(id int, method string, line, character int) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"textDocument/%s","params":{"textDocument":{"uri":"file:///a.xml"},"position":{"line":%d,"character":%d}}}`, id, method, line, character)
}

func TestAnEditorIsTold(t *testing.T) {
	t.Parallel()
	text := "<policies>\n  <inbound><!-- 🙂 --><set-heather name=\"a\" />\n    <set-b\n  </inbound>\n</policies>\n"
	got, err := talk(t,
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}`,
		`{"jsonrpc":"2.0","method":"initialized","params":{}}`,
		opened(strings.Replace(text, "    <set-b\n", "", 1)),
		`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///a.xml"},"contentChanges":[{"text":`+quote(text)+`}]}}`,
		asked(2, "completion", 2, 10),
		asked(3, "hover", 1, 5),
		asked(4, "nonsense", 0, 0),
		`{"jsonrpc":"2.0","id":5,"method":"shutdown"}`,
		`{"jsonrpc":"2.0","method":"exit"}`,
	)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 7 {
		t.Fatalf("%d messages: %v", len(got), got)
	}
	whole, _ := json.Marshal(got)
	for i, want := range []string{
		`"hoverProvider":true`,
		// Characters count in UTF-16 units: the smile takes two.
		`"range":{"end":{"character":34,"line":1},"start":{"character":22,"line":1}},"severity":1,"source":"atelier"`,
		`"method":"textDocument/publishDiagnostics"`,
		`"newText":"set-body","range":{"end":{"character":10,"line":2},"start":{"character":5,"line":2}}`,
		`before the backend is called`,
		`"code":-32601`,
		`"result":null`,
	} {
		one, _ := json.Marshal(got[i])
		if !strings.Contains(string(one), want) {
			t.Errorf("message %d is %s, want %s\nall: %s", i, one, want, whole)
		}
	}
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func TestFormattingReplacesTheDocument(t *testing.T) {
	t.Parallel()
	got, err := talk(t, opened("<policies><inbound><base/></inbound></policies>"), asked(1, "formatting", 0, 0))
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	one, _ := json.Marshal(got[1])
	want := `{"newText":"\u003cpolicies\u003e\n    \u003cinbound\u003e\n        \u003cbase/\u003e\n    \u003c/inbound\u003e\n\u003c/policies\u003e\n","range":{"end":{"character":47,"line":0},"start":{"character":0,"line":0}}}`
	if !strings.Contains(string(one), want) {
		t.Errorf("got %s", one)
	}
}

func TestAClientThatMisbehaves(t *testing.T) {
	t.Parallel()
	if got, err := talk(t, `not json`, `{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///not-open"}}}`); err != nil || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := talk(t, `{"jsonrpc":"2.0","method":"exit"}`); err == nil {
		t.Error("an exit without shutdown is fine")
	}
	engine, err := policy.NewEngine(nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := editor.New(engine)
	if err != nil {
		t.Fatal(err)
	}
	for _, stream := range []string{"Content-Length: 99999999999\r\n\r\n{}", "Content-Length: -5\r\n\r\n", "X: 1\r\n\r\n", "Content-Length: 10\r\n\r\n{}", strings.Repeat("A: b\r\n", 100), strings.Repeat("a", 100_000)} {
		if err := lsp.New(e, io.Discard).Serve(strings.NewReader(stream)); err == nil {
			t.Errorf("%.40q ends without an error", stream)
		}
	}
}
