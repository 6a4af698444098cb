package rest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// soapService is a service as makers build them: its WSDL names a schema at an address of its own, and it answers envelopes.
type soapService struct {
	server *httptest.Server

	mu   sync.Mutex
	seen []string // request line, SOAPAction and body of every call
}

const soapWSDL = `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions name="Orders" targetNamespace="urn:o" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="urn:o">
<wsdl:types><xsd:schema><xsd:import namespace="urn:o" schemaLocation="Orders.svc?xsd=xsd0"/></xsd:schema></wsdl:types>
<wsdl:message name="In"><wsdl:part name="parameters" element="tns:PutOrder"/></wsdl:message>
<wsdl:message name="Out"><wsdl:part name="parameters" element="tns:PutOrderResponse"/></wsdl:message>
<wsdl:message name="GetIn"><wsdl:part name="parameters" element="tns:GetOrders"/></wsdl:message>
<wsdl:message name="GetOut"><wsdl:part name="parameters" element="tns:GetOrdersResponse"/></wsdl:message>
<wsdl:portType name="IOrders">
<wsdl:operation name="PutOrder"><wsdl:input message="tns:In"/><wsdl:output message="tns:Out"/></wsdl:operation>
<wsdl:operation name="GetOrders"><wsdl:input message="tns:GetIn"/><wsdl:output message="tns:GetOut"/></wsdl:operation>
</wsdl:portType>
<wsdl:binding name="B" type="tns:IOrders"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<wsdl:operation name="PutOrder"><soap:operation soapAction="urn:o/IOrders/PutOrder" style="document"/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>
<wsdl:operation name="GetOrders"><soap:operation soapAction="urn:o/IOrders/GetOrders" style="document"/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>
</wsdl:binding>
<wsdl:service name="Orders"><wsdl:port name="Basic" binding="tns:B"><soap:address location="ADDRESS/Orders.svc"/></wsdl:port></wsdl:service>
</wsdl:definitions>`

const soapSchema = `<xs:schema elementFormDefault="qualified" targetNamespace="urn:o" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="urn:o">
<xs:element name="PutOrder"><xs:complexType><xs:sequence>
<xs:element name="order" type="tns:Order"/><xs:element name="by" type="xs:string" nillable="true"/><xs:element name="note" type="xs:string" minOccurs="0"/><xs:element name="rush" type="xs:boolean"/>
</xs:sequence></xs:complexType></xs:element>
<xs:element name="PutOrderResponse"><xs:complexType><xs:sequence><xs:element name="PutOrderResult" type="tns:Order"/><xs:element name="Rush" type="xs:boolean"/></xs:sequence></xs:complexType></xs:element>
<xs:element name="GetOrders"><xs:complexType><xs:sequence><xs:element name="customer" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
<xs:element name="GetOrdersResponse"><xs:complexType><xs:sequence><xs:element name="GetOrdersResult" type="tns:ArrayOfOrder" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
<xs:complexType name="ArrayOfOrder"><xs:sequence><xs:element name="Order" type="tns:Order" minOccurs="0" maxOccurs="unbounded" nillable="true"/></xs:sequence></xs:complexType>
<xs:complexType name="Order"><xs:sequence>
<xs:element name="Id" type="xs:int"/><xs:element name="Total" type="xs:decimal" minOccurs="0"/><xs:element name="Text" type="xs:string" minOccurs="0"/><xs:element name="Line" type="tns:Line" minOccurs="0" maxOccurs="unbounded"/>
</xs:sequence></xs:complexType>
<xs:complexType name="Line"><xs:simpleContent><xs:extension base="xs:string"><xs:attribute name="no" type="xs:int" use="required"/><xs:attribute name="unit" type="xs:string"/></xs:extension></xs:simpleContent></xs:complexType>
</xs:schema>`

