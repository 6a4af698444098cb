package gateway

import (
	"net/http"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/usage"
)

// subject is what a call is counted under: what the table holds, so that it costs nothing to make and little to compare.
type subject struct {
	api          *api
	operation    *operation
	product      *product
	subscription *subscription
}

// used is what reports want to know of an exchange beside what it holds anyway.
type used struct {
	product       *product
	subscription  *subscription
	waited        time.Duration // for heads of backends' answers
	asked         bool          // a backend was called
	backendStatus int
}

type meter = usage.Meter[subject]

func newMeter(g *Gateway) *meter {
	return usage.NewMeter(usage.Naming[subject]{
		Name:   g.nameSubject,
		Home:   func(s subject) any { return s.home() },
		Coarse: func(s subject) subject { return subject{api: s.api} },
	})
}

func (s subject) home() *home {
	if s.api == nil {
		return nil
	}
	return s.api.home
}

// nameSubject writes out what a subject is called in reports.
func (g *Gateway) nameSubject(s subject) usage.Key {
	t := g.table.Load()
	if t == nil {
		return usage.Key{}
	}
	served := &t.snapshot.Gateway
	k := usage.Key{Service: strings.ToLower(served.ServiceID), Gateway: served.Name, Region: served.Region}
	below := func(id string) string {
		if len(id) > len(served.ServiceID) && strings.EqualFold(id[:len(served.ServiceID)], served.ServiceID) {
			return id[len(served.ServiceID):]
		}
		return id
	}
	if s.api != nil {
		k.Workspace, k.API = s.api.home.shard.Workspace, below(withoutRevision(s.api.source.ID))
	}
	if s.operation != nil && s.operation.facts != nil {
		k.Operation = s.operation.facts.ID
	}
	if s.product != nil {
		k.Product = below(s.product.source.ID)
	}
	if s.subscription != nil {
		k.Subscription, k.User = below(s.subscription.source.ID), below(s.subscription.source.Owner)
	}
	return k
}

func withoutRevision(id string) string {
	return id[:len(apiID(id))]
}

// Forward implements policy.Host: it calls the backend, and notes how long that took.
func (x *exchange) Forward(_ *policy.Exchange, o policy.ForwardOptions) error {
	if x.gateway.meter == nil {
		return x.callBackend(o)
	}
	begun := x.gateway.now()
	err := x.callBackend(o)
	x.used.waited += x.gateway.now().Sub(begun)
	x.used.asked = true
	if x.answer != nil {
		x.used.backendStatus = x.answer.Status
	}
	return err
}

// count tells the meter of a finished call; broken says that its answer was broken off.
func (x *exchange) count(broken bool) {
	m := x.gateway.meter
	if m == nil {
		return
	}
	c := usage.Call{
		At: x.Received, Total: x.gateway.now().Sub(x.Received), Backend: x.used.waited, Asked: x.used.asked, Status: x.status, BackendStatus: x.used.backendStatus,
		ID: x.ID, Method: knownMethod(x.r.Method), TLS: x.r.TLS != nil, IP: remoteIP(x.r),
	}
	if broken || c.Status == 0 {
		c.Status = http.StatusBadGateway
		if x.failure == nil || x.failure.Reason == "ClientConnectionFailure" {
			c.Status = statusCallerGone
		}
	}
	switch {
	case x.Served():
		c.Cache = usage.CacheHit
	case x.Caching != nil:
		c.Cache = usage.CacheMiss
	}
	c.In, c.Out = x.Traffic.In, x.Traffic.Out
	c.Target.Set(x.r.Host, x.path.Escaped)
	m.Record(subject{x.api, x.operation, x.used.product, x.used.subscription}, x.ID[0], &c)
}

// knownMethod is a method as a constant, so that nothing of the request's text is kept.
func knownMethod(method string) string {
	for _, m := range [...]string{
		http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions, http.MethodTrace,
	} {
		if method == m {
			return m
		}
	}
	return "other"
}
