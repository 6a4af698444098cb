package policies

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/policy"
)

// PublishEvent tells subscribers what a resolver has got (policies.md 7.13). It stands in the response part of data sources alone: these have a slot for
// it, and no section has it.
var PublishEvent = policy.Spec{
	Name: "publish-event",
	Doc:  "Makes what the resolver gets an event for the clients that have subscribed to fields of the same GraphQL API. Stands in the response part of a data source of a query or mutation.",
	Shape: policy.Element(
		policy.Child("targets",
			policy.Child("graphql-subscription",
				policy.Attr("id", policy.Text).Required().Doc("Name of a field of the schema's subscription type."),
			).Required().Many().Doc("A subscription field that the event is one of."),
		).Required().Doc("Who is told."),
	),
	Compile: compilePublishEvent,
}

// maxTargets is how many fields one policy may publish to.
const maxTargets = 50

func compilePublishEvent(a *policy.Args) (policy.Step, error) {
	targets := a.One("targets")
	var fields []string
	for _, t := range targets.All("graphql-subscription") {
		id := t.Literal("id")
		if id == "" {
			return nil, t.Errorf("the 'id' attribute is empty; it names a field of the subscription type")
		}
		fields = append(fields, id)
	}
	if len(fields) > maxTargets {
		return nil, fmt.Errorf("an event may have %d targets", maxTargets)
	}
	return func(x *policy.Exchange) error {
		x.Publish(fields...)
		return nil
	}, nil
}
