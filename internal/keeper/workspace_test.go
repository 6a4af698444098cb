package keeper_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/credential/credentialtest"
	"github.com/atelier-apim/atelier/internal/kind"
)

const pay, shop = service + "/workspaces/pay", service + "/workspaces/shop"

// inHome makes a provider at a server and a connection with the names that every home uses here, and returns the connection's id.
func (w *world) inHome(home string, s *credentialtest.Server, grant string) string {
	w.t.Helper()
	if strings.Contains(home, "/workspaces/") {
		w.put(home, `{"properties":{"displayName":"W"}}`)
	}
	w.put(home+"/authorizationProviders/files", providerBody(s, credentialtest.ClientSecret))
	id := home + "/authorizationProviders/files/authorizations/main"
	w.put(id, fmt.Sprintf(`{"properties":{"oauth2grantType":%q}}`, grant))
	return id
}

// access is the token that is kept of a connection.
func (w *world) access(id string) (token string) {
	w.t.Helper()
	err := w.Look(w.t.Context(), func(l kind.Lookup) error {
		if a, ok := kind.Of[apim.Authorization](l, arm.MustID(id)); ok && a.Connected() {
			token = a.State().Access
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

// awaitAccess waits until a connection has a token.
func (w *world) awaitAccess(id, want string) {
	w.t.Helper()
	for {
		changed := w.store.Changed()
		if w.access(id) == want {
			return
		}
		select {
		case <-changed:
		case <-time.After(10 * time.Second):
			w.t.Fatalf("%s has %q, want %q", id, w.access(id), want)
		}
	}
}

func (w *world) linkOf(id string) string {
	w.t.Helper()
	out, err := w.act(id, "getLoginLinks", `{"postLoginRedirectUrl":"`+after+`"}`)
	if err != nil {
		w.t.Fatal(err)
	}
	return out["loginLink"]
}

// Connections of the same name in the service and in two workspaces are renewed each with its own provider, also after a restart.
func TestTokensOfWorkspacesAreRenewedAsThoseOfTheService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	homes := []string{service, pay, shop}
	servers, ids := map[string]*credentialtest.Server{}, map[string]string{}
	for _, home := range homes {
		servers[home] = credentialtest.New(t, credentialtest.Rules{Life: time.Hour})
		ids[home] = w.inHome(home, servers[home], "ClientCredentials")
	}
	servers[pay].Set(func(r *credentialtest.Rules) { r.Answer = `{"access_token":"of-pay","expires_in":3600}` })
	w.clock.Add(55 * time.Minute)
	w.awaitAccess(ids[service], "canary-access-2")
	w.awaitAccess(ids[pay], "of-pay")
	w.awaitAccess(ids[shop], "canary-access-2")
	w.close()
	w.clock.Add(55 * time.Minute)
	w.open()
	w.awaitAccess(ids[shop], "canary-access-3")
	w.awaitAccess(ids[pay], "of-pay")
	for _, home := range homes {
		servers[home].Asked(t, 3)
	}
	if _, err := w.Delete(w.t.Context(), system(), arm.MustID(shop)); err != nil {
		t.Fatal(err)
	}
	w.clock.Add(55 * time.Minute)
	servers[service].Asked(t, 4)
	if n := len(servers[shop].Forms()); n != 3 {
		t.Errorf("the provider of a workspace that is gone was asked %d times, want 3", n)
	}
}

// The browser leaves with an address of the workspace and comes back there; the token goes to the workspace's connection alone.
func TestAConsentComesBackToTheWorkspaceThatAskedForIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := credentialtest.New(t, credentialtest.Rules{Life: time.Hour})
	ids := map[string]string{}
	for _, home := range []string{service, pay, shop} {
		ids[home] = w.inHome(home, s, "AuthorizationCode")
	}
	b, link := w.browser(), w.linkOf(ids[pay])
	if _, err := w.act(ids[shop], "confirmConsentCode", `{"consentCode":"`+link[strings.Index(link, "=")+1:]+`"}`); err == nil {
		t.Error("a workspace confirmed a link of another")
	}
	if status, _, page := b.get(link); status != http.StatusOK || !strings.Contains(page, "workspace <strong>pay</strong>") || !strings.Contains(page, "service <strong>contoso</strong>") {
		t.Errorf("the page says %d %s", status, page)
	}
	_, next, _ := b.press(link)
	_, back, _ := b.get(next)
	u, err := url.Parse(back)
	if err != nil || u.Path != "/authorizations/redirect/workspace/contoso/pay" {
		t.Fatalf("the provider sends the browser to %s", back)
	}
	for _, wrong := range []string{"workspace/contoso/shop", "workspace/contoso", "workspace/contoso/pay/x", "apim/contoso", "apim/pay"} {
		if status, _, _ := b.get(strings.Replace(back, "workspace/contoso/pay", wrong, 1)); status != http.StatusBadRequest {
			t.Errorf("the consent came back at %s: %d", wrong, status)
		}
		_, next, _ = b.press(w.linkOf(ids[pay])) // a state is good once
		_, back, _ = b.get(next)
	}
	if n := len(s.Forms()); n != 0 {
		t.Errorf("codes that came back at a wrong address were used %d times", n)
	}
	if status, to, page := b.get(back); status != http.StatusSeeOther || to != after {
		t.Errorf("the browser ends up with %d at %q: %s", status, to, page)
	}
	for home, want := range map[string]bool{service: false, pay: true, shop: false} {
		if got := w.access(ids[home]) != ""; got != want {
			t.Errorf("%s is connected: %v", home, got)
		}
	}
	if form := s.Forms()[0]; form.Get("redirect_uri") != address+"/authorizations/redirect/workspace/contoso/pay" {
		t.Errorf("the provider was sent %v", form)
	}
}

// A workspace whose provider hangs keeps its own tokens waiting, and nobody else's.
func TestAProviderThatHangsHoldsUpItsWorkspaceAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hanging, quick := credentialtest.New(t, credentialtest.Rules{Life: time.Hour}), credentialtest.New(t, credentialtest.Rules{Life: time.Hour})
	w.inHome(pay, hanging, "ClientCredentials")
	for i := range 9 {
		w.put(fmt.Sprintf("%s/authorizationProviders/files/authorizations/more-%d", pay, i), `{"properties":{"oauth2grantType":"ClientCredentials"}}`)
	}
	id := w.inHome(shop, quick, "ClientCredentials")
	hold := make(chan struct{})
	hanging.Set(func(r *credentialtest.Rules) { r.Hold = hold })
	w.clock.Add(55 * time.Minute)
	w.awaitAccess(id, "canary-access-2")
	hanging.Asked(t, 14)
	w.put(pay, `{"properties":{"displayName":"Again"}}`) // whoever changes something has the keeper look again
	if n := len(hanging.Forms()); n != 14 {
		t.Errorf("%d requests of a workspace were under way at once, want 4", n-10)
	}
	hanging.Set(func(r *credentialtest.Rules) { r.Hold = nil })
	close(hold)
	hanging.Asked(t, 20)
}

// One workspace can't take all the room for links.
func TestLinksOfAWorkspaceLeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := credentialtest.New(t, credentialtest.Rules{})
	w.inHome(pay, s, "AuthorizationCode")
	id := w.inHome(shop, s, "AuthorizationCode")
	made := 0
	for i := range 21 {
		one := fmt.Sprintf("%s/authorizationProviders/files/authorizations/c-%d", pay, i)
		w.put(one, `{"properties":{"oauth2grantType":"AuthorizationCode"}}`)
		for range 50 {
			if _, err := w.act(one, "getLoginLinks", `{"postLoginRedirectUrl":"`+after+`"}`); err == nil {
				made++
			}
		}
	}
	if made != 1000 {
		t.Errorf("a workspace has %d links, want 1000", made)
	}
	w.linkOf(id)
}
