package gateway

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// connectionsOf are the connections of each home as its documents find them. They belong to a table and to no home's object, so that a token which is renewed
// has nothing compiled again; what did not change since the previous table is shared with it.
func connectionsOf(s *snapshot.Snapshot, previous *table) map[string]map[string]*policy.Connection {
	before := map[string]*snapshot.Shard{}
	for _, shard := range previous.shards() {
		if len(shard.Connections) > 0 {
			before[shard.ID] = shard
		}
	}
	out := map[string]map[string]*policy.Connection{}
	add := func(shard *snapshot.Shard) {
		if len(shard.Connections) == 0 {
			return
		}
		home := strings.ToLower(shard.ID)
		if old := before[shard.ID]; old != nil {
			out[home] = connectionsOfHome(shard.Connections, old.Connections, previous.deployment.Connections[home])
			return
		}
		out[home] = connectionsOfHome(shard.Connections, nil, nil)
	}
	add(s.Service)
	for _, shard := range s.Others {
		add(shard)
	}
	return out
}

// shards are those of the table's snapshot.
func (t *table) shards() []*snapshot.Shard {
	if t == nil {
		return nil
	}
	return append([]*snapshot.Shard{t.snapshot.Service}, t.snapshot.Others...)
}

// connectionsOfHome reads those of one home; made is what was read of before.
func connectionsOfHome(list, before []*snapshot.Connection, made map[string]*policy.Connection) map[string]*policy.Connection {
	if made != nil && same(before, list) {
		return made
	}
	known := make(map[*snapshot.Connection]*policy.Connection, len(before))
	for _, c := range before {
		known[c] = made[policy.ConnectionKey(c.Provider, c.Name)]
	}
	out := make(map[string]*policy.Connection, len(list))
	for _, c := range list {
		one := known[c]
		if one == nil {
			one = connectionOf(c)
		}
		out[policy.ConnectionKey(c.Provider, c.Name)] = one
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
