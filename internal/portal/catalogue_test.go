package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPeopleSeeWhatTheirGroupsAreOffered(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	for _, c := range []struct {
		who            string
		browser        *browser
		products, apis string
	}{
		{"a guest", w.guest(), "Gold", "Orders"},
		{"a developer", w.person("bob@example.org"), "Gold, Open, Silver", "Orders, Payments, Weather"},
		{"a member of a workspace's group", w.person("ada@example.org"), "Club, Gold, Open, Silver", "Ledger, Orders, Payments, Weather"},
	} {
		if got := c.browser.titles("products"); got != c.products {
			t.Errorf("%s sees the products %s, want %s", c.who, got, c.products)
		}
		if got := c.browser.titles("apis"); got != c.apis {
			t.Errorf("%s sees the APIs %s, want %s", c.who, got, c.apis)
		}
	}
}

func TestWhatIsWithdrawnIsGoneAtOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		how           string
		change        func(w *world)
		product, apis int // what Ada gets for Club and its API Ledger
	}{
		{"nothing changes", func(*world) {}, 200, 200},
		{"the product is unpublished", func(w *world) { w.patch(hidden+"/products/club", map[string]any{"state": "notPublished"}) }, 404, 404},
		{"the group loses the product", func(w *world) { w.remove(hidden + "/products/club/groupLinks/g0") }, 404, 404},
		{"Ada leaves the group", func(w *world) { w.remove(hidden + "/groups/local-club/users/u-ada") }, 404, 404},
		{"the product loses the API", func(w *world) { w.remove(hidden + "/products/club/apiLinks/ledger") }, 200, 404},
		{"the API is deleted", func(w *world) { w.remove(hidden + "/apis/ledger") }, 200, 404},
		{"the workspace is deleted", func(w *world) { w.remove(hidden) }, 404, 404},
	} {
		t.Run(c.how, func(t *testing.T) {
			t.Parallel()
			w := sampleWorld(t)
			ada := w.person("ada@example.org")
			product, api := ada.id("products", "Club"), ada.id("apis", "Ledger")
			c.change(w)
			if got := ada.send("GET", "/api/products/"+product, nil).status; got != c.product {
				t.Errorf("the product answers %d, want %d", got, c.product)
			}
			if got := ada.send("GET", "/api/apis/"+api, nil).status; got != c.apis {
				t.Errorf("the API answers %d, want %d", got, c.apis)
			}
		})
	}
}

func TestWhatMustNotBeSeenIsAsGoodAsAbsent(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	ada, bob := w.person("ada@example.org"), w.person("bob@example.org")
	product, api := ada.id("products", "Club"), ada.id("apis", "Ledger")
	operation := ada.operation("Ledger", "List")
	absent := bob.want("GET", "/api/products/nothing", nil, 404).body
	for _, path := range []string{
		"/api/products/" + product, "/api/apis/" + api, "/api/apis/" + api + "/operations/" + operation, "/api/apis/x", "/api/nowhere", "/api/",
		"/api/apis/" + product, "/api/products/" + api,
	} {
		if got := bob.want("GET", path, nil, 404).body; got != absent {
			t.Errorf("GET %s answers %s, want %s", path, got, absent)
		}
	}
}

// operation finds an operation of an API by their titles.
func (b *browser) operation(api, title string) string {
	b.w.t.Helper()
	var doc struct{ Operations []item }
	b.want("GET", "/api/apis/"+b.id("apis", api), nil, 200).decode(b.w.t, &doc)
	for _, o := range doc.Operations {
		if o.Title == title {
			return o.ID
		}
	}
	b.w.t.Fatalf("the API %s has no operation %q", api, title)
	return ""
}

func TestProductsTellWhatSubscribingNeeds(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	ada := w.person("ada@example.org")
	type shown struct {
		Title, Description, Terms string
		ApprovalNeeded, KeyNeeded bool
		APIs                      []struct{ Title string }
	}
	for title, want := range map[string]shown{
		"Gold":   {Title: "Gold", KeyNeeded: true, APIs: []struct{ Title string }{{"Orders"}}},
		"Silver": {Title: "Silver", KeyNeeded: true, ApprovalNeeded: true, APIs: []struct{ Title string }{{"Payments"}}},
		"Club":   {Title: "Club", KeyNeeded: true, Terms: "Be kind.", APIs: []struct{ Title string }{{"Ledger"}, {"Payments"}}},
		"Open":   {Title: "Open", APIs: []struct{ Title string }{{"Weather"}}},
	} {
		var got shown
		ada.want("GET", "/api/products/"+ada.id("products", title), nil, 200).decode(t, &got)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", title, d)
		}
	}
}

