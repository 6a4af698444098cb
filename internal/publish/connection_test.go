package publish

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// connected is a connection as it is stored, with tokens.
func connected(t *testing.T, access string) string {
	t.Helper()
	kept, err := json.Marshal(apim.ConnectionState{Endpoints: "https://a.example/token", Access: access, Refresh: "canary-refresh", Claims: `{"sub":"dana"}`})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(map[string]any{"oauth2grantType": "AuthorizationCode", "status": "Connected", "kept": string(kept), "parameters": map[string]string{"clientSecret": "canary-own"}})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestGatewaysGetTheTokenOfNowAndNothingToMakeAnotherWith(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put(rg+"/gateways/edge", `{"frontend":{"defaultHostname":"edge.example"}}`)
	w.put(rg+"/gateways/edge/configConnections/c", `{"sourceId":"`+pay+`"}`)
	provider := svc + "/authorizationProviders/github"
	w.put(provider, `{"identityProvider":"github","oauth2":{"grantTypes":{"authorizationCode":{"clientId":"c","clientSecret":"canary-provider"}}}}`)
	w.put(provider+"/authorizations/main", connected(t, "token-1"))
	w.put(provider+"/authorizations/main/accessPolicies/p", `{"objectId":"o","tenantId":"t","appIds":["a"]}`)
	w.put(provider+"/authorizations/other", `{"status":"Error","error":{"code":"invalid_grant","message":"It was taken back."},"kept":"{\"access\":\"canary-old\"}"}`)
	for _, gateway := range []string{"managed", "edge"} {
		got := w.given[gateway].Service.Connections
		if len(got) != 2 || got[0].Provider != "github" || got[0].Name != "main" || got[0].AccessToken != "token-1" || got[0].Claims != `{"sub":"dana"}` ||
			len(got[0].Access) != 1 || got[0].Access[0].ObjectID != "o" || got[0].Access[0].TenantID != "t" || got[0].Access[0].Apps[0] != "a" ||
			got[1].AccessToken != "" || got[1].Fault != "It was taken back." {
			t.Errorf("%s got %+v", gateway, got)
		}
		if b, err := json.Marshal(w.given[gateway]); err != nil || strings.Contains(string(b), "canary") {
			t.Errorf("%s was given a secret: %s, %v", gateway, b, err)
		}
	}
}

func TestARenewedTokenChangesNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	provider := svc + "/authorizationProviders/github"
	w.put(svc+"/apis/x", `{"path":"x"}`)
	w.put(provider, `{"identityProvider":"github"}`)
	w.put(provider+"/authorizations/main", connected(t, "token-1"))
	w.put(provider+"/authorizations/other", connected(t, "token-9"))
	before := w.given["managed"].Service
	w.put(provider+"/authorizations/main", connected(t, "token-2"))
	after := w.given["managed"].Service
	at := func(s *snapshot.Shard, name string) *snapshot.Connection {
		for _, c := range s.Connections {
			if c.Name == name {
				return c
			}
		}
		return nil
	}
	if at(after, "main").AccessToken != "token-2" || at(after, "other") != at(before, "other") || !after.APIs.Shares(before.APIs) {
		t.Error("the renewed token is not there, or more than it is new")
	}
	w.remove(provider)
	if n := len(w.given["managed"].Service.Connections); n != 0 {
		t.Errorf("%d connections of a provider that is gone are served", n)
	}
}

// Each home's connections go into its own shard and to the gateways that serve it: what another workspace has is no part of a gateway's snapshot at all.
func TestConnectionsGoToTheGatewaysThatServeTheirWorkspace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put(rg+"/gateways/edge", `{"frontend":{"defaultHostname":"edge.example"}}`)
	w.put(rg+"/gateways/edge/configConnections/c", `{"sourceId":"`+pay+`"}`)
	for home, token := range map[string]string{svc: "token-of-service", pay: "token-of-pay", cat: "token-of-cat"} {
		w.put(home+"/authorizationProviders/github", `{"identityProvider":"github"}`)
		w.put(home+"/authorizationProviders/github/authorizations/main", connected(t, token))
	}
	for gateway, want := range map[string]map[string]string{
		"edge":    {svc: "token-of-service", pay: "token-of-pay"},
		"managed": {svc: "token-of-service", cat: "token-of-cat"},
	} {
		s := w.given[gateway]
		for _, shard := range append([]*snapshot.Shard{s.Service}, s.Others...) {
			if len(shard.Connections) != 1 || shard.Connections[0].AccessToken != want[shard.ID] {
				t.Errorf("%s: %s has %+v, want %s", gateway, shard.ID, shard.Connections, want[shard.ID])
			}
			delete(want, shard.ID)
		}
		if len(want) > 0 {
			t.Errorf("%s lacks %v", gateway, want)
		}
	}
	if b, err := json.Marshal(w.given["edge"]); err != nil || strings.Contains(string(b), "token-of-cat") {
		t.Errorf("the gateway of a workspace holds a token of another: %v", err)
	}
	before := w.given["edge"].Service
	w.put(pay+"/authorizationProviders/github/authorizations/main", connected(t, "token-2"))
	after := w.given["edge"]
	if got := after.Others[0].Connections[0].AccessToken; got != "token-2" || after.Service != before {
		t.Errorf("after a renewal in a workspace it has %s, and the service's part is the same: %v", got, after.Service == before)
	}
}
