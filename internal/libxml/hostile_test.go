package libxml_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/libxml"
)

// small and hasty are engines with limits that tests can reach quickly: all but time, and time alone.
var (
	small = libxml.New(libxml.Limits{Input: 4 << 20, Output: 1 << 20, Memory: 16 << 20, Time: 2 * time.Minute, Seats: 2, Cache: 8 << 20})
	hasty = libxml.New(libxml.Limits{Input: 4 << 20, Output: 1 << 20, Memory: 64 << 20, Time: 500 * time.Millisecond, Seats: 2, Cache: 8 << 20})
)

// sheet is a stylesheet with the given body.
func sheet(body string) []byte {
	return []byte(`<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:msxsl="urn:schemas-microsoft-com:xslt" xmlns:exsl="http://exslt.org/common" exclude-result-prefixes="msxsl exsl">` +
		body + `</xsl:stylesheet>`)
}

func transform(t *testing.T, body, document string) (*libxml.Result, error) {
	t.Helper()
	return transformBy(t, small, body, document)
}

func transformBy(t *testing.T, e *libxml.Engine, body, document string) (*libxml.Result, error) {
	t.Helper()
	s, err := e.Stylesheet(t.Context(), sheet(body))
	if err != nil {
		return nil, err
	}
	return s.Transform(t.Context(), []byte(document))
}

// What would take too much is ended, and the error names the limit.
func TestTransformationsEndAtTheirLimits(t *testing.T) {
	t.Parallel()
	numbers := "<r>" + strings.Repeat("<n/>", 3000) + "</r>"
	tests := []struct{ name, sheet, document, limit string }{
		{"templates that call each other without end", `<xsl:template match="/" name="t"><xsl:call-template name="t"/></xsl:template>`, "<r/>", "nesting"},
		{"templates that apply each other without end", `<xsl:template match="*|/"><xsl:apply-templates select="/"/></xsl:template>`, "<r/>", "nesting"},
		{"an XPath that looks at every pair, triple and quadruple of nodes", `<xsl:template match="/"><xsl:value-of select="count(//*[count(//*[count(//*) &gt; 1]) &gt; 1])"/></xsl:template>`, numbers, "time"},
		{"loops in loops", `<xsl:template match="/"><xsl:for-each select="//n"><xsl:for-each select="//n"><xsl:for-each select="//n"><xsl:if test="false()">x</xsl:if></xsl:for-each></xsl:for-each></xsl:for-each></xsl:template>`, numbers, "time"},
		{"a text that doubles", `<xsl:template match="/"><xsl:call-template name="d"><xsl:with-param name="s" select="'xxxxxxxxxxxxxxxx'"/></xsl:call-template></xsl:template><xsl:template name="d"><xsl:param name="s"/><xsl:call-template name="d"><xsl:with-param name="s" select="concat($s,$s)"/></xsl:call-template></xsl:template>`, "<r/>", "memory"},
		{"more output than may be sent", `<xsl:template match="/"><xsl:for-each select="//n">` + strings.Repeat("0123456789", 40) + `</xsl:for-each></xsl:template>`, numbers, "output"},
		{"a document larger than may be read", `<xsl:template match="/"/>`, "<r>" + strings.Repeat(" ", 4<<20) + "</r>", "input"},
		{"a document of very many elements", `<xsl:template match="/"/>`, "<r>" + strings.Repeat("<n/>", 1<<20-2) + "</r>", "memory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { // one after another: they take all that they get
			engine := small
			if test.limit == "time" {
				engine = hasty
			}
			out, err := transformBy(t, engine, test.sheet, test.document)
			var limit *libxml.LimitError
			if !errors.As(err, &limit) || limit.Limit != test.limit {
				t.Errorf("got %v, %v; want the limit %s", out, err, test.limit)
			}
		})
	}
}

