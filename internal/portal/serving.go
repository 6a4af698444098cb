package portal

import (
	"cmp"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// gatewayOf is the host name of the gateway that serves a home: of the first of the gateways that a workspace is connected to, else of the
// managed gateway when that serves it.
func (v *view) gatewayOf(home arm.ID) (host string, ok bool) {
	managed := strings.ToLower(v.service.Name()) + "." + v.portal.GatewayDomain
	if home.Equal(v.service) {
		return managed, true
	}
	workspace, ok := kind.Of[apim.Workspace](v, home)
	if !ok {
		return "", false
	}
	if hosts := v.connectedHosts(home); len(hosts) > 0 {
		return hosts[0], hosts[0] != ""
	}
	if !apim.ServedByManaged(v.settings, home, workspace, false) {
		return "", false
	}
	return managed, true
}

// connectedHosts are the host names of a workspace's connections in order of the connections: the first that a connection was given, else its
// gateway's own.
func (v *view) connectedHosts(workspace arm.ID) []string {
	var connections []arm.ID
	for _, from := range v.Referrers(workspace) {
		if strings.EqualFold(from.Type(), connectionType) {
			connections = append(connections, from)
		}
	}
	slices.SortFunc(connections, func(a, b arm.ID) int { return cmp.Compare(a.Key(), b.Key()) })
	var hosts []string
	for _, id := range connections {
		c, ok := kind.Of[apim.ConfigConnection](v, id)
		if !ok {
			continue
		}
		host := c.DefaultHostname
		if len(c.Hostnames) > 0 {
			host = c.Hostnames[0]
		}
		hosts = append(hosts, host)
	}
	return hosts
}

const connectionType = "Microsoft.ApiManagement/gateways/configConnections"
