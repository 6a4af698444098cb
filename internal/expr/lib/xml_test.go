package lib

import (
	"strings"
	"testing"
)

func TestXMLIsReadAndWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{`<a> <b/> </a>`, `<a><b /></a>`},
		{`<a>x <b/> y</a>`, `<a>x <b /> y</a>`},
		{`<a></a>`, `<a></a>`},
		{`<a k='1&amp;2&#10;"'/>`, `<a k="1&amp;2&#xA;&quot;" />`},
		{`<a><![CDATA[x<y]]><!--c--><?p d?></a>`, `<a><![CDATA[x<y]]><!--c--><?p d?></a>`},
		{`<a xmlns="urn:x"><b xmlns=""/></a>`, `<a xmlns="urn:x"><b xmlns="" /></a>`},
		{`<p:a xmlns:p="urn:p" p:k="1"/>`, `<p:a xmlns:p="urn:p" p:k="1" />`},
		{`<?xml version="1.0"?><!DOCTYPE a><a>&#x41;</a>`, `<a>A</a>`},
		{`<a xml:space="preserve"> </a>`, `<a xml:space="preserve"> </a>`},
		{"<a>1\r\n2</a>", "<a>1\n2</a>"},
		{`<a>`, "! XmlException"},
		{`<a></b>`, "! XmlException"},
		{`<a/><b/>`, "! XmlException"},
		{`text`, "! XmlException"},
		{``, "! XmlException"},
		{`<a>&nbsp;</a>`, "! XmlException"},
		{`<a k=1/>`, "! XmlException"},
		{`<a k="1" k="2"/>`, "! XmlException"},
		{`<p:a/>`, "! XmlException"},
		{`<a k="<"/>`, "! XmlException"},
		{"<a>\x01</a>", "! XmlException"},
		{`<a>]]></a>`, "! XmlException"},
		{`<a b="1"c="2"/>`, "! XmlException"},
		{`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, "! XmlException"}, // entities of a document type are not expanded
		{strings.Repeat("<a>", 200) + strings.Repeat("</a>", 200), "! XmlException"},
	} {
		n, err := ParseXElement(nil, c.text)
		got := "! " + thrown(err)
		if err == nil {
			got = n.XML(false)
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
}

func TestXMLIsIndentedUnlessTextIsAmongTheNodes(t *testing.T) {
	t.Parallel()
	n, err := ParseXElement(nil, `<a><b><c/></b><d>x<e/></d></a>`)
	if err != nil {
		t.Fatal(err)
	}
	want := "<a>\n  <b>\n    <c />\n  </b>\n  <d>x<e /></d>\n</a>"
	if got := n.XML(true); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPrefixesAreDeclaredWhereNeeded(t *testing.T) {
	t.Parallel()
	n := &Node{kind: XElement, name: &XName{"urn:x", "a"}}
	if err := n.add(testEnv(t), &Node{kind: XElement, name: &XName{"urn:x", "b"}}, &Node{kind: XAttribute, name: &XName{"urn:y", "k"}, value: "1"}); err != nil {
		t.Fatal(err)
	}
	if got, want := n.XML(false), `<a xmlns="urn:x" p1:k="1" xmlns:p1="urn:y"><b /></a>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestANodeAddedTwiceIsCopied(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	a, _ := ParseXElement(env, `<a><b/></a>`)
	if err := a.add(env, a.nodes[0], a); err != nil {
		t.Fatal(err)
	}
	if got, want := a.XML(false), `<a><b /><b /><a><b /><b /></a></a>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestADocumentHasOneRoot(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	d := &Node{kind: XDocument}
	if err := d.add(env, &Node{kind: XElement, name: &XName{Local: "a"}}); err != nil {
		t.Fatal(err)
	}
	if err := d.add(env, &Node{kind: XElement, name: &XName{Local: "b"}}); thrown(err) != "InvalidOperationException" {
		t.Errorf("a second root: %v", err)
	}
	if err := d.add(env, "text"); thrown(err) != "ArgumentException" {
		t.Errorf("text beside the root: %v", err)
	}
}

func TestXMLBecomesJSON(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	n, _ := ParseXElement(env, `<a x="1"><b>1</b><b>2</b><c/><d>t</d></a>`)
	tok, err := ToJToken(env, n)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := tok.JSON(false), `{"a":{"@x":"1","b":["1","2"],"c":null,"d":"t"}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// FuzzXML: what is read can be written, and what is written reads as the same.
func FuzzXML(f *testing.F) {
	for _, s := range []string{`<a k="v">x<b/>&amp;</a>`, `<p:a xmlns:p="u"/>`, `<a><![CDATA[x]]><!--c--><?p d?></a>`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		env := testEnv(t)
		n, err := ParseXElement(env, text)
		if err != nil {
			if k := thrown(err); k != "XmlException" && k != "limit" {
				t.Errorf("an error of an unknown kind: %v", err)
			}
			return
		}
		out := n.XML(false)
		again, err := parseXML(env, out, true)
		if err != nil {
			t.Fatalf("%s was written as %s, which does not read: %v", text, out, err)
		}
		if got := again.documentRoot().XML(false); got != out {
			t.Errorf("%s read again is %s", out, got)
		}
	})
}
