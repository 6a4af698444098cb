package policies

import (
	"errors"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// setDaprService is the form of set-backend-service that calls a service through the Dapr sidecar (policies.md 7.6): the method takes the place of
// the request's path.
func setDaprService(a *policy.Args, env Env) (policy.Step, error) {
	id, literal := a.Text("backend-id").Literal()
	section := a.Place().Section
	switch {
	case !literal || id != "dapr" || a.Set("base-url"):
		return nil, errors.New("the attributes for Dapr need backend-id=\"dapr\" beside them, and no base-url")
	case !a.Set("dapr-app-id") || !a.Set("dapr-method"):
		return nil, errors.New("the attributes 'dapr-app-id' and 'dapr-method' are both required")
	case section != policy.Inbound:
		return nil, errors.New("a service is called through Dapr from the section inbound only")
	}
	sidecar := daprAt(env, a)
	app, method, namespace, hasNamespace := a.Text("dapr-app-id"), a.Text("dapr-method"), a.Text("dapr-namespace"), a.Set("dapr-namespace")
	return func(x *policy.Exchange) error {
		name, err := app.Get(x)
		if err != nil {
			return err
		}
		if hasNamespace {
			space, err := namespace.Get(x)
			if err != nil {
				return err
			}
			name += "." + space
		}
		if name, err = daprName("application", name); err != nil {
			return err
		}
		path, err := method.Get(x)
		if err != nil {
			return err
		}
		x.Backend.Backend, x.Backend.Base = nil, sidecar+"/v1.0/invoke/"+name+"/method"
		x.Backend.Path, x.Backend.Rewritten = "/"+strings.TrimPrefix(path, "/"), true
		return nil
	}, nil
}
