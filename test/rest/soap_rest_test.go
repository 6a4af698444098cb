package rest

import (
	"encoding/json"
	"encoding/xml"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// A WSDL that is imported as an API over HTTP takes and gives JSON, whatever is in the texts: the service gets an envelope, and the caller its answer.
func TestSOAPCallsAreTranslated(t *testing.T) {
	t.Parallel()
	nasty := "a \"b\" \\ <c> & 'd'\tline 1\nline 2"
	var text strings.Builder
	if err := xml.EscapeText(&text, []byte(nasty)); err != nil {
		t.Fatal(err)
	}
	status, answer := 200, ""
	service := newSOAPService(t, func(string) (int, string) { return status, answer })
	r := newRun(t, start(t), "soap2", &txtar.Archive{})
	service.importWSDL(t, r, "http")

	status, answer = 200, `<PutOrderResponse xmlns="urn:o"><PutOrderResult><Id>7</Id><Total>+1.50</Total><Text>`+text.String()+`</Text><Line no="1" unit="kg">x</Line></PutOrderResult><Rush>1</Rush></PutOrderResponse>`
	body, err := json.Marshal(map[string]any{"putOrder": map[string]any{
		"order": map[string]any{"id": 7, "text": nasty, "line": []any{map[string]any{"value": "x", "no": 1}, map[string]any{"value": "y", "no": 2, "unit": "<g>"}}}, "rush": false,
	}})
	if err != nil {
		t.Fatal(err)
	}
	r.call(t, "POST", "/orders/PutOrder", string(body), "Content-Type: application/json")
	want(t, r, 200, `{"putOrderResponse":{"putOrderResult":{"id":7,"total":1.50,"text":`+quote(t, nasty)+`,"line":[{"value":"x","no":1,"unit":"kg"}]},"rush":true}}`)
	var e struct {
		Order struct {
			ID    int     `xml:"urn:o Id"`
			Total *string `xml:"urn:o Total"`
			Text  string  `xml:"urn:o Text"`
			Lines []struct {
				Text string  `xml:",chardata"`
				No   int     `xml:"no,attr"`
				Unit *string `xml:"unit,attr"`
			} `xml:"urn:o Line"`
		} `xml:"Body>PutOrder>order"`
		By struct {
			Nil string `xml:"http://www.w3.org/2001/XMLSchema-instance nil,attr"`
		} `xml:"Body>PutOrder>by"`
		Note *string `xml:"Body>PutOrder>note"`
		Rush string  `xml:"Body>PutOrder>rush"`
	}
	head, envelope, _ := strings.Cut(service.last(), "\n")
	if head != `POST /Orders.svc "urn:o/IOrders/PutOrder" text/xml; charset=utf-8` {
		t.Errorf("the service saw %s", head)
	}
	if err := xml.Unmarshal([]byte(envelope), &e); err != nil {
		t.Fatalf("%v\n%s", err, envelope)
	}
	if e.Order.ID != 7 || e.Order.Text != nasty || len(e.Order.Lines) != 2 || e.Order.Lines[0].Unit != nil || e.Order.Lines[1].Unit == nil || *e.Order.Lines[1].Unit != "<g>" || e.Order.Lines[1].No != 2 || e.Order.Lines[1].Text != "y" || e.Order.Total != nil || e.By.Nil != "true" || e.Note != nil || e.Rush != "false" {
		t.Errorf("the service saw %+v\n%s", e, envelope)
	}

	answer = `<GetOrdersResponse xmlns="urn:o"><GetOrdersResult><Order><Id>1</Id></Order><Order><Id>2</Id><Total>0</Total></Order></GetOrdersResult></GetOrdersResponse>`
	r.call(t, "GET", "/orders/GetOrders?customer=a%26b", "")
	want(t, r, 200, `{"getOrdersResponse":{"getOrdersResult":[{"id":1,"total":null,"text":null,"line":[]},{"id":2,"total":0,"text":null,"line":[]}]}}`)
	if !strings.Contains(service.last(), "<customer>a&amp;b</customer>") {
		t.Errorf("the service saw %s", service.last())
	}
	answer = `<GetOrdersResponse xmlns="urn:o"><GetOrdersResult/></GetOrdersResponse>`
	r.call(t, "GET", "/orders/GetOrders?customer=a", "")
	want(t, r, 200, `{"getOrdersResponse":{"getOrdersResult":[]}}`)

	status, answer = 500, `<s:Fault xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>s:Client</faultcode><faultstring>no "such" order</faultstring></s:Fault>`
	r.call(t, "GET", "/orders/GetOrders?customer=a", "")
	want(t, r, 500, `{"error":{"code":"s:Client","message":"no \"such\" order"}}`)
	answer = "<secret>1</secret>"
	r.call(t, "GET", "/orders/GetOrders?customer=a", "")
	want(t, r, 500, `{"error":{"code":"InvalidErrorResponseBody","message":"The service answered 500 without a SOAP fault."}}`)

	// A policy that somebody changed stays when the WSDL is imported again; those that the import made are made again.
	mine := `{"properties":{"value":"<policies><inbound><return-response><set-status code=\"299\" /></return-response></inbound></policies>"}}`
	if err := r.send("PUT", r.vars["svc"]+"/apis/orders/operations/getorders/policies/policy", mine, []string{"If-Match: *"}); err != nil || r.status != 200 {
		t.Fatalf("policy: %d %s %v", r.status, r.body, err)
	}
	if err := r.send("PUT", r.vars["svc"]+"/apis/orders", `{"properties":{"path":"orders","format":"wsdl-link","value":"`+service.server.URL+`/Orders.svc?wsdl","apiType":"http","subscriptionRequired":false}}`, nil); err != nil || r.status != 200 {
		t.Fatalf("import again: %d %s %v", r.status, r.body, err)
	}
	r.call(t, "GET", "/orders/GetOrders?customer=a", "")
	if r.status != 299 {
		t.Errorf("the changed policy answers %d", r.status)
	}
	status, answer = 200, `<PutOrderResponse xmlns="urn:o"><PutOrderResult><Id>8</Id></PutOrderResult><Rush>false</Rush></PutOrderResponse>`
	r.call(t, "POST", "/orders/PutOrder", string(body), "Content-Type: application/json")
	want(t, r, 200, `{"putOrderResponse":{"putOrderResult":{"id":8,"total":null,"text":null,"line":[]},"rush":false}}`)
}

func quote(t *testing.T, s string) string {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// want compares the last answer as JSON.
func want(t *testing.T, r *run, status int, body string) {
	t.Helper()
	var got, wanted any
	if err := json.Unmarshal([]byte(body), &wanted); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(r.body), &got); err != nil {
		t.Errorf("the answer is no JSON: %v\n%s", err, r.body)
	}
	if r.status != status || !reflect.DeepEqual(got, wanted) || !strings.HasPrefix(r.header.Get("Content-Type"), "application/json") {
		t.Errorf("the answer is %d %s %s\nwant %d %s", r.status, r.header.Get("Content-Type"), r.body, status, body)
	}
}
