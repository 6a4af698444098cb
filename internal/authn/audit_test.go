package authn_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/authn"
)

func TestEverySignInIsTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var told []authn.SignIn
	s, err := authn.New(t.Context(), authn.Config{Store: h.store, Directory: h.dir, Secrets: h.ring, ManagementURL: base, Now: h.Now, Audit: func(_ context.Context, e authn.SignIn) { told = append(told, e) }})
	h.must(err)
	h.Service = s
	for _, shown := range []string{secret, "a wrong secret"} {
		h.ask("POST", tokenPath, form("grant_type", "client_credentials", "client_id", client, "client_secret", shown, "scope", base+"/.default"))
	}
	h.ask("POST", tokenPath, form("grant_type", "client_credentials", "client_id", "nobody", "client_secret", secret, "scope", base+"/.default"))
	h.code()
	var got []string
	for _, e := range told {
		outcome := "in"
		if e.Failure != "" {
			outcome = "refused"
		}
		known := strings.Contains(e.Subject, h.admin.ServicePrincipal) && e.Actor.ObjectID == h.admin.ServicePrincipal || strings.Contains(e.Subject, h.admin.User) && e.Actor.ObjectID == h.admin.User
		got = append(got, strings.Join([]string{e.Method, e.Actor.Name, outcome, map[bool]string{true: "known", false: "unknown"}[known]}, " "))
		if all := e.Failure + e.Actor.Name + e.Subject; strings.Contains(all, secret) || strings.Contains(all, password) || strings.Contains(all, url.QueryEscape("a wrong secret")) {
			t.Errorf("the audit holds a proof: %+v", e)
		}
	}
	want := []string{"client secret " + client + " in known", "client secret " + client + " refused known", "client secret nobody refused unknown", "password " + username + " in known"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sign-ins (-want +got):\n%s", diff)
	}
}

func TestPausedSignInsAreTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var last authn.SignIn
	s, err := authn.New(t.Context(), authn.Config{Store: h.store, Directory: h.dir, Secrets: h.ring, ManagementURL: base, Now: h.Now, Audit: func(_ context.Context, e authn.SignIn) { last = e }})
	h.must(err)
	h.Service = s
	for range 6 {
		h.signIn(username, "wrong")
	}
	if !strings.Contains(last.Failure, "paused") || last.Actor.Name != username {
		t.Errorf("%+v", last)
	}
}
