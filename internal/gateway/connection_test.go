package gateway

import (
	"testing"

	"github.com/atelier-apim/atelier/internal/snapshot"
)

// withConnections is a copy of the snapshot whose service has other connections.
func withConnections(s *snapshot.Snapshot, list ...*snapshot.Connection) *snapshot.Snapshot {
	next, service := *s, *s.Service
	next.Version++
	service.Connections = list
	next.Service = &service
	return &next
}

func TestARenewedTokenHasNothingCompiledAgain(t *testing.T) {
	t.Parallel()
	g := newTestGateway(t)
	kept := &snapshot.Connection{Provider: "github", Name: "kept", AccessToken: "k"}
	first := withConnections(shop(), &snapshot.Connection{Provider: "GitHub", Name: "Main", AccessToken: "token-1"}, kept)
	before, _ := g.buildTable(first, nil)
	after, _ := g.buildTable(withConnections(first, &snapshot.Connection{Provider: "GitHub", Name: "Main", AccessToken: "token-2"}, kept), before)
	if got := after.deployment.Connection("github", "main").Authorization.AccessToken; got != "token-2" {
		t.Errorf("policies get %s", got)
	}
	if got := before.deployment.Connection("github", "main").Authorization.AccessToken; got != "token-1" {
		t.Errorf("a request that was under way gets %s", got)
	}
	if after.deployment.Connection("github", "kept") != before.deployment.Connection("github", "kept") {
		t.Error("a connection that did not change was read again")
	}
	if after.service.home != before.service.home {
		t.Error("the service's documents are compiled again")
	}
	for home, p := range before.parts {
		if q := after.parts[home]; q == nil || !p.apis.Shares(q.apis) {
			t.Errorf("the APIs of %s are made again", p.shard.ID)
		}
	}
	gone, _ := g.buildTable(withConnections(first), after)
	if gone.deployment.Connection("github", "main") != nil {
		t.Error("a connection that is gone is found")
	}
}
