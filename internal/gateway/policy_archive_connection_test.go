package gateway_test

import (
	"github.com/atelier-apim/atelier/internal/policy/policytest"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// connectionsOfScript are the connections of a home of a script as a snapshot holds them.
func connectionsOfScript(c *policytest.Connections, home string) (out []*snapshot.Connection) {
	for _, in := range c.All(home) {
		s := &snapshot.Connection{Provider: in.Provider, Name: in.Name, AccessToken: in.Token, Expires: in.Expires, Claims: in.Claims, Fault: in.Fault}
		for _, g := range in.Access {
			s.Access = append(s.Access, snapshot.Grantee{ObjectID: g.ObjectID, TenantID: g.TenantID, Apps: g.Apps})
		}
		out = append(out, s)
	}
	return out
}
