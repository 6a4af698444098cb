package apim

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// TenantAccess are the keys of the older management address ("access") and of the configuration repository ("gitAccess"). This installation serves
// neither, so enabled has no effect; the keys sign the tokens that users and gateways are given.
type TenantAccess struct {
	ID           string `json:"id,omitempty"`
	PrincipalID  string `json:"principalId,omitempty"`
	Enabled      bool   `json:"enabled"`
	PrimaryKey   string `json:"primaryKey,omitempty"`
	SecondaryKey string `json:"secondaryKey,omitempty"`
}

// Names of the tenant's settings.
const (
	tenantAccess    = "access"
	tenantGitAccess = "gitAccess"
)

func tenant() *kind.Kind {
	return kind.Entity[TenantAccess]{
		Type: "tenant", Noun: "Tenant access", Under: []string{kind.Service}, Names: kind.Names{Among: []string{tenantAccess, tenantGitAccess}},
		Secrets:  func(v *TenantAccess) []*string { return []*string{&v.PrimaryKey, &v.SecondaryKey} },
		Standing: func(id arm.ID) *TenantAccess { return standingTenant(id.Name()) },
		Actions: []kind.Action{
			{Name: "listSecrets", Do: func(c *kind.ActionCall) (any, error) { return c.Value, nil }},
			{Name: "regeneratePrimaryKey", Mutates: true, Status: http.StatusNoContent, Do: func(c *kind.ActionCall) (any, error) {
				c.Value.(*TenantAccess).PrimaryKey = newKey()
				return nil, nil
			}},
			{Name: "regenerateSecondaryKey", Mutates: true, Status: http.StatusNoContent, Do: func(c *kind.ActionCall) (any, error) {
				c.Value.(*TenantAccess).SecondaryKey = newKey()
				return nil, nil
			}},
		},
		Default: func(w *kind.Typed[TenantAccess]) error {
			t := w.New
			if w.Old != nil {
				t.PrimaryKey, t.SecondaryKey = cmp.Or(t.PrimaryKey, w.Old.PrimaryKey), cmp.Or(t.SecondaryKey, w.Old.SecondaryKey)
				t.PrincipalID = cmp.Or(t.PrincipalID, w.Old.PrincipalID)
			}
			t.ID = w.ID.Name()
			t.PrimaryKey, t.SecondaryKey = cmp.Or(t.PrimaryKey, newKey()), cmp.Or(t.SecondaryKey, newKey())
			return nil
		},
		Remove: func(w *kind.Typed[TenantAccess]) error {
			return arm.Errorf(http.StatusMethodNotAllowed, "MethodNotAllowed", "'%s' can't be deleted; switch it off with enabled, or regenerate its keys.", w.ID.Name())
		},
	}.Kind()
}

func standingTenant(name string) *TenantAccess {
	for _, n := range []string{tenantAccess, tenantGitAccess} {
		if strings.EqualFold(n, name) {
			return &TenantAccess{ID: n, PrincipalID: principalOfTenant[n]}
		}
	}
	return nil
}

// principalOfTenant are the names that clients of the older addresses sign with.
var principalOfTenant = map[string]string{tenantAccess: "integration", tenantGitAccess: "apim"}

// tenantRows are made with every service, so that its keys are there from the start.
func tenantRows(service arm.ID) []kind.Extra {
	return []kind.Extra{
		{ID: service.Child("tenant", tenantAccess), Value: standingTenant(tenantAccess)},
		{ID: service.Child("tenant", tenantGitAccess), Value: standingTenant(tenantGitAccess)},
	}
}

// noRepository refuses what needs a configuration repository.
func noRepository(context.Context, *kind.EndpointCall) (any, error) {
	return nil, arm.Errorf(http.StatusBadRequest, "NotSupported",
		"This installation keeps no configuration repository. Every change is in the change log; POST …/backup writes the whole service, and 'atelier activity' shows its past.")
}

// tenantEndpoints are the addresses below tenant/{name} that aren't settings.
func tenantEndpoints() []*kind.Kind {
	tenant := []string{"tenant"}
	refused := func(word string) *kind.Kind {
		return kind.Endpoint{Type: word, Noun: "Configuration repository", Under: tenant, AnyName: true, Methods: map[string]*kind.Method{http.MethodPost: {Do: noRepository}}}.Kind()
	}
	return []*kind.Kind{
		refused("deploy"), refused("save"), refused("validate"),
		kind.Endpoint{Type: "git", Noun: "Repository access", Under: tenant, Methods: map[string]*kind.Method{
			http.MethodPost: {As: func(id arm.ID) (arm.ID, string) { return id.Parent(), id.Name() }},
		}}.Kind(),
		kind.Endpoint{Type: "syncState", Noun: "Synchronization", Under: tenant, AnyName: true, Methods: map[string]*kind.Method{http.MethodGet: {Do: syncState}}}.Kind(),
	}
}

func syncState(_ context.Context, c *kind.EndpointCall) (any, error) {
	id := c.ID.String() + "/syncState"
	return map[string]any{
		"id": id, "type": kind.Service + "/tenant/syncState", "name": "syncState",
		"properties": map[string]any{"branch": "", "commitId": "", "isExport": false, "isSynced": false, "isGitEnabled": false, "configurationChangeDate": time.Time{}},
	}, nil
}
