package policies

import (
	"errors"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// PublishToDapr sends a message to a topic through the Dapr sidecar (policies.md 7.10).
func PublishToDapr(env Env) policy.Spec {
	return policy.Spec{
		Name:     "publish-to-dapr",
		Doc:      "Publishes a message to a topic through the Dapr sidecar of the gateway.",
		Sections: policy.In(policy.Inbound, policy.Outbound, policy.OnError),
		Scopes:   policy.AnyScope,
		Shape: daprParts(
			policy.Attr("pubsub-name", policy.Text).Expr().Doc("Name of the pub/sub component; without it, it stands before the topic."),
			policy.Attr("topic", policy.Text).Required().Expr().Doc("Name of the topic, or pubsub/topic."),
			policy.Content(policy.Text).Expr().Template("template", "Liquid").Doc("The message."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compilePublishToDapr(a, daprAt(env, a)) },
	}
}

func compilePublishToDapr(a *policy.Args, sidecar string) (policy.Step, error) {
	call, err := newDaprCall(a)
	if err != nil {
		return nil, err
	}
	text, err := compileDaprText(a, a.Literal("template") != "")
	if err != nil {
		return nil, err
	}
	pubsub, topic, hasPubsub := a.Text("pubsub-name"), a.Text("topic"), a.Set("pubsub-name")
	if name, literal := topic.Literal(); literal && !hasPubsub && !strings.Contains(name, "/") {
		return nil, errNoPubsub
	}
	return func(x *policy.Exchange) error {
		component, err := pubsub.Get(x)
		if err != nil {
			return err
		}
		name, err := topic.Get(x)
		if err != nil {
			return err
		}
		if !hasPubsub {
			before, after, ok := strings.Cut(name, "/")
			if !ok {
				return errNoPubsub
			}
			component, name = before, after
		}
		if component, err = daprName("pub/sub component", component); err != nil {
			return err
		}
		if name, err = daprName("topic", name); err != nil {
			return err
		}
		message, err := text.get(x)
		if err != nil {
			return err
		}
		return call.send(x, sidecar+"/v1.0/publish/"+component+"/"+name, call.contentType, []byte(message))
	}, nil
}

var errNoPubsub = errors.New("the pub/sub component is missing: give the attribute 'pubsub-name', or write the topic as pubsub/topic")
