package apim

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// joint is what an association stands on: a link below owner that points at to. products/p/apis/a and products/p/apiLinks/x are the same fact.
type joint struct {
	owner arm.ID // product or tag
	links string // collection of links below it
	to    arm.ID
	shows arm.ID // the one of the two that the association shows
	value any    // of the link
}

// row is the link that joins the two.
func (j joint) row(l kind.Lookup) (arm.ID, bool) {
	return l.Claimed(j.owner.Key()+"|"+j.links, j.to.Key())
}

// make is the link that a PUT of the association makes. It is named like what it points at, as tools name links; when another link has that name, an
// operation's link is named after the API as well, and any other by a digest.
func (j joint) make(l kind.Lookup, noun string) (kind.Extra, error) {
	if _, ok := l.Get(j.shows); !ok {
		return kind.Extra{}, arm.NotFound(noun)
	}
	names := []string{j.to.Name()}
	if strings.EqualFold(lastWord(j.to.Type()), "operations") {
		names = append(names, j.to.Parent().Name()+"-"+j.to.Name())
	}
	for _, name := range names {
		id := j.owner.Child(j.links, name)
		if len(name) <= 80 && identifier.MatchString(name) && !exists(l, id) {
			return kind.Extra{ID: id, Value: j.value}, nil
		}
	}
	sum := sha256.Sum256([]byte(j.to.Key()))
	return kind.Extra{ID: j.owner.Child(j.links, "link-"+hex.EncodeToString(sum[:16])), Value: j.value}, nil
}

// association is a mirror of what is joined with its parent; PUT joins and DELETE parts.
func association(of *kind.Kind, typ, parent string, at func(id arm.ID) joint, list func(l kind.Lookup, scope arm.ID) []arm.ID) *kind.Kind {
	plain := func(id arm.ID) joint { return at(withoutRevision(id)) }
	k := mirror(of, typ, parent, look{
		get: func(l kind.Lookup, id arm.ID) (arm.ID, bool) {
			j := plain(id)
			_, ok := j.row(l)
			return j.shows, ok
		},
		list: func(l kind.Lookup, scope arm.ID) []arm.ID { return list(l, withoutRevision(scope)) },
	})
	k.ReadOnly, k.PutOnly = false, true
	k.Alias = &kind.Alias{
		Row:  func(l kind.Lookup, id arm.ID) (arm.ID, bool) { return plain(id).row(l) },
		Make: func(l kind.Lookup, id arm.ID) (kind.Extra, error) { return plain(id).make(l, of.Noun) },
	}
	return k
}

func productAPIs(apis *kind.Kind) *kind.Kind {
	k := association(apis, "apis", kind.Service+"/products", func(id arm.ID) joint {
		to := serviceOf(id).Child("apis", id.Name())
		return joint{owner: id.Parent(), links: "apiLinks", to: to, shows: to, value: &ProductAPILink{APIID: to.String()}}
	}, func(l kind.Lookup, product arm.ID) []arm.ID {
		var out []arm.ID
		for _, r := range l.Children(product, "apiLinks") {
			if v, ok := r.Value.(*ProductAPILink); ok {
				out = append(out, withoutRevision(idOf(v.APIID)))
			}
		}
		return out
	})
	k.HeadStatus = http.StatusNoContent
	return k
}

func productGroups(groups *kind.Kind) *kind.Kind {
	k := association(groups, "groups", kind.Service+"/products", func(id arm.ID) joint {
		to := serviceOf(id).Child("groups", id.Name())
		return joint{owner: id.Parent(), links: "groupLinks", to: to, shows: to, value: &ProductGroupLink{GroupID: to.String()}}
	}, func(l kind.Lookup, product arm.ID) []arm.ID {
		var out []arm.ID
		for _, r := range l.Children(product, "groupLinks") {
			if v, ok := r.Value.(*ProductGroupLink); ok {
				out = append(out, idOf(v.GroupID))
			}
		}
		return out
	})
	k.HeadStatus = http.StatusNoContent
	return k
}

// tagsOf are the tags of APIs, operations or products: links of the tag, seen from the other end.
func tagsOf(tags *kind.Kind, parent, links string, value func(to arm.ID) any) *kind.Kind {
	return association(tags, "tags", parent, func(id arm.ID) joint {
		owner, to := serviceOf(id).Child("tags", id.Name()), id.Parent()
		return joint{owner: owner, links: links, to: to, shows: owner, value: value(to)}
	}, func(l kind.Lookup, scope arm.ID) []arm.ID { return linkedFrom(l, scope, kind.Service+"/tags/"+links) })
}

