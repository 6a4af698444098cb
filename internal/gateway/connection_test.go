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
	if got := after.deployment.Connection("/s", "github", "main").Authorization.AccessToken; got != "token-2" {
		t.Errorf("policies get %s", got)
	}
	if got := before.deployment.Connection("/s", "github", "main").Authorization.AccessToken; got != "token-1" {
		t.Errorf("a request that was under way gets %s", got)
	}
	if after.deployment.Connection("/s", "github", "kept") != before.deployment.Connection("/s", "github", "kept") {
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
	if gone.deployment.Connection("/s", "github", "main") != nil {
		t.Error("a connection that is gone is found")
	}
}

// A token that is renewed in one workspace is new there; what the other and the service have stays the same object.
func TestARenewedTokenOfAWorkspaceLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	g := newTestGateway(t)
	main := func(token string) []*snapshot.Connection {
		return []*snapshot.Connection{{Provider: "github", Name: "main", AccessToken: token}}
	}
	first := withConnections(shop(), main("service")...)
	for i, token := range []string{"a-1", "b-1"} {
		first = with(first, i, func(s *snapshot.Shard) { s.Connections = main(token) })
	}
	before, _ := g.buildTable(first, nil)
	after, _ := g.buildTable(with(first, 0, func(s *snapshot.Shard) { s.Connections = main("a-2") }), before)
	for home, want := range map[string]string{"/s": "service", "/s/workspaces/a": "a-2", "/s/workspaces/b": "b-1"} {
		c := after.deployment.Connection(home, "github", "main")
		if c == nil || c.Authorization.AccessToken != want {
			t.Errorf("documents of %s get %+v, want %s", home, c, want)
		}
		if same := c == before.deployment.Connection(home, "github", "main"); same != (want != "a-2") {
			t.Errorf("the connection of %s is the same object: %v", home, same)
		}
	}
	for home, p := range before.parts {
		if q := after.parts[home]; q == nil || !p.apis.Shares(q.apis) {
			t.Errorf("the APIs of %s are made again", p.shard.ID)
		}
	}
	gone, _ := g.buildTable(with(first, 0, func(s *snapshot.Shard) { s.Connections = nil }), after)
	if gone.deployment.Connection("/s/workspaces/a", "github", "main") != nil {
		t.Error("a connection of a workspace that is gone is found")
	}
}
