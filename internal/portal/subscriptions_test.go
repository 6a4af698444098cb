package portal_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/google/go-cmp/cmp"
)

// subscribe asks for a subscription to a product.
func (b *browser) subscribe(product, name string, terms bool) answer {
	b.w.t.Helper()
	return b.send("POST", "/api/subscriptions", map[string]any{"product": b.id("products", product), "name": name, "termsAccepted": terms})
}

func TestSubscribing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		product, home, state string
		apis                 []string
	}{
		{"Gold", service, "active", []string{"Orders"}},
		{"Silver", hidden, "submitted", []string{"Payments"}},
		{"Club", hidden, "active", []string{"Ledger", "Payments"}},
	} {
		t.Run(c.product, func(t *testing.T) {
			t.Parallel()
			w := sampleWorld(t)
			b := w.person("ada@example.org")
			a := b.subscribe(c.product, "  For my shop ", true)
			if a.status != 201 {
				t.Fatalf("status %d: %s", a.status, a.body)
			}
			var made item
			a.decode(t, &made)
			apis := []string{}
			for _, title := range c.apis {
				apis = append(apis, b.id("apis", title))
			}
			want := item{ID: made.ID, Name: "For my shop", State: c.state, Product: &item{ID: b.id("products", c.product), Title: c.product}, APIs: apis}
			if d := cmp.Diff(want, made); d != "" {
				t.Errorf("the subscription (-want +got):\n%s", d)
			}
			if d := cmp.Diff([]item{made}, b.list("subscriptions")); d != "" {
				t.Errorf("the list (-made +listed):\n%s", d)
			}
			w.stored(c.home, c.product, c.state)
		})
	}
}

// stored insists that there is one subscription, in the product's own home and owned by Ada.
func (w *world) stored(home, product, state string) {
	w.t.Helper()
	for _, at := range []string{service, hidden} {
		if n := len(w.names(at, "subscriptions")); (n == 1) != (at == home) {
			w.t.Errorf("%s has %d subscriptions", at, n)
		}
	}
	names := w.names(home, "subscriptions")
	if len(names) != 1 {
		return
	}
	got := w.properties(home + "/subscriptions/" + names[0])
	for field, want := range map[string]string{
		"displayName": "For my shop", "state": state, "ownerId": service + "/users/u-ada", "scope": home + "/products/" + strings.ToLower(product),
	} {
		if got[field] != want {
			w.t.Errorf("%s is %v, want %s", field, got[field], want)
		}
	}
}