// Documents that are made to harm are refused as documents.
func TestHostileDocumentsAreRefused(t *testing.T) {
	t.Parallel()
	laughs := `<!DOCTYPE r [<!ENTITY a "ha">`
	for i := range 12 {
		laughs += fmt.Sprintf(`<!ENTITY %c "%s">`, 'b'+i, strings.Repeat(fmt.Sprintf("&%c;", 'a'+i), 10))
	}
	tests := []struct{ name, document, want string }{
		{"a billion laughs", laughs + `]><r>&m;</r>`, "a document type (DOCTYPE) is not allowed"},
		{"an external entity", `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>`, "a document type (DOCTYPE) is not allowed"},
		{"an external document type", `<!DOCTYPE r SYSTEM "http://127.0.0.1/x.dtd"><r/>`, "a document type (DOCTYPE) is not allowed"},
		{"a parameter entity", `<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><r/>`, "a document type (DOCTYPE) is not allowed"},
		{"very deep nesting", strings.Repeat("<a>", 100_000) + strings.Repeat("</a>", 100_000), "Excessive depth in document: 256"},
		{"an entity that nobody declared", `<r>&x;</r>`, "Entity 'x' not defined"},
		{"two attributes of one name", `<r a="1" a="2"/>`, "Attribute a redefined"},
		{"no document", ``, "Document is empty"},
		{"a document that breaks off", `<r><a>`, "Premature end of data in tag"},
		{"bytes that are no text", "<r>\xff\xfe</r>", "Input is not proper UTF-8"},
		{"an encoding that isn't known", `<?xml version="1.0" encoding="klingon"?><r/>`, "Unsupported encoding klingon"},
		{"a zero character", "<r>a\x00b</r>", "Char 0x0 out of allowed range"},
	}
	s, err := small.Stylesheet(t.Context(), sheet(`<xsl:template match="/"><xsl:copy-of select="."/></xsl:template>`))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := small.Schema(t.Context(), libxml.Document{Name: "r.xsd", Text: []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"/></xs:schema>`)})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			doc := []byte(test.document)
			_, transformed := s.Transform(t.Context(), doc)
			_, found := small.XPath(t.Context(), doc, "/", nil)
			_, compiled := small.Stylesheet(t.Context(), doc)
			_, described := small.Schema(t.Context(), libxml.Document{Name: "x.xsd", Text: doc})
			for i, err := range []error{transformed, schema.ValidateXML(t.Context(), doc), schema.ValidateSOAP(t.Context(), doc), found, compiled, described} {
				var problems libxml.Problems
				if !errors.As(err, &problems) || !strings.Contains(problems.Error(), test.want) {
					t.Errorf("%d: the error is %v, want %s", i, err, test.want)
				}
			}
		})
	}
}

// A stylesheet reads and writes nothing but its document.
func TestStylesheetsReachNothingOutside(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, sheet, want string }{
		{"import", `<xsl:import href="http://127.0.0.1:1/x.xsl"/>`, "a stylesheet can't take in others"},
		{"include of a file", `<xsl:include href="file:///etc/passwd"/>`, "a stylesheet can't take in others"},
		{"document() of an address", `<xsl:template match="/"><xsl:copy-of select="document('http://127.0.0.1:1/x')"/></xsl:template>`, "refused"},
		{"document() of a file", `<xsl:template match="/"><xsl:copy-of select="document('/etc/passwd')"/></xsl:template>`, "refused"},
		{"document() of a relative file", `<xsl:template match="/"><xsl:copy-of select="document(concat('module','.c'))"/></xsl:template>`, "refused"},
		{"writing with xsl:document", `<xsl:template match="/"><xsl:document href="/tmp/x">a</xsl:document></xsl:template>`, "refused"},
		{"brackets without end", `<xsl:template match="/"><xsl:value-of select="` + strings.Repeat("(", 200_000) + "1" + strings.Repeat(")", 200_000) + `"/></xsl:template>`, "Recursion limit exceeded"},
		{"scripts", `<msxsl:script language="C#" implements-prefix="exsl">public int x() { return 1; }</msxsl:script><xsl:template match="/"><xsl:value-of select="exsl:x()"/></xsl:template>`, "function x not found"},
		{"a function that is not there", `<xsl:template match="/"><xsl:value-of select="exsl:object-type(1)"/></xsl:template>`, "not found"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out, err := transform(t, test.sheet, "<r/>")
			var problems libxml.Problems
			if !errors.As(err, &problems) || !strings.Contains(fmt.Sprint([]libxml.Problem(problems)), test.want) {
				t.Errorf("got %v and the error %v, want %s", out, err, test.want)
			}
		})
	}
}

