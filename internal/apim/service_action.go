package apim

import "github.com/atelier-apim/atelier/internal/kind"

// serviceActions are the POST words of a service.
func (c *Catalogue) serviceActions() []kind.Action {
	return []kind.Action{
		// There is no network of a cloud to apply anything to: what the service's gateways listen on is the process's own configuration.
		{Name: "applynetworkconfigurationupdates", Shows: true, Do: nothing},
		// There are no platform generations: the service runs on what the operator started.
		{Name: "migrateToStv2", Shows: true, Do: nothing},
		{Name: "getssotoken", Do: func(*kind.ActionCall) (any, error) { return map[string]string{"redirectUri": c.PortalURL}, nil }},
		{Name: "connectivityCheck", Reach: c.checkConnectivity},
		{Name: "backup", Shows: true, Reach: c.backup},
		{Name: "restore", Shows: true, Reach: c.restore},
	}
}

func nothing(*kind.ActionCall) (any, error) { return nil, nil }
