package access

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

const (
	roleDefinitionType = authz.Namespace + "/roleDefinitions"
	roleAssignmentType = authz.Namespace + "/roleAssignments"
	serviceType        = kind.Service
)

// Follower keeps an authorization index in step with the store.
type Follower struct {
	Live *authz.Live
	// ReadOwn is the custom property of a service whose value "false" takes from members what authz.Index.DecideOwn gives them.
	ReadOwn string
}

// Load makes the index of everything stored.
func (f Follower) Load(r store.Reader) error {
	roles, err := r.List(store.Query{Under: true, Kind: roleDefinitionType})
	if err != nil {
		return fmt.Errorf("role definitions: %w", err)
	}
	assignments, err := r.List(store.Query{Under: true, Kind: roleAssignmentType})
	if err != nil {
		return fmt.Errorf("role assignments: %w", err)
	}
	var defs []authz.RoleDefinition
	for _, row := range roles {
		d, err := decodeRole(row.ID, row.Body)
		if err != nil {
			return err
		}
		defs = append(defs, d)
	}
	var held []authz.Assignment
	for _, row := range assignments {
		a, err := decodeAssignment(row.ID, row.Body)
		if err != nil {
			return err
		}
		held = append(held, a)
	}
	x, err := authz.New(defs, nil)
	if err != nil {
		return fmt.Errorf("authorization index: %w", err)
	}
	for _, a := range held {
		next, err := x.WithAssignment(a)
		if err != nil {
			// It grants nothing, and must not keep everybody out.
			slog.Error("a role assignment can't be honoured and grants nothing", "assignment", a.ID(), "error", err)
			continue
		}
		x = next
	}
	if x, err = withDenies(x, r); err != nil {
		return err
	}
	services, err := r.List(store.Query{Under: true, Kind: serviceType})
	if err != nil {
		return fmt.Errorf("services: %w", err)
	}
	for _, row := range services {
		x = f.withMembers(x, row.ID, row.Body)
	}
	return f.Live.Update(func(*authz.Index) (*authz.Index, error) { return x, nil })
}

// withMembers follows the switch of a service. A body that can't be read keeps members out.
func (f Follower) withMembers(x *authz.Index, service arm.ID, body []byte) *authz.Index {
	var d struct {
		Properties struct {
			CustomProperties map[string]string `json:"customProperties"`
		} `json:"properties"`
	}
	err := json.Unmarshal(body, &d)
	return x.WithMembers(service, err == nil && !strings.EqualFold(d.Properties.CustomProperties[f.ReadOwn], "false"))
}

// withDenies adds what is forbidden. Unlike a grant, a deny assignment that can't be honoured ends the start: the index would allow too much.
func withDenies(x *authz.Index, r store.Reader) (*authz.Index, error) {
	rows, err := r.List(store.Query{Under: true, Kind: denyAssignmentType})
	if err != nil {
		return nil, fmt.Errorf("deny assignments: %w", err)
	}
	for _, row := range rows {
		d, err := decodeDeny(row.ID, row.Body)
		if err == nil {
			x, err = x.WithDeny(d)
		}
		if err != nil {
			return nil, err
		}
	}
	return x, nil
}

// Apply takes changes. What was deleted takes the assignments at it and below with it. A change that can't be taken is reported and does not
// hold up the others: among them may be the removal of a right.
func (f Follower) Apply(changes []store.Change) error {
	var faults []error
	err := f.Live.Update(func(x *authz.Index) (*authz.Index, error) {
		for _, c := range changes {
			next, err := f.apply(x, c)
			if err != nil {
				faults = append(faults, fmt.Errorf("change %d: %w", c.Seq, err))
			}
			if next != nil {
				x = next
			}
		}
		return x, nil
	})
	return errors.Join(append(faults, err)...)
}

func (f Follower) apply(x *authz.Index, c store.Change) (*authz.Index, error) {
	id, err := arm.ParseID(c.ID)
	if err != nil {
		return nil, err
	}
	isRole, isAssignment, isDeny := strings.EqualFold(c.Kind, roleDefinitionType), strings.EqualFold(c.Kind, roleAssignmentType), strings.EqualFold(c.Kind, denyAssignmentType)
	switch {
	case c.Verb == store.VerbDelete && isDeny:
		return x.WithoutDeny(id.Name()), nil
	case c.Verb == store.VerbDelete && isAssignment:
		return x.WithoutAssignment(id.Name()), nil
	case c.Verb == store.VerbDelete && isRole:
		return x.WithoutRole(id.Name())
	case c.Verb == store.VerbDelete:
		return x.WithoutScope(id), nil
	case isAssignment:
		next, err := withAssignment(x, id, c.Body)
		if err != nil { // what it granted before may be more than it grants now
			return x.WithoutAssignment(id.Name()), err
		}
		return next, nil
	case strings.EqualFold(c.Kind, serviceType):
		return f.withMembers(x, id, c.Body), nil
	case isDeny:
		d, err := decodeDeny(id, c.Body)
		if err != nil {
			return nil, err
		}
		return x.WithDeny(d)
	case isRole:
		d, err := decodeRole(id, c.Body)
		if err != nil {
			return nil, err
		}
		return x.WithRole(d)
	}
	return x, nil
}

func withAssignment(x *authz.Index, id arm.ID, body []byte) (*authz.Index, error) {
	a, err := decodeAssignment(id, body)
	if err != nil {
		return nil, err
	}
	return x.WithAssignment(a)
}

func decodeRole(id arm.ID, body []byte) (authz.RoleDefinition, error) {
	var d struct{ Properties authz.RoleDefinition }
	if err := json.Unmarshal(body, &d); err != nil {
		return authz.RoleDefinition{}, fmt.Errorf("role definition %s: %w", id, err)
	}
	d.Properties.Name = id.Name()
	return d.Properties, nil
}

func decodeAssignment(id arm.ID, body []byte) (authz.Assignment, error) {
	var d struct{ Properties authz.Assignment }
	if err := json.Unmarshal(body, &d); err != nil {
		return authz.Assignment{}, fmt.Errorf("role assignment %s: %w", id, err)
	}
	d.Properties.Name = id.Name()
	return d.Properties, nil
}

func decodeDeny(id arm.ID, body []byte) (authz.DenyAssignment, error) {
	var d struct{ Properties authz.DenyAssignment }
	if err := json.Unmarshal(body, &d); err != nil {
		return authz.DenyAssignment{}, fmt.Errorf("deny assignment %s: %w", id, err)
	}
	d.Properties.Name = id.Name()
	return d.Properties, nil
}
