package gateway

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/eventhub"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// newEvents makes the sender of messages for event hubs. It dials what backends may be, and nothing else.
func newEvents(g *Gateway, identity policies.Identity) *eventhub.Sender {
	return eventhub.New(eventhub.Options{
		Dial: g.transport.guard.dialer(g.limits.DialTime),
		Token: func(ctx context.Context, who eventhub.Identity, resource string) (string, error) {
			if identity == nil {
				return "", fmt.Errorf("this gateway has no identity")
			}
			return identity(ctx, g.now(), policies.IdentityRequest{ServiceID: who.Service, Principal: who.Principal, ClientID: who.ClientID, Resource: resource})
		},
		Lost: func(logger string, count int, why error) {
			g.log.notice(g, g.now(), policy.TraceRecord{
				Source: "log-to-eventhub", Severity: "error", Message: fmt.Sprintf("%d messages to the logger '%s' were lost: %s", count, logger, why),
			})
		},
	})
}

// sendEvent hands a policy's message to the sender.
func (g *Gateway) sendEvent(e policies.Event) {
	c := e.Logger.Credentials
	to := eventhub.Settings{Home: e.Home, Logger: e.Logger.ID, Hub: c["name"], ConnectionString: c["connectionString"], Endpoint: c["endpointAddress"]}
	if to.ConnectionString == "" {
		to.Identity = eventhub.Identity{Service: e.Service, Principal: e.Principal, ClientID: c["identityClientId"]}
		if strings.EqualFold(to.Identity.ClientID, "SystemAssigned") {
			to.Identity.ClientID = ""
		}
	}
	g.events.Send(to, eventhub.Event{Text: e.Text, Key: e.Key, HasKey: e.HasKey, Partition: e.Partition})
}

// valueName is a reference to a named value in a logger's credentials.
var valueName = regexp.MustCompile(`\{\{([A-Za-z0-9._-]+)\}\}`)

// loggers are the home's, with named values in place; the home remembers which these are.
func (h *home) loggers(values map[string]string) map[string]*policy.Logger {
	out := make(map[string]*policy.Logger, len(h.shard.Loggers))
	for _, l := range h.shard.Loggers {
		out[l.Name] = h.logger(l, values)
	}
	return out
}

func (h *home) logger(l *snapshot.Logger, values map[string]string) *policy.Logger {
	f := &policy.Logger{ID: l.Name, Type: l.Type, Credentials: make(map[string]string, len(l.Credentials))}
	for name, text := range l.Credentials {
		f.Credentials[name] = valueName.ReplaceAllStringFunc(text, func(reference string) string {
			wanted := strings.Trim(reference, "{}")
			for display, value := range values {
				if strings.EqualFold(display, wanted) {
					h.asked[display] = true
					return value
				}
			}
			return reference
		})
	}
	return f
}

// notice writes a line that belongs to no call.
func (l *accessLog) notice(g *Gateway, at time.Time, t policy.TraceRecord) {
	if l.w == nil {
		return
	}
	l.line(func(b []byte) []byte {
		b = append(b, `{"time":"`...)
		b = at.UTC().AppendFormat(b, "2006-01-02T15:04:05.000Z")
		b = append(b, `","kind":"trace"`...)
		if t := g.table.Load(); t != nil {
			b = appendMember(b, "gateway", t.snapshot.Gateway.Name)
		}
		b = appendMember(b, "source", t.Source)
		b = appendMember(b, "severity", t.Severity)
		b = appendMember(b, "message", t.Message)
		return b
	})
}
