package apim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/usage"
)

func TestPeriodsAreNamedByNumberAndLength(t *testing.T) {
	t.Parallel()
	for want, length := range map[string]time.Duration{
		"7_P0D": 0, "7_P1D": 24 * time.Hour, "7_PT5M": 5 * time.Minute, "7_P30DT1H1S": 30*24*time.Hour + time.Hour + time.Second, "7_PT1H30M": 90 * time.Minute,
	} {
		if got := PeriodKey(7, length); got != want {
			t.Errorf("%s: %s, want %s", length, got, want)
		}
		if back, err := parseInterval(want[2:]); err != nil || back != length {
			t.Errorf("%s is read as %s, %v", want[2:], back, err)
		}
	}
	for _, bad := range []string{"", "P", "PT", "1H", "P1H", "PT1D", "PT1M1H", "PT-1H", "PT1.5H", "PT1H1H", "P1DT", "PT999999H", "PT1Hx", "P1W", "PTH", strings.Repeat("P", 1000)} {
		if d, err := parseInterval(bad); err == nil {
			t.Errorf("%q is read as %s", bad, d)
		}
	}
}

// TestFiltersTakeIdsAsReportsWriteThem, full ids, and bare names; a workspace's names are its own.
func TestFiltersTakeIdsAsReportsWriteThem(t *testing.T) {
	t.Parallel()
	service, err := arm.ParseID("/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/contoso")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		home         arm.ID
		field, value string
		want         string
	}{
		{service, "apiId", "/apis/a", "[{API [/apis/a]}]"},
		{service, "apiId", "a", "[{API [/apis/a a]}]"},
		{service, "apiId", service.String() + "/apis/a", "[{API [/apis/a]}]"},
		{service, "apiId", "/apis/-", "[{API []}]"},
		{service, "apiId", "/workspaces/w/apis/a", "[{API [/workspaces/w/apis/a]}]"},
		{service.Child("workspaces", "w"), "apiId", "/apis/a", "[{API [/apis/a /workspaces/w/apis/a]}]"},
		{service, "operationId", "/apis/a/operations/get", "[{Operation [get]} {API [/apis/a]}]"},
		{service, "operationId", "-lone", "[{Operation [-lone]}]"},
		{service, "operationId", "-", "[{Operation []}]"},
		{service, "subscriptionId", "/subscriptions/x", "[{Subscription [/subscriptions/x]}]"},
		{service, "USERID", "dana", "[{User [/users/dana dana]}]"},
		{service, "apiRegion", "East US", "[{Region [East US]}]"},
	} {
		names := map[usage.Field]string{usage.API: "API", usage.Operation: "Operation", usage.Subscription: "Subscription", usage.User: "User", usage.Region: "Region"}
		var got []string
		for _, x := range conditionsOf(c.field, c.value, c.home) {
			slices.Sort(x.Among)
			got = append(got, fmt.Sprintf("{%s %v}", names[x.Field], x.Among))
		}
		if text := fmt.Sprint(got); text != c.want {
			t.Errorf("%s eq %q in %s: %s, want %s", c.field, c.value, c.home.Name(), text, c.want)
		}
	}
}

// FuzzReportFilter: whatever is sent as a filter is read or refused, and what is read has bounds in time.
func FuzzReportFilter(f *testing.F) {
	f.Add("timestamp ge datetime'2026-01-01T00:00:00' and timestamp le datetime'2026-01-02T00:00:00' and apiId eq '/apis/x'")
	f.Add("timestamp ge 2026-01-01T00:00:00Z and timestamp le 9999-12-31T23:59:59Z and operationId eq 'İ/operations/x'")
	f.Add("not (timestamp ge 1)")
	home, err := arm.ParseID("/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/contoso/workspaces/w")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		from, to, equal, err := reportFilter(text, &reports[6], home)
		if err == nil && (from.IsZero() || to.Before(from) || to.Year() > 9999 || len(equal) > 2*len(text)) {
			t.Errorf("%q is read as %s to %s, %v", text, from, to, equal)
		}
	})
}
