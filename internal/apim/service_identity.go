package apim

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// IdentityWorkspaces is the switch of a service that says which workspaces use its identity: nothing for all, names, or "never".
const IdentityWorkspaces = "Atelier.Identity.Workspaces"

// completeIdentity gives a service its system-assigned principal when its identity asks for one, and keeps it for as long as it does.
func (c *Catalogue) completeIdentity(w *kind.Typed[Service]) error {
	if w.Head.Identity == nil {
		return nil
	}
	given, ok := w.Head.Identity.(map[string]any)
	if !ok {
		return arm.InvalidField("identity", "identity is an object, for example {\"type\":\"SystemAssigned\"}.")
	}
	typ, _ := given["type"].(string)
	words := map[string]string{"none": "None", "systemassigned": "SystemAssigned", "userassigned": "UserAssigned", "systemassigned,userassigned": "SystemAssigned, UserAssigned"}
	typ, ok = words[strings.ToLower(strings.ReplaceAll(typ, " ", ""))]
	if !ok {
		return arm.InvalidField("identity.type", "identity.type must be one of None, SystemAssigned, UserAssigned and 'SystemAssigned, UserAssigned'.")
	}
	made := map[string]any{"type": typ}
	if users, ok := given["userAssignedIdentities"]; ok {
		made["userAssignedIdentities"] = users
	}
	if strings.Contains(typ, "SystemAssigned") {
		principal := ""
		if w.OldHead != nil {
			principal = IdentityPrincipal(w.OldHead)
		}
		made["principalId"], made["tenantId"] = cmp.Or(principal, newPrincipal()), c.TenantID
	}
	w.Head.Identity = made
	return nil
}

// IdentityPrincipal is the system-assigned principal of a service, "" without one.
func IdentityPrincipal(h *kind.Head) string {
	identity, _ := h.Identity.(map[string]any)
	principal, _ := identity["principalId"].(string)
	return principal
}

// newPrincipal is a random object id (RFC 9562, version 4).
func newPrincipal() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