func TestSubscriptionsAreWrittenAsThePerson(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	if a := w.person("ada@example.org").subscribe("Gold", "x", false); a.status != 201 {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	changes, err := w.control.Store.Changes(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	last := changes[len(changes)-1]
	if got := last.Actor; got.ObjectID != "u-ada" || got.Name != "ada@example.org" || got.IP == "" || got.Request == "" {
		t.Errorf("the log says that %+v wrote %s", got, last.ID)
	}
}

func TestSubscribingIsRefused(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	ada, bob := w.person("ada@example.org"), w.person("bob@example.org")
	club := ada.id("products", "Club")
	gold := ada.id("products", "Gold")
	wish := func(product, name string, terms bool) map[string]any {
		return map[string]any{"product": product, "name": name, "termsAccepted": terms}
	}
	for _, c := range []struct {
		how    string
		who    *browser
		wish   any
		status int
		code   string
		field  string
	}{
		{"a guest", w.guest(), wish(gold, "x", true), 401, "SignInNeeded", ""},
		{"somebody who may not see the product", bob, wish(club, "x", true), 404, "NotFound", ""},
		{"no such product", ada, wish("nothing", "x", true), 404, "NotFound", ""},
		{"no name", ada, wish(gold, " \t", true), 400, "Invalid", "name"},
		{"too long a name", ada, wish(gold, strings.Repeat("é", 101), true), 400, "Invalid", "name"},
		{"a name of two lines", ada, wish(gold, "a\nb", true), 400, "Invalid", "name"},
		{"terms that were not accepted", ada, wish(club, "x", false), 400, "Invalid", "termsAccepted"},
		{"a product without keys", ada, wish(ada.id("products", "Open"), "x", true), 409, "NoKeyNeeded", ""},
	} {
		a := c.who.want("POST", "/api/subscriptions", c.wish, c.status)
		if code, _, field := a.fault(t); code != c.code || field != c.field {
			t.Errorf("%s: %s", c.how, a.body)
		}
	}
	if n := len(w.names(service, "subscriptions")) + len(w.names(hidden, "subscriptions")); n != 0 {
		t.Errorf("%d subscriptions were made", n)
	}
}

func TestAProductsLimitHoldsForEachPerson(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	w.put(hidden+"/groups/local-club/users/u-bob", nil)
	ada, bob := w.person("ada@example.org"), w.person("bob@example.org")
	if a := ada.subscribe("Club", "one", true); a.status != 201 {
		t.Fatal(a.body)
	}
	a := ada.subscribe("Club", "two", true)
	if code, _, _ := a.fault(t); a.status != 409 || code != "LimitReached" {
		t.Errorf("the second one: %d %s", a.status, a.body)
	}
	if a := bob.subscribe("Club", "mine", true); a.status != 201 {
		t.Errorf("another person's first one: %d %s", a.status, a.body)
	}
	over := map[string]bool{} // what is over stays so
	for _, state := range []string{"cancelled", "expired"} {
		for _, name := range w.names(hidden, "subscriptions") {
			if !over[name] {
				w.patch(hidden+"/subscriptions/"+name, map[string]any{"state": state})
			}
			over[name] = true
		}
		if a := ada.subscribe("Club", "again", true); a.status != 201 {
			t.Errorf("after the others are %s: %d %s", state, a.status, a.body)
		}
	}
}

func TestALimitHoldsAgainstTwoClicks(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	wish := map[string]any{"product": w.person("ada@example.org").id("products", "Club"), "name": "x", "termsAccepted": true}
	browsers := []*browser{w.person("ada@example.org"), w.person("ada@example.org"), w.person("ada@example.org")}
	statuses := make(chan int, len(browsers))
	for _, b := range browsers {
		go func() { statuses <- b.send("POST", "/api/subscriptions", wish).status }()
	}
	made := 0
	for range browsers {
		if <-statuses == 201 {
			made++
		}
	}
	if made != 1 {
		t.Errorf("%d subscriptions were made at once, want 1", made)
	}
}

func TestKeysAreForTheOwnerOfAnActiveSubscription(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	ada, bob := w.person("ada@example.org"), w.person("bob@example.org")
	if a := ada.subscribe("Silver", "x", false); a.status != 201 {
		t.Fatal(a.body)
	}
	path := "/api/subscriptions/" + ada.id("subscriptions", "x") + "/keys"
	stored := hidden + "/subscriptions/" + w.names(hidden, "subscriptions")[0]
	as := func(state string) { // begins anew: not every state leads to every other
		properties := w.properties(stored)
		properties["state"] = state
		w.remove(stored)
		w.put(stored, properties)
	}
	for _, state := range []string{"submitted", "suspended", "rejected", "cancelled", "expired"} {
		as(state)
		if code, _, _ := ada.want("POST", path, map[string]any{}, 409).fault(t); code != "NotActive" {
			t.Errorf("the keys of a subscription that is %s: %s", state, code)
		}
	}
	as("active")
	w.patch(stored, map[string]any{"expirationDate": "2026-05-01T12:00:00Z"})
	ada.want("POST", path, map[string]any{}, 409)
	if got := ada.list("subscriptions")[0].State; got != "expired" {
		t.Errorf("a subscription whose time is over is %s", got)
	}
	w.patch(stored, map[string]any{"expirationDate": "2026-05-01T12:00:01Z"})
	secrets, err := w.control.Act(t.Context(), control.System("test"), arm.MustID(stored), "listSecrets", nil)
	if err != nil {
		t.Fatal(err)
	}
	var want struct{ PrimaryKey, SecondaryKey string }
	answer{body: string(secrets.Body)}.decode(t, &want)
	var got struct{ Primary, Secondary string }
	ada.want("POST", path, map[string]any{}, 200).decode(t, &got)
	if got.Primary != want.PrimaryKey || got.Secondary != want.SecondaryKey || got.Primary == "" || got.Primary == got.Secondary {
		t.Errorf("the keys are %v, want %v", got, want)
	}
	bob.want("POST", path, map[string]any{}, 404)
	w.guest().want("POST", path, map[string]any{}, 401)
	ada.want("POST", "/api/subscriptions/nothing/keys", map[string]any{}, 404)
	if a := ada.send("GET", path, nil); a.status != 404 {
		t.Errorf("keys can be read with GET: %d", a.status)
	}
}

func TestSubscriptionsOpenWhatTheirScopeSays(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	for name, s := range map[string][2]string{
		"product":          {hidden, "/products/club"},
		"api":              {hidden, "/apis/pay"},
		"workspace":        {hidden, "/apis"},
		"service":          {service, "/apis"},
		"hidden product":   {service, "/products/lonely"},
		"someone else's":   {service, "/products/gold"},
		"unpublished":      {service, "/products/draft"},
		"without an owner": {service, "/products/gold"},
	} {
		owner := "/users/u-ada"
		switch name {
		case "someone else's":
			owner = "/users/u-bob"
		case "without an owner":
			owner = ""
		}
		w.put(s[0]+"/subscriptions/s-"+strings.Map(func(r rune) rune {
			if r == ' ' || r == '\'' {
				return '-'
			}
			return r
		}, name), map[string]any{"displayName": name, "scope": s[1], "ownerId": owner})
	}
	ada := w.person("ada@example.org")
	titles := map[string]string{}
	for _, a := range ada.list("apis") {
		titles[a.ID] = a.Title
	}
	got := map[string]string{}
	for _, s := range ada.list("subscriptions") {
		product := "none"
		if s.Product != nil {
			product = s.Product.Title
		}
		var apis []string
		for _, id := range s.APIs {
			apis = append(apis, titles[id])
		}
		slices.Sort(apis)
		got[s.Name] = product + ": " + strings.Join(apis, ", ")
	}
	want := map[string]string{
		"product":        "Club: Ledger, Payments",
		"api":            "none: Payments",
		"workspace":      "none: Ledger, Payments",
		"service":        "none: Orders, Weather",
		"hidden product": "none: ",
		"unpublished":    "none: ",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the subscriptions (-want +got):\n%s", d)
	}
}
