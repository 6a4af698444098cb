package apim

import (
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
)

// Documents of a workspace name connections that are there, and keep them from being deleted, as with whatever else they name. Those of the service are not held
// against what there is: as with Azure's, a policy may come before its connection, and fails until there is one.

// gatherConnections notes which connections of a workspace a document finds, with the named values that h has.
func gatherConnections(l kind.Lookup, home arm.ID, h *policy.Home, doc *policy.Document) {
	if !isWorkspace(home) || noProviders(l, home) {
		return
	}
	for _, u := range policy.ConnectionsOf(doc, h.NamedValues) {
		if _, ok := kind.Of[Authorization](l, connectionID(home, u)); ok {
			h.Connections[policy.ConnectionKey(u.Provider, u.Name)] = true
		}
	}
}

// connectionRefs are the connections of a workspace that a document names. They were there when it was saved; a service that is restored has its documents wait
// for them.
func connectionRefs(home arm.ID, doc *policy.Document, values map[string]string) (refs []kind.Ref) {
	if !isWorkspace(home) {
		return nil
	}
	for _, u := range policy.ConnectionsOf(doc, values) {
		refs = append(refs, kind.Ref{To: connectionID(home, u), Field: "value", Soft: true})
	}
	return refs
}

func connectionID(home arm.ID, u policy.ConnectionUse) arm.ID {
	return home.Child("authorizationProviders", u.Provider).Child("authorizations", u.Name)
}
