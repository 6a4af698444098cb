package wsdl

import (
	"encoding/json"
	"strings"
	"testing"
)

// What is no name, or means something in policies, never gets into one: a WSDL may come from a stranger.
func TestCallsThatAreNotTranslated(t *testing.T) {
	t.Parallel()
	good := document(twoElements, "")
	in := func(inner string) string {
		return document(`<x:element name="Ask"><x:complexType><x:sequence>`+inner+`</x:sequence></x:complexType></x:element><x:element name="Answer" type="x:string"/>`, "")
	}
	for name, c := range map[string]struct{ doc, says string }{
		"the encoding of SOAP":          {strings.Replace(good, `use="literal"`, `use="encoded"`, 1), "encoded"},
		"a message of several parts":    {strings.Replace(good, `<part name="p" element="t:Ask"/>`, `<part name="p" element="t:Ask"/><part name="q" element="t:Ask"/>`, 1), "several parts"},
		"a message of a type":           {strings.Replace(good, `element="t:Ask"`, `type="x:string"`, 1), "names no element"},
		"an element that is gone":       {strings.Replace(good, `element="t:Ask"`, `element="t:No"`, 1), "in none of the schemas"},
		"a type that is gone":           {in(`<x:element name="a" type="t:No"/>`), "in none of the schemas"},
		"a group that is gone":          {in(`<x:group ref="t:No"/>`), "in none of the schemas"},
		"a tag as a name":               {in(`<x:element name="a&gt;&lt;set-body/&gt;" type="x:string"/>`), "no name of an element"},
		"a template as a name":          {in(`<x:element name="{{secret}}" type="x:string"/>`), "no name of an element"},
		"a quote in a name":             {in(`<x:element name="a']" type="x:string"/>`), "no name of an element"},
		"a template as a namespace":     {strings.ReplaceAll(good, "urn:t", "urn:{{secret}}"), "no name of an element"},
		"an expression as an action":    {strings.ReplaceAll(good, `soapAction="urn:ask"`, `soapAction="@(context.Request.Body)"`), "means something in policies"},
		"a named value in an action":    {strings.ReplaceAll(good, `soapAction="urn:ask"`, `soapAction="{{secret}}"`), "means something in policies"},
		"a parameter in an address":     {strings.ReplaceAll(good, `location="http://s.example/"`, `location="http://s.example/?{x}"`), "mean something in policies"},
		"more than a policy can say":    {in(strings.Repeat(`<x:element name="a" type="x:string"/>`, 2500)), "more parts than can be translated"},
		"an attribute that is no name":  {strings.Replace(in(`<x:element name="a" type="x:string"/>`), `</x:sequence>`, `</x:sequence><x:attribute name="a=&quot;"/>`, 1), "no name of an element"},
		"an operation that is no name":  {strings.ReplaceAll(strings.ReplaceAll(good, `style="document"`, `style="rpc"`), `"Ask"`, `"Ask{{secret}}"`), "no name of an element"},
		"a part that is no name of RPC": {strings.ReplaceAll(strings.ReplaceAll(good, `style="document"`, `style="rpc"`), `name="p"`, `name="{% x %}"`), "no name of an element"},
	} {
		s, err := Read([]byte(c.doc), Options{})
		if err != nil {
			t.Errorf("%s: can't be read: %v", name, err)
			continue
		}
		if _, _, err := ToREST(s); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	if _, _, err := ToREST(read(t, good)); err != nil {
		t.Errorf("the document that all these were made of is refused: %v", err)
	}
}

func read(t *testing.T, doc string) *Service {
	t.Helper()
	s, err := Read([]byte(doc), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Calls that only ask are GET when all that they take can stand in a query.
func TestMethodsAndPaths(t *testing.T) {
	t.Parallel()
	single := `<x:element name="Id" type="x:int"/>`
	for _, c := range []struct{ name, inner, want string }{
		{"GetOrder", single, "GET /GetOrder?id={id}"},
		{"getOrder", single + `<x:element name="Lang" type="x:string"/>`, "GET /getOrder?id={id}&lang={lang}"},
		{"Get", single, "GET /Get?id={id}"},
		{"Reset", "", "GET /Reset"},
		{"Getaway", single, "POST /Getaway"},
		{"AddOrder", single, "POST /AddOrder"},
		{"GetOrder", `<x:element name="Id" type="x:int" minOccurs="0"/>`, "POST /GetOrder"},
		{"GetOrder", `<x:element name="Id" type="x:int" maxOccurs="2"/>`, "POST /GetOrder"},
		{"GetOrder", `<x:element name="Id" type="x:int" nillable="true"/>`, "POST /GetOrder"},
		{"GetOrder", `<x:element name="Id"><x:complexType/></x:element>`, "POST /GetOrder"},
		{"GetOrder", `<x:element name="Id" type="x:int"/><x:element name="ID" type="x:int"/>`, "POST /GetOrder"},
		{"GetOrder", `<x:any/>`, "POST /GetOrder"},
		{"Get.Order/7", single, "GET /Get.Order-7?id={id}"},
	} {
		doc := document(`<x:element name="Ask"><x:complexType><x:sequence>`+c.inner+`</x:sequence></x:complexType></x:element><x:element name="Answer" type="x:string"/>`, "")
		a, _, err := ToREST(read(t, strings.ReplaceAll(doc, `<operation name="Ask">`, `<operation name="`+c.name+`">`)))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := a.Operations[0].Method + " " + a.Operations[0].URLTemplate; got != c.want {
			t.Errorf("%s with %s is %s, want %s", c.name, c.inner, got, c.want)
		}
	}
}

// Schemas and examples in JSON are JSON, and say what the schemas in XML say.
func TestTypesInJSON(t *testing.T) {
	t.Parallel()
	a, _, err := ToREST(read(t, document(`<x:element name="Ask" type="t:Derived"/><x:element name="Answer"><x:complexType/></x:element>
		<x:complexType name="Base"><x:sequence><x:element name="Size" type="t:Sizes"/><x:element name="size" type="x:boolean"/></x:sequence><x:attributeGroup ref="t:Marks"/></x:complexType>
		<x:complexType name="Derived"><x:complexContent><x:extension base="t:Base"><x:choice maxOccurs="unbounded"><x:element name="A" type="x:double"/><x:element name="B"><x:complexType><x:simpleContent><x:extension base="x:date"><x:attribute name="zone" use="required"/></x:extension></x:simpleContent></x:complexType></x:element></x:choice></x:extension></x:complexContent></x:complexType>
		<x:simpleType name="Sizes"><x:restriction base="t:Words"><x:enumeration value="S"/><x:enumeration value="&quot;"/></x:restriction></x:simpleType>
		<x:simpleType name="Words"><x:restriction base="x:string"/></x:simpleType>
		<x:attributeGroup name="Marks"><x:attribute name="Mark" type="x:long"/></x:attributeGroup>`, "")))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"object","properties":{"ask":{"type":"object","properties":{"size":{"type":"string","enum":["S","\""]},"size2":{"type":"boolean"},"mark":{"type":"integer","format":"int64"},` +
		`"a":{"type":"array","items":{"type":"number","format":"double"}},"b":{"type":"array","items":{"type":"object","properties":{"value":{"type":"string","format":"date"},"zone":{"type":"string"}},"required":["value","zone"]}}},` +
		`"required":["size","size2"]}},"required":["ask"]}`
	if got := string(a.Schemas[0].JSON); got != want {
		t.Errorf("the schema is\n%s\nwant\n%s", got, want)
	}
	example := a.Operations[0].Request.Representations[0].Examples[0].Value
	if !json.Valid(a.Schemas[0].JSON) || !json.Valid(example) || !strings.Contains(string(example), `"b":[{"value":"2024-01-01","zone":"string"}]`) {
		t.Errorf("the example is %s", example)
	}
}
