package armhttp

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Facts are what the endpoints beside the kinds answer from.
type Facts struct {
	TenantID string
	Registry *kind.Registry
	Access   Access
	Activity Activity
	Control  *control.Control
	// Parity is the ledger of operations, ready for JSON.
	Parity func() any
	// Language answers editors of policies.
	Language Language
}

// Specials are the endpoints that SDKs, Terraform and the console use beside the kinds.
func Specials(f Facts) map[string]Special {
	rg := strings.ToLower(arm.TypeResourceGroup)
	sub := strings.ToLower(arm.TypeSubscription)
	out := map[string]Special{
		"GET /tenants":              f.tenants,
		"GET atelier/parity":        f.parity,
		"GET " + sub + "/providers": f.providers,
		"GET " + rg + "/resources":  f.resources,
		"GET microsoft.apimanagement/locations/operationstatuses/": f.operationStatus,
		"GET microsoft.apimanagement/locations/operationresults/":  f.operationResult,
		"POST microsoft.apimanagement/register":                    f.register,
		"POST microsoft.authorization/register":                    f.register,
		"POST microsoft.resources/register":                        f.register,
	}
	f.access(out)
	f.language(out)
	out["GET microsoft.insights/eventtypes/values"] = f.activity
	return out
}

func answer(v any) (*control.Answer, error) {
	b, err := json.Marshal(v)
	return &control.Answer{Status: http.StatusOK, Body: b}, err
}

type values struct {
	Value any `json:"value"`
}

func (f Facts) tenants(context.Context, *control.Call, arm.Path, []byte) (*control.Answer, error) {
	return answer(values{[]map[string]any{{"id": "/tenants/" + f.TenantID, "tenantId": f.TenantID, "displayName": "Atelier", "tenantCategory": "Home"}}})
}

// providers answers what resource providers there are: Terraform asks before it starts.
func (f Facts) providers(context.Context, *control.Call, arm.Path, []byte) (*control.Answer, error) {
	var out []map[string]any
	for _, ns := range []string{arm.NamespaceAPIM, "Microsoft.Authorization", "Microsoft.Resources"} {
		out = append(out, f.provider(ns))
	}
	return answer(values{out})
}

func (f Facts) provider(namespace string) map[string]any {
	types := []map[string]any{}
	for _, m := range f.Registry.All() {
		if ns, t, _ := strings.Cut(m.FullType, "/"); strings.EqualFold(ns, namespace) {
			types = append(types, map[string]any{"resourceType": t, "apiVersions": arm.APIVersions, "locations": []string{}})
		}
	}
	return map[string]any{"namespace": namespace, "registrationState": "Registered", "resourceTypes": types}
}

func (f Facts) register(_ context.Context, _ *control.Call, p arm.Path, _ []byte) (*control.Answer, error) {
	return answer(map[string]any{"namespace": p.Namespace, "registrationState": "Registered"})
}

// resources lists what a resource group holds; Terraform asks before it deletes one.
func (f Facts) resources(ctx context.Context, call *control.Call, p arm.Path, _ []byte) (*control.Answer, error) {
	var all []json.RawMessage
	for _, t := range []string{kind.Service, "Microsoft.ApiManagement/gateways"} {
		list := *call
		list.Query = map[string][]string{"$top": {"1000"}}
		a, err := f.Control.List(ctx, &list, p.ID, t)
		if err != nil {
			return nil, err
		}
		var page arm.Page
		if err := json.Unmarshal(a.Body, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Value...)
	}
	if all == nil {
		all = []json.RawMessage{}
	}
	return answer(values{all})
}

func (f Facts) operationStatus(ctx context.Context, call *control.Call, p arm.Path, _ []byte) (*control.Answer, error) {
	return f.Control.OperationStatus(ctx, call, p.ID)
}

func (f Facts) operationResult(ctx context.Context, call *control.Call, p arm.Path, _ []byte) (*control.Answer, error) {
	return f.Control.OperationResult(ctx, call, p.ID)
}
