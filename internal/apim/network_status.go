package apim

import (
	"context"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Neighbour is something that a service depends on, and whether it can be reached now.
type Neighbour struct {
	Name     string // "atelier.db", "smtp.example.org:587"
	Type     string // "Database", "Cache", "Mail", "Gateway"
	Optional bool
	Gateway  arm.ID    // whose state it is: who may not read that gateway is not told; the root for none
	Fault    error     // nil when it can be reached; told to whoever may read the status
	Updated  time.Time // when that was found out
	Changed  time.Time // since when it is so
}

// connectivity is a neighbour on the wire.
type connectivity struct {
	Name             string    `json:"name"`
	Status           string    `json:"status"`
	Error            string    `json:"error,omitempty"`
	LastUpdated      time.Time `json:"lastUpdated"`
	LastStatusChange time.Time `json:"lastStatusChange"`
	ResourceType     string    `json:"resourceType"`
	IsOptional       bool      `json:"isOptional"`
}

// visibleNeighbours are those that the caller may know of.
func (c *Catalogue) visibleNeighbours(ctx context.Context, e *kind.EndpointCall, service arm.ID) (out []Neighbour) {
	if c.Neighbours == nil {
		return nil
	}
	for _, n := range c.Neighbours(ctx, service) {
		if n.Gateway.IsRoot() || n.Gateway.Equal(service) || e.Allowed(gatewayType+"/read", n.Gateway) {
			out = append(out, n)
		}
	}
	return out
}

// networkStatus says whether what a service depends on can be reached.
func (c *Catalogue) networkStatus(ctx context.Context, e *kind.EndpointCall, service arm.ID) map[string]any {
	status := []connectivity{}
	for _, n := range c.visibleNeighbours(ctx, e, service) {
		s := connectivity{
			Name: n.Name, Status: "success", ResourceType: n.Type, IsOptional: n.Optional,
			LastUpdated: n.Updated.UTC().Truncate(time.Second), LastStatusChange: n.Changed.UTC().Truncate(time.Second),
		}
		if n.Fault != nil {
			s.Status, s.Error = "failure", n.Fault.Error()
		}
		status = append(status, s)
	}
	nameservers := []string{}
	if c.Nameservers != nil {
		nameservers = c.Nameservers()
	}
	return map[string]any{"dnsServers": nameservers, "connectivityStatus": status}
}

func (c *Catalogue) networkStatusByLocation(ctx context.Context, e *kind.EndpointCall) (any, error) {
	at, err := locationOf(e, e.ID)
	if err != nil {
		return nil, err
	}
	return []map[string]any{{"location": at, "networkStatus": c.networkStatus(ctx, e, e.ID)}}, nil
}

func (c *Catalogue) networkStatusOfLocation(ctx context.Context, e *kind.EndpointCall) (any, error) {
	service := e.ID.Parent()
	at, err := locationOf(e, service)
	if err != nil {
		return nil, err
	}
	if locationWord(at) != locationWord(e.ID.Name()) {
		return nil, arm.NotFound("Location '" + e.ID.Name() + "'")
	}
	return c.networkStatus(ctx, e, service), nil
}

// dependencies answers what must be reachable from here.
func (c *Catalogue) dependencies(ctx context.Context, e *kind.EndpointCall) (any, error) {
	out := []map[string]any{}
	for _, n := range c.visibleNeighbours(ctx, e, e.ID) {
		out = append(out, map[string]any{"category": n.Type, "endpoints": []map[string]any{{"domainName": n.Name, "endpointDetails": []any{}}}})
	}
	return map[string]any{"value": out}, nil
}
