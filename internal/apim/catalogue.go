package apim

import (
	"context"
	"slices"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
)

// Catalogue is what kinds need from outside their own values.
type Catalogue struct {
	// Policies checks documents when they are saved; its table of policies is handed in.
	Policies *policy.Engine
	// GatewayDomain is the suffix of gateway host names, "localhost".
	GatewayDomain string
	// GatewayURL, ManagementURL and PortalURL are what services say of their addresses; GatewayURL takes a host name.
	GatewayURL               func(host string) string
	ManagementURL, PortalURL string
	// TenantID is the organisation that system-assigned identities belong to.
	TenantID string
	// Backups keeps backups of services; nil for none.
	Backups Backups
	// BucketBackups keeps backups in a bucket that a caller names; nil for no such thing.
	BucketBackups func(Bucket) Backups
	// Neighbours says whether what a service depends on can be reached; nil for nothing.
	Neighbours func(ctx context.Context, service arm.ID) []Neighbour
	// Nameservers are what this machine resolves names with; nil for none.
	Nameservers func() []string
	// Usage is what reports are made of; nil where there are no gateways.
	Usage Usage
	// Quotas reads and sets what gateways count for keys; nil where there are no gateways.
	Quotas QuotaCounters
	// Dial tries to reach an address under the rules for outgoing calls; nil for never.
	Dial func(ctx context.Context, address string) error
	// Ask posts JSON to an address that a caller named, under the rules for downloads; nil for never.
	Ask func(ctx context.Context, address string, question []byte) ([]byte, error)
	// Connections gets tokens of credential providers; nil for none.
	Connections Connections
	// Now is the time; nil for that of the machine.
	Now func() time.Time
	// HashPassword turns the password of a portal user into what is stored of it.
	HashPassword func(ctx context.Context, password string) (string, error)
}

// Kinds is the table of every kind, parents before children.
func (c *Catalogue) Kinds() []*kind.Kind {
	return slices.Concat([]*kind.Kind{
		subscriptionOfAzure(),
		resourceGroup(),
		c.service(),
		workspace(),
		c.gateway(),
		c.configConnection(),
		c.api(),
		operation(),
		product(),
		group(),
		groupUser(),
		c.user(),
		subscription(),
		backend(),
		c.namedValue(),
		c.policyFragment(),
		tag(),
		productAPILink(),
		productGroupLink(),
		tagAPILink(),
		tagOperationLink(),
		tagProductLink(),
		c.policy(),
	},
		c.revisionsKinds(),
		c.entityKinds(),
		c.serviceKinds(),
	)
}

// serviceAndWorkspaces are the parents of most kinds.
var serviceAndWorkspaces = []string{kind.Service, kind.Workspace}

// homeOf is where an entity lives: its workspace, else its service. References inside an entity resolve there.
func homeOf(id arm.ID) arm.ID {
	if w, ok := id.Ancestor(kind.Workspace); ok {
		return w
	}
	s, _ := id.Ancestor(kind.Service)
	return s
}

// serviceOf is the service that an entity belongs to.
func serviceOf(id arm.ID) arm.ID {
	s, _ := id.Ancestor(kind.Service)
	return s
}

// isWorkspace says whether a home is a workspace.
func isWorkspace(home arm.ID) bool {
	_, ok := home.Ancestor(kind.Workspace)
	return ok
}
