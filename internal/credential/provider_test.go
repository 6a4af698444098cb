package credential_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/credential"
)

// settings that each provider needs beside the client.
var needed = map[string]map[string]string{
	"aad": {"resourceUri": "https://graph.microsoft.com"}, "aadv1": {"resourceUri": "https://graph.microsoft.com"}, "dynamics365": {"resourceUri": "https://contoso.crm.dynamics.com"},
	"servicenow": {"instanceName": "dev1"}, "zendesk": {"subdomain": "contoso"},
	"oauth2":     {"authorizationUrl": "https://a.example/authorize", "tokenUrl": "https://a.example/token"},
	"oauth2pkce": {"authorizationUrl": "https://a.example/authorize", "tokenUrl": "https://a.example/token"},
}

func TestEveryProviderIsUsableWithWhatItNeeds(t *testing.T) {
	t.Parallel()
	for _, name := range credential.Names() {
		p, ok := credential.Find(strings.ToUpper(name))
		if !ok {
			t.Errorf("%s is not found by its name in capitals", name)
		}
		for _, grant := range p.Grants {
			settings := map[string]string{"clientId": "c", "scopes": "read"}
			for k, v := range needed[name] {
				settings[k] = v
			}
			c, bad := credential.NewClient(p, grant, settings, nil, "s", "")
			if bad != nil {
				t.Errorf("%s with %s: %s", name, grant, bad)
				continue
			}
			at, err := url.Parse(c.ConsentURL("https://here.example/back", "st", "ve"))
			if err != nil || at.Scheme != "https" || strings.ContainsAny(at.String()+c.Endpoints(), "{}") {
				t.Errorf("%s leads to %v and asks %s", name, at, c.Endpoints())
			}
			q := at.Query()
			if q.Get("client_id") != "c" || q.Get("scope") != "read" || q.Get("state") != "st" || q.Get("redirect_uri") != "https://here.example/back" || q.Has("code_challenge") != p.PKCE {
				t.Errorf("%s sends a browser away with %v", name, q)
			}
			for need := range needed[name] {
				if need == "authorizationUrl" && grant == credential.ClientCredentials {
					continue
				}
				less := map[string]string{"clientId": "c"}
				for k, v := range needed[name] {
					if k != need {
						less[k] = v
					}
				}
				if bad := p.Check(grant, less); bad == nil || bad.Setting != need {
					t.Errorf("%s without %s: %v", name, need, bad)
				}
			}
		}
	}
}

func TestEntraIsAskedForAResourceOfATenant(t *testing.T) {
	t.Parallel()
	p, _ := credential.Find("aad")
	c, bad := credential.NewClient(p, credential.AuthorizationCode, map[string]string{"clientId": "c", "resourceUri": "https://graph.microsoft.com", "tenantId": "contoso.example", "loginUri": "https://login.microsoftonline.us/"}, nil, "s", "")
	if bad != nil {
		t.Fatal(bad)
	}
	if at := c.ConsentURL("https://here.example/back", "st", ""); !strings.HasPrefix(at, "https://login.microsoftonline.us/contoso.example/oauth2/authorize?") || !strings.Contains(at, "resource=https%3A%2F%2Fgraph.microsoft.com") {
		t.Errorf("a browser is sent to %s", at)
	}
	if c.Endpoints() != "https://login.microsoftonline.us/contoso.example/oauth2/token" {
		t.Errorf("tokens are asked of %s", c.Endpoints())
	}
}

func TestSettingsThatCannotBeMeantAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		provider string
		grant    credential.Grant
		settings map[string]string
		setting  string
	}{
		{"github", credential.ClientCredentials, nil, "ClientCredentials"},
		{"github", credential.AuthorizationCode, nil, "clientId"},
		{"github", credential.AuthorizationCode, map[string]string{"clientId": "c", "scope": "user"}, "scope"},
		{"github", credential.AuthorizationCode, map[string]string{"clientId": strings.Repeat("c", 4001)}, "clientId"},
		{"servicenow", credential.AuthorizationCode, map[string]string{"clientId": "c", "instanceName": "evil.example/"}, "instanceName"},
		{"servicenow", credential.AuthorizationCode, map[string]string{"clientId": "c", "instanceName": "evil.example#"}, "instanceName"},
		{"aad", credential.AuthorizationCode, map[string]string{"clientId": "c", "resourceUri": "r", "tenantId": "../.."}, "tenantId"},
		{"oauth2", credential.ClientCredentials, map[string]string{"tokenUrl": "http://a.example/token"}, "tokenUrl"},
		{"oauth2", credential.ClientCredentials, map[string]string{"tokenUrl": "https://user:pw@a.example/token"}, "tokenUrl"},
		{"oauth2", credential.ClientCredentials, map[string]string{"tokenUrl": "https://a.example/token#x"}, "tokenUrl"},
		{"oauth2", credential.ClientCredentials, map[string]string{"tokenUrl": "file:///etc/passwd"}, "tokenUrl"},
		{"oauth2", credential.AuthorizationCode, map[string]string{"clientId": "c", "tokenUrl": "https://a.example/token", "authorizationUrl": "https://a.example;frame-ancestors"}, "authorizationUrl"},
		{"oauth2", credential.AuthorizationCode, map[string]string{"clientId": "c", "tokenUrl": "https://a.example/token", "authorizationUrl": "javascript:alert(1)"}, "authorizationUrl"},
	} {
		p, _ := credential.Find(c.provider)
		if bad := p.Check(c.grant, c.settings); bad == nil || bad.Setting != c.setting {
			t.Errorf("%s with %v: %v, want a problem of %s", c.provider, c.settings, bad, c.setting)
		}
	}
}

func TestAClientOfAConnectionIsNeverGivenTheSecretOfAnother(t *testing.T) {
	t.Parallel()
	p, _ := credential.Find("oauth2")
	settings := map[string]string{"tokenUrl": "https://a.example/token", "clientId": "provider's"}
	own := map[string]string{"clientId": "own"}
	if _, bad := credential.NewClient(p, credential.ClientCredentials, settings, own, "provider's secret", ""); bad == nil || bad.Setting != "clientSecret" {
		t.Errorf("a client id of its own went with the provider's secret: %v", bad)
	}
	c, bad := credential.NewClient(p, credential.ClientCredentials, settings, own, "provider's secret", "own secret")
	if bad != nil || c.ID != "own" || c.Secret != "own secret" {
		t.Errorf("got %+v, %v", c, bad)
	}
}

func TestBrowsersAreSentBackToAddressesOfTheWebAlone(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{
		"https://portal.example/done?x=1": true, "http://localhost:8080/": true, "http://127.0.0.1/": true, "http://[::1]:80/": true,
		"http://portal.example/": false, "//portal.example": false, "/console": false, "javascript:alert(1)": false, "data:text/html,x": false,
		"https://user@portal.example/": false, "https://portal.example/#x": false, "https://portal.example/a b": false, "https://portal.example\\@evil.example": false,
		"https://portal.example/\r\nSet-Cookie: a=b": false, "https://portal.example/" + strings.Repeat("x", 2000): false, "": false,
	} {
		if err := credential.CheckReturn(address); (err == nil) != good {
			t.Errorf("%.60q: %v", address, err)
		}
	}
}
