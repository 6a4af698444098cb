package publish

import (
	"slices"
	"testing"

	"github.com/atelier-apim/atelier/internal/snapshot"
)

// Certificates reach the gateways of their home, opened, and no other home's documents; a gateway that serves workspaces gets the service's, whose
// policy runs there.
func TestCertificatesStayInTheirHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put(rg+"/gateways/edge", `{}`)
	w.put(rg+"/gateways/edge/configConnections/c", `{"sourceId":"`+pay+`"}`)
	w.put(svc+"/certificates/s", `{"data":"c2VydmljZQ==","password":"pw"}`)
	w.put(pay+"/certificates/p", `{"data":"cGF5"}`)
	w.put(cat+"/certificates/damaged", `{"data":"%"}`)
	names := func(s *snapshot.Shard) (out []string) {
		for _, c := range s.Certificates {
			out = append(out, c.Name+"="+string(c.Data)+c.Password)
		}
		return out
	}
	edge := w.given["edge"]
	if got := names(edge.Service); !slices.Equal(got, []string{"s=servicepw"}) {
		t.Errorf("the service's certificates on the gateway: %v", got)
	}
	if got := names(edge.Others[0]); !slices.Equal(got, []string{"p=pay"}) {
		t.Errorf("the workspace's certificates: %v", got)
	}
	for _, o := range w.given["managed"].Others {
		if got := names(o); o.Workspace == "cat" && !slices.Equal(got, []string{"damaged="}) {
			t.Errorf("a damaged certificate: %v", got)
		}
	}
	before := w.given["edge"].Others[0]
	w.put(pay+"/certificates/p", `{"data":"bmV3"}`)
	if after := w.given["edge"].Others[0]; after == before || names(after)[0] != "p=new" {
		t.Errorf("a new certificate did not arrive: %v", names(after))
	}
}

// Loggers reach the gateways of their home with their credentials opened; a change of one makes the shard anew.
func TestLoggersReachTheGatewaysOfTheirHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put(rg+"/gateways/edge", `{}`)
	w.put(rg+"/gateways/edge/configConnections/c", `{"sourceId":"`+pay+`"}`)
	body := func(hub string) string {
		return `{"loggerType":"azureEventHub","credentials":{"name":"` + hub + `","connectionString":"c"}}`
	}
	w.put(svc+"/loggers/s", body("service"))
	w.put(pay+"/loggers/p", body("pay"))
	w.put(cat+"/loggers/c", body("cat"))
	hubs := func(s *snapshot.Shard) (out []string) {
		for _, l := range s.Loggers {
			out = append(out, l.Name+" "+l.Type+" "+l.Credentials["name"]+" "+l.Credentials["connectionString"])
		}
		return out
	}
	edge := w.given["edge"]
	if s, o := hubs(edge.Service), hubs(edge.Others[0]); !slices.Equal(s, []string{"s azureEventHub service c"}) || !slices.Equal(o, []string{"p azureEventHub pay c"}) {
		t.Errorf("the gateway has %v and %v", s, o)
	}
	w.put(svc+"/loggers/s", body("other"))
	if got := hubs(w.given["edge"].Service); !slices.Equal(got, []string{"s azureEventHub other c"}) {
		t.Errorf("a changed logger did not arrive: %v", got)
	}
}

// The identity of a service, and who may use it, reach its gateways.
func TestIdentityReachesGateways(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put(svc, `{"customProperties":{"Atelier.Identity.Workspaces":"pay"}}`)
	if got := w.given["managed"].Settings; got.IdentityFor != "pay" || got.Principal != "" {
		t.Errorf("settings are %+v", got)
	}
}
