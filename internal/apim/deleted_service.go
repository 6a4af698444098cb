package apim

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// DeletedService stands for a service that can be had back: PUT it with properties.restore under the name that this row has.
type DeletedService struct {
	ServiceID          string    `json:"serviceId"`
	DeletionDate       time.Time `json:"deletionDate"`
	ScheduledPurgeDate time.Time `json:"scheduledPurgeDate"`
	// Token marks the place in the change log; AzureLimits that the service wanted its name kept.
	Token       string `json:"atelierToken,omitempty"`
	AzureLimits bool   `json:"atelierAzureLimits,omitempty"`
}

const (
	deletedServiceType = "Microsoft.ApiManagement/locations/deletedservices"
	// keepDeleted is how long a deleted service can be had back, as in Azure.
	keepDeleted = 48 * time.Hour
)

func deletedService() *kind.Kind {
	return kind.Entity[DeletedService]{
		Namespace: arm.NamespaceAPIM, Type: "locations/deletedservices", Noun: "Deleted service", Under: []string{arm.NamespaceAPIM + "/locations"},
		Names: kind.Names{Max: 90}, Derived: true, Deleted: true, Virtual: deletedServices{},
		Render: func(_ *kind.Rendering, v *DeletedService) { v.Token, v.AzureLimits = "", false },
	}.Kind()
}

// deletedServices reads those whose time isn't over.
type deletedServices struct{}

func (deletedServices) Get(l kind.Lookup, id arm.ID) (*kind.Resource, bool) {
	r, ok := l.Get(id)
	if !ok || expired(r) {
		return nil, false
	}
	return r, true
}

func (deletedServices) List(l kind.Lookup, scope arm.ID, _ kind.ListQuery) []kind.Listed {
	var out []kind.Listed
	for _, r := range deletedBelow(l, scope) {
		out = append(out, kind.Listed{Resource: r})
	}
	return out
}

func expired(r *kind.Resource) bool {
	v, ok := r.Value.(*DeletedService)
	return !ok || time.Now().After(v.ScheduledPurgeDate)
}

func deletedBelow(l kind.Lookup, scope arm.ID) []*kind.Resource {
	var out []*kind.Resource
	for _, r := range l.Below(scope, deletedServiceType) {
		if !expired(r) {
			out = append(out, r)
		}
	}
	return out
}

// deletedID is the address of a deleted service. Clients write locations as they like; addresses have them in lower case without blanks.
func deletedID(service arm.ID, location, name string) arm.ID {
	sub, _ := service.Ancestor(arm.TypeSubscription)
	return sub.Provider(arm.NamespaceAPIM, "locations", locationWord(location)).Child("deletedservices", name)
}

func locationWord(location string) string {
	return strings.ToLower(strings.ReplaceAll(location, " ", ""))
}

// leaveDeleted keeps a service that goes, and forgets those whose time is over.
func leaveDeleted(w *kind.Typed[Service]) ([]kind.Extra, bool, error) {
	now := time.Now().UTC().Truncate(time.Second)
	out := []kind.Extra{{ID: deletedID(w.ID, w.OldHead.Location, w.ID.Name()), Value: &DeletedService{
		ServiceID: w.ID.String(), DeletionDate: now, ScheduledPurgeDate: now.Add(keepDeleted), Token: newKey(), AzureLimits: azureLimits(w.Old),
	}}}
	sub, _ := w.ID.Ancestor(arm.TypeSubscription)
	for _, r := range w.Lookup.Below(sub, deletedServiceType) {
		if expired(r) {
			out = append(out, kind.Extra{ID: r.ID, Delete: true})
		}
	}
	return out, false, nil
}

// deletedUnder finds what a name stands for among the deleted services of a subscription.
func deletedUnder(l kind.Lookup, service arm.ID) (*kind.Resource, *DeletedService) {
	sub, _ := service.Ancestor(arm.TypeSubscription)
	for _, r := range deletedBelow(l, sub) {
		if strings.EqualFold(r.ID.Name(), service.Name()) {
			return r, r.Value.(*DeletedService)
		}
	}
	return nil, nil
}

// reviveService brings a deleted service back when the body says restore. Only within the resource group that it was deleted from: elsewhere its
// content would come under others' rights.
func reviveService(w *kind.Typed[Service]) (*kind.Revival, error) {
	if !w.New.Restore {
		return nil, nil
	}
	if _, there := w.Lookup.Get(w.ID); there {
		return nil, arm.Conflict("ServiceAlreadyExists", "The service '%s' exists; only a deleted one can be restored.", w.ID.Name())
	}
	row, v := deletedUnder(w.Lookup, w.ID)
	if row == nil || !idOf(v.ServiceID).Parent().Equal(w.ID.Parent()) {
		return nil, arm.Errorf(http.StatusNotFound, "ServiceNotFound", "There is no deleted service '%s' in this resource group to restore. Those that there are: GET /subscriptions/{id}/providers/Microsoft.ApiManagement/deletedservices.", w.ID.Name())
	}
	return &kind.Revival{From: idOf(v.ServiceID), Record: row.ID, Token: v.Token}, nil
}

// makeWay renames the deleted service whose name a new one takes: it stays restorable under the new name until its time is over.
func makeWay(w *kind.Typed[Service]) []kind.Extra {
	row, v := deletedUnder(w.Lookup, w.ID)
	if row == nil || w.Revived != nil {
		return nil
	}
	kept := *v
	name := fmt.Sprintf("%.35s-%s", w.ID.Name(), v.DeletionDate.Format("20060102150405"))
	return []kind.Extra{{ID: row.ID.Parent().Child("deletedservices", name), Value: &kept}, {ID: row.ID, Delete: true}}
}

// listDeleted answers GET /subscriptions/{id}/providers/Microsoft.ApiManagement/deletedservices.
func listDeleted(_ context.Context, c *kind.EndpointCall) (any, error) {
	out := []map[string]any{}
	err := c.View(func(l kind.Lookup) error {
		for _, r := range deletedBelow(l, c.ID) {
			v := *r.Value.(*DeletedService)
			v.Token, v.AzureLimits = "", false
			out = append(out, map[string]any{"id": r.ID, "type": arm.NamespaceAPIM + "/deletedservices", "name": r.ID.Name(), "location": r.ID.Parent().Name(), "properties": v})
		}
		return nil
	})
	return map[string]any{"value": out}, err
}