func newSOAPService(t *testing.T, answer func(body string) (int, string)) *soapService {
	s := &soapService{}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.EqualFold(r.URL.RawQuery, "wsdl"):
			_, _ = io.WriteString(w, strings.ReplaceAll(soapWSDL, "ADDRESS", s.server.URL))
			return
		case r.URL.RawQuery == "xsd=xsd0":
			_, _ = io.WriteString(w, soapSchema)
			return
		}
		b, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.seen = append(s.seen, r.Method+" "+r.RequestURI+" "+r.Header.Get("SOAPAction")+" "+r.Header.Get("Content-Type")+"\n"+string(b))
		s.mu.Unlock()
		status, text := answer(string(b))
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>`+text+`</s:Body></s:Envelope>`)
	}))
	t.Cleanup(s.server.Close)
	return s
}

// last is what the service saw last.
func (s *soapService) last() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.seen) == 0 {
		return ""
	}
	return s.seen[len(s.seen)-1]
}

// importWSDL makes the API "orders" of the service's WSDL by its link, open to everybody.
func (s *soapService) importWSDL(t *testing.T, r *run, apiType string) {
	t.Helper()
	body := fmt.Sprintf(`{"properties":{"path":"orders","format":"wsdl-link","value":"%s/Orders.svc?wsdl","apiType":%q,"subscriptionRequired":false,"protocols":["http","https"]}}`, s.server.URL, apiType)
	if err := r.send("PUT", r.vars["svc"]+"/apis/orders", body, nil); err != nil || r.status != 201 {
		t.Fatalf("import: %d %s %v", r.status, r.body, err)
	}
}

// call sends a request to the gateway of the service.
func (r *run) call(t *testing.T, method, path, body string, headers ...string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.in.endpoints.Gateway+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = r.vars["name"] + ".localhost"
	if err := r.take(http.DefaultClient, req, headers); err != nil {
		t.Fatal(err)
	}
}

// A WSDL is imported by its link with the schema that it names, calls go through as they are, and each operation's policy is for its calls alone.
func TestSOAPCallsGoThrough(t *testing.T) {
	t.Parallel()
	service := newSOAPService(t, func(string) (int, string) { return 200, "<done/>" })
	r := newRun(t, start(t), "soap1", &txtar.Archive{})
	service.importWSDL(t, r, "soap")
	policy := `{"properties":{"value":"<policies><outbound><base /><set-header name=\"X-Op\" exists-action=\"override\"><value>put</value></set-header></outbound></policies>"}}`
	if err := r.send("PUT", r.vars["svc"]+"/apis/orders/operations/putorder/policies/policy", policy, nil); err != nil || r.status != 201 {
		t.Fatalf("policy: %d %s %v", r.status, r.body, err)
	}
	envelope := func(element string) string {
		return `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><` + element + ` xmlns="urn:o"/></e:Body></e:Envelope>`
	}
	for name, c := range map[string]struct {
		path, element, action string
		status                int
		op                    string
	}{
		"by action":        {"/orders", "PutOrder", `"urn:o/IOrders/PutOrder"`, 200, "put"},
		"by body":          {"/orders", "PutOrder", "", 200, "put"},
		"by query":         {"/orders?soapAction=urn:o/IOrders/PutOrder", "PutOrder", "", 200, "put"},
		"the other":        {"/orders", "GetOrders", `"urn:o/IOrders/GetOrders"`, 200, ""},
		"a contradiction":  {"/orders", "PutOrder", `"urn:o/IOrders/GetOrders"`, 404, ""},
		"an unknown call":  {"/orders", "Other", `"urn:o/Other"`, 404, ""},
		"another envelope": {"/orders", "Other", "", 404, ""},
	} {
		headers := []string{"Content-Type: text/xml; charset=utf-8"}
		if c.action != "" {
			headers = append(headers, "SOAPAction: "+c.action)
		}
		r.call(t, "POST", c.path, envelope(c.element), headers...)
		if r.status != c.status || r.header.Get("X-Op") != c.op {
			t.Errorf("%s: %d, operation %q", name, r.status, r.header.Get("X-Op"))
		}
		if c.status == 200 && (!strings.Contains(r.body, "<done/>") || !strings.HasPrefix(service.last(), "POST /Orders.svc") || !strings.HasSuffix(service.last(), "\n"+envelope(c.element))) {
			t.Errorf("%s: the service saw %q and the caller %q", name, service.last(), r.body)
		}
	}
}
