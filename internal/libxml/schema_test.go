package libxml_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/libxml"
)

func schemaDoc(name, attrs, body string) libxml.Document {
	return libxml.Document{Name: name, Text: []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" ` + attrs + `>` + body + `</xs:schema>`)}
}

var payment = schemaDoc("payment.xsd", `targetNamespace="urn:pay" elementFormDefault="qualified"`,
	`<xs:element name="Pay"><xs:complexType><xs:sequence><xs:element name="amount" type="xs:decimal"/><xs:element name="to" type="xs:token"/></xs:sequence></xs:complexType></xs:element>`)

func compile(t *testing.T, set ...libxml.Document) *libxml.Schema {
	t.Helper()
	s, err := small.Schema(t.Context(), set...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A problem says where it is, in lines and as a path.
func TestDocumentProblemsSayWhere(t *testing.T) {
	t.Parallel()
	s := compile(t, payment)
	err := s.ValidateXML(t.Context(), []byte("<Pay xmlns=\"urn:pay\">\n  <amount>much</amount><to/>\n  <p:more\n   xmlns:p='urn:pay'/></Pay>"))
	want := []string{
		"line 2, column 3: Element '{urn:pay}amount': 'much' is not a valid value of the atomic type 'xs:decimal'.",
		"line 3, column 3: Element '{urn:pay}more': This element is not expected.",
	}
	if got := problemsOf(t, err); !slices.Equal(got, want) {
		t.Errorf("the problems are\n%s", strings.Join(got, "\n"))
	}
	var problems libxml.Problems
	problems, _ = err.(libxml.Problems)
	if problems[0].Path != "/Pay/amount" || problems[1].Path != "/Pay/p:more" {
		t.Errorf("the paths are %s and %s", problems[0].Path, problems[1].Path)
	}
}

// The payload is taken out of its envelope; the envelope must be one.
func TestSOAPPayloadsAreValidated(t *testing.T) {
	t.Parallel()
	s := compile(t, payment)
	const v11, v12 = "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"
	good, bad := `<Pay xmlns="urn:pay"><amount>1</amount><to>a</to></Pay>`, `<Pay xmlns="urn:pay"><amount>x</amount><to>a</to></Pay>`
	envelope := func(ns, body string) string {
		return `<s:Envelope xmlns:s="` + ns + `"><s:Header><any/></s:Header><s:Body>` + body + `</s:Body></s:Envelope>`
	}
	tests := []struct{ name, message, want string }{
		{"SOAP 1.1", envelope(v11, good), ""},
		{"SOAP 1.2", envelope(v12, good), ""},
		{"without a header", `<Envelope xmlns="` + v12 + `"><Body>` + good + `</Body></Envelope>`, ""},
		{"an empty body", envelope(v11, ""), ""},
		{"a fault of 1.1", envelope(v11, `<s:Fault><faultcode>s:Server</faultcode></s:Fault>`), ""},
		{"two payloads", envelope(v11, good+good), ""},
		{"a wrong payload", envelope(v11, bad), "'x' is not a valid value"},
		{"a wrong second payload", envelope(v12, good+bad), "'x' is not a valid value"},
		{"a payload that no schema has", envelope(v11, "<Refund/>"), "Element 'Refund': No matching global declaration"},
		{"no envelope", good, "this is not a SOAP message"},
		{"an envelope of another namespace", envelope("urn:soap", good), "this is not a SOAP message"},
		{"a body of the other version", `<Envelope xmlns="` + v12 + `"><Body xmlns="` + v11 + `"/></Envelope>`, "has no Body"},
		{"no body", `<s:Envelope xmlns:s="` + v11 + `"><s:Header/></s:Envelope>`, "has no Body"},
		{"a header after the body", `<s:Envelope xmlns:s="` + v12 + `"><s:Body/><s:Header/></s:Envelope>`, "nothing may follow the Body"},
		{"a fault that hides among others", envelope(v11, `<Fault xmlns="urn:pay"/>`), "No matching global declaration"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := s.ValidateSOAP(t.Context(), []byte(test.message))
			if test.want == "" && err == nil {
				return
			}
			if test.want == "" || err == nil || !strings.Contains(problemsOf(t, err)[0], test.want) {
				t.Errorf("the error is %v, want %s", err, test.want)
			}
		})
	}
}

// Documents of a set find each other by location and by namespace; several may share one.
func TestSchemaSetsResolve(t *testing.T) {
	t.Parallel()
	number := `<xs:simpleType name="n"><xs:restriction base="xs:int"/></xs:simpleType>`
	uses := func(location string) string {
		return `<xs:import namespace="urn:b"` + location + `/><xs:element name="a" type="b:n"/>`
	}
	tests := []struct {
		name string
		set  []libxml.Document
	}{
		{"an import by location", []libxml.Document{schemaDoc("a.xsd", `targetNamespace="urn:a" xmlns:b="urn:b"`, uses(` schemaLocation="b.xsd"`)), schemaDoc("b.xsd", `targetNamespace="urn:b"`, number)}},
		{"an import by namespace alone", []libxml.Document{schemaDoc("a.xsd", `targetNamespace="urn:a" xmlns:b="urn:b"`, uses(``)), schemaDoc("b.xsd", `targetNamespace="urn:b"`, number)}},
		{"an import whose location is elsewhere", []libxml.Document{schemaDoc("a.xsd", `targetNamespace="urn:a" xmlns:b="urn:b"`, uses(` schemaLocation="http://example.com/b.xsd"`)), schemaDoc("b.xsd", `targetNamespace="urn:b"`, number)}},
		{"addresses as names", []libxml.Document{schemaDoc("http://example.com/s/a.xsd", `targetNamespace="urn:a" xmlns:b="urn:b"`, uses(` schemaLocation="../b.xsd"`)), schemaDoc("http://example.com/b.xsd", `targetNamespace="urn:b"`, number)}},
		{"two documents of a namespace", []libxml.Document{
			schemaDoc("a.xsd", `targetNamespace="urn:a" xmlns:b="urn:b"`, uses(` schemaLocation="b1.xsd"`)), schemaDoc("b1.xsd", `targetNamespace="urn:b"`, ``), schemaDoc("b2.xsd", `targetNamespace="urn:b"`, number),
		}},
		{"imports in a circle", []libxml.Document{
			schemaDoc("a.xsd", `targetNamespace="urn:a" xmlns:b="urn:b"`, uses(` schemaLocation="b.xsd"`)), schemaDoc("b.xsd", `targetNamespace="urn:b" xmlns:a="urn:a"`, `<xs:import namespace="urn:a" schemaLocation="a.xsd"/>`+number),
		}},
		{"names with blanks and letters of the world", []libxml.Document{schemaDoc("a b/ä.xsd", `targetNamespace="urn:a" xmlns:b="urn:b"`, uses(` schemaLocation="c%20d.xsd"`)), schemaDoc("a b/c d.xsd", `targetNamespace="urn:b"`, number)}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := compile(t, test.set...)
			if err := s.ValidateXML(t.Context(), []byte(`<a xmlns="urn:a">1</a>`)); err != nil {
				t.Errorf("a valid document: %v", err)
			}
			if err := s.ValidateXML(t.Context(), []byte(`<a xmlns="urn:a">x</a>`)); err == nil {
				t.Error("a document that is not valid passes")
			}
		})
	}
}

func TestSchemaProblemsNameTheDocument(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		set  []libxml.Document
		want string
	}{
		{"a type that nobody declares", []libxml.Document{schemaDoc("a.xsd", "", "\n  <xs:element name='a' type='x'/>"), payment}, "a.xsd: line 2, column 3: element decl. 'a', attribute 'type': The QName value 'x' does not resolve"},
		{"a document that is no schema", []libxml.Document{payment, {Name: "b.xml", Text: []byte("<r/>")}}, "b.xml: line 1: this is not an XML Schema"},
		{"a document that breaks off", []libxml.Document{payment, {Name: "b.xsd", Text: []byte("<xs:schema")}}, "b.xsd: line 1"},
		{"two of one name", []libxml.Document{payment, payment}, "two schema documents have the name 'payment.xsd'"},
		{"none", nil, "there is no schema document"},
		{"too many", make([]libxml.Document, 0, 300), "more than the limit of 256"},
		{"too large", []libxml.Document{{Name: "a.xsd", Text: make([]byte, 5<<20)}}, "the schema has 5242880 bytes, more than the limit of 4194304"},
	}
	for i := range 300 {
		tests[5].set = append(tests[5].set, libxml.Document{Name: strings.Repeat("a", i+1)})
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := small.Schema(t.Context(), test.set...); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want %s", err, test.want)
			}
		})
	}
}
