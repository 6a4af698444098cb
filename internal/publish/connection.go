package publish

import (
	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// connections translates those of a credential provider. Of what is kept of one, gateways get the token of now and nothing to make another with.
func connections(provider *node) []*snapshot.Connection {
	var out []*snapshot.Connection
	provider.each("authorizations", func(n *node) {
		out = append(out, cached(n, func(n *node) *snapshot.Connection {
			a, _ := value[apim.Authorization](n)
			c := &snapshot.Connection{Provider: n.id.Parent().Name(), Name: n.id.Name()}
			switch {
			case a.Connected():
				s := a.State()
				c.AccessToken, c.Expires, c.Claims = s.Access, s.Expires, s.Claims
			case a.Error != nil:
				c.Fault = a.Error.Message
			}
			n.each("accessPolicies", func(p *node) {
				if v, ok := value[apim.AccessPolicy](p); ok {
					c.Access = append(c.Access, snapshot.Grantee{ObjectID: v.ObjectID, TenantID: v.TenantID, Apps: v.AppIDs})
				}
			})
			return c
		}))
	})
	return out
}
