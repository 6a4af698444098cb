package directory_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ask sends one request as the given principal ("" for nobody) and returns status and body.
func (h *house) ask(as, method, path, body string) (int, map[string]any) {
	h.t.Helper()
	r := httptest.NewRequest(method, "https://atelier.test"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.Handler(func(*http.Request) (string, bool) { return as, as != "" }).ServeHTTP(w, r)
	var got map[string]any
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			h.t.Fatalf("%s %s: %q: %v", method, path, w.Body, err)
		}
	}
	if e, ok := got["error"].(map[string]any); ok && (e["code"] == "" || e["message"] == "" || e["innerError"].(map[string]any)["request-id"] != w.Header().Get("Request-Id")) {
		h.t.Errorf("%s %s: error %v", method, path, e)
	}
	return w.Code, got
}

func (h *house) asAdmin(method, path, body string, want int) map[string]any {
	h.t.Helper()
	status, got := h.ask(h.admin.ServicePrincipal, method, path, body)
	if status != want {
		h.t.Errorf("%s %s: %d %v, want %d", method, path, status, got, want)
	}
	return got
}

func reason(got map[string]any) string {
	e, _ := got["error"].(map[string]any)
	code, _ := e["code"].(string)
	return code
}

func TestGraphCreatesAProgramAsTheCommandDoes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	app := h.asAdmin("POST", "/v1.0/applications", `{"displayName":"robot","signInAudience":"AzureADMyOrg"}`, 201)
	sp := h.asAdmin("POST", "/v1.0/servicePrincipals", `{"appId":"`+app["appId"].(string)+`"}`, 201)
	secret := h.asAdmin("POST", "/v1.0/applications/"+app["id"].(string)+"/addPassword", `{"passwordCredential":{"displayName":"ci"}}`, 200)
	p, err := h.AuthenticateApp(app["appId"].(string), secret["secretText"].(string))
	if err != nil || p.ObjectID != sp["id"] {
		t.Errorf("%+v, %v", p, err)
	}
	again := h.asAdmin("GET", "/v1.0/applications/"+app["id"].(string), "", 200)
	if creds := again["passwordCredentials"].([]any); len(creds) != 1 || strings.Contains(toJSON(t, again), secret["secretText"].(string)) || strings.Contains(toJSON(t, again), "digest") {
		t.Errorf("%v", again)
	}
	found := h.asAdmin("GET", "/v1.0/servicePrincipals?$filter="+url.QueryEscape("appId eq '"+app["appId"].(string)+"'"), "", 200)
	if list := found["value"].([]any); len(list) != 1 || list[0].(map[string]any)["id"] != sp["id"] {
		t.Errorf("%v", found)
	}
	h.asAdmin("POST", "/v1.0/applications/"+app["id"].(string)+"/removePassword", `{"keyId":"`+secret["keyId"].(string)+`"}`, 204)
	h.asAdmin("DELETE", "/v1.0/applications/"+app["id"].(string), "", 204)
	h.asAdmin("GET", "/v1.0/servicePrincipals/"+sp["id"].(string), "", 404)
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestGraphCreatesPeopleAndGroups(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ann := h.asAdmin("POST", "/v1.0/users", `{"accountEnabled":true,"displayName":"Ann","mailNickname":"ann","userPrincipalName":"ann@x","passwordProfile":{"password":"a long password","forceChangePasswordNextSignIn":false}}`, 201)
	id := ann["id"].(string)
	if ann["displayName"] != "Ann" || ann["accountEnabled"] != true || strings.Contains(toJSON(t, ann), "long") {
		t.Errorf("%v", ann)
	}
	g := h.asAdmin("POST", "/v1.0/groups", `{"displayName":"team","mailEnabled":false,"mailNickname":"team","securityEnabled":true}`, 201)["id"].(string)
	h.asAdmin("POST", "/v1.0/groups/"+g+"/members/$ref", `{"@odata.id":"https://atelier.test/v1.0/directoryObjects/`+id+`"}`, 204)
	members := h.asAdmin("GET", "/v1.0/groups/"+g+"/members", "", 200)["value"].([]any)
	if len(members) != 1 || members[0].(map[string]any)["id"] != id || members[0].(map[string]any)["@odata.type"] != "#microsoft.graph.user" {
		t.Errorf("members: %v", members)
	}
	h.asAdmin("DELETE", "/v1.0/groups/"+g+"/members/"+id+"/$ref", "", 204)
	if got := h.Groups(id); len(got) != 0 {
		t.Errorf("groups: %v", got)
	}
	h.asAdmin("PATCH", "/v1.0/users/ann@x", `{"accountEnabled":false,"displayName":"Anna","passwordProfile":{"password":"a longer password"}}`, 204)
	if got := h.asAdmin("GET", "/v1.0/users/"+id, "", 200); got["displayName"] != "Anna" || got["accountEnabled"] != false {
		t.Errorf("%v", got)
	}
	h.asAdmin("PATCH", "/v1.0/groups/"+g, `{"description":"us"}`, 204)
	h.asAdmin("DELETE", "/v1.0/users/ann@x", "", 204)
	h.asAdmin("DELETE", "/v1.0/groups/"+g, "", 204)
	h.asAdmin("GET", "/v1.0/directoryObjects/"+g, "", 404)
}

func TestGraphIsReadOnlyForEveryoneElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ann, bob := h.user("ann"), h.user("bob")
	g := h.group("g", bob)
	app := h.Applications()[0].ObjectID
	before := h.log()
	for _, c := range []struct{ method, path, body string }{
		{"POST", "/v1.0/users", `{}`},
		{"PATCH", "/v1.0/users/" + ann, `{"displayName":"me"}`},
		{"DELETE", "/v1.0/users/" + bob, ""},
		{"POST", "/v1.0/groups", `{}`},
		{"PATCH", "/v1.0/groups/" + g, `{}`},
		{"DELETE", "/v1.0/groups/" + g, ""},
		{"GET", "/v1.0/groups/" + g + "/members", ""},
		{"POST", "/v1.0/groups/" + g + "/members/$ref", `{}`},
		{"DELETE", "/v1.0/groups/" + g + "/members/" + bob + "/$ref", ""},
		{"POST", "/v1.0/servicePrincipals", `{}`},
		{"PATCH", "/v1.0/servicePrincipals/" + h.admin.ServicePrincipal, `{}`},
		{"DELETE", "/v1.0/servicePrincipals/" + h.admin.ServicePrincipal, ""},
		{"GET", "/v1.0/applications", ""},
		{"POST", "/v1.0/applications", `{}`},
		{"GET", "/v1.0/applications/" + app, ""},
		{"PATCH", "/v1.0/applications/" + app, `{}`},
		{"DELETE", "/v1.0/applications/" + app, ""},
		{"POST", "/v1.0/applications/" + app + "/addPassword", `{}`},
		{"POST", "/v1.0/applications/" + app + "/removePassword", `{}`},
		{"GET", "/v1.0/directoryRoles/62e90394-69f5-4237-9190-012177145e10/members", ""},
		{"POST", "/v1.0/directoryRoles/62e90394-69f5-4237-9190-012177145e10/members/$ref", `{}`},
		{"DELETE", "/v1.0/directoryRoles/62e90394-69f5-4237-9190-012177145e10/members/" + h.admin.User + "/$ref", ""},
	} {
		if status, got := h.ask(ann, c.method, c.path, c.body); status != 403 || reason(got) != "Authorization_RequestDenied" {
			t.Errorf("%s %s: %d %v", c.method, c.path, status, got)
		}
		if status, got := h.ask("", c.method, c.path, c.body); status != 401 || reason(got) != "InvalidAuthenticationToken" {
			t.Errorf("nobody: %s %s: %d %v", c.method, c.path, status, got)
		}
	}
	if diff := cmp.Diff(before, h.log()); diff != "" {
		t.Errorf("something changed (-before +after):\n%s", diff)
	}
}

func (h *house) log() []string {
	list, err := h.store.Changes(h.t.Context(), 0, 0)
	h.must(err)
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.Verb + " " + c.ID
	}
	return ids
}

