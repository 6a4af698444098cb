package publish

import (
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// shard translates a home: a service or a workspace.
func (p *Publisher) shard(home *node) *snapshot.Shard {
	return cached(home, func(n *node) *snapshot.Shard {
		s := &snapshot.Shard{ID: n.id.String(), Policy: p.policyOf(n)}
		if w, ok := value[apim.Workspace](n); ok {
			s.Workspace, s.DisplayName = n.id.Name(), w.DisplayName
		}
		s.NamedValues = listOf(n, "namedValues", p.namedValue)
		n.each("policyFragments", func(c *node) { s.Fragments = append(s.Fragments, cached(c, p.fragment)) })
		n.each("backends", func(c *node) { s.Backends = append(s.Backends, cached(c, backend)) })
		n.each("loggers", func(c *node) { s.Loggers = append(s.Loggers, cached(c, logger)) })
		n.each("authorizationProviders", func(c *node) { s.Connections = append(s.Connections, connections(c)...) })
		n.each("certificates", func(c *node) { s.Certificates = append(s.Certificates, cached(c, certificate)) })
		s.APIs = listOf(n, "apis", func(c *node) (*snapshot.API, bool) {
			a := cached(c, p.api)
			return a, a != nil
		})
		n.each("products", func(c *node) { s.Products = append(s.Products, p.product(c)) })
		s.Subscriptions = listOf(n, "subscriptions", func(c *node) (*snapshot.Subscription, bool) {
			sub := cached(c, p.subscription)
			return sub, sub != nil
		})
		s.Users = p.usersOf(n, s.Subscriptions)
		return s
	})
}

// common is what of a service applies to the APIs of its workspaces, wherever they are served: its policy and what that refers to. Its APIs, products and
// keys stay with the managed gateway. While nothing of it changes it is the same pointer.
func (p *Publisher) common(service *node) *snapshot.Shard {
	whole := p.shard(service)
	next := &snapshot.Shard{ID: whole.ID, Policy: whole.Policy, NamedValues: whole.NamedValues, Fragments: whole.Fragments, Backends: whole.Backends, Certificates: whole.Certificates, Loggers: whole.Loggers, Connections: whole.Connections}
	if old := service.own.common; old != nil && old.Policy == next.Policy && old.NamedValues.Shares(next.NamedValues) &&
		slices.Equal(old.Fragments, next.Fragments) && slices.Equal(old.Backends, next.Backends) && slices.Equal(old.Certificates, next.Certificates) && slices.Equal(old.Loggers, next.Loggers) && slices.Equal(old.Connections, next.Connections) {
		return old
	}
	service.own.common = next
	return next
}

// serviceNode is the service that a home is or lies in.
func serviceNode(home *node) *node {
	if _, isWorkspace := value[apim.Workspace](home); isWorkspace {
		return home.parent
	}
	return home
}

func (p *Publisher) policyOf(n *node) *snapshot.Policy {
	c := n.member("policies", "policy")
	if !c.stored() {
		return nil
	}
	return cached(c, func(c *node) *snapshot.Policy {
		v, _ := value[apim.Policy](c)
		return &snapshot.Policy{ID: c.id.String(), Format: v.Format, Text: v.Value, Schemas: p.schemasOf(c, v.Value)}
	})
}

func (p *Publisher) namedValue(n *node) (snapshot.NamedValue, bool) {
	made := cached(n, func(n *node) *snapshot.NamedValue {
		v := opened[apim.NamedValue](p, n)
		if v == nil {
			return nil
		}
		return &snapshot.NamedValue{DisplayName: v.DisplayName, Value: v.Value, Secret: v.Secret}
	})
	if made == nil {
		return snapshot.NamedValue{}, false
	}
	return *made, true
}

func (p *Publisher) fragment(n *node) *snapshot.Fragment {
	v, _ := value[apim.PolicyFragment](n)
	return &snapshot.Fragment{Name: n.id.Name(), Policy: snapshot.Policy{ID: n.id.String(), Format: v.Format, Text: v.Value, Schemas: p.schemasOf(n, v.Value)}}
}

func backend(n *node) *snapshot.Backend {
	v, _ := value[apim.Backend](n)
	b := &snapshot.Backend{ID: n.id.String(), Name: n.id.Name(), Title: v.Title, URL: v.URL}
	if c := v.Credentials; c != nil {
		b.Header, b.Query, b.Thumbprints = c.Header, c.Query, c.Certificate
		for _, id := range c.CertificateID {
			b.Certificates = append(b.Certificates, lastWord(id))
		}
		if a := c.Authorization; a != nil {
			b.Authorization = a.Scheme + " " + a.Parameter
		}
	}
	if t := v.TLS; t != nil {
		b.SkipVerify = t.ValidateCertificateChain != nil && !*t.ValidateCertificateChain
		b.SkipVerifyName = t.ValidateCertificateName != nil && !*t.ValidateCertificateName
	}
	if p := v.Proxy; p != nil {
		b.Proxy = &snapshot.Proxy{URL: p.URL, User: p.Username, Password: p.Password}
	}
	b.Breaker = breaker(v)
	if v.Pool != nil {
		for _, s := range v.Pool.Services {
			b.Pool = append(b.Pool, member(s))
		}
	}
	return b
}

// certificate translates a certificate. One whose data is damaged has none, and policies that use it don't compile.
func certificate(n *node) *snapshot.Certificate {
	v, _ := value[apim.Certificate](n)
	data, err := apim.CertificateBytes(v)
	if err != nil {
		data = nil
	}
	return &snapshot.Certificate{Name: n.id.Name(), Thumbprint: v.Thumbprint, Data: data, Password: v.Password}
}

// logger translates a logger. What named values stand for in its credentials is put in by the gateway, as in documents.
func logger(n *node) *snapshot.Logger {
	v, _ := value[apim.Logger](n)
	out := &snapshot.Logger{Name: n.id.Name(), Type: v.LoggerType, Credentials: make(map[string]string, len(v.Credentials))}
	for name, text := range v.Credentials {
		if text != nil {
			out.Credentials[name] = *text
		}
	}
	return out
}

// subscription translates a subscription; nil when its keys open nothing.
func (p *Publisher) subscription(n *node) *snapshot.Subscription {
	v := opened[apim.Subscription](p, n)
	if v == nil || v.State != "active" {
		return nil
	}
	s := &snapshot.Subscription{
		ID: n.id.String(), Name: n.id.Name(), DisplayName: v.DisplayName,
		PrimaryKey: v.PrimaryKey, SecondaryKey: v.SecondaryKey, Start: v.StartDate, End: v.ExpirationDate,
	}
	if v.OwnerID != "" {
		s.Owner = v.OwnerID
	}
	if v.CreatedDate != nil {
		s.Created = *v.CreatedDate
	}
	all, isProduct, id := apim.ScopeOfSubscription(n.id, v.Scope)
	switch {
	case all:
		s.Scope.All = true
	case isProduct:
		s.Scope.Product = id.Key()
	default:
		s.Scope.API = id.Key()
	}
	return s
}

// owners are the users that a home's subscriptions belong to, as they were made for a list of subscriptions.
type owners struct {
	of    snapshot.List[*snapshot.Subscription]
	users []*snapshot.User
}

// usersOf are the owners of a home's subscriptions: the same list as before while neither these nor users and groups changed.
func (p *Publisher) usersOf(home *node, subscriptions snapshot.List[*snapshot.Subscription]) []*snapshot.User {
	if made := home.own.users; made != nil && made.of.Shares(subscriptions) {
		return made.users
	}
	names := map[string]bool{}
	for s := range subscriptions.All() {
		names[strings.ToLower(s.Owner)] = true
	}
	home.own.users = &owners{subscriptions, p.users(serviceNode(home), names)}
	return home.own.users.users
}

// users translates the owners of subscriptions, with their groups.
func (p *Publisher) users(service *node, owners map[string]bool) []*snapshot.User {
	var out []*snapshot.User
	if service == nil {
		return nil
	}
	service.each("users", func(u *node) {
		if !owners[u.id.Key()] {
			return
		}
		v, _ := value[apim.User](u)
		user := &snapshot.User{ID: u.id.String(), Name: u.id.Name(), Email: v.Email, FirstName: v.FirstName, LastName: v.LastName, Note: v.Note}
		if v.RegistrationDate != nil {
			user.Registered = *v.RegistrationDate
		}
		for _, i := range v.Identities {
			user.Identities = append(user.Identities, snapshot.NamedID{ID: i.ID, Name: i.Provider})
		}
		user.Groups = groupsOf(service, u.id.Name())
		out = append(out, user)
	})
	return out
}

// groupsOf are the groups of the service that a user is a member of.
func groupsOf(service *node, user string) []snapshot.NamedID {
	var out []snapshot.NamedID
	service.each("groups", func(g *node) {
		if m := g.member("users", strings.ToLower(user)); m.stored() {
			v, _ := value[apim.Group](g)
			out = append(out, snapshot.NamedID{ID: g.id.String(), Name: v.DisplayName})
		}
	})
	return out
}

// product translates a product with its links.
func (p *Publisher) product(n *node) *snapshot.Product {
	return cached(n, func(n *node) *snapshot.Product {
		v, _ := value[apim.Product](n)
		out := &snapshot.Product{
			ID: n.id.String(), Name: n.id.Name(), DisplayName: v.DisplayName, Published: v.State == "published",
			SubscriptionRequired: v.NeedsSubscription(), ApprovalRequired: v.ApprovalRequired != nil && *v.ApprovalRequired,
			SubscriptionsLimit: v.SubscriptionsLimit, Policy: p.policyOf(n),
		}
		n.each("apiLinks", func(l *node) {
			if link, ok := value[apim.ProductAPILink](l); ok {
				out.APIs = append(out.APIs, strings.ToLower(cutRevision(link.APIID)))
			}
		})
		n.each("groupLinks", func(l *node) {
			link, ok := value[apim.ProductGroupLink](l)
			if !ok {
				return
			}
			id := p.id(link.GroupID)
			if g, ok := value[apim.Group](p.tree.find(id)); ok {
				out.Groups = append(out.Groups, snapshot.NamedID{ID: id.String(), Name: g.DisplayName})
			}
		})
		slices.Sort(out.APIs)
		return out
	})
}

func cutRevision(id string) string {
	if at := strings.Index(strings.ToLower(id), ";rev="); at >= 0 {
		return id[:at]
	}
	return id
}
