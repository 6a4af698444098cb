package libxml_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/libxml"
)

func problemsOf(t *testing.T, err error) (texts []string) {
	t.Helper()
	var problems libxml.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("the error is %v", err)
	}
	for _, p := range problems {
		texts = append(texts, p.String())
	}
	return texts
}

// Whoever saves a stylesheet learns where what is wrong, all of it at once.
func TestStylesheetProblemsSayWhere(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, source string
		want         []string
	}{
		{"expressions", "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>\n<xsl:template match='/'>\n  <xsl:value-of\n    select='a['/>\n</xsl:template>\n<xsl:template match='b]'/></xsl:stylesheet>", []string{
			"line 3, column 3: xsl:value-of : could not compile select expression 'a['", "line 3, column 3: Invalid expression in the expression a[, character 3",
		}},
		{"an element that XSLT doesn't have", "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>\n <xsl:template match='/'><b/><xsl:iff/></xsl:template></xsl:stylesheet>", []string{
			"line 2, column 30: xsltStylePreCompute: unknown xsl:iff",
		}},
		{"not well-formed", "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>\n <a></b></xsl:stylesheet>", []string{
			"line 2, column 9: Opening and ending tag mismatch: a line 2 and b",
		}},
		{"another document", "<r/>", nil},
		{"an encoding that can't be written", "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:output encoding='windows-1252'/></xsl:stylesheet>", []string{
			"this encoding of xsl:output is not supported; use UTF-8, UTF-16, ISO-8859-1 or US-ASCII",
		}},
		{"a method that isn't known", "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:output method='x:json' xmlns:x='urn:x'/></xsl:stylesheet>", []string{
			"this method of xsl:output is not supported; use xml, html or text",
		}},
		{"import", "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>\n<xsl:import href='a.xsl'/></xsl:stylesheet>", []string{
			"line 2, column 1: a stylesheet can't take in others here; put their templates into this one",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := libxml.Shared().Stylesheet(t.Context(), []byte(test.source))
			got := problemsOf(t, err)
			for _, want := range test.want {
				if !slices.Contains(got, want) {
					t.Errorf("the problems are\n%s\nwithout\n%s", strings.Join(got, "\n"), want)
				}
			}
		})
	}
}

// A stylesheet that gives up says why.
func TestMessagesAreToldAndEndTransformations(t *testing.T) {
	t.Parallel()
	r, err := transform(t, `<xsl:template match="/"><xsl:message>seen <xsl:value-of select="name(*)"/></xsl:message><r/></xsl:template>`, "<order/>")
	if err != nil || !slices.Equal(r.Messages, []string{"seen order"}) {
		t.Errorf("got %v, %v", r, err)
	}
	_, err = transform(t, `<xsl:template match="/"><xsl:message terminate="yes">no amount</xsl:message></xsl:template>`, "<order/>")
	if got := problemsOf(t, err); !slices.Equal(got, []string{"the stylesheet ended the transformation with xsl:message: no amount"}) {
		t.Errorf("the problems are %q", got)
	}
}

func TestResultsSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	tests := []struct {
		output, media, encoding string
		method                  libxml.Method
	}{
		{``, "", "UTF-8", libxml.XML},
		{`<xsl:output method="text" media-type="text/csv"/>`, "text/csv", "UTF-8", libxml.Text},
		{`<xsl:output method="html" encoding="ISO-8859-1"/>`, "", "ISO-8859-1", libxml.HTML},
	}
	for _, test := range tests {
		r, err := transform(t, test.output+`<xsl:template match="/"><r/></xsl:template>`, "<r/>")
		if err != nil || r.MediaType != test.media || r.Encoding != test.encoding || r.Method != test.method {
			t.Errorf("%s gives %+v, %v", test.output, r, err)
		}
	}
	if r, err := transform(t, `<xsl:template match="/"><html/></xsl:template>`, "<r/>"); err != nil || r.Method != libxml.HTML {
		t.Errorf("a result whose root is html: %+v, %v", r, err)
	}
	if r, err := transform(t, `<xsl:template match="/"/>`, "<r/>"); err != nil || strings.TrimSpace(string(r.Body)) != `<?xml version="1.0"?>` && len(r.Body) != 0 {
		t.Errorf("no result at all: %q, %v", r.Body, err)
	}
}

func TestXPathGivesTheFourTypes(t *testing.T) {
	t.Parallel()
	doc := []byte("<r xmlns:p='urn:p'><p:a x='1'>one</p:a>\n<p:a>two &amp; more</p:a><!--c--></r>")
	names := map[string]string{"q": "urn:p"}
	nodes, err := small.XPath(t.Context(), doc, "//q:a | //@x | //comment()", names)
	want := []libxml.Node{
		{Line: 1, Path: "/r/p:a[1]", Value: "one", Markup: `<p:a x="1">one</p:a>`},
		{Line: 1, Path: "/r/p:a[1]/@x", Value: "1"},
		{Line: 2, Path: "/r/p:a[2]", Value: "two & more", Markup: `<p:a>two &amp; more</p:a>`},
		{Line: 2, Path: "/r/comment()", Value: "c", Markup: `<!--c-->`},
	}
	if err != nil || nodes.Kind != libxml.NodeSet || !slices.Equal(nodes.Nodes, want) || nodes.String != "one" {
		t.Errorf("got %+v, %v", nodes, err)
	}
	if v, err := small.XPath(t.Context(), doc, "count(//q:a) = 2", names); err != nil || v.Kind != libxml.Boolean || !v.Bool() {
		t.Errorf("a boolean: %+v, %v", v, err)
	}
	if v, err := small.XPath(t.Context(), doc, "count(//q:a) div 4", names); err != nil || v.Kind != libxml.Number || v.Float() != 0.5 {
		t.Errorf("a number: %+v, %v", v, err)
	}
	if v, err := small.XPath(t.Context(), doc, "concat(/r/q:a[1], '!')", names); err != nil || v.Kind != libxml.String || v.String != "one!" {
		t.Errorf("a text: %+v, %v", v, err)
	}
	if v, err := small.XPath(t.Context(), doc, "//q:b", names); err != nil || v.Kind != libxml.NodeSet || len(v.Nodes) != 0 {
		t.Errorf("no nodes: %+v, %v", v, err)
	}
	for expression, want := range map[string]string{"//a[": "Invalid expression in the expression //a[, character 5", "//x:a": "Undefined namespace prefix", "f()": "Unregistered function", "": "Invalid expression"} {
		if _, err := small.XPath(t.Context(), doc, expression, names); !strings.Contains(strings.Join(problemsOf(t, err), "; "), want) {
			t.Errorf("%s: %v", expression, err)
		}
	}
}
