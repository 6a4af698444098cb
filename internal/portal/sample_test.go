package portal_test

import "testing"

// sampleWorld has one service with a workspace. The products are open to:
//
//	Gold    guests and developers   service   API Orders
//	Silver  developers              workspace API Payments; needs approval
//	Club    the custom group club   workspace APIs Payments and Ledger; terms, one subscription each
//	Open    developers              service   API Weather, without keys
//	Draft   developers              service   not published; API Orders
//	Lonely  nobody                  service   API Secrets
//
// Ada is in club, Bob is not.
func sampleWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.put("/subscriptions/00000000-0000-0000-0000-000000000001", map[string]any{"subscriptionId": "00000000-0000-0000-0000-000000000001"})
	w.put(group, nil)
	w.put(service, map[string]any{"publisherName": "Contoso", "publisherEmail": "a@contoso.example"})
	w.put(hidden, map[string]any{"displayName": "Zebra unit"})
	for name, u := range map[string][]string{"u-ada": {"ada@example.org", "Ada", "Lovelace"}, "u-bob": {"bob@example.org", "Bob", "Brown"}} {
		w.put(service+"/users/"+name, map[string]any{"email": u[0], "firstName": u[1], "lastName": u[2], "password": "correct horse"})
	}
	w.put(service+"/groups/club", map[string]any{"displayName": "Club"})
	w.put(service+"/groups/club/users/u-ada", nil)
	w.put(hidden+"/groups/local-club", map[string]any{"displayName": "Local club"})
	w.put(hidden+"/groups/local-club/users/u-ada", nil)
	for _, a := range [][3]string{{service, "orders", "Orders"}, {service, "weather", "Weather"}, {service, "secrets", "Secrets"}, {hidden, "pay", "Payments"}, {hidden, "ledger", "Ledger"}} {
		w.put(a[0]+"/apis/"+a[1], map[string]any{"displayName": a[2], "description": "About " + a[2] + ".", "path": a[1], "protocols": []string{"https"}, "serviceUrl": "https://backend.example"})
		w.put(a[0]+"/apis/"+a[1]+"/operations/list", map[string]any{"displayName": "List", "method": "GET", "urlTemplate": "/"})
	}
	w.product(service, "gold", map[string]any{"displayName": "Gold"}, []string{"guests", "developers"}, "orders")
	w.product(hidden, "silver", map[string]any{"displayName": "Silver", "approvalRequired": true}, []string{"developers"}, "pay")
	w.product(hidden, "club", map[string]any{"displayName": "Club", "terms": "Be kind.", "subscriptionsLimit": 1}, []string{hidden + "/groups/local-club"}, "pay", "ledger")
	w.product(service, "open", map[string]any{"displayName": "Open", "subscriptionRequired": false}, []string{"developers"}, "weather")
	w.product(service, "draft", map[string]any{"displayName": "Draft", "state": "notPublished"}, []string{"developers"}, "orders")
	w.product(service, "lonely", map[string]any{"displayName": "Lonely"}, nil, "secrets")
	return w
}

// product makes a published product with its links; a group is the name of a built-in one, or a full id.
func (w *world) product(home, name string, properties map[string]any, groups []string, apis ...string) {
	w.t.Helper()
	if properties["state"] == nil {
		properties["state"] = "published"
	}
	id := home + "/products/" + name
	w.put(id, properties)
	for i, g := range groups {
		if g[0] != '/' {
			g = service + "/groups/" + g
		}
		w.put(id+"/groupLinks/g"+string(rune('0'+i)), map[string]any{"groupId": g})
	}
	for _, a := range apis {
		w.put(id+"/apiLinks/"+a, map[string]any{"apiId": home + "/apis/" + a})
	}
}
