package apim

import (
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// graveyard is a Lookup over deleted services alone.
type graveyard struct {
	kind.Lookup
	rows []*kind.Resource
}

func (g graveyard) Get(id arm.ID) (*kind.Resource, bool) {
	for _, r := range g.rows {
		if r.ID.Equal(id) {
			return r, true
		}
	}
	return nil, false
}

func (g graveyard) Below(arm.ID, string) []*kind.Resource { return g.rows }

func buried(service arm.ID, ago time.Duration) *kind.Resource {
	at := time.Now().Add(-ago)
	return &kind.Resource{ID: deletedID(service, "West Europe", service.Name()), Value: &DeletedService{
		ServiceID: service.String(), DeletionDate: at, ScheduledPurgeDate: at.Add(keepDeleted), Token: "t",
	}}
}

func TestADeletedServiceIsKeptFor48Hours(t *testing.T) {
	t.Parallel()
	service := arm.MustID(testService)
	for ago, want := range map[time.Duration]bool{47 * time.Hour: true, 49 * time.Hour: false} {
		row := buried(service, ago)
		l := graveyard{rows: []*kind.Resource{row}}
		if _, got := (deletedServices{}).Get(l, row.ID); got != want {
			t.Errorf("after %s: there is %v, want %v", ago, got, want)
		}
		w := &kind.Typed[Service]{Write: &kind.Write{ID: service, Lookup: l}, New: &Service{Restore: true}}
		if r, err := reviveService(w); (err == nil && r != nil) != want {
			t.Errorf("after %s: restored %v, %v; want %v", ago, r, err, want)
		}
	}
}

func TestADeletionForgetsThoseWhoseTimeIsOver(t *testing.T) {
	t.Parallel()
	service := arm.MustID(testService)
	old := buried(arm.MustID(strings.TrimSuffix(testService, "s")+"old"), 49*time.Hour)
	w := &kind.Typed[Service]{
		Write: &kind.Write{ID: service, Lookup: graveyard{rows: []*kind.Resource{old}}, OldHead: &kind.Head{Location: "West Europe"}}, Old: &Service{},
	}
	extras, stays, err := leaveDeleted(w)
	if err != nil || stays || len(extras) != 2 {
		t.Fatalf("got %v, %v, %v", extras, stays, err)
	}
	if got := extras[0].ID.String(); !strings.HasSuffix(got, "/locations/westeurope/deletedservices/s") {
		t.Errorf("the deleted service is kept at %s", got)
	}
	if !extras[1].Delete || !extras[1].ID.Equal(old.ID) {
		t.Errorf("the one whose time is over stays: %+v", extras[1])
	}
}

func TestARestoreKeepsToItsResourceGroup(t *testing.T) {
	t.Parallel()
	service := arm.MustID(testService)
	l := graveyard{rows: []*kind.Resource{buried(service, time.Hour)}}
	elsewhere := arm.MustID(strings.Replace(testService, "/resourceGroups/r/", "/resourceGroups/other/", 1))
	w := &kind.Typed[Service]{Write: &kind.Write{ID: elsewhere, Lookup: l}, New: &Service{Restore: true}}
	if r, err := reviveService(w); err == nil {
		t.Errorf("a service came back in another resource group: %+v", r)
	}
	w.Write = &kind.Write{ID: service, Lookup: l}
	if r, err := reviveService(w); err != nil || r == nil || !r.From.Equal(service) {
		t.Errorf("got %+v, %v", r, err)
	}
}
