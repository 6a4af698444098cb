package gateway_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// usingConnection sends the token of the connection "github/main" on; none is "none".
const usingConnection = `<policies><inbound><base/><get-authorization-context provider-id="@("git" + "hub")" authorization-id="main" context-variable-name="auth" ignore-error="true"/>` +
	`<set-header name="X-Token" exists-action="append"><value>@(((Authorization)context.Variables["auth"])?.AccessToken ?? "none")</value></set-header></inbound></policies>`

// connection is "github/main" with a token, which the service's identity may use.
func connection(token string) []*snapshot.Connection {
	return []*snapshot.Connection{{Provider: "github", Name: "main", AccessToken: token, Access: []snapshot.Grantee{{ObjectID: "service-identity"}}}}
}

// team is a workspace with one API at its name, whose documents at all four scopes are the same, and the connections that it has.
func team(name, backend, policy string, connections []*snapshot.Connection) *snapshot.Shard {
	ws := &snapshot.Shard{ID: serviceID + "/workspaces/" + name, Workspace: name, Policy: document(name, policy), Connections: connections}
	a := &snapshot.API{
		ID: ws.ID + "/apis/api", Name: "api", Path: name, Revision: "1", Current: true, Online: true, ServiceURL: backend, Protocols: []string{"http"}, Policy: document(name+"-api", policy),
		SubscriptionRequired: true,
	}
	a.Operations = []*snapshot.Operation{{ID: a.ID + "/operations/get", Name: "get", Method: "GET", URLTemplate: "/*", Policy: document(name+"-operation", policy)}}
	ws.APIs = snapshot.ListOf(a)
	id := ws.ID + "/products/p"
	ws.Products = []*snapshot.Product{{ID: id, Name: "p", DisplayName: "P", Published: true, SubscriptionRequired: true, Policy: document(name+"-product", policy), APIs: []string{strings.ToLower(a.ID)}}}
	ws.Subscriptions = snapshot.ListOf(&snapshot.Subscription{ID: ws.ID + "/subscriptions/s", Name: "s", PrimaryKey: "key-of-" + name, Scope: snapshot.Scope{Product: strings.ToLower(id)}})
	return ws
}

// Two workspaces and the service have connections of the same name. Each document gets the token of where it lives, and nothing else, whatever other document
// runs for the same request.
func TestADocumentGetsTheTokensOfItsOwnHome(t *testing.T) {
	t.Parallel()
	backend := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.Join(r.Header.Values("X-Token"), ","))
	})
	const forward = `<policies><inbound><base/></inbound><backend><forward-request/></backend></policies>`
	s := oneAPI(backend, strings.Replace(usingConnection, "</inbound>", "</inbound><backend><forward-request/></backend>", 1), "")
	s.Settings.Principal = "service-identity"
	s.Service.Connections = connection("of-service")
	s.Others = []*snapshot.Shard{
		team("a", backend, usingConnection, connection("of-a")),
		team("b", backend, usingConnection, connection("of-b")),
		team("c", backend, usingConnection, nil),
	}
	for _, c := range []struct{ global, name, want string }{
		{"with a document of the service", "a", "of-service,of-a,of-a,of-a,of-a"},
		{"with a document of the service", "b", "of-service,of-b,of-b,of-b,of-b"},
		{"with a document of the service", "c", "of-service,none,none,none,none"},
		{"without", "a", "of-a,of-a,of-a,of-a"},
		{"without", "c", "none,none,none,none"},
	} {
		shot := *s
		if c.global == "without" {
			service := *s.Service
			service.Policy = document("service", strings.Replace(forward, "<base/>", "", 1))
			shot.Service = &service
		}
		in := serve(t, &shot, gateway.Limits{})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, in.url+"/"+c.name+"/x", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Ocp-Apim-Subscription-Key", "key-of-"+c.name)
		res, err := in.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || string(got) != c.want {
			t.Errorf("%s, workspace %s: the documents got %s (%d, %v), want %s", c.global, c.name, got, res.StatusCode, err, c.want)
		}
	}
}
