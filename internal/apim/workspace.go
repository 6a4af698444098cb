package apim

import (
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Workspace is one team's part of a service.
type Workspace struct {
	DisplayName string `json:"displayName" rule:"required,max=300"`
	Description string `json:"description,omitempty" rule:"max=1000"`
	// Connected is set for ever by the workspace's first config connection: from then on only gateways that it is connected to serve it (design 4).
	Connected bool `json:"atelierConnected,omitempty"`
}

func workspace() *kind.Kind {
	n := named(80)
	n.Reserved = []string{"default", "default-workspace"} // features M134
	return kind.Entity[Workspace]{
		Type: "workspaces", Noun: "Workspace", Under: []string{kind.Service}, Names: n, Guarded: true, Publish: true,
		Filters: "name displayName description",
		Default: func(w *kind.Typed[Workspace]) error {
			if w.Old != nil && w.Old.Connected {
				w.New.Connected = true
			} else if w.Supplied["atelierConnected"] {
				w.New.Connected = false // not for callers to say
			}
			return nil
		},
		Validate: func(w *kind.Typed[Workspace]) error {
			if w.Old != nil {
				return nil
			}
			return tierRefuses(w.Lookup, w.ID, tiersWithWorkspaces)
		},
		Render: func(_ *kind.Rendering, v *Workspace) { v.Connected = false },
		View:   kind.View{One: "Workspace", Many: "Workspaces", Summary: "Gives one team its own APIs, products, policies and secrets.", Columns: []string{"displayName", "description"}},
	}.Kind()
}

// ServedByManaged says whether a service's managed gateway serves a workspace: one that never had a config connection; or one that has none any more
// and that the service names in customProperties, unless it closes the managed gateway to all workspaces (design 4). connected says whether a
// gateway is connected to it now.
func ServedByManaged(s *Service, id arm.ID, w *Workspace, connected bool) bool {
	named := strings.Split(strings.ReplaceAll(strings.ToLower(s.CustomProperties[WorkspacesManaged]), " ", ""), ",")
	switch {
	case connected, slices.Contains(named, "never"):
		return false
	}
	return !w.Connected || slices.Contains(named, strings.ToLower(id.Name())) || slices.Contains(named, id.Key())
}
