package apim

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Service is one API Management instance: the platform team's part.
type Service struct {
	PublisherEmail          string                  `json:"publisherEmail" rule:"required,max=100,email"`
	PublisherName           string                  `json:"publisherName" rule:"required,max=100"`
	NotificationSenderEmail string                  `json:"notificationSenderEmail,omitempty" rule:"max=100"`
	CustomProperties        map[string]string       `json:"customProperties"`
	HostnameConfigurations  []HostnameConfiguration `json:"hostnameConfigurations" rule:"max=100"`
	Certificates            []AuthorityCertificate  `json:"certificates,omitempty" rule:"max=20"`
	VirtualNetworkType      string                  `json:"virtualNetworkType,omitempty" rule:"enum=None|External|Internal"`
	PublicNetworkAccess     string                  `json:"publicNetworkAccess,omitempty" rule:"enum=Enabled|Disabled"`
	DeveloperPortalStatus   string                  `json:"developerPortalStatus,omitempty" rule:"enum=Enabled|Disabled"`
	LegacyPortalStatus      string                  `json:"legacyPortalStatus,omitempty" rule:"enum=Enabled|Disabled"`
	NatGatewayState         string                  `json:"natGatewayState,omitempty" rule:"enum=Enabled|Disabled"`
	DisableGateway          bool                    `json:"disableGateway"`
	EnableClientCertificate bool                    `json:"enableClientCertificate,omitempty"`
	APIVersionConstraint    *VersionLimit           `json:"apiVersionConstraint,omitempty"`
	CreatedAtUTC            *time.Time              `json:"createdAtUtc,omitempty"`
	GatewayURL              string                  `json:"gatewayUrl,omitempty"`
	ManagementAPIURL        string                  `json:"managementApiUrl,omitempty"`
	DeveloperPortalURL      string                  `json:"developerPortalUrl,omitempty"`
	PlatformVersion         string                  `json:"platformVersion,omitempty"`
	ProvisioningState       string                  `json:"provisioningState,omitempty"`
	TargetProvisioningState string                  `json:"targetProvisioningState"`
	Restore                 bool                    `json:"restore,omitempty"` // only written: bring the deleted service of this name back
}

// VersionLimit is the oldest api-version that a service wants to be spoken to with.
type VersionLimit struct {
	MinAPIVersion string `json:"minApiVersion,omitempty"`
}

// Switches of a service in customProperties.
const (
	WorkspacesProfile      = "Atelier.Workspaces.Profile" // "ga" or "preview"
	WorkspacesManaged      = "Atelier.Workspaces.Managed" // workspace ids that the managed gateway serves, or "never"
	WorkspacesReadOwn      = "Atelier.Workspaces.ReadOwn" // "false" takes the reading of one's own workspace away
	ForwardSubscriptionKey = "Atelier.Gateway.ForwardSubscriptionKey"
	LimitsProfile          = "Atelier.Limits.Profile" // "open", or "azure" for the refusals of Azure's tiers
)

var skuNames = []string{
	"Developer", "Basic", "Standard", "Premium", "Consumption", "Isolated", "BasicV2", "StandardV2", "PremiumV2",
}

func (c *Catalogue) service() *kind.Kind {
	return kind.Entity[Service]{
		Namespace: "Microsoft.ApiManagement", Type: "service", Noun: "Service", Under: []string{arm.TypeResourceGroup},
		Names: resourceNamed(50), Tracked: true, Guarded: true, Publish: true, Filters: "name",
		View: kind.View{One: "Service", Many: "Services", Summary: "An API Management instance: its gateways, roles and service-wide policy.", Columns: []string{"publisherName"}},
		Default: func(w *kind.Typed[Service]) error {
			defaultService(w)
			if err := c.completeIdentity(w); err != nil {
				return err
			}
			return c.readCertificates(w)
		},
		Validate: validateService,
		Secrets:  secretsOfService,
		Claims: func(w *kind.Typed[Service]) []kind.Claim {
			exists := arm.Conflict("ServiceAlreadyExists", "Api service already exists: %s", w.ID.Name())
			host := hostClaim(w.ID.Name()+"."+c.GatewayDomain, "name", "")
			host.Refusal = exists
			return []kind.Claim{{Space: "services", Value: strings.ToLower(w.ID.Name()), Refusal: exists}, host}
		},
		Expand: func(w *kind.Typed[Service]) ([]kind.Extra, error) {
			if w.Old != nil || w.Revived != nil {
				return nil, nil
			}
			return slices.Concat(builtInGroups(w.ID), tenantRows(w.ID), makeWay(w)), nil
		},
		Remove: func(w *kind.Typed[Service]) error {
			// A service can't go while workspace gateways serve its workspaces (features M137).
			for _, g := range w.Lookup.Below(arm.Root, gatewayType+"/configConnections") {
				if v, ok := g.Value.(*ConfigConnection); ok && idOf(v.SourceID).Within(w.ID) {
					return arm.Conflict("ServiceHasGateways", "Service '%s' can't be deleted while the gateway '%s' is connected to one of its workspaces; delete the connection first.", w.ID.Name(), g.ID.Parent())
				}
			}
			return nil
		},
		Succeed: leaveDeleted,
		Revive:  reviveService,
		Actions: append(c.serviceActions(), validatePolicies()),
		Render: func(r *kind.Rendering, v *Service) {
			host := c.hostOf(r.ID)
			v.GatewayURL, v.ManagementAPIURL, v.DeveloperPortalURL = c.GatewayURL(host), c.ManagementURL, c.PortalURL
			if v.CustomProperties == nil {
				v.CustomProperties = map[string]string{}
			}
			v.HostnameConfigurations = c.shownHostnames(r.ID, v.HostnameConfigurations)
		},
	}.Kind()
}

