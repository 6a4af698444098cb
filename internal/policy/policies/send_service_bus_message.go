package policies

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/ascii"
	"github.com/atelier-apim/atelier/internal/policy"
)

// Facts of Service Bus' REST interface.
const (
	serviceBusResource = "https://servicebus.azure.net"
	serviceBusTime     = 60 * time.Second
	serviceBusMessage  = 1 << 20 // bytes of a message of the Premium tier
)

// SendServiceBusMessage puts a message into a queue or a topic of Azure Service Bus, signed in with the service's identity (policies.md 7.10).
func SendServiceBusMessage(env Env) policy.Spec {
	return policy.Spec{
		Name:     "send-service-bus-message",
		Doc:      "Sends a message to a queue or topic of Azure Service Bus with the service's managed identity.",
		Sections: policy.In(policy.Inbound, policy.Outbound, policy.OnError),
		Scopes:   policy.At(policy.Global, policy.ProductScope, policy.APIScope, policy.OperationScope),
		Shape: policy.Element(
			policy.Attr("queue-name", policy.Text).Expr().Doc("Queue that gets the message."),
			policy.Attr("topic-name", policy.Text).Expr().Doc("Topic that gets the message."),
			policy.Attr("namespace", policy.Text).Required().Expr().Doc("Host name of the namespace: NAME.servicebus.windows.net."),
			policy.Attr("client-id", policy.Text).Expr().Doc("Client id of a user-assigned identity; without it the system-assigned one signs in."),
			policy.Child("message-properties",
				policy.Children("message-property", policy.Text, policy.Attr("name", policy.HeaderName).Required().Doc("Name of the property.")).Expr(),
			).Doc("Properties of the message."),
			policy.Child("payload", policy.Content(policy.Text).Expr().Doc("The message.")).Required(),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileServiceBus(a, env.Identity) },
	}
}

// busMessage is one use.
type busMessage struct {
	identity                        Identity
	workspace                       string
	entity, namespace, client, text policy.TextValue
	names                           []string
	values                          []policy.TextValue
}

// reservedProperties would be read as something other than a property: they are headers of the request.
var reservedProperties = []string{
	"authorization", "brokerproperties", "connection", "content-encoding", "content-length", "content-type", "cookie", "expect", "host", "keep-alive", "priority",
	"proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "x-ms-retrypolicy",
}

func compileServiceBus(a *policy.Args, identity Identity) (policy.Step, error) {
	m := &busMessage{identity: identity, workspace: a.Home().Workspace, namespace: a.Text("namespace"), client: a.Text("client-id"), text: a.One("payload").Content()}
	switch {
	case a.Set("queue-name") == a.Set("topic-name"):
		return nil, errors.New("exactly one of the attributes 'queue-name' and 'topic-name' is required")
	case a.Set("queue-name"):
		m.entity = a.Text("queue-name")
	default:
		m.entity = a.Text("topic-name")
	}
	if host, literal := m.namespace.Literal(); literal && checkNamespace(host) != nil {
		return nil, checkNamespace(host)
	}
	if p := a.One("message-properties"); p != nil {
		for _, one := range p.All("message-property") {
			name := one.Literal("name")
			if slices.Contains(reservedProperties, strings.ToLower(name)) {
				return nil, one.Errorf("a property can't be named '%s': Service Bus takes properties as header lines, and this one means something else", name)
			}
			m.names, m.values = append(m.names, name), append(m.values, one.Content())
		}
	}
	return m.run, nil
}

// checkNamespace refuses what is more or less than a host name: a token goes there.
func checkNamespace(host string) error {
	u, err := url.Parse("https://" + host)
	if err != nil || u.Host != host || u.Hostname() == "" || u.User != nil || strings.ContainsAny(host, " /") {
		return fmt.Errorf("'%s' is not the host name of a Service Bus namespace", host)
	}
	return nil
}

func (m *busMessage) run(x *policy.Exchange) error {
	address, err := m.address(x)
	if err != nil {
		return err
	}
	text, err := m.text.Get(x)
	if err != nil {
		return err
	}
	if len(text) > serviceBusMessage {
		return fmt.Errorf("the message has %d bytes; Service Bus takes %d", len(text), serviceBusMessage)
	}
	out := &policy.Outgoing{URL: address, Timeout: serviceBusTime, Request: policy.Request{Method: "POST", Body: policy.NewBody([]byte(text))}}
	for i, v := range m.values {
		value, err := v.Get(x)
		if err != nil {
			return err
		}
		quoted, err := headerJSON(value)
		if err != nil {
			return err
		}
		out.Request.Header.Add(m.names[i], quoted)
	}
	client, err := m.client.Get(x)
	if err != nil {
		return err
	}
	token, err := tokenFor(x, m.identity, m.workspace, IdentityRequest{Resource: serviceBusResource, ClientID: client})
	if err != nil {
		return err
	}
	out.Request.Header.Set("Authorization", "Bearer "+token)
	answer, err := x.Send(out)
	if err != nil {
		return err
	}
	if answer.Status/100 != 2 {
		return &policy.Error{Reason: "ServiceBusCallFailed", Message: fmt.Sprintf("Service Bus answered with status %d", answer.Status), Status: 500}
	}
	return nil
}

// headerJSON is a text as JSON in ASCII, which is how Service Bus takes properties.
func headerJSON(text string) (string, error) {
	data, err := json.Marshal(text)
	if err != nil {
		return "", err
	}
	return ascii.JSON(string(data)), nil
}

// address is where messages for the queue or topic go.
func (m *busMessage) address(x *policy.Exchange) (string, error) {
	host, err := m.namespace.Get(x)
	if err != nil {
		return "", err
	}
	if err := checkNamespace(host); err != nil {
		return "", err
	}
	entity, err := m.entity.Get(x)
	if err != nil {
		return "", err
	}
	var path strings.Builder
	for segment := range strings.SplitSeq(entity, "/") { // names of queues may have slashes
		if segment == "" || segment == "." || segment == ".." || len(entity) > 260 {
			return "", fmt.Errorf("'%s' can't be the name of a queue or topic", entity[:min(len(entity), 40)])
		}
		path.WriteString("/" + url.PathEscape(segment))
	}
	return "https://" + host + path.String() + "/messages", nil
}
