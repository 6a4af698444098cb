package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/access"
	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/kind"
)

// accessAnswers answers Microsoft.Authorization for the management API.
type accessAnswers struct{ *server }

func (a accessAnswers) Permissions(c kind.Caller, scope arm.ID) any {
	return access.Permissions(a.access, a.directory.Groups, c, scope)
}

func (a accessAnswers) Check(c kind.Caller, scope arm.ID, body []byte) (any, error) {
	return access.CheckAccess(a.access, a.directory, c, scope, body)
}

func (a accessAnswers) Operations(namespace string) any {
	return access.Enforced(namespace, enforcedActions(a.registry))
}

func (a accessAnswers) Providers(namespace string) any {
	all := access.Providers(enforcedActions(a.registry))
	if namespace == "" {
		return all
	}
	for _, p := range all {
		if strings.EqualFold(p.Name, namespace) {
			return p
		}
	}
	return nil
}

// enforcedActions are the role actions that decide something here: those of the kinds, and those that linked writes need.
func enforcedActions(r *kind.Registry) []string { return append(r.Actions(), apim.JoinWorkspace) }

// elevations names the assignments that elevateAccess makes, one a principal.
var elevations = uuid.MustParse("5b0e6c1e-2f0a-4c55-8d2c-6d3a2b1f7e90")

// Elevate gives a directory administrator the role that gives roles, at the root: the way back for an organisation that locked itself out.
func (a accessAnswers) Elevate(ctx context.Context, call *control.Call) error {
	const action = authz.Namespace + "/elevateAccess/action"
	if !a.directory.Administrator(call.ObjectID) {
		return arm.Forbidden(call.Name, call.ObjectID, action, arm.Root)
	}
	own := *call // the caller, for the log; the right comes from the directory
	own.System, own.IfMatch = true, ""
	p, _ := a.directory.Principal(call.ObjectID)
	id := arm.Root.Provider(authz.Namespace, "roleAssignments", uuid.NewSHA1(elevations, []byte(strings.ToLower(call.ObjectID))).String())
	body := fmt.Sprintf(`{"properties":{"roleDefinitionId":"/providers/%s/roleDefinitions/%s","principalId":%q,"principalType":%q}}`,
		authz.Namespace, authz.UserAccessAdministrator, call.ObjectID, p.Kind)
	_, err := a.control.Put(ctx, &own, id, []byte(body))
	var refused *arm.Error
	if errors.As(err, &refused) && refused.Status == http.StatusConflict {
		return nil // it has the role there already
	}
	return err
}