// linkedFrom are the owners of the links of a full type that point at exactly id.
func linkedFrom(l kind.Lookup, id arm.ID, linkType string) []arm.ID {
	var out []arm.ID
	for _, from := range l.Referrers(id) {
		if strings.EqualFold(from.Type(), linkType) {
			out = append(out, from.Parent())
		}
	}
	return out
}

func apiTags(tags *kind.Kind) *kind.Kind {
	return tagsOf(tags, kind.Service+"/apis", "apiLinks", func(to arm.ID) any { return &TagAPILink{APIID: to.String()} })
}

func operationTags(tags *kind.Kind) *kind.Kind {
	return tagsOf(tags, kind.Service+"/apis/operations", "operationLinks", func(to arm.ID) any { return &TagOperationLink{OperationID: to.String()} })
}

func productTags(tags *kind.Kind) *kind.Kind {
	return tagsOf(tags, kind.Service+"/products", "productLinks", func(to arm.ID) any { return &TagProductLink{ProductID: to.String()} })
}

// apiProducts are the products that an API is in.
func apiProducts(products *kind.Kind) *kind.Kind {
	const links = kind.Service + "/products/apiLinks"
	return mirror(products, "products", kind.Service+"/apis", look{
		get: func(l kind.Lookup, id arm.ID) (arm.ID, bool) {
			product := serviceOf(id).Child("products", id.Name())
			_, ok := l.Claimed(product.Key()+"|apiLinks", withoutRevision(id.Parent()).Key())
			return product, ok
		},
		list: func(l kind.Lookup, scope arm.ID) []arm.ID { return linkedFrom(l, withoutRevision(scope), links) },
	})
}

// productSubscriptions are the subscriptions whose scope is a product.
func productSubscriptions(subscriptions *kind.Kind) *kind.Kind {
	return subscriptionsBy(subscriptions, kind.Service+"/products", func(v *Subscription) string { return v.Scope })
}

// userSubscriptions are the subscriptions that a user owns.
func userSubscriptions(subscriptions *kind.Kind) *kind.Kind {
	return subscriptionsBy(subscriptions, kind.Service+"/users", func(v *Subscription) string { return v.OwnerID })
}

func subscriptionsBy(subscriptions *kind.Kind, parent string, by func(*Subscription) string) *kind.Kind {
	belongs := func(r *kind.Resource, to arm.ID) bool {
		v, ok := r.Value.(*Subscription)
		return ok && idOf(by(v)).Equal(to)
	}
	return mirror(subscriptions, "subscriptions", parent, look{
		get: func(l kind.Lookup, id arm.ID) (arm.ID, bool) {
			to := serviceOf(id).Child("subscriptions", id.Name())
			r, ok := l.Get(to)
			return to, ok && belongs(r, id.Parent())
		},
		list: func(l kind.Lookup, scope arm.ID) []arm.ID {
			var out []arm.ID
			for _, from := range l.Referrers(scope) {
				if !strings.EqualFold(from.Type(), kind.Service+"/subscriptions") {
					continue
				}
				if r, ok := l.Get(from); ok && belongs(r, scope) {
					out = append(out, from)
				}
			}
			return out
		},
	})
}

// userGroups are the groups that a user is a member of.
func userGroups(groups *kind.Kind) *kind.Kind {
	return mirror(groups, "groups", kind.Service+"/users", look{
		get: func(l kind.Lookup, id arm.ID) (arm.ID, bool) {
			g := serviceOf(id).Child("groups", id.Name())
			return g, exists(l, g.Child("users", id.Parent().Name()))
		},
		list: func(l kind.Lookup, user arm.ID) []arm.ID { return linkedFrom(l, user, kind.Service+"/groups/users") },
	})
}

// userIdentities are the accounts by which a user signs in.
func userIdentities() *kind.Kind {
	return kind.Entity[UserIdentity]{
		Type: "identities", Noun: "Identity", Under: []string{kind.Service + "/users"}, ReadOnly: true, Mirror: true, Bare: true, Virtual: identities{},
	}.Kind()
}

type identities struct{}

func (identities) Get(l kind.Lookup, id arm.ID) (*kind.Resource, bool) {
	u, ok := kind.Of[User](l, id.Parent())
	if !ok {
		return nil, false
	}
	for _, i := range u.Identities {
		if strings.EqualFold(i.Provider, id.Name()) {
			return &kind.Resource{ID: id, Value: &i}, true
		}
	}
	return nil, false
}

func (identities) List(l kind.Lookup, user arm.ID, _ kind.ListQuery) []kind.Listed {
	u, ok := kind.Of[User](l, user)
	if !ok {
		return nil
	}
	var out []kind.Listed
	for _, i := range u.Identities {
		out = append(out, kind.Listed{Resource: &kind.Resource{ID: user.Child("identities", i.Provider), Value: &i}})
	}
	return out
}
