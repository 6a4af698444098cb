package apim

import (
	"context"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Tiers have names that clients send; here they change nothing but what Limits.Profile "azure" refuses, and units may be 0 to maxUnits.

const maxUnits = 100

func units(scaleType string) map[string]any {
	return map[string]any{"minimum": 0, "maximum": maxUnits, "default": 1, "scaleType": scaleType}
}

// allTiers answers GET /subscriptions/{id}/providers/Microsoft.ApiManagement/skus.
func allTiers(context.Context, *kind.EndpointCall) (any, error) {
	out := []map[string]any{}
	for _, n := range skuNames {
		out = append(out, map[string]any{"resourceType": "service", "name": n, "tier": n, "locations": []string{}, "capacity": units("Manual"), "restrictions": []any{}})
	}
	for _, n := range gatewaySKUs {
		out = append(out, map[string]any{"resourceType": "gateways", "name": n, "tier": n, "locations": []string{}, "capacity": units("Manual"), "restrictions": []any{}})
	}
	return map[string]any{"value": out}, nil
}

func serviceTiers(context.Context, *kind.EndpointCall) (any, error) {
	return tiersOf(kind.Service, skuNames, "manual"), nil
}

func gatewayTiers(context.Context, *kind.EndpointCall) (any, error) {
	return tiersOf(gatewayType, gatewaySKUs, "Manual"), nil
}

func tiersOf(resourceType string, names []string, scaleType string) map[string]any {
	out := []map[string]any{}
	for _, n := range names {
		out = append(out, map[string]any{"resourceType": resourceType, "sku": map[string]string{"name": n}, "capacity": units(scaleType)})
	}
	return map[string]any{"value": out}
}

// Tiers that have a feature when a service keeps Azure's limits. Source: the feature table of the service (features C1) and its refusals.
var (
	tiersWithWorkspaces = []string{"Premium", "PremiumV2", "StandardV2", "BasicV2", "Isolated"}
	tiersWithSelfHosted = []string{"Developer", "Premium", "Isolated"}
)

// tierRefuses says whether the service of an id keeps Azure's limits and has a tier without the feature.
func tierRefuses(l kind.Lookup, id arm.ID, tiers []string) error {
	r, ok := l.Get(serviceOf(id))
	if !ok || r.Head.SKU == nil {
		return nil
	}
	s, ok := r.Value.(*Service)
	if !ok || !azureLimits(s) {
		return nil
	}
	for _, t := range tiers {
		if strings.EqualFold(t, r.Head.SKU.Name) {
			return nil
		}
	}
	return arm.Errorf(400, "MethodNotAllowedInPricingTier", "Method not allowed in %s pricing tier. The service keeps Azure's limits (customProperties[%q]); tiers that allow it: %s.", r.Head.SKU.Name, LimitsProfile, strings.Join(tiers, ", "))
}