// A schema takes documents from its own set only, and so does a document that names a schema.
func TestSchemasReachNothingOutside(t *testing.T) {
	t.Parallel()
	_, err := small.Schema(t.Context(), libxml.Document{Name: "a.xsd", Text: []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:include schemaLocation="file:///etc/passwd"/></xs:schema>`)})
	var problems libxml.Problems
	if !errors.As(err, &problems) || problems[0].Line != 2 || problems[0].Document != "a.xsd" || !strings.Contains(problems[0].Message, "Failed to load the document 'file:///etc/passwd' for inclusion") {
		t.Errorf("an include of a file: %v", err)
	}
	s, err := small.Schema(t.Context(), libxml.Document{Name: "a.xsd", Text: []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType/></xs:element></xs:schema>`)})
	if err != nil {
		t.Fatal(err)
	}
	hint := `<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="a.xsd" xsi:schemaLocation="urn:x http://127.0.0.1:1/x.xsd"/>`
	if err := s.ValidateXML(t.Context(), []byte(hint)); err != nil {
		t.Errorf("a document that names schemas: %v", err)
	}
}

// Nothing of one call is there for the next: an instance that has worked for one stylesheet works for another as if it were fresh.
func TestCallsLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	one := libxml.New(libxml.Limits{Input: 1 << 20, Output: 1 << 20, Memory: 16 << 20, Time: time.Minute, Seats: 1, Cache: 8 << 20})
	reveal := sheet(`<xsl:param name="secret" select="'nothing'"/><xsl:template match="/"><r s="{$secret}" id="{generate-id(/*)}"><xsl:copy-of select="."/></r></xsl:template>`)
	blank := `<r xmlns:x="urn:x"/>`
	run := func(source []byte, document string, params ...libxml.Param) string {
		t.Helper()
		s, err := one.Stylesheet(t.Context(), source)
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Transform(t.Context(), []byte(document), params...)
		if err != nil {
			return err.Error()
		}
		return string(r.Body)
	}
	first := run(reveal, blank)
	run(reveal, "<r>"+strings.Repeat("<hidden>hunter2</hidden>", 20_000)+"</r>", libxml.Param{Name: "secret", Value: "hunter2"})
	run(sheet(`<xsl:template match="/"><xsl:message terminate="yes">hunter2</xsl:message></xsl:template>`), "<r>hunter2</r>")
	run(reveal, "<r>hunter2")
	if _, err := one.Stylesheet(t.Context(), []byte("<hunter2/>")); err == nil {
		t.Error("a document that is no stylesheet compiles")
	}
	// generate-id is an address: it is the same only when memory is the same.
	if again := run(reveal, blank); again != first {
		t.Errorf("the first call gave %s, a later one %s", first, again)
	}
}

// A caller who leaves is not waited for, and the engine goes on.
func TestCancelledCallsEnd(t *testing.T) {
	t.Parallel()
	s, err := small.Stylesheet(t.Context(), sheet(`<xsl:template match="/"><xsl:for-each select="//n"><xsl:for-each select="//n"><xsl:for-each select="//n"><xsl:if test="false()">x</xsl:if></xsl:for-each></xsl:for-each></xsl:for-each></xsl:template>`))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := s.Transform(ctx, []byte("<r>"+strings.Repeat("<n/>", 3000)+"</r>")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %v", err)
	}
	if _, err := s.Transform(t.Context(), []byte("<r/>")); err != nil {
		t.Errorf("the next call fails: %v", err)
	}
}
