package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/credential/credentialtest"
)

// settle makes in a workspace what newConnections makes in the service: a provider with a token of its own, a connection that needs nobody, and an API at
// the workspace's name whose document sends the token on.
func (c *connections) settle(workspace string) *credentialtest.Server {
	c.t.Helper()
	home := "$svc/workspaces/" + workspace
	s := credentialtest.New(c.t, credentialtest.Rules{Life: time.Hour, Answer: `{"access_token":"canary-of-` + workspace + `","expires_in":3600}`})
	c.put(home, `{"properties":{"displayName":"W"}}`)
	settings := s.Settings()
	settings["clientSecret"] = credentialtest.ClientSecret
	b, err := json.Marshal(map[string]any{"properties": map[string]any{
		"displayName": "Files", "identityProvider": "oauth2", "oauth2": map[string]any{"grantTypes": map[string]any{"authorizationCode": settings, "clientCredentials": settings}},
	}})
	if err != nil {
		c.t.Fatal(err)
	}
	c.put(home+"/authorizationProviders/files", string(b))
	c.put(home+"/authorizationProviders/files/authorizations/main", `{"properties":{"oauth2grantType":"ClientCredentials"}}`)
	if !strings.Contains(c.body, `"status":"Connected"`) || strings.Contains(c.body, "canary") {
		c.t.Errorf("the connection of %s is shown as %s", workspace, c.body)
	}
	c.admit(workspace)
	c.put(home+"/apis/"+workspace, `{"properties":{"displayName":"Files","path":"`+workspace+`","protocols":["http"],"subscriptionRequired":false,"serviceUrl":"`+c.backend.URL+`"}}`)
	c.put(home+"/apis/"+workspace+"/operations/get", `{"properties":{"displayName":"Get","method":"GET","urlTemplate":"/*"}}`)
	b, err = json.Marshal(map[string]any{"properties": map[string]string{"format": "rawxml", "value": fmt.Sprintf(filesPolicy, "")}})
	if err != nil {
		c.t.Fatal(err)
	}
	c.put(home+"/apis/"+workspace+"/policies/policy", string(b))
	return s
}

// admit lets the service's identity use the connection of a workspace.
func (c *connections) admit(workspace string) {
	c.t.Helper()
	c.put("$svc/workspaces/"+workspace+"/authorizationProviders/files/authorizations/main/accessPolicies/service", `{"properties":{"objectId":"`+c.identity+`"}}`)
}

// callAt calls the API of a workspace.
func (c *connections) callAt(workspace string) (sent string, status int) {
	c.t.Helper()
	c.mu.Lock()
	c.sent = nil
	c.mu.Unlock()
	if err := c.gateway(c.vars["name"]+".localhost", "/"+workspace+"/x", nil); err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.sent, ","), c.status
}

// must sends a request that is to be answered with a status.
func (c *connections) must(status int, method, path, body string) {
	c.t.Helper()
	if err := c.send(method, c.replace(path), body, nil); err != nil || c.status != status {
		c.t.Fatalf("%s %s: %d %s %v, want %d", method, path, c.status, c.body, err, status)
	}
}

// TestEachWorkspaceUsesItsOwnConnections: the service and two workspaces have connections of the same name. Each API sends the token of where it lives, also after
// the process has died, and after the service was restored from a backup; a person who consents for a workspace connects it alone.
func TestEachWorkspaceUsesItsOwnConnections(t *testing.T) {
	t.Parallel()
	in := start(t)
	c := newConnections(t, in, "apart", time.Hour)
	c.put("$svc/authorizationProviders/files/authorizations/main", `{"properties":{"oauth2grantType":"AuthorizationCode"}}`)
	c.put("$svc/authorizationProviders/files/authorizations/main/accessPolicies/service", `{"properties":{"objectId":"`+c.identity+`"}}`)
	c.settle("one")
	two := c.settle("two")
	tokens := func(when string, want map[string]string) {
		t.Helper()
		for workspace, token := range want {
			sent, status := c.callAt(workspace)
			if token == "" && (status != http.StatusInternalServerError || sent != "") || token != "" && sent != "Bearer "+token {
				t.Errorf("%s: the API of %s sent %q, %d %s; want %q", when, workspace, sent, status, c.body, token)
			}
		}
	}
	tokens("at first", map[string]string{"files": "", "one": "canary-of-one", "two": "canary-of-two"})
	c.consent(c.link())
	tokens("with the service's consent", map[string]string{"files": "canary-access-2", "one": "canary-of-one", "two": "canary-of-two"})

	where := `{"storageAccount":"local","containerName":"apart","backupName":"monday"}`
	c.must(http.StatusOK, http.MethodPost, "$svc/backup", where)
	c.must(http.StatusBadRequest, http.MethodDelete, "$svc/workspaces/one/authorizationProviders/files", "") // its API's document names it
	c.must(http.StatusNoContent, http.MethodDelete, "$svc/workspaces/one/apis/one/policies/policy", "")
	c.must(http.StatusNoContent, http.MethodDelete, "$svc/workspaces/one/authorizationProviders/files", "")
	if err := in.stop(syscall.SIGKILL); err == nil {
		t.Error("a process that was killed ended well")
	}
	if err := in.run(); err != nil {
		t.Fatal(err)
	}
	in.programs = map[string]*program{} // the issuer has another address now
	tokens("after a restart", map[string]string{"files": "canary-access-2", "two": "canary-of-two"})
	c.must(http.StatusOK, http.MethodPost, "$svc/restore", where)
	c.must(http.StatusOK, http.MethodGet, "$svc", "")
	c.identify()
	c.admit("one")
	c.admit("two")
	tokens("after it was restored", map[string]string{"one": "canary-of-one", "two": "canary-of-two"})
	c.must(http.StatusBadRequest, http.MethodDelete, "$svc/workspaces/one/authorizationProviders/files", "") // still

	two.Set(func(r *credentialtest.Rules) { r.Answer = `{"access_token":"canary-consented","expires_in":3600}` })
	main := "$svc/workspaces/two/authorizationProviders/files/authorizations/main"
	c.put(main, `{"properties":{"oauth2grantType":"AuthorizationCode"}}`)
	c.must(http.StatusOK, http.MethodPost, main+"/getLoginLinks", `{"postLoginRedirectUrl":"`+c.backend.URL+`/done"}`)
	var link struct{ LoginLink string }
	if err := json.Unmarshal([]byte(c.body), &link); err != nil {
		t.Fatal(err)
	}
	tokens("before anybody consented", map[string]string{"one": "canary-of-one", "two": ""})
	c.consent(link.LoginLink)
	tokens("after somebody consented", map[string]string{"one": "canary-of-one", "two": "canary-consented"})
	c.nothingLeaks()
}