func TestAPIsTellWhereAndHowTheyAreCalled(t *testing.T) {
	t.Parallel()
	gateway := group + "/providers/Microsoft.ApiManagement/gateways/fast"
	connect := func(w *world) {
		w.put(gateway, map[string]any{})
		w.put(gateway+"/configConnections/one", map[string]any{"sourceId": hidden})
	}
	for _, c := range []struct {
		how          string
		change       func(w *world)
		api          string
		address, key string
	}{
		{"of the service", func(*world) {}, "Orders", "https://contoso.gateways.example:8444/orders", "Ocp-Apim-Subscription-Key"},
		{"of a workspace that the managed gateway serves", func(*world) {}, "Payments", "https://contoso.gateways.example:8444/pay", "Ocp-Apim-Subscription-Key"},
		{"of a workspace with a gateway", connect, "Payments", "https://fast-*.gateways.example:8444/pay", "Ocp-Apim-Subscription-Key"},
		{"of a workspace with a host name of its own", func(w *world) {
			w.put(gateway, map[string]any{})
			w.put(gateway+"/configConnections/one", map[string]any{"sourceId": hidden, "hostnames": []string{"pay.example.com"}})
		}, "Payments", "https://pay.example.com:8444/pay", "Ocp-Apim-Subscription-Key"},
		{"of a workspace whose last gateway went", func(w *world) { connect(w); w.remove(gateway + "/configConnections/one") }, "Payments", "", "Ocp-Apim-Subscription-Key"},
		{"of such a workspace that the service names", func(w *world) {
			connect(w)
			w.remove(gateway + "/configConnections/one")
			w.patch(service, map[string]any{"customProperties": map[string]string{"Atelier.Workspaces.Managed": "other, Zebra-Unit"}})
		}, "Payments", "https://contoso.gateways.example:8444/pay", "Ocp-Apim-Subscription-Key"},
		{"of a workspace while the managed gateway is closed", func(w *world) {
			w.patch(service, map[string]any{"customProperties": map[string]string{"Atelier.Workspaces.Managed": "never"}})
		}, "Payments", "", "Ocp-Apim-Subscription-Key"},
		{"over plain HTTP only", func(w *world) { w.patch(service+"/apis/orders", map[string]any{"protocols": []string{"http"}}) }, "Orders", "http://contoso.gateways.example:8080/orders", "Ocp-Apim-Subscription-Key"},
		{"at the root", func(w *world) { w.patch(service+"/apis/orders", map[string]any{"path": ""}) }, "Orders", "https://contoso.gateways.example:8444", "Ocp-Apim-Subscription-Key"},
		{"with a header of its own", func(w *world) {
			w.patch(service+"/apis/orders", map[string]any{"subscriptionKeyParameterNames": map[string]string{"header": "X-Key"}})
		}, "Orders", "https://contoso.gateways.example:8444/orders", "X-Key"},
		{"without keys", func(w *world) { w.patch(service+"/apis/orders", map[string]any{"subscriptionRequired": false}) }, "Orders", "https://contoso.gateways.example:8444/orders", ""},
		{"in a product without keys", func(*world) {}, "Weather", "https://contoso.gateways.example:8444/weather", ""},
	} {
		t.Run(c.how, func(t *testing.T) {
			t.Parallel()
			w := sampleWorld(t)
			c.change(w)
			bob := w.person("bob@example.org")
			var got struct {
				Address string
				Key     *struct{ Header string }
			}
			bob.want("GET", "/api/apis/"+bob.id("apis", c.api), nil, 200).decode(t, &got)
			before, after, some := strings.Cut(c.address, "*")
			if got.Address != c.address && !(some && strings.HasPrefix(got.Address, before) && strings.HasSuffix(got.Address, after)) {
				t.Errorf("the address is %q, want %q", got.Address, c.address)
			}
			header := ""
			if got.Key != nil {
				header = got.Key.Header
			}
			if header != c.key {
				t.Errorf("the key travels in %q, want %q", header, c.key)
			}
		})
	}
}

