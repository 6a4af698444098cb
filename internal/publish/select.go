package publish

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

const (
	serviceWord = "microsoft.apimanagement/service"
	gatewayWord = "microsoft.apimanagement/gateways"
)

// selection is everything that the gateways of an installation serve: one snapshot for each service's managed gateway, and one for each workspace
// gateway.
func (p *Publisher) selection(version uint64) []*snapshot.Snapshot {
	services, gateways := p.tree.services.sorted(), p.tree.gateways.sorted()
	connected := map[string]bool{} // workspaces that some gateway is connected to, by key
	var out []*snapshot.Snapshot
	for _, g := range gateways {
		s := p.workspaceGateway(g, connected)
		s.Version = version
		out = append(out, s)
	}
	for _, svc := range services {
		s := p.managedGateway(svc, connected)
		s.Version, s.Gateway.Default = version, len(services) == 1
		out = append(out, s)
	}
	return out
}

// workspaceGateway selects what a gateway serves: the workspaces that it is connected to, and of their service what applies to every API.
func (p *Publisher) workspaceGateway(g *node, connected map[string]bool) *snapshot.Snapshot {
	v, _ := value[apim.Gateway](g)
	out := &snapshot.Snapshot{Gateway: snapshot.Gateway{ID: g.id.String(), Name: g.id.Name(), Region: g.res.Head.Location}}
	if v.Frontend != nil {
		out.Gateway.Hosts = append(out.Gateway.Hosts, v.Frontend.DefaultHostname)
	}
	g.each("configConnections", func(c *node) {
		conn, ok := value[apim.ConfigConnection](c)
		if !ok {
			return
		}
		w := p.tree.find(p.id(conn.SourceID))
		if !w.stored() {
			return
		}
		connected[w.id.Key()] = true
		out.Others = append(out.Others, p.shard(w))
		out.Gateway.Hosts = append(out.Gateway.Hosts, conn.Hostnames...)
		p.ofService(out, serviceNode(w), p.common(serviceNode(w)))
	})
	if out.Service == nil {
		out.Service = cached(g, func(*node) *snapshot.Shard { return &snapshot.Shard{ID: g.id.String()} }) // connected to nothing: it answers 404
	}
	return out
}

// managedGateway selects what a service's own gateway serves: the service's APIs, and the workspaces that it is left with.
func (p *Publisher) managedGateway(svc *node, connected map[string]bool) *snapshot.Snapshot {
	v, _ := value[apim.Service](svc)
	id := svc.id
	out := &snapshot.Snapshot{Gateway: snapshot.Gateway{
		ID: id.String(), Name: "managed", Managed: true, Region: svc.res.Head.Location,
		Hosts: []string{strings.ToLower(id.Name()) + "." + p.domain},
	}}
	p.ofService(out, svc, p.shard(svc))
	svc.each("workspaces", func(w *node) {
		ws, _ := value[apim.Workspace](w)
		if apim.ServedByManaged(v, w.id, ws, connected[w.id.Key()]) {
			out.Others = append(out.Others, p.shard(w))
		}
	})
	return out
}

// ofService fills what a snapshot has from its service.
func (p *Publisher) ofService(s *snapshot.Snapshot, svc *node, shard *snapshot.Shard) {
	v, _ := value[apim.Service](svc)
	s.Service = shard
	s.Gateway.ServiceID, s.Gateway.ServiceName = svc.id.String(), svc.id.Name()
	s.Settings.ForwardSubscriptionKey = strings.EqualFold(v.CustomProperties[apim.ForwardSubscriptionKey], "true")
	s.Settings.Principal, s.Settings.IdentityFor = apim.IdentityPrincipal(&svc.res.Head), v.CustomProperties[apim.IdentityWorkspaces]
	s.Settings.Tenant, s.Settings.Issuer = p.tenant, p.issuer
	s.Authorities, s.Gateway.AsksForCertificate = authorities(svc), asksForCertificate(v)
}

func (p *Publisher) id(text string) arm.ID {
	id, err := arm.ParseID(text)
	if err != nil {
		return arm.Root
	}
	return id
}
