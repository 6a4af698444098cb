package apim

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// BackendPool is the backends that a pool shares requests out among.
type BackendPool struct {
	Services []BackendPoolItem `json:"services,omitempty"`
	Affinity any               `json:"sessionAffinity,omitempty"` // of later api-versions: refused
}

// BackendPoolItem is a member of a pool. Members of the lowest priority number get the requests, each by its weight; weights that are all left out are even.
type BackendPoolItem struct {
	ID       string `json:"id" rule:"required,max=2000"`
	Weight   *int   `json:"weight,omitempty" rule:"min=0,max=100"`
	Priority *int   `json:"priority,omitempty" rule:"min=0,max=100"`
}

// maxPool is how many members a pool has at most, as in Azure.
const maxPool = 30

// complete writes members as full ids: clients name them by the path below their home as well.
func (p *BackendPool) complete(home arm.ID) {
	if p == nil {
		return
	}
	for i := range p.Services {
		p.Services[i].ID = childID(home, "backends", p.Services[i].ID)
	}
}

func (p *BackendPool) refs() (refs []kind.Ref) {
	if p == nil {
		return nil
	}
	for i, s := range p.Services {
		refs = append(refs, kind.Ref{To: idOf(s.ID), Field: memberField(i)})
	}
	return refs
}

func memberField(i int) string { return fmt.Sprintf("pool.services[%d].id", i) }

// validatePool checks a pool: its members are single backends of the same home, and all else is theirs.
func validatePool(w *kind.Typed[Backend]) error {
	b := w.New
	switch {
	case b.Pool == nil || len(b.Pool.Services) == 0:
		return arm.InvalidField("pool.services", "pool.services is required: a backend of type Pool needs at least one member.")
	case b.Pool.Affinity != nil:
		return arm.InvalidField("pool.sessionAffinity", "pool.sessionAffinity is not supported: gateways choose a member for each request; leave it out.")
	case len(b.Pool.Services) > maxPool:
		return arm.InvalidField("pool.services", "pool.services must have at most %d members.", maxPool)
	case b.Credentials != nil:
		return arm.InvalidField("credentials", "credentials of a pool are those of its members; leave it out.")
	case b.Proxy != nil:
		return arm.InvalidField("proxy", "the proxy of a pool is that of each member; leave it out.")
	case b.Breaker != nil && len(b.Breaker.Rules) > 0:
		return arm.InvalidField("circuitBreaker", "circuitBreaker: rules are those of the members of a pool; leave it out.")
	case b.TLS != nil && (off(b.TLS.ValidateCertificateChain) || off(b.TLS.ValidateCertificateName)):
		return arm.InvalidField("tls", "tls of a pool is that of each member; leave it out.")
	}
	seen := map[string]bool{}
	for i, s := range b.Pool.Services {
		if err := inHome(w.Write, memberField(i), s.ID, "backends"); err != nil {
			return err
		}
		id := idOf(s.ID)
		member, _ := kind.Of[Backend](w.Lookup, id)
		switch {
		case seen[id.Key()]:
			return arm.InvalidField(memberField(i), "%s names '%s' a second time; give it a greater weight instead.", memberField(i), id.Name())
		case id.Equal(w.ID) || member != nil && member.Type == "Pool":
			return arm.InvalidField(memberField(i), "%s points at a pool, '%s': the members of a pool are single backends.", memberField(i), id.Name())
		}
		seen[id.Key()] = true
	}
	return keepsOutOfPools(w)
}

// keepsOutOfPools refuses to make a pool of a member of another one.
func keepsOutOfPools(w *kind.Typed[Backend]) error {
	if w.Old == nil || w.Old.Type == "Pool" {
		return nil
	}
	for _, user := range w.Lookup.Referrers(w.ID) {
		if _, ok := kind.Of[Backend](w.Lookup, user); ok {
			return arm.InvalidField("type", "type can't become Pool while the pool '%s' has this backend as a member.", user.Name())
		}
	}
	return nil
}

func off(b *bool) bool { return b != nil && !*b }
