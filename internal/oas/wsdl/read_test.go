package wsdl

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// document is a WSDL of one document/literal call, with a schema and what goes into the element of the document before it.
func document(schema, before string) string {
	return `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">` + before + `
<types><x:schema targetNamespace="urn:t" elementFormDefault="qualified">` + schema + `</x:schema></types>
<message name="in"><part name="p" element="t:Ask"/></message><message name="out"><part name="p" element="t:Answer"/></message>
<portType name="P"><operation name="Ask"><input message="t:in"/><output message="t:out"/></operation></portType>
<binding name="B" type="t:P"><soap:binding style="document"/><operation name="Ask"><soap:operation soapAction="urn:ask"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation></binding>
<service name="S"><port name="O" binding="t:B"><soap:address location="http://s.example/"/></port></service></definitions>`
}

const twoElements = `<x:element name="Ask" type="x:string"/><x:element name="Answer" type="x:string"/>`

func TestDocumentsThatAreRefused(t *testing.T) {
	t.Parallel()
	good := document(twoElements, "")
	for name, c := range map[string]struct {
		doc, says string
		opt       Options
	}{
		"WSDL 2.0":                 {doc: `<description xmlns="http://www.w3.org/ns/wsdl"/>`, says: "WSDL 2.0, which can't be imported; WSDL 1.1 can"},
		"another document":         {doc: `<html/>`, says: "no WSDL 1.1"},
		"a schema alone":           {doc: `<schema xmlns="http://www.w3.org/2001/XMLSchema"/>`, says: "an XML schema"},
		"a document type":          {doc: "<!DOCTYPE definitions>" + good, says: "document type"},
		"a port without binding":   {doc: strings.ReplaceAll(good, `binding="t:B"`, `binding="t:C"`), says: "the binding {urn:t}C, which is not there"},
		"a binding without type":   {doc: strings.ReplaceAll(good, `type="t:P"`, `type="t:Q"`), says: "port type {urn:t}Q"},
		"a message that is gone":   {doc: strings.ReplaceAll(good, `message="t:in"`, `message="t:no"`), says: "operation 'Ask': the message {urn:t}no"},
		"a prefix that is gone":    {doc: strings.ReplaceAll(good, `"t:Ask"`, `"z:Ask"`), says: "prefix"},
		"an unknown operation":     {doc: strings.ReplaceAll(good, `<portType name="P"><operation name="Ask">`, `<portType name="P"><operation name="Tell">`), says: "that its port type lacks"},
		"no SOAP":                  {doc: strings.ReplaceAll(good, "http://schemas.xmlsoap.org/wsdl/soap/", "http://schemas.xmlsoap.org/wsdl/http/"), says: "no service with a port that speaks SOAP"},
		"a service that is gone":   {doc: good, opt: Options{Service: "T"}, says: "the document has S/O"},
		"an endpoint that is gone": {doc: good, opt: Options{Port: "T"}, says: "the document has S/O"},
		"an import from nowhere":   {doc: document(twoElements, `<import namespace="urn:u" location="other.wsdl"/>`), says: "import the document by its link, or put what it imports into it"},
		"an import of a file":      {doc: document(twoElements, `<import namespace="urn:u" location="file:///etc/passwd"/>`), says: "can't be found from here"},
		"nothing is fetched":       {doc: document(twoElements, `<import namespace="urn:u" location="http://x.example/"/>`), says: "nothing is fetched here"},
		"a fetch that fails":       {doc: document(`<x:import namespace="urn:u" schemaLocation="http://x.example/"/>`, ""), opt: Options{Fetch: func(string) ([]byte, error) { return nil, errors.New("no") }}, says: "can't be fetched"},
		"an import of a page":      {doc: document(`<x:include schemaLocation="http://x.example/"/>`, ""), opt: Options{Fetch: func(string) ([]byte, error) { return []byte("<html>"), nil }}, says: "http://x.example/: "},
		"imports without end": {doc: document(`<x:include schemaLocation="http://x.example/0"/>`, ""), opt: Options{Fetch: func(at string) ([]byte, error) {
			return []byte(`<schema xmlns="http://www.w3.org/2001/XMLSchema"><include schemaLocation="` + at + `0"/></schema>`), nil
		}}, says: "more than 100 others"},
		"imports without bound": {doc: document(`<x:include schemaLocation="http://x.example/0"/>`, ""), opt: Options{Fetch: func(at string) ([]byte, error) {
			return []byte(`<schema xmlns="http://www.w3.org/2001/XMLSchema"><include schemaLocation="` + at + `0"/>` + strings.Repeat(" ", 1<<20) + `</schema>`), nil
		}}, says: "bytes"},
		"an operation of no name": {doc: strings.ReplaceAll(good, `<operation name="Ask">`, `<operation>`), says: "has no name"},
		"too many operations":     {doc: strings.Replace(good, `<soap:binding style="document"/>`, `<soap:binding style="document"/>`+strings.Repeat(`<operation name="Ask"/>`, MaxOperations), 1), says: "at most"},
	} {
		_, err := Read([]byte(c.doc), c.opt)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	if _, err := Read([]byte(good), Options{}); err != nil {
		t.Errorf("the document that all these were made of is refused: %v", err)
	}
}

// Documents that import one another, and types inside themselves, end.
func TestLoopsEnd(t *testing.T) {
	t.Parallel()
	docs := map[string]string{
		"http://x.example/a": `<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a"><import namespace="urn:b" schemaLocation="b"/><include schemaLocation="a"/></schema>`,
		"http://x.example/b": `<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:b"><import namespace="urn:a" schemaLocation="a"/></schema>`,
	}
	fetched := 0
	s, err := Read([]byte(document(`<x:import namespace="urn:a" schemaLocation="http://x.example/a"/>
		<x:element name="Ask" type="t:Node"/><x:element name="Answer"><x:complexType><x:group ref="t:G"/></x:complexType></x:element>
		<x:complexType name="Node"><x:sequence><x:element name="next" type="t:Node" minOccurs="0"/><x:element ref="t:Ask"/></x:sequence></x:complexType>
		<x:group name="G"><x:sequence><x:group ref="t:G"/></x:sequence></x:group>
		<x:simpleType name="T"><x:restriction base="t:T"/></x:simpleType>`, "")), Options{Fetch: func(at string) ([]byte, error) {
		fetched++
		return []byte(docs[at]), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if fetched != 3 { // a twice: as an import, and as what is included into its namespace
		t.Errorf("%d fetches", fetched)
	}
	a := PassThrough(s)
	if got := string(a.Operations[0].Request.Representations[0].Examples[0].Value); !strings.Contains(got, "<next/>") {
		t.Errorf("the sample is %s", got)
	}
}

// A small document whose types stand for a huge message costs no more than a large one.
func TestMessagesThatGrowWithoutBoundAreLeftWithoutASample(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`<x:element name="Ask" type="t:T0"/><x:element name="Answer" type="t:G0"/>`)
	for i := range 30 {
		fmt.Fprintf(&b, `<x:complexType name="T%d"><x:sequence>`, i)
		for j := range 10 {
			fmt.Fprintf(&b, `<x:element name="e%d" type="t:T%d"/>`, j, i+1)
		}
		b.WriteString(`</x:sequence></x:complexType>`)
		fmt.Fprintf(&b, `<x:group name="G%d"><x:sequence>%s</x:sequence></x:group>`, i, strings.Repeat(fmt.Sprintf(`<x:group ref="t:G%d"/>`, i+1), 10))
	}
	b.WriteString(`<x:complexType name="T30"/><x:group name="G30"><x:sequence/></x:group><x:complexType name="G0"><x:group ref="t:G0"/></x:complexType>`)
	s, err := Read([]byte(document(b.String(), "")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	a := PassThrough(s)
	if n := len(a.Operations[0].Request.Representations[0].Examples) + len(a.Operations[0].Responses[0].Representations[0].Examples); n != 0 {
		t.Errorf("there are %d samples", n)
	}
}

// FuzzRead: whatever is read can be made an API of and written, and what is written is read again.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(part(a, "main.wsdl"))
		f.Add(part(a, "export.wsdl"))
	}
	f.Add([]byte(document(twoElements, "")))
	f.Add([]byte(document(`<x:element name="Ask"><x:complexType><x:choice maxOccurs="unbounded"><x:element name="a" type="x:int"/><x:any/></x:choice><x:attribute name="b"/></x:complexType></x:element>`, "<documentation>d</documentation>")))
	f.Add([]byte(strings.Replace(document(twoElements, ""), `targetNamespace="urn:t"`, "", 1)))
	f.Add([]byte(`<description xmlns="http://www.w3.org/ns/wsdl"/>`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		s, err := Read(doc, Options{})
		if err != nil {
			return
		}
		a := PassThrough(s)
		if r, policies, err := ToREST(s); err == nil && len(r.Operations) != len(policies) {
			t.Fatalf("%d operations have %d policies", len(r.Operations), len(policies))
		}
		if len(a.Operations) != len(s.Operations) {
			t.Fatalf("%d operations became %d", len(s.Operations), len(a.Operations))
		}
		again, err := Read(Write(s, "http://g.example/", nil), Options{})
		if err != nil {
			t.Fatalf("what was written can't be read: %v", err)
		}
		if diff := cmp.Diff(s.Operations, again.Operations); diff != "" {
			t.Fatalf("what was written says something else:\n%s", diff)
		}
	})
}
