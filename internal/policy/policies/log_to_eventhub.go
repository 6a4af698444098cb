package policies

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// Event is a message for an event hub.
type Event struct {
	Home   string // resource id of where the policy lives
	Logger *policy.Logger
	Text   string
	// Key chooses the partition when HasKey; Partition does when it isn't negative.
	Key       string
	HasKey    bool
	Partition int32
	// Service and Principal say whose identity signs in at a logger that has no connection string.
	Service, Principal string
}

// LogToEventHub sends a message to an event hub and goes on at once (policies.md 7.10). Nothing that happens to the message fails the request.
func LogToEventHub(env Env) policy.Spec {
	return policy.Spec{
		Name:     "log-to-eventhub",
		Doc:      "Sends a message to an event hub, or to a topic of a Kafka broker, without waiting for it.",
		Sections: policy.AnySection,
		Scopes:   policy.AnyScope,
		Shape: policy.Element(
			policy.Attr("logger-id", policy.Text).Required().Doc("Name of a logger of type azureEventHub of the service or workspace that the policy lives in."),
			policy.Attr("partition-id", policy.IntRange(0, 1<<31-1)).Doc("Number of the partition that gets the message."),
			policy.Attr("partition-key", policy.Text).Expr().Doc("Messages with one key go to one partition."),
			policy.Content(policy.Text).Expr().Doc("The message; what is longer than 200 KB is cut."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileLogToEventHub(a, env.Events) },
	}
}

func compileLogToEventHub(a *policy.Args, send func(Event)) (policy.Step, error) {
	home, name := a.Home(), a.Literal("logger-id")
	logger := home.Logger(name)
	switch {
	case a.Set("partition-id") && a.Set("partition-key"):
		return nil, errors.New("at most one of the attributes 'partition-id' and 'partition-key' can be given")
	case logger == nil && !home.Unknown:
		return nil, fmt.Errorf("logger '%s' could not be found; create it where this policy lives", name)
	case logger != nil && !strings.EqualFold(logger.Type, "azureEventHub"):
		return nil, fmt.Errorf("logger '%s' is of type %s; log-to-eventhub needs one of type azureEventHub", name, logger.Type)
	}
	partition, keyed, key, text := int32(-1), a.Set("partition-key"), a.Text("partition-key"), a.Content()
	if a.Set("partition-id") {
		n, err := strconv.ParseInt(a.Literal("partition-id"), 10, 32)
		if err != nil {
			return nil, err
		}
		partition = int32(n)
	}
	return func(x *policy.Exchange) error {
		e := Event{Home: home.ID, Logger: logger, HasKey: keyed, Partition: partition}
		var err error
		if e.Text, err = text.Get(x); err != nil {
			return err
		}
		if e.Key, err = key.Get(x); err != nil {
			return err
		}
		if send == nil || logger == nil {
			return nil
		}
		if d := x.Deployment; d != nil {
			e.Service, e.Principal = d.ServiceID, d.Principal
			if logger.Credentials["connectionString"] == "" && !identityAllowed(d.IdentityFor, home.Workspace) {
				x.Host.Trace(x, policy.TraceRecord{
					Source: "log-to-eventhub", Severity: "error",
					Message: fmt.Sprintf("a message to the logger '%s' was lost: the service lets the workspace '%s' not use its identity", logger.ID, home.Workspace),
				})
				return nil
			}
		}
		send(e)
		return nil
	}, nil
}
