package portal_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
)

// refusing is a control plane whose refusals name what consumers must not know.
type refusing struct{ *control.Control }

func (refusing) Put(_ context.Context, _ *control.Call, id arm.ID, _ []byte) (*control.Answer, error) {
	return nil, arm.InvalidField("scope", "scope points at '%s' of the workspace zebra-unit.", id)
}

// TestNoAnswerTellsOfWorkspaces walks through the whole API and looks for what consumers must not learn: names and titles of workspaces,
// resource ids, and the very word.
func TestNoAnswerTellsOfWorkspaces(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	ada := w.person("ada@example.org")
	for _, b := range []*browser{w.guest(), ada} {
		for _, path := range []string{"session", "apis", "products", "subscriptions", "zebra-unit", "workspaces/zebra-unit", "apis/..%2f", "apis/pay", "products/club"} {
			b.send("GET", "/api/"+path, nil)
		}
		for _, a := range b.list("apis") {
			b.want("GET", "/api/apis/"+a.ID, nil, 200)
			b.want("GET", "/api/apis/"+a.ID+"/operations/"+b.operation(a.Title, "List"), nil, 200)
			b.send("POST", "/api/calls", map[string]any{"api": a.ID, "operation": b.operation(a.Title, "List"), "method": "GET", "path": "/.."})
			b.try(a.Title, nil)
		}
		for _, p := range b.list("products") {
			b.want("GET", "/api/products/"+p.ID, nil, 200)
			b.send("POST", "/api/subscriptions", map[string]any{"product": p.ID, "name": "x", "termsAccepted": true})
			b.send("POST", "/api/subscriptions", map[string]any{"product": p.ID, "name": "again", "termsAccepted": false})
		}
	}
	for _, s := range ada.list("subscriptions") {
		ada.send("POST", "/api/subscriptions/"+s.ID+"/keys", map[string]any{})
	}
	// A write that the control plane refuses, in words that name what is hidden.
	w.options.Control = refusing{w.control}
	w.restart()
	if a := ada.subscribe("Gold", "x", true); a.status != 409 {
		t.Errorf("a refused write answers %d", a.status)
	}
	if len(w.answers) < 50 {
		t.Fatalf("only %d answers were looked at", len(w.answers))
	}
	hiddenWords := []string{"zebra", "workspace", "microsoft", "/subscriptions/0", "resourceGroups", "u-ada", "local-club"}
	subscriptions := append(w.names(service, "subscriptions"), w.names(hidden, "subscriptions")...)
	if len(subscriptions) < 3 {
		t.Fatalf("only the subscriptions %q were made", subscriptions)
	}
	leak := regexp.MustCompile("(?i)" + strings.Join(append(hiddenWords, subscriptions...), "|"))
	cookie := regexp.MustCompile(`__Host-portal=[^;]*`) // sealed: any letters may stand in it
	for _, a := range w.answers {
		head, rest, _ := strings.Cut(cookie.ReplaceAllString(a, ""), "\n")
		if found := leak.FindString(rest); found != "" {
			t.Errorf("the answer to %s tells of %q:\n%s", head, found, rest)
		}
	}
}
