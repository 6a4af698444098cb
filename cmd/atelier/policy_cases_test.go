package main

import (
	"context"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const passing = "# says yes\npolicy api shop.xml\nsend r.http\nreply 200\n-- r.http --\nGET / HTTP/1.1\n"

const failing = "# says no\npolicy api shop.xml\nsend r.http\nreply 500\n-- r.http --\nGET / HTTP/1.1\n"

func shop(t *testing.T, cases map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	cases["shop.xml"] = `<policies><inbound><base/></inbound></policies>`
	for name, text := range cases {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestResultsInJUnitsForm(t *testing.T) {
	t.Parallel()
	dir := shop(t, map[string]string{"a.txtar": passing, "b.txtar": failing})
	cases := policyTests{paths: []string{dir}, junit: filepath.Join(dir, "out.xml")}
	var out strings.Builder
	if fine, err := cases.run(&out); err != nil || fine {
		t.Errorf("fine: %t, %v", fine, err)
	}
	if !strings.Contains(out.String(), "1 passed, 1 failed") {
		t.Error(out.String())
	}
	text, err := os.ReadFile(cases.junit)
	if err != nil {
		t.Fatal(err)
	}
	var s suite
	if err := xml.Unmarshal(text, &s); err != nil || s.Tests != 2 || s.Failures != 1 || len(s.Cases) != 2 {
		t.Fatalf("%v\n%s", err, text)
	}
	if s.Cases[0].Name != "says yes" || s.Cases[0].Failure != nil || s.Cases[1].Failure == nil || !strings.Contains(s.Cases[1].Failure.Message, "reply 500") {
		t.Errorf("%s", text)
	}
}

func TestAWatchRunsAgainWhenADocumentChanges(t *testing.T) {
	t.Parallel()
	dir := shop(t, map[string]string{"a.txtar": passing})
	synctest.Test(t, func(t *testing.T) {
		cases := policyTests{paths: []string{filepath.Join(dir, "a.txtar")}}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var out strings.Builder
		go func() { _ = cases.repeat(ctx, &out) }()
		runs := func() int {
			time.Sleep(3 * lookAgain) // of the bubble's clock
			synctest.Wait()
			return strings.Count(out.String(), " passed, ")
		}
		if n := runs(); n != 1 {
			t.Errorf("%d runs before anything changed:\n%s", n, out.String())
		}
		broken := `<policies><inbound><no-such-policy/></inbound></policies>`
		if err := os.WriteFile(filepath.Join(dir, "shop.xml"), []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		if n := runs(); n != 2 || !strings.Contains(out.String(), "0 passed, 1 failed") {
			t.Errorf("%d runs after the document changed:\n%s", n, out.String())
		}
	})
}