func defaultService(w *kind.Typed[Service]) {
	s := w.New
	now := time.Now().UTC().Truncate(time.Second)
	s.ProvisioningState, s.PlatformVersion, s.TargetProvisioningState = "Succeeded", "undetermined", ""
	if s.Restore = false; w.Revived == nil {
		s.CreatedAtUTC = &now
	}
	if w.Old != nil {
		s.CreatedAtUTC = w.Old.CreatedAtUTC
		if s.CustomProperties == nil {
			s.CustomProperties = w.Old.CustomProperties
		}
		keepCertificates(s, w.Old)
	}
	for _, d := range []struct {
		field *string
		value string
	}{
		{&s.VirtualNetworkType, "None"},
		{&s.PublicNetworkAccess, "Enabled"},
		{&s.DeveloperPortalStatus, "Enabled"},
		{&s.LegacyPortalStatus, "Disabled"},
		{&s.NotificationSenderEmail, "apimgmt-noreply@mail.windowsazure.com"},
	} {
		if *d.field == "" {
			*d.field = d.value
		}
	}
}

func validateService(w *kind.Typed[Service]) error {
	switch sku := w.Head.SKU; {
	case sku == nil:
		return arm.InvalidField("sku", "sku is required, for example {\"name\":\"Premium\",\"capacity\":1}.")
	case !slices.Contains(skuNames, sku.Name):
		return arm.InvalidField("sku.name", "sku.name must be one of %s.", strings.Join(skuNames, ", "))
	case sku.Capacity < 0 || sku.Capacity > 100:
		return arm.InvalidField("sku.capacity", "sku.capacity must be 0 to 100 units.")
	}
	if p := w.New.CustomProperties[WorkspacesProfile]; p != "" && p != "ga" && p != "preview" {
		return arm.Errorf(http.StatusBadRequest, "ValidationError", "customProperties[%q] must be 'ga' or 'preview'.", WorkspacesProfile)
	}
	if p := w.New.CustomProperties[LimitsProfile]; p != "" && p != "open" && p != "azure" {
		return arm.Errorf(http.StatusBadRequest, "ValidationError", "customProperties[%q] must be 'open' or 'azure'.", LimitsProfile)
	}
	if w.Old != nil || w.Revived != nil {
		return nil
	}
	if _, deleted := deletedUnder(w.Lookup, w.ID); deleted != nil && (azureLimits(w.New) || deleted.AzureLimits) {
		return arm.Conflict("ServiceAlreadyExistsInSoftDeletedState", "A deleted service keeps the name '%s' until %s. Restore it with properties.restore, or purge it, then create the new one.", w.ID.Name(), deleted.ScheduledPurgeDate.Format(time.RFC3339))
	}
	return nil
}

// azureLimits says whether a service wants the refusals that Azure's limits and tiers bring.
func azureLimits(s *Service) bool { return s.CustomProperties[LimitsProfile] == "azure" }

// previewProfile says whether the service of id keeps the older generation's rules for workspaces (design 4).
func previewProfile(l kind.Lookup, id arm.ID) bool {
	s, ok := kind.Of[Service](l, serviceOf(id))
	return ok && s.CustomProperties[WorkspacesProfile] == "preview"
}

// idOf reads an id that was validated when it was stored; a malformed one is the root, which nothing equals.
func idOf(text string) arm.ID {
	id, err := arm.ParseID(text)
	if err != nil {
		return arm.Root
	}
	return id
}
