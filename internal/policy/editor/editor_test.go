package editor_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/editor"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

func open(t testing.TB) *editor.Editor {
	t.Helper()
	engine, err := policy.NewEngine(policies.Table(policies.Env{}))
	if err != nil {
		t.Fatal(err)
	}
	e, err := editor.New(engine)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// place takes the cursor, ‸, out of a document.
func place(t *testing.T, document string) (string, int) {
	t.Helper()
	before, after, ok := strings.Cut(document, "‸")
	if !ok {
		t.Fatalf("%s has no cursor", document)
	}
	return before + after, len(before)
}

func TestCompletionOffersWhatMayStandThere(t *testing.T) {
	t.Parallel()
	e := open(t)
	for _, c := range []struct {
		document string
		offers   string // words that are offered
		not      string // words that are not
	}{
		{"<‸", "policies fragment", "set-header"},
		{"<policies><‸", "inbound backend outbound on-error", "set-header base"},
		{"<policies><inbound><‸", "base set-header rate-limit include-fragment", "forward-request jsonp"},
		{"<policies><inbound><base/><set-h‸", "set-header", "set-body"},
		{"<policies><outbound><choose><when condition=\"@(1 < 2)\"><‸", "set-header jsonp", "base rate-limit"},
		{"<policies><outbound><choose><‸", "when otherwise", "set-header"},
		{"<policies><inbound><set-header name=\"a\"><‸", "value", "base"},
		{"<policies><inbound><return-response><‸", "set-status set-header set-body", "rate-limit"},
		{"<fragment><‸", "set-header jsonp forward-request", "base inbound"},
		{"<policies><inbound><set-header ‸", "name exists-action", "value"},
		{"<policies><inbound><set-header name=\"a\" ‸><value/>", "exists-action", "name"},
		{"<policies><inbound><set-header name=\"a\" exists-action=\"‸", "override skip append delete", ""},
		{"<policies><inbound><set-header name=\"a\" exists-action=\"ap‸\"", "append", "override"},
		{"<policies><inbound></‸", "inbound", "policies"},
		{"<policies><inbound></inbound></‸", "policies", "inbound"},
		{"<policies><inbound><set-variable name=\"a\" value=\"@(‸", "context Convert JObject", "set-header"},
		{"<policies><inbound><set-variable name=\"a\" value=\"@(context.‸", "Request Response Variables", "Convert"},
		{"<policies><inbound><set-variable name=\"a\" value=\"@(context.Request.He‸\" />", "Headers", "Method"},
		{"<policies><inbound><set-variable name=\"a\" value=\"@(context.Request?.Url.‸", "Path Host", "Headers"},
		{"<set-body>@{ return context.Request.Body.As<JObject>(true).‸", "", ""},
		{"<policies><inbound><set-body>@{ var x = \"a)b\"; return context.Request.Body.As<JObject>(preserveContent: true).Sel‸", "SelectToken", "Parse"},
		{"<policies><inbound><set-body>@(((IResponse)context.Variables[\"r\"]).‸", "StatusCode Body", "Method"},
		{"<policies><inbound><set-body>@(JObject.‸", "Parse", "SelectToken"},
		{"<policies><inbound><set-body>@(context.Request.Method.ToUpper().‸", "Length Substring", "Join"},
		{"<policies><inbound><!-- <‸", "", "base"},
		{"<policies><inbound><set-body>some text ‸", "", "context"},
	} {
		source, at := place(t, c.document)
		var labels []string
		for _, i := range e.Complete(source, at) {
			labels = append(labels, i.Label)
		}
		for _, word := range strings.Fields(c.offers) {
			if !slices.Contains(labels, word) {
				t.Errorf("%s does not offer %s but %v", c.document, word, labels)
			}
		}
		for _, word := range strings.Fields(c.not) {
			if slices.Contains(labels, word) {
				t.Errorf("%s offers %s", c.document, word)
			}
		}
		if c.offers == "" && strings.HasPrefix(c.document, "<policies>") && len(labels) > 0 {
			t.Errorf("%s offers %v", c.document, labels)
		}
	}
}

func TestHoverTellsOfTheWordUnderTheCursor(t *testing.T) {
	t.Parallel()
	e := open(t)
	for document, want := range map[string]string{
		"<policies><inb‸ound>":                                                  "before the backend is called",
		"<policies><inbound><set-he‸ader name=\"a\">":                           "`exists-action`",
		"<policies><inbound><set-header exists-ac‸tion=\"skip\">":               "default override",
		"<policies><inbound><set-body>@(context.Reque‸st.Method)</set-body>":    "IRequest Request",
		"<policies><inbound><set-body>@(context.Request.Meth‸od)</set-body>":    "string Method",
		"<policies><inbound><set-body>@(context.Request.Nothing‸)</set-body>":   "",
		"<policies><inbound><set-body>plain te‸xt</set-body></inbound>":         "",
		"<policies><inbound><no-such‸ a=\"b\"/></inbound></policies>":           "",
		"<policies><inbound><set-body>@(Conv‸ert.ToInt32(\"1\"))</set-body>":    "Convert",
		"<policies><inbound><set-body>@(Convert.ToInt3‸2(\"1\"))</set-body>":    "static int ToInt32",
		"<policies><inbound><set-variable name=\"a\" value=\"@(con‸text.Api)\"": "context",
	} {
		source, at := place(t, document)
		got := e.Hover(source, at)
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s\n%q, want %q", document, got, want)
		}
	}
}

// FuzzEditor: whatever stands in the editor, asking costs little and nothing panics.
func FuzzEditor(f *testing.F) {
	e := open(f)
	for _, s := range []string{"<policies><inbound><set-header name=\"@(context.", "<a b='@{ \"", "<!--", "</", "<policies>@(((X)y[", "@(a.b<c>(", "<x y=", "<x y", "<", ""} {
		f.Add(s, len(s))
	}
	f.Fuzz(func(t *testing.T, source string, at int) {
		if at < 0 || at > len(source) {
			at = len(source)
		}
		for _, i := range e.Complete(source, at) {
			if i.Word > len([]rune(source[:at])) {
				t.Errorf("%+v replaces more than there is", i)
			}
		}
		_ = e.Hover(source, at)
	})
}
