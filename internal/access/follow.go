package access

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/store"
)

const (
	roleDefinitionType = authz.Namespace + "/roleDefinitions"
	roleAssignmentType = authz.Namespace + "/roleAssignments"
)

// Follower keeps an authorization index in step with the store.
type Follower struct{ Live *authz.Live }

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
	x, err := authz.New(defs, held)
	if err != nil {
		return fmt.Errorf("authorization index: %w", err)
	}
	return f.Live.Update(func(*authz.Index) (*authz.Index, error) { return x, nil })
}

// Apply takes changes. What was deleted takes the assignments at it and below with it.
func (f Follower) Apply(changes []store.Change) error {
	return f.Live.Update(func(x *authz.Index) (*authz.Index, error) {
		var err error
		for _, c := range changes {
			if x, err = apply(x, c); err != nil {
				return nil, fmt.Errorf("change %d: %w", c.Seq, err)
			}
		}
		return x, nil
	})
}

func apply(x *authz.Index, c store.Change) (*authz.Index, error) {
	id, err := arm.ParseID(c.ID)
	if err != nil {
		return nil, err
	}
	isRole, isAssignment := strings.EqualFold(c.Kind, roleDefinitionType), strings.EqualFold(c.Kind, roleAssignmentType)
	switch {
	case c.Verb == store.VerbDelete && isAssignment:
		return x.WithoutAssignment(id.Name()), nil
	case c.Verb == store.VerbDelete && isRole:
		return x.WithoutRole(id.Name())
	case c.Verb == store.VerbDelete:
		return x.WithoutScope(id), nil
	case isAssignment:
		a, err := decodeAssignment(id, c.Body)
		if err != nil {
			return nil, err
		}
		return x.WithAssignment(a)
	case isRole:
		d, err := decodeRole(id, c.Body)
		if err != nil {
			return nil, err
		}
		return x.WithRole(d)
	}
	return x, nil
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
