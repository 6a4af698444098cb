package directory

import (
	"slices"
	"strings"
)

// memberOf lists the groups that hold a person, a group or a program: directly, or also through other groups. Everybody may ask about themselves, directory
// administrators about anybody.
func (g *graph) memberOf(transitive bool) endpoint {
	return func(c *call) (*reply, error) {
		kind, ok := map[string]Kind{users: User, groups: Group, servicePrincipals: ServicePrincipal, "directoryObjects": ""}[c.PathValue("collection")]
		if !ok {
			return nil, badRequest("Resource not found for the segment '%s'.", clip(c.PathValue("collection")))
		}
		p, err := g.principal(c, kind)
		if err != nil {
			return nil, err
		}
		if !c.admin && p.ObjectID != c.who.ObjectID {
			return nil, denied()
		}
		return c.page(g.d.all(func(x *index, group Principal) bool {
			if group.Kind != Group {
				return false
			}
			key := strings.ToLower(group.ObjectID)
			if transitive {
				return slices.Contains(x.groups(strings.ToLower(p.ObjectID)), key)
			}
			_, in := x.members[key][strings.ToLower(p.ObjectID)]
			return in
		}))
	}
}

// transitiveMembers lists who belongs to a group, directly or through other groups, those groups included.
func (g *graph) transitiveMembers(c *call) (*reply, error) {
	p, err := g.principal(c, Group)
	if err != nil {
		return nil, err
	}
	key := strings.ToLower(p.ObjectID)
	return c.page(g.d.all(func(x *index, member Principal) bool {
		return slices.Contains(x.groups(strings.ToLower(member.ObjectID)), key)
	}))
}
