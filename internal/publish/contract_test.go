package publish

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/snapshot"
	"github.com/atelier-apim/atelier/internal/store"
)

// schemaRows are the stored schemas; the publisher reads nothing else.
type schemaRows struct {
	store.Reader
	rows map[string]string
	read int
}

func (s *schemaRows) List(q store.Query) ([]store.Row, error) {
	s.read++
	var out []store.Row
	for id, body := range s.rows {
		at := arm.MustID(id)
		if at.Parent().Equal(q.Parent) && strings.EqualFold(at.Type(), q.Kind) {
			out = append(out, store.Row{ID: at, Kind: at.Type(), Body: json.RawMessage(body)})
		}
	}
	return out, nil
}

func newSchemaWorld(t *testing.T) (*world, *schemaRows) {
	w := newWorld(t)
	s := &schemaRows{rows: map[string]string{}}
	w.p.view = func(f func(store.Reader) error) error { return f(s) }
	return w, s
}

func (w *world) api(name string) *snapshot.API {
	for _, o := range w.given["managed"].Others {
		for a := range o.APIs.All() {
			if o.Workspace == "pay" && a.Name == name {
				return a
			}
		}
	}
	return nil
}

func policyBody(section, text string) string {
	b, _ := json.Marshal(map[string]string{"format": "rawxml", "value": "<policies><" + section + ">" + text + "</" + section + "></policies>"})
	return string(b)
}

func TestContractsArePublishedForAPIsOnWhichAPolicyValidates(t *testing.T) {
	t.Parallel()
	w, s := newSchemaWorld(t)
	s.rows[pay+"/apis/a/schemas/s1"] = `{"contentType":"application/vnd.oai.openapi.components+json","document":{"components":{"schemas":{"Order":{}}}}}`
	w.put(pay+"/apis/a/operations/get", `{"method":"GET","urlTemplate":"/x/{id}","templateParameters":[{"name":"id","type":"integer"}],"responses":[{"statusCode":200,"representations":[{"contentType":"application/json","schemaId":"s1","typeName":"Order"}]}]}`)
	if w.api("a").Contract != nil || s.read > 0 {
		t.Fatal("a contract is published that nobody asks for")
	}
	for _, place := range []string{svc + "/policies/policy", pay + "/policies/policy", pay + "/apis/a/policies/policy", pay + "/apis/a/operations/get/policies/policy"} {
		w.put(place, policyBody("inbound", `<validate-parameters specified-parameter-action="prevent" unspecified-parameter-action="prevent"/>`))
		c := w.api("a").Contract
		if c == nil || len(c.Schemas) != 1 || string(c.Schemas[0].Text) != `{"components":{"schemas":{"Order":{}}}}` ||
			c.Operations["get"].Template[0].Name != "id" || c.Operations["get"].Responses[0].Bodies[0].TypeName != "Order" {
			t.Errorf("with a policy at %s the contract is %+v", place, c)
		}
		if narrow := strings.Contains(place, "/apis/"); (w.api("b").Contract == nil) != narrow {
			t.Errorf("with a policy at %s the other API has a contract: %v", place, !narrow)
		}
		w.remove(place)
		if w.api("a").Contract != nil || w.api("b").Contract != nil {
			t.Errorf("without the policy at %s a contract stays", place)
		}
	}
}

func TestASchemaThatChangesReachesTheAPIsAndDocumentsThatUseIt(t *testing.T) {
	t.Parallel()
	w, s := newSchemaWorld(t)
	w.put(pay+"/apis/a/policies/policy", policyBody("inbound", `<validate-content unspecified-content-type-action="prevent" max-size="1" size-exceeded-action="prevent"><content validate-as="json" action="prevent" schema-id="Orders"/></validate-content>`))
	if got := w.api("a").Policy.Schemas; len(got) != 0 {
		t.Fatalf("the document has schemas %v", got)
	}
	body := `{"schemaType":"json","document":{"type":"object"}}`
	s.rows[pay+"/schemas/orders"], s.rows[pay+"/schemas/other"], s.rows[svc+"/schemas/orders"] = body, body, body
	w.put(pay+"/schemas/orders", body)
	if got := w.api("a").Policy.Schemas; len(got) != 1 || got[0].Name != "orders" || string(got[0].Text) != `{"type":"object"}` {
		t.Errorf("the document has schemas %v", got)
	}
	api := w.api("b")
	w.put(pay+"/apis/b/schemas/x", `{"contentType":"a","document":{"value":"{}"}}`)
	if w.api("b") != api {
		t.Error("a schema of an API that nobody validates makes it anew")
	}
	s.rows[pay+"/apis/a/schemas/x"] = `{"contentType":"a","document":{"value":"{}"}}`
	w.put(pay+"/apis/a/schemas/x", s.rows[pay+"/apis/a/schemas/x"])
	if c := w.api("a").Contract; c == nil || len(c.Schemas) != 1 || string(c.Schemas[0].Text) != "{}" {
		t.Errorf("the contract is %+v", c)
	}
}
