package apim

import (
	"net/http"
	"slices"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// serviceKinds is the part of the table that concerns services themselves and what surrounds them.
func (c *Catalogue) serviceKinds() []*kind.Kind {
	return slices.Concat([]*kind.Kind{
		deletedService(),
		portalSetting(),
		tenant(),
		tenantSetting(),
		emailTemplate(),
		identityProvider(),
		openIDProvider(),
		authorizationServer(),
		c.authorizationProvider(),
		c.authorization(),
		accessPolicy(),
		externalCache(),
		contentType(),
		contentItem(),
		portalConfig(),
		portalRevision(),
		selfHosted(),
		gatewayAPI(),
		gatewayHostname(),
		gatewayAuthority(),
	}, tenantEndpoints(), userEndpoints(), c.installationEndpoints(), c.quotaEndpoints())
}

// installationEndpoints are addresses that tell what is true of this installation.
func (c *Catalogue) installationEndpoints() []*kind.Kind {
	sub, service := []string{arm.TypeSubscription}, []string{kind.Service}
	get := func(do kind.MethodFunc) map[string]*kind.Method {
		return map[string]*kind.Method{http.MethodGet: {Do: do}}
	}
	return []*kind.Kind{
		kind.Endpoint{Namespace: arm.NamespaceAPIM, Type: "deletedservices", Noun: "Deleted service", Under: sub, Methods: get(listDeleted)}.Kind(),
		kind.Endpoint{Namespace: arm.NamespaceAPIM, Type: "skus", Noun: "Tier", Under: sub, Methods: get(allTiers)}.Kind(),
		kind.Endpoint{Namespace: arm.NamespaceAPIM, Type: "checkNameAvailability", Noun: "Name", Under: sub, Methods: map[string]*kind.Method{
			http.MethodPost: {Right: "checkNameAvailability/read", Do: checkName},
		}}.Kind(),
		kind.Endpoint{Namespace: arm.NamespaceAPIM, Type: "getDomainOwnershipIdentifier", Noun: "Domain", Under: sub, Methods: map[string]*kind.Method{
			http.MethodPost: {Do: domainOwnership},
		}}.Kind(),
		kind.Endpoint{Type: "skus", Noun: "Tier", Under: service, Methods: get(serviceTiers)}.Kind(),
		kind.Endpoint{Type: "skus", Noun: "Tier", Under: []string{gatewayType}, Methods: get(gatewayTiers)}.Kind(),
		kind.Endpoint{Type: "regions", Noun: "Region", Under: service, Methods: get(regions)}.Kind(),
		kind.Endpoint{Type: "networkstatus", Noun: "Network status", Under: service, Methods: get(c.networkStatusByLocation)}.Kind(),
		kind.Endpoint{Type: "networkstatus", Noun: "Network status", Under: []string{kind.Service + "/locations"}, Methods: get(c.networkStatusOfLocation)}.Kind(),
		kind.Endpoint{Type: "outboundNetworkDependenciesEndpoints", Noun: "Dependency", Under: service, Methods: get(c.dependencies)}.Kind(),
		kind.Endpoint{Type: "privateLinkResources", Noun: "Private link resource", Under: service, Methods: get(noPrivateLink)}.Kind(),
		kind.Endpoint{Type: "privateEndpointConnections", Noun: "Private endpoint connection", Under: service, Methods: map[string]*kind.Method{
			http.MethodGet: {Do: noPrivateLink}, http.MethodPut: {Do: refusePrivateLink}, http.MethodDelete: {Status: http.StatusNoContent, Do: nothingThere},
		}}.Kind(),
		c.reportEndpoint(),
		kind.Endpoint{Type: "reconnect", Noun: "Reconnection", Under: []string{kind.Service + "/backends"}, Methods: map[string]*kind.Method{
			http.MethodPost: {Status: http.StatusAccepted, Do: nothingThere}, // gateways open connections anew whenever they need one
		}}.Kind(),
		kind.Endpoint{Type: "workspaceLinks", Noun: "Workspace link", Under: service, Methods: get(workspaceLinks)}.Kind(),
	}
}
