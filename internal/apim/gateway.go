package apim

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

const gatewayType = "Microsoft.ApiManagement/gateways"

// Gateway is a workspace gateway: a gateway of its own with its own host name, counters and limits.
type Gateway struct {
	Frontend                *GatewayFrontend  `json:"frontend,omitempty"`
	Backend                 *GatewayBackend   `json:"backend,omitempty"`
	ConfigurationAPI        map[string]string `json:"configurationApi,omitempty"`
	VirtualNetworkType      string            `json:"virtualNetworkType,omitempty" rule:"enum=None|External|Internal"`
	ProvisioningState       string            `json:"provisioningState,omitempty"`
	TargetProvisioningState string            `json:"targetProvisioningState"`
	CreatedAtUTC            *time.Time        `json:"createdAtUtc,omitempty"`
}

// GatewayFrontend is how callers reach a gateway.
type GatewayFrontend struct {
	DefaultHostname string `json:"defaultHostname,omitempty"`
}

// GatewayBackend is the network by which a gateway reaches backends.
type GatewayBackend struct {
	Subnet *struct {
		ID string `json:"id,omitempty"`
	} `json:"subnet,omitempty"`
}

func (g *Gateway) subnet() string {
	if g.Backend == nil || g.Backend.Subnet == nil {
		return ""
	}
	return g.Backend.Subnet.ID
}

func (c *Catalogue) gateway() *kind.Kind {
	return kind.Entity[Gateway]{
		Namespace: "Microsoft.ApiManagement", Type: "gateways", Noun: "Gateway", Under: []string{arm.TypeResourceGroup},
		Names: resourceNamed(45), Tracked: true, Guarded: true, Publish: true, Filters: "name",
		View:     kind.View{One: "Gateway", Many: "Gateways", Summary: "Serves the workspaces that are connected to it under its own host name.", Columns: []string{"frontend.defaultHostname", "virtualNetworkType"}},
		Default:  c.defaultGateway,
		Validate: validateGateway,
		Claims: func(w *kind.Typed[Gateway]) []kind.Claim {
			return []kind.Claim{hostClaim(w.New.Frontend.DefaultHostname, "name", "The gateway's host name is taken; choose another name.")}
		},
	}.Kind()
}

func (c *Catalogue) defaultGateway(w *kind.Typed[Gateway]) error {
	g := w.New
	now := time.Now().UTC().Truncate(time.Second)
	g.ProvisioningState, g.TargetProvisioningState, g.CreatedAtUTC = "Succeeded", "", &now
	if g.VirtualNetworkType == "" {
		g.VirtualNetworkType = "None"
	}
	// The host name is fixed at creation, whatever the body says (design 5).
	g.Frontend = &GatewayFrontend{DefaultHostname: GatewayHost(w.ID, c.GatewayDomain)}
	if w.Old != nil {
		g.CreatedAtUTC, g.Frontend = w.Old.CreatedAtUTC, w.Old.Frontend
		if !w.Supplied["virtualNetworkType"] {
			g.VirtualNetworkType = w.Old.VirtualNetworkType
		}
		if g.Backend == nil {
			g.Backend = w.Old.Backend
		}
	}
	return nil
}

// GatewayHost is the host name of a new gateway: its name and six hexadecimal digits of its id, so that names of different groups don't meet.
func GatewayHost(id arm.ID, domain string) string {
	sum := sha256.Sum256([]byte(id.Key()))
	return strings.ToLower(id.Name()) + "-" + hex.EncodeToString(sum[:3]) + "." + domain
}

var gatewaySKUs = []string{"Standard", "WorkspaceGatewayStandard", "WorkspaceGatewayPremium"}

func validateGateway(w *kind.Typed[Gateway]) error {
	switch sku := w.Head.SKU; {
	case sku == nil:
		return arm.InvalidField("sku", "sku is required, for example {\"name\":\"WorkspaceGatewayPremium\",\"capacity\":1}.")
	case !slices.Contains(gatewaySKUs, sku.Name):
		return arm.InvalidField("sku.name", "sku.name must be one of %s.", strings.Join(gatewaySKUs, ", "))
	case sku.Capacity < 0 || sku.Capacity > 100:
		return arm.InvalidField("sku.capacity", "sku.capacity must be 1 to 100 units.")
	case w.New.VirtualNetworkType == "Internal" && w.New.subnet() == "":
		return arm.InvalidField("backend.subnet.id", "backend.subnet.id is required when virtualNetworkType is Internal.")
	case w.Old != nil && (w.New.VirtualNetworkType != w.Old.VirtualNetworkType || w.New.subnet() != w.Old.subnet()):
		return arm.InvalidField("virtualNetworkType", "virtualNetworkType and subnet can't change after the gateway was created; create another gateway.")
	}
	if w.Head.SKU.Capacity == 0 {
		w.Head.SKU.Capacity = 1
	}
	return nil
}
