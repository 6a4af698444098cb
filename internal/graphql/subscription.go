package graphql

import (
	"context"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Subscribed is the field whose events a subscription asks for. It has exactly one, after skip and include, and none of introspection (section 5.2.3 of
// the specification of GraphQL).
func (o *Operation) Subscribed() (field string, p *Problem) {
	fields := (&executing{op: o}).collect(o.schema.ast.Subscription, []ast.SelectionSet{o.op.SelectionSet})
	if len(fields) != 1 || strings.HasPrefix(fields[0].name(), "__") {
		return "", &Problem{Message: "A subscription asks for exactly one field of the subscription type."}
	}
	return fields[0].name(), nil
}

// ExecuteEvent works out what a subscription asks of one event of its field, and returns it as Execute does. The event is JSON as DecodeValue gives it; it
// may be that of many subscriptions at once and is not changed.
func (o *Operation) ExecuteEvent(ctx context.Context, find Resolvers, b Budget, event any) ([]byte, error) {
	field, p := o.Subscribed()
	if p != nil {
		return Failure([]Problem{*p}), nil
	}
	root := o.schema.ast.Subscription
	below := func(typ, name string) Resolver {
		if typ == root.Name {
			return nil // what is subscribed to is published, not resolved
		}
		return find(typ, name)
	}
	return o.execute(ctx, below, b, root, map[string]any{field: event})
}

// CheckSubscription says why events can't be published to a field; nil when they can.
func (s *Schema) CheckSubscription(field string) error {
	def := s.ast.Subscription
	switch {
	case def == nil:
		return fmt.Errorf("the schema has no subscription type to publish '%s' to", field)
	case fieldOf(def, field) == nil:
		return fmt.Errorf("the subscription type '%s' has no field '%s'", def.Name, field)
	}
	return nil
}
