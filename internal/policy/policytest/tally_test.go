package policytest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// A document beside two archives: each runs one branch, neither what stands behind.
func TestATallySaysWhatNoCaseHasRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	document := `<policies>
  <inbound>
    <choose>
      <when condition="@(context.Request.Method == "GET")"><set-method>PUT</set-method></when>
      <when condition="@(context.Request.Method == "POST")"></when>
      <otherwise><set-variable name="v" value="@(context.Request.Url.Path)" /></otherwise>
    </choose>
    <return-response />
    <set-method>DELETE</set-method>
  </inbound>
</policies>`
	if err := os.WriteFile(filepath.Join(dir, "shop.xml"), []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	tally := &Tally{}
	for _, method := range []string{"GET", "POST"} {
		archive := txtar.Parse([]byte("policy api shop.xml\nsend request.http\n-- request.http --\n" + method + " / HTTP/1.1\n"))
		if err := RunWith(archive, Options{Name: method, Dir: dir, Tally: tally}); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	tally.Print(&out)
	want := filepath.Join(dir, "shop.xml") + `: 3 of 5 policies, 2 of 3 branches, 2 of 3 expressions
  6:7: branch otherwise did not run
  6:18: policy set-variable did not run
  6:48: expression @(context.Request.Url.Path) did not run
  9:5: policy set-method did not run
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
	if err := Run(txtar.Parse([]byte("policy api shop.xml\n"))); err == nil {
		t.Error("a case without a folder read a file that its archive doesn't hold")
	}
}
