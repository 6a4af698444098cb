package apim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// checkName answers whether a service could be created under a name.
func checkName(_ context.Context, c *kind.EndpointCall) (any, error) {
	var r struct {
		Name string `json:"name"`
	}
	if err := arm.DecodeJSON(c.Body, &r); err != nil {
		return nil, err
	}
	if r.Name == "" {
		return nil, arm.InvalidField("name", "name is required.")
	}
	if len(r.Name) > 50 || !resourceName.MatchString(r.Name) {
		return map[string]any{"nameAvailable": false, "reason": "Invalid", "message": r.Name + " is not a name of a service. At most 50 characters. " + resourceNamed(50).Words}, nil
	}
	var taken bool
	err := c.View(func(l kind.Lookup) error {
		_, taken = l.Claimed("services", strings.ToLower(r.Name))
		return nil
	})
	if taken {
		return map[string]any{"nameAvailable": false, "reason": "AlreadyExists", "message": r.Name + " is in use. Choose another name."}, err
	}
	return map[string]any{"nameAvailable": true, "reason": "Valid", "message": ""}, err
}

// domainOwnership answers the text that a publisher puts into a TXT record "apimuid" to show that a domain is theirs: the same for a subscription
// whenever it is asked.
func domainOwnership(_ context.Context, c *kind.EndpointCall) (any, error) {
	sum := sha256.Sum256([]byte("domain-ownership:" + c.ID.Key()))
	return map[string]string{"domainOwnershipIdentifier": strings.ToUpper(hex.EncodeToString(sum[:]))}, nil
}

// locationOf is where a service says it is.
func locationOf(c *kind.EndpointCall, service arm.ID) (at string, err error) {
	err = c.View(func(l kind.Lookup) error {
		if r, ok := l.Get(service); ok {
			at = r.Head.Location
		}
		return nil
	})
	return at, err
}

// regions answers the one place that a service of a self-hosted installation has.
func regions(_ context.Context, c *kind.EndpointCall) (any, error) {
	at, err := locationOf(c, c.ID)
	return map[string]any{"value": []map[string]any{{"name": at, "isMasterRegion": true, "isDeleted": false}}, "count": 1}, err
}

// noPrivateLink answers for private endpoints: a self-hosted installation is as private as its network, and has none.
func noPrivateLink(_ context.Context, c *kind.EndpointCall) (any, error) {
	if c.Named {
		return nil, arm.Errorf(http.StatusBadRequest, "PrivateLinkNotSupported", "There are no private endpoints here: who may reach the installation is decided by the network that it runs in.")
	}
	return map[string]any{"value": []any{}}, nil
}

// nothingThere answers what needs nothing done.
func nothingThere(context.Context, *kind.EndpointCall) (any, error) { return nil, nil }

func refusePrivateLink(context.Context, *kind.EndpointCall) (any, error) {
	return nil, arm.Errorf(http.StatusBadRequest, "PrivateLinkNotSupported", "Private endpoints can't be made here: who may reach the installation is decided by the network that it runs in.")
}

// workspaceLinks answers which gateways serve which workspaces.
func workspaceLinks(_ context.Context, c *kind.EndpointCall) (any, error) {
	service, only := c.ID, ""
	if c.Named {
		service, only = c.ID.Parent(), c.ID.Name()
	}
	out := []map[string]any{}
	err := c.View(func(l kind.Lookup) error {
		by := map[string][]map[string]string{}
		for _, r := range l.Below(arm.Root, gatewayType+"/configConnections") {
			if v, ok := r.Value.(*ConfigConnection); ok {
				at := idOf(v.SourceID).Key()
				by[at] = append(by[at], map[string]string{"id": r.ID.Parent().String()})
			}
		}
		for _, w := range l.Children(service, "workspaces") {
			if gateways := by[w.ID.Key()]; (only == "" && gateways != nil) || strings.EqualFold(only, w.ID.Name()) {
				if gateways == nil {
					gateways = []map[string]string{}
				}
				out = append(out, map[string]any{
					"id": service.Child("workspaceLinks", w.ID.Name()), "type": kind.Service + "/workspaceLinks", "name": w.ID.Name(), "etag": w.ETag,
					"properties": map[string]any{"workspaceId": w.ID.String(), "gateways": gateways},
				})
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case only == "":
		return map[string]any{"value": out}, nil
	case len(out) == 0:
		return nil, arm.NotFound("Workspace")
	}
	return out[0], nil
}