func TestGraphTellsEveryoneNamesAndKinds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ann := h.user("ann")
	g := h.group("team")
	person := map[string]any{"@odata.type": "#microsoft.graph.user", "id": ann, "displayName": "ann", "userPrincipalName": "ann@contoso"}
	group := map[string]any{"@odata.type": "#microsoft.graph.group", "id": g, "displayName": "team"}
	one := func(m map[string]any) map[string]any { return map[string]any{"value": []any{m}} }
	for _, c := range []struct {
		path string
		want map[string]any
	}{
		{"/v1.0/me", person},
		{"/v1.0/users/" + ann, person},
		{"/v1.0/users/ANN@contoso", person},
		{"/v1.0/directoryObjects/" + g, group},
		{"/v1.0/groups", one(group)},
		{"/v1.0/users?$filter=" + url.QueryEscape("startswith(displayName,'an')"), one(person)},
		{"/v1.0/users?$search=" + url.QueryEscape(`"displayName:NN"`), one(person)},
		{"/v1.0/users?$filter=" + url.QueryEscape("userPrincipalName eq 'ann@contoso' and displayName eq 'x'"), map[string]any{"value": []any{}}},
	} {
		status, got := h.ask(ann, "GET", c.path, "")
		if diff := cmp.Diff(c.want, got); diff != "" || status != 200 {
			t.Errorf("%s: %d (-want +got):\n%s", c.path, status, diff)
		}
	}
	status, got := h.ask(ann, "POST", "/v1.0/directoryObjects/getByIds", `{"ids":["`+g+`","nobody"]}`)
	if diff := cmp.Diff(one(group), got); diff != "" || status != 200 {
		t.Errorf("getByIds: %d (-want +got):\n%s", status, diff)
	}
}

func TestGraphPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, name := range []string{"e", "b", "d", "a", "c"} {
		h.group(name)
	}
	var got []string
	path := "/v1.0/groups?$top=2"
	pages := 0
	for path != "" {
		page := h.asAdmin("GET", path, "", 200)
		for _, v := range page["value"].([]any) {
			got = append(got, v.(map[string]any)["displayName"].(string))
		}
		next, _ := page["@odata.nextLink"].(string)
		path = strings.TrimPrefix(next, "https://atelier.test")
		pages++
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "d", "e"}, got); diff != "" || pages != 3 {
		t.Errorf("%d pages (-want +got):\n%s", pages, diff)
	}
}

func TestGraphRefusesBadInput(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.group("g")
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", "/v1.0/users", ``, 400},
		{"POST", "/v1.0/users", `{`, 400},
		{"POST", "/v1.0/users", `{"displayName":7}`, 400},
		{"POST", "/v1.0/users", `{"displayName":"x","userPrincipalName":"x"}`, 400},
		{"POST", "/v1.0/users", `{"displayName":"","userPrincipalName":"x","passwordProfile":{"password":"long enough"}}`, 400},
		{"POST", "/v1.0/users", `{"displayName":"` + strings.Repeat("x", 70_000) + `"}`, 413},
		{"POST", "/v1.0/groups", `{"displayName":"a\u0000b"}`, 400},
		{"PATCH", "/v1.0/groups/" + g, `{"accountEnabled":false}`, 400},
		{"PATCH", "/v1.0/users/" + g, `{}`, 404},
		{"POST", "/v1.0/groups/" + g + "/members/$ref", `{"@odata.id":"x"}`, 400},
		{"POST", "/v1.0/groups/" + g + "/members/$ref", `{"@odata.id":"https://h/v1.0/directoryObjects/nobody"}`, 404},
		{"POST", "/v1.0/groups/a%2Fmembers%2Fb/members/$ref", `{"@odata.id":"https://h/v1.0/directoryObjects/x"}`, 404},
		{"DELETE", "/v1.0/groups/" + g + "%2Fmembers%2Fx", ``, 404},
		{"GET", "/v1.0/users?$filter=" + url.QueryEscape("password eq 'x'"), ``, 400},
		{"GET", "/v1.0/users?$top=0", ``, 400},
		{"GET", "/v1.0/users?$skiptoken=!", ``, 400},
		{"GET", "/v1.0/planets", ``, 400},
		{"POST", "/v1.0/applications/x/addPassword", `{"passwordCredential":{"endDateTime":"tomorrow"}}`, 400},
		{"POST", "/v1.0/applications/x/addPassword", ``, 404},
	} {
		if got := h.asAdmin(c.method, c.path, c.body, c.status); reason(got) == "" {
			t.Errorf("%s %s: %v", c.method, c.path, got)
		}
	}
}

func TestGraphServesOnlyWhoIsEnabledAndCanSignIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ann := h.user("ann")
	h.asAdmin("PATCH", "/v1.0/users/"+ann, `{"accountEnabled":false}`, 204)
	for _, who := range []string{ann, "stranger", h.group("g")} {
		if status, _ := h.ask(who, "GET", "/v1.0/me", ""); status != 401 {
			t.Errorf("%s: %d", who, status)
		}
	}
}
