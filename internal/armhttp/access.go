package armhttp

import (
	"context"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Access answers what Microsoft.Authorization tells beside its kinds. Values are ready for JSON.
type Access interface {
	// Permissions are the entries of the caller's roles at a scope.
	Permissions(c kind.Caller, scope arm.ID) any
	// Check answers a question about access at a scope.
	Check(c kind.Caller, scope arm.ID, body []byte) (any, error)
	// Operations are the enforced operations of a provider namespace.
	Operations(namespace string) any
	// Providers are the operations that roles can name, by provider; of one when a namespace is given, and nil when there is no such provider.
	Providers(namespace string) any
	// Elevate makes a directory administrator User Access Administrator of everything.
	Elevate(ctx context.Context, call *control.Call) error
}

// emptyKinds are kinds of Microsoft.Authorization that Atelier doesn't have: none of them ever exists, and tools that list them go on.
var emptyKinds = []string{
	"locks", "policyAssignments", "policyDefinitions", "policySetDefinitions", "policyExemptions", "policyEnrollments", "classicAdministrators",
	"roleAssignmentSchedules", "roleAssignmentScheduleInstances", "roleAssignmentScheduleRequests",
	"roleEligibilitySchedules", "roleEligibilityScheduleInstances", "roleEligibilityScheduleRequests",
	"roleManagementPolicies", "roleManagementPolicyAssignments",
}

// access are the endpoints of Microsoft.Authorization beside its kinds.
func (f Facts) access(into map[string]Special) {
	const ns = "microsoft.authorization/"
	into["GET "+ns+"permissions"] = f.permissions
	into["GET microsoft.apimanagement/operations"] = f.operations
	into["GET "+ns+"operations"] = f.operations
	into["GET "+ns+"provideroperations"] = f.providerOperations
	into["GET "+ns+"provideroperations/"] = f.providerOperations
	into["POST "+ns+"checkaccess"] = f.checkAccess
	into["POST "+ns+"elevateaccess"] = f.elevateAccess
	for _, k := range emptyKinds {
		into["GET "+ns+strings.ToLower(k)] = f.none("Microsoft.Authorization/" + k + "/read")
	}
}

func callerOf(call *control.Call) kind.Caller {
	return kind.Caller{ObjectID: call.ObjectID, Name: call.Name, Groups: call.Groups}
}

func (f Facts) permissions(_ context.Context, call *control.Call, p arm.Path, _ []byte) (*control.Answer, error) {
	return answer(values{f.Access.Permissions(callerOf(call), p.ID)})
}

func (f Facts) checkAccess(_ context.Context, call *control.Call, p arm.Path, body []byte) (*control.Answer, error) {
	v, err := f.Access.Check(callerOf(call), p.ID, body)
	if err != nil {
		return nil, err
	}
	return answer(v)
}

func (f Facts) operations(_ context.Context, _ *control.Call, p arm.Path, _ []byte) (*control.Answer, error) {
	return answer(values{f.Access.Operations(p.Namespace)})
}

// providerOperations answers for one namespace or all. Types are always expanded: without them nobody could write a role.
func (f Facts) providerOperations(_ context.Context, _ *control.Call, p arm.Path, _ []byte) (*control.Answer, error) {
	if p.Collection != "" {
		return answer(values{f.Access.Providers("")})
	}
	v := f.Access.Providers(p.ID.Name())
	if v == nil {
		return nil, arm.Errorf(http.StatusNotFound, "ProviderNotFound", "There is no resource provider '%.100s'. GET /providers/Microsoft.Authorization/providerOperations lists them.", p.ID.Name())
	}
	return answer(v)
}

func (f Facts) elevateAccess(ctx context.Context, call *control.Call, p arm.Path, _ []byte) (*control.Answer, error) {
	if !p.ID.IsRoot() {
		return nil, arm.Errorf(http.StatusNotFound, "InvalidResourceType", "elevateAccess is asked for at the root: POST /providers/Microsoft.Authorization/elevateAccess.")
	}
	if err := f.Access.Elevate(ctx, call); err != nil {
		return nil, err
	}
	return &control.Answer{Status: http.StatusOK}, nil
}

// none answers an empty list to those who may read one.
func (f Facts) none(action string) Special {
	return func(_ context.Context, call *control.Call, p arm.Path, _ []byte) (*control.Answer, error) {
		if err := f.Control.Allow(call, action, p.ID); err != nil {
			return nil, err
		}
		return answer(values{[]string{}})
	}
}
