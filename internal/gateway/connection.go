package gateway

import (
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// connectionsOf are the connections of a service as policies find them. They belong to a table and to no home, so that a token which is renewed has nothing
// compiled again; what did not change since the previous table is shared with it.
func connectionsOf(list []*snapshot.Connection, previous *table) map[string]*policy.Connection {
	known := map[*snapshot.Connection]*policy.Connection{}
	if previous != nil {
		before := previous.snapshot.Service.Connections
		if same(before, list) {
			return previous.deployment.Connections
		}
		for _, c := range before {
			known[c] = previous.deployment.Connections[policy.ConnectionKey(c.Provider, c.Name)]
		}
	}
	out := make(map[string]*policy.Connection, len(list))
	for _, c := range list {
		made := known[c]
		if made == nil {
			made = connectionOf(c)
		}
		out[policy.ConnectionKey(c.Provider, c.Name)] = made
	}
	return out
}

func connectionOf(c *snapshot.Connection) *policy.Connection {
	out := &policy.Connection{Expires: c.Expires, Fault: c.Fault}
	if c.AccessToken != "" {
		out.Authorization = policy.NewAuthorization(c.AccessToken, c.Claims)
	}
	for _, g := range c.Access {
		out.Access = append(out.Access, policy.Grantee{ObjectID: g.ObjectID, TenantID: g.TenantID, Apps: g.Apps})
	}
	return out
}
