package portal_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/publish"
)

// TestTheStoryOfAConsumer goes through real gateways: sign in, subscribe, try the API without and with the key, on the managed gateway and,
// once the workspace is connected to one, on a gateway of its own.
func TestTheStoryOfAConsumer(t *testing.T) {
	t.Parallel()
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, "%s %s from %q", r.Method, r.RequestURI, r.Header.Get("X-Forwarded-For"))
	}))
	t.Cleanup(backend.Close)
	w := sampleWorld(t)
	gateways := gateway.NewSet(gateway.Options{})
	t.Cleanup(gateways.Close)
	publisher := publish.New(publish.Options{Registry: w.control.Registry, Open: w.control.Open, Domain: domain, Sink: gateways})
	feed, err := control.NewFeed(t.Context(), w.control.Store, publisher)
	if err != nil {
		t.Fatal(err)
	}
	w.control.Feed = feed
	w.options.Gateway = gateways
	w.restart()
	for _, api := range []string{service + "/apis/weather", hidden + "/apis/ledger"} {
		w.patch(api, map[string]any{"serviceUrl": backend.URL + "/base"})
	}
	w.remove(group + "/providers/Microsoft.ApiManagement/service/contoso/products/lonely")

	ada := w.person("ada@example.org")
	expect := func(how, api, key string, status int, body string) {
		t.Helper()
		var got tried
		ada.try(api, map[string]any{"path": "/", "headers": [][2]string{{"Ocp-Apim-Subscription-Key", key}}}).decode(t, &got)
		if got.Status != status || body != "" && got.Body != body {
			t.Errorf("%s: status %d %q, want %d %q (%s)", how, got.Status, got.Body, status, body, got.Note)
		}
	}
	expect("an open product", "Weather", "", 200, `GET /base/ from "192.0.2.1"`)
	expect("without a key", "Ledger", "", 401, "")
	expect("with a wrong key", "Ledger", "wrong", 401, "")
	if a := ada.subscribe("Club", "x", true); a.status != 201 {
		t.Fatal(a.body)
	}
	var keys struct{ Primary, Secondary string }
	ada.want("POST", "/api/subscriptions/"+ada.id("subscriptions", "x")+"/keys", map[string]any{}, 200).decode(t, &keys)
	expect("with the primary key", "Ledger", keys.Primary, 200, `GET /base/ from "192.0.2.1"`)
	expect("with the secondary key", "Ledger", keys.Secondary, 200, `GET /base/ from "192.0.2.1"`)

	at := group + "/providers/Microsoft.ApiManagement/gateways/fast"
	w.put(at, map[string]any{})
	w.put(at+"/configConnections/one", map[string]any{"sourceId": hidden})
	expect("on a gateway of its own", "Ledger", keys.Primary, 200, `GET /base/ from "192.0.2.1"`)
	w.remove(at + "/configConnections/one")
	if got := ada.try("Ledger", nil).status; got != 409 {
		t.Errorf("when no gateway serves it: %d, want 409", got)
	}
}