func TestOperationsAreTold(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	w.put(service+"/apis/orders/operations/refund", map[string]any{
		"displayName": "Refund", "description": "Gives money back.", "method": "post", "urlTemplate": "/orders/{id}/files/{*rest}?kind={k}&fixed=yes",
		"templateParameters": []any{
			map[string]any{"name": "id", "type": "integer", "required": true, "description": "Which order.", "examples": map[string]any{"b": map[string]any{"value": 8}, "a": map[string]any{"value": 7}}},
			map[string]any{"name": "*rest", "type": "string"},
			map[string]any{"name": "k", "type": "string", "values": []string{"full", "part"}},
		},
		"request": map[string]any{
			"queryParameters": []any{map[string]any{"name": "dry", "type": "boolean", "defaultValue": "false"}},
			"headers":         []any{map[string]any{"name": "X-Trace", "type": "string"}},
			"representations": []any{map[string]any{"contentType": "application/json", "examples": map[string]any{"default": map[string]any{"value": map[string]any{"amount": 5}}}}},
		},
		"responses": []any{map[string]any{"statusCode": 201, "description": "Done."}, map[string]any{"statusCode": 404}},
	})
	guest := w.guest()
	api, operation := guest.id("apis", "Orders"), guest.operation("Orders", "Refund")
	var got any
	guest.want("GET", "/api/apis/"+api+"/operations/"+operation, nil, 200).decode(t, &got)
	text := func(name, in, typ string, required bool, more ...string) map[string]any {
		out := map[string]any{"name": name, "in": in, "required": required, "type": typ}
		for i := 0; i < len(more); i += 2 {
			out[more[i]] = more[i+1]
		}
		return out
	}
	want := any(map[string]any{
		"id": operation, "method": "POST", "path": "/orders/{id}/files/{rest}", "title": "Refund", "description": "Gives money back.",
		"parameters": []any{
			text("id", "path", "integer", true, "description", "Which order.", "example", "7"),
			text("rest", "path", "string", true),
			text("kind", "query", "string", true, "example", "full"),
			text("fixed", "query", "string", true, "example", "yes"),
			text("dry", "query", "boolean", false, "example", "false"),
			text("X-Trace", "header", "string", false),
		},
		"body":      map[string]any{"contentType": "application/json", "example": `{"amount":5}`},
		"responses": []any{map[string]any{"status": 201.0, "description": "Done."}, map[string]any{"status": 404.0, "description": http.StatusText(404)}},
	})
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the operation (-want +got):\n%s", d)
	}
}

func TestIDsAreOpaqueAndStayTheSame(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	before := w.guest().id("apis", "Orders")
	if len(before) != 22 {
		t.Errorf("the id %q has %d characters, want 22", before, len(before))
	}
	w.restart()
	if after := w.guest().id("apis", "Orders"); after != before {
		t.Errorf("after a restart the id is %q, was %q", after, before)
	}
	w.options.Key = []byte("another installation's secret of 32 bytes or more")
	w.restart()
	if after := w.guest().id("apis", "Orders"); after == before {
		t.Error("two installations give an API the same id, so ids could be made by guessing names")
	}
}

func TestOtherServicesKeepToThemselves(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	zulu := group + "/providers/Microsoft.ApiManagement/service/zulu"
	w.put(zulu, map[string]any{"publisherName": "Zulu", "publisherEmail": "a@zulu.example"})
	w.put(zulu+"/users/carl", map[string]any{"email": "carl@example.org", "firstName": "C", "lastName": "C", "password": "correct horse"})
	w.put(zulu+"/apis/zed", map[string]any{"displayName": "Zed", "path": "zed"})
	w.put(zulu+"/products/zed", map[string]any{"displayName": "Zed", "state": "published"})
	w.put(zulu+"/products/zed/apiLinks/zed", map[string]any{"apiId": zulu + "/apis/zed"})
	w.put(zulu+"/products/zed/groupLinks/guests", map[string]any{"groupId": zulu + "/groups/guests"})
	if got := w.guest().titles("apis"); got != "Orders" {
		t.Errorf("guests see %s, want Orders", got)
	}
	w.guest().want("POST", "/api/session", map[string]string{"email": "carl@example.org", "password": "correct horse"}, 401)
}

func TestThePortalOfNoServiceShowsNothing(t *testing.T) {
	t.Parallel()
	for how, w := range map[string]*world{"there is none": newWorld(t), "it is switched off": func() *world {
		w := sampleWorld(t)
		w.patch(service, map[string]any{"developerPortalStatus": "Disabled"})
		return w
	}()} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			guest := w.guest()
			for _, path := range []string{"/api/apis", "/api/products", "/api/subscriptions"} {
				guest.want("GET", path, nil, 404)
			}
			guest.want("POST", "/api/session", map[string]string{"email": "ada@example.org", "password": "correct horse"}, 401)
		})
	}
}
