package policy

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Connection is a connection of the credential manager as gateways know it. It is immutable.
type Connection struct {
	Authorization *Authorization // nil without a token; Fault says why
	Expires       time.Time      // zero for never
	Fault         string
	Access        []Grantee
}

// Grantee is who may use a connection. Each part that is set must fit; one without any fits nobody.
type Grantee struct {
	ObjectID, TenantID string
	Apps               []string
}

// ConnectionKey is the key of a connection among those of a home: names ignore case.
func ConnectionKey(provider, name string) string { return strings.ToLower(provider + "/" + name) }

// Connection finds one of a home, which is given by its id in lower case: that of a document finds what lives beside it, and nothing of the service or
// of another workspace. nil when there is none.
func (d *Deployment) Connection(home, provider, name string) *Connection {
	return d.Connections[home][ConnectionKey(provider, name)]
}

// ConnectionUse is a connection that a document names.
type ConnectionUse struct{ Provider, Name string }

// ConnectionsOf lists the connections that a document names, each once and in order of appearance. values are the named values that may stand for a name;
// what can't be resolved is left out.
func ConnectionsOf(d *Document, values map[string]string) (uses []ConnectionUse) {
	d.each(func(n *Node) {
		if n.Name != "get-authorization-context" {
			return
		}
		u := ConnectionUse{n.literal("provider-id", values), n.literal("authorization-id", values)}
		if u.Provider != "" && u.Name != "" && !slices.Contains(uses, u) {
			uses = append(uses, u)
		}
	})
	return uses
}

// Admits says whether a principal may use the connection: its object id, its tenant, and the application that it came through.
func (c *Connection) Admits(object, tenant, app string) bool {
	return slices.ContainsFunc(c.Access, func(g Grantee) bool {
		fits := g.ObjectID != "" || len(g.Apps) > 0
		fits = fits && (g.ObjectID == "" || strings.EqualFold(g.ObjectID, object))
		fits = fits && (g.TenantID == "" || strings.EqualFold(g.TenantID, tenant))
		return fits && (len(g.Apps) == 0 || app != "" && slices.ContainsFunc(g.Apps, func(a string) bool { return strings.EqualFold(a, app) }))
	})
}

// NewAuthorization is a token with claims from a JSON object: texts, truth values and whole numbers as such, anything else as its JSON.
func NewAuthorization(token, claims string) *Authorization {
	a := &Authorization{AccessToken: token, Claims: map[string]any{}}
	var raw map[string]json.RawMessage
	if json.Unmarshal([]byte(claims), &raw) != nil {
		return a
	}
	for name, value := range raw {
		a.Claims[name] = claimValue(value)
	}
	return a
}

func claimValue(raw json.RawMessage) any {
	var text string
	var truth bool
	var number int64
	switch {
	case string(raw) == "null":
		return nil
	case json.Unmarshal(raw, &text) == nil:
		return text
	case json.Unmarshal(raw, &truth) == nil:
		return truth
	case json.Unmarshal(raw, &number) == nil:
		return number
	}
	return string(raw)
}
