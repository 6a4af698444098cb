package apim

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// ConfigConnection joins a workspace to a gateway that serves it.
type ConfigConnection struct {
	SourceID          string   `json:"sourceId,omitempty" rule:"required"`
	DefaultHostname   string   `json:"defaultHostname,omitempty"`
	Hostnames         []string `json:"hostnames,omitempty" rule:"max=20"`
	ProvisioningState string   `json:"provisioningState,omitempty"`
}

// JoinWorkspace is the right that connecting a workspace needs on the workspace itself.
const JoinWorkspace = kind.Workspace + "/join/action"

func (c *Catalogue) configConnection() *kind.Kind {
	return kind.Entity[ConfigConnection]{
		Type: "configConnections", Noun: "Config connection", Under: []string{gatewayType}, Names: resourceNamed(30), PutOnly: true, BodyETag: true, Publish: true,
		View: kind.View{One: "Config connection", Many: "Config connections", Summary: "Lets a gateway serve a workspace.", Columns: []string{"sourceId", "defaultHostname"}},
		Linked: func(w *kind.Typed[ConfigConnection]) []kind.Access {
			return []kind.Access{{Action: JoinWorkspace, Scope: sourceOf(w.New.SourceID)}}
		},
		Default: func(w *kind.Typed[ConfigConnection]) error {
			w.New.SourceID = sourceOf(w.New.SourceID).String()
			w.New.ProvisioningState, w.New.Hostnames = "Succeeded", lowerCase(w.New.Hostnames)
			if g, ok := kind.Of[Gateway](w.Lookup, w.ID.Parent()); ok && g.Frontend != nil {
				w.New.DefaultHostname = g.Frontend.DefaultHostname
			}
			return nil
		},
		Validate: func(w *kind.Typed[ConfigConnection]) error {
			if err := c.validateHostnames(w.New); err != nil {
				return err
			}
			return validateConnection(w)
		},
		Expand: markConnected,
		Refs: func(w *kind.Typed[ConfigConnection]) []kind.Ref {
			return []kind.Ref{{To: idOf(w.New.SourceID), Field: "sourceId", Cascade: true}}
		},
		Claims: func(w *kind.Typed[ConfigConnection]) []kind.Claim {
			claims := []kind.Claim{{Space: w.ID.Parent().Key() + "|connections", Value: strings.ToLower(w.New.SourceID), Field: "sourceId", Message: "sourceId: this workspace is connected to this gateway already."}}
			for _, h := range w.New.Hostnames {
				if h != w.New.DefaultHostname { // which the gateway has
					claims = append(claims, hostClaim(h, "hostnames", "hostnames: '"+h+"' is taken; choose another."))
				}
			}
			return claims
		},
	}.Kind()
}

// sourceOf reads a sourceId; examples of the service write ".../services/{name}/…" (rest-behaviour.md 14).
func sourceOf(text string) arm.ID {
	id := idOf(text)
	if segs := id.Segments(); len(segs) > 6 && strings.EqualFold(segs[6], "services") {
		segs[6] = "service"
		return idOf("/" + strings.Join(segs, "/"))
	}
	return id
}

// markConnected notes in the workspace that it has had a connection: from now on its service's managed gateway no longer serves it.
func markConnected(w *kind.Typed[ConfigConnection]) ([]kind.Extra, error) {
	id := idOf(w.New.SourceID)
	v, ok := kind.Of[Workspace](w.Lookup, id)
	if !ok || v.Connected {
		return nil, nil
	}
	marked := *v
	marked.Connected = true
	return []kind.Extra{{ID: id, Value: &marked}}, nil
}

func validateConnection(w *kind.Typed[ConfigConnection]) error {
	source := idOf(w.New.SourceID)
	if !strings.EqualFold(source.Type(), kind.Workspace) {
		return arm.InvalidField("sourceId", "sourceId must be the full resource id of a workspace.")
	}
	if w.Old != nil && !idOf(w.Old.SourceID).Equal(source) {
		return arm.InvalidField("sourceId", "sourceId can't change; delete the connection and create another.")
	}
	for _, other := range w.Lookup.Children(w.ID.Parent(), "configConnections") {
		v, ok := other.Value.(*ConfigConnection)
		if ok && !other.ID.Equal(w.ID) && !serviceOf(idOf(v.SourceID)).Equal(serviceOf(source)) {
			return arm.InvalidField("sourceId", "sourceId: all workspaces of a gateway must be of one service; this gateway serves another one.")
		}
	}
	return nil
}
