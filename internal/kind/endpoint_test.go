package kind_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

func weather() *kind.Registry {
	do := func(context.Context, *kind.EndpointCall) (any, error) { return nil, nil }
	r, err := kind.NewRegistry(
		kind.Entity[struct{}]{Namespace: "N", Type: "service", Noun: "Service", Under: []string{arm.TypeResourceGroup}}.Kind(),
		kind.Entity[struct{}]{Type: "rooms", Noun: "Room", Under: []string{"service"}, Right: "permission", Derived: true}.Kind(),
		kind.Entity[struct{}]{Type: "doors", Noun: "Door", Under: []string{"service"}, Permanent: true}.Kind(),
		kind.Endpoint{Type: "weather", Noun: "Weather", Under: []string{"service"}, Methods: map[string]*kind.Method{
			http.MethodGet: {Do: do}, http.MethodPatch: {Do: do}, http.MethodPost: {Right: "forecast/action", Do: do},
		}}.Kind(),
	)
	if err != nil {
		panic(err)
	}
	return r
}

func TestAnEndpointIsFoundWhereItStandsAndNowhereElse(t *testing.T) {
	t.Parallel()
	const service = "/subscriptions/s/resourceGroups/g/providers/N/service/x"
	for path, want := range map[string]struct{ ok, named bool }{
		service + "/weather":               {true, false},
		service + "/WEATHER/rome":          {true, true},
		service + "/rooms":                 {},
		service + "/rooms/r/weather":       {},
		"/subscriptions/s/weather":         {},
		service + "/service/y/weather":     {},
		"/providers/N/service/x/weather":   {},
		service + "/weather/rome/tomorrow": {},
	} {
		p, err := arm.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		_, named, ok := weather().Endpoint(p)
		if ok != want.ok || ok && named != want.named {
			t.Errorf("%s: found %v, named %v; want %v, %v", path, ok, named, want.ok, want.named)
		}
	}
}

func TestRoleActionsAreThoseThatCanBePerformed(t *testing.T) {
	t.Parallel()
	got := weather().Actions()
	for _, want := range []string{"N/service/permission/read", "N/service/permission/delete", "N/service/doors/write", "N/service/weather/read", "N/service/weather/write", "Microsoft.ApiManagement/forecast/action"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is missing in %v", want, got)
		}
	}
	for _, not := range []string{"N/service/rooms/read", "N/service/permission/write", "N/service/doors/delete", "N/service/weather/action"} {
		if slices.Contains(got, not) {
			t.Errorf("%s can't be performed and is listed", not)
		}
	}
}
