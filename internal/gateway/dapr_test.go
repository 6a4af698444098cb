package gateway_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// A call to a service through Dapr reaches the sidecar that is configured, and a method can't lead out of the service.
func TestDaprServices(t *testing.T) {
	t.Parallel()
	saw := make(chan string, 10)
	sidecar := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { saw <- r.RequestURI }))
	t.Cleanup(sidecar.Close)
	s := hubSnapshot(1, "")
	s.Service.Policy = &snapshot.Policy{ID: "/s/policies/policy", Format: "rawxml", Text: `<policies><inbound>
		<set-backend-service backend-id="dapr" dapr-app-id="orders" dapr-method="@(context.Request.Url.Query["m"][0])" />
	</inbound><backend><forward-request/></backend></policies>`}
	in := serveWith(t, gateway.Options{Dapr: sidecar.URL}, s)
	for method, want := range map[string]int{"list": 200, "../../../v1.0/secrets": 500, "..%2F..%2Fx": 500} {
		res, err := http.Get(in.url + "/a/x?m=" + strings.ReplaceAll(method, "%", "%25"))
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close() // nothing of it is read
		if res.StatusCode != want {
			t.Errorf("the method %s is answered %d, want %d", method, res.StatusCode, want)
		}
	}
	if got := <-saw; got != "/v1.0/invoke/orders/method/list?m=list" || len(saw) > 0 {
		t.Errorf("the sidecar saw %s and %d more", got, len(saw))
	}
}

// Where no sidecar is configured a document that needs one may be saved, with a warning.
func TestDaprPoliciesWarnWithoutASidecar(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]int{"": 3, "http://localhost:3501": 0} {
		engine, err := policy.NewEngine(policies.Table(policies.Env{Dapr: address}))
		if err != nil {
			t.Fatal(err)
		}
		problems := engine.Lint(`<policies><inbound><publish-to-dapr topic="a/b">x</publish-to-dapr><invoke-dapr-binding name="b"/>` +
			`<set-backend-service backend-id="dapr" dapr-app-id="a" dapr-method="b"/></inbound></policies>`)
		warnings := 0
		for _, p := range problems {
			if p.Severity == policy.SeverityWarning && strings.Contains(p.Message, "--dapr-url") {
				warnings++
			} else {
				t.Error(p)
			}
		}
		if warnings != want {
			t.Errorf("with the address %q there are %d warnings", address, warnings)
		}
	}
}
