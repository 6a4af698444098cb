package apim

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/arm"
)

func TestATokenBindsNameMinuteAndKey(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 10, 30, 59, 0, time.FixedZone("east", 3600))
	got := sharedToken("ada", at, "key")
	if !strings.HasPrefix(got, "ada&202603010930&") {
		t.Errorf("got %s, want name and the minute of expiry in UTC first", got)
	}
	for what, other := range map[string]string{
		"another name":   sharedToken("eve", at, "key"),
		"another key":    sharedToken("ada", at, "other"),
		"another expiry": sharedToken("ada", at.Add(time.Hour), "key"),
	} {
		if signature(got) == signature(other) {
			t.Errorf("%s has the same signature", what)
		}
	}
}

func signature(token string) string { return token[strings.LastIndexByte(token, '&')+1:] }

func TestAServicesOwnHostNameIsAlwaysThere(t *testing.T) {
	t.Parallel()
	c := &Catalogue{GatewayDomain: "gw.example.org"}
	id := arm.MustID("/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/Contoso")
	own := HostnameConfiguration{Type: "Proxy", HostName: "contoso.gw.example.org", CertificateSource: sourceBuiltIn, DefaultSSLBinding: true}
	custom := HostnameConfiguration{Type: "Proxy", HostName: "api.example.org", CertificateSource: sourceCustom, DefaultSSLBinding: true}
	unbound := own
	unbound.DefaultSSLBinding = false
	for name, tt := range map[string]struct{ sent, want []HostnameConfiguration }{
		"nothing sent":                       {nil, []HostnameConfiguration{own}},
		"a custom one that is the default":   {[]HostnameConfiguration{custom}, []HostnameConfiguration{unbound, custom}},
		"the order of the publisher is kept": {[]HostnameConfiguration{custom, unbound}, []HostnameConfiguration{custom, unbound}},
		"its own one named, in another casing": {
			[]HostnameConfiguration{{Type: "Proxy", HostName: "Contoso.gw.example.org"}},
			[]HostnameConfiguration{{Type: "Proxy", HostName: "Contoso.gw.example.org", DefaultSSLBinding: true}},
		},
	} {
		if diff := cmp.Diff(tt.want, c.shownHostnames(id, tt.sent)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestEveryMessageHasATextAndItsFields(t *testing.T) {
	t.Parallel()
	for _, m := range messages {
		v := standingTemplate(arm.MustID("/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/x/templates/" + strings.ToUpper(m.name)))
		if v == nil || !v.IsDefault || v.Subject == "" || v.Body == "" {
			t.Fatalf("%s: got %+v", m.name, v)
		}
		declared := map[string]bool{}
		for _, p := range v.Parameters {
			declared[p.Name] = true
		}
		for _, word := range strings.FieldsFunc(v.Subject+" "+v.Body, func(r rune) bool { return strings.ContainsRune(" ,.:<>/\n?", r) }) {
			if name, ok := strings.CutPrefix(word, "$"); ok && !declared[name] {
				t.Errorf("%s uses $%s, which is not one of its fields", m.name, name)
			}
		}
	}
}
