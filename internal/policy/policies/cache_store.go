package policies

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// CacheStore keeps the response for the cache-lookup that found none.
func CacheStore(env Env) policy.Spec {
	return policy.Spec{
		Name:     "cache-store",
		Doc:      "Keeps the response of a GET request for cache-lookup.",
		Sections: policy.In(policy.Outbound),
		Scopes:   policy.AnyScope,
		Once:     policy.OncePerSection,
		Shape: policy.Element(
			policy.Attr("duration", policy.Seconds(1, 1<<31-1, false)).Required().Expr().Doc("How many seconds the response is kept."),
			policy.Attr("cache-response", policy.Bool).Expr().Doc("Whether this response is kept; when left out, those with status 200 are."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileCacheStore(env, a) },
	}
}

func compileCacheStore(env Env, a *policy.Args) (policy.Step, error) {
	a.Stores = true
	duration, which, chosen := a.Int("duration"), a.Bool("cache-response"), a.Set("cache-response")
	return func(x *policy.Exchange) error {
		c := x.Caching
		if c == nil {
			return nil
		}
		r := x.EnsureResponse()
		wanted := r.Status == 200
		if chosen {
			var err error
			if wanted, err = which.Get(x); err != nil {
				return err
			}
		}
		if !wanted || !mayBeKept(r, c.Private) {
			return nil
		}
		seconds, err := duration.Get(x)
		if err != nil {
			return err
		}
		keep := time.Duration(seconds) * time.Second
		body, fits, err := r.Body.Peek(maxItem)
		if err != nil || !fits {
			return err
		}
		data, err := json.Marshal(storedResponse{r.Status, r.Reason, keptHeaders(r.Header), body, x.Host.Now().Add(keep)})
		if err != nil {
			return err
		}
		kept(x.Context, env.Cache, responseKey(x, c.Key), data, keep)
		downstream(&r.Header, c, keep)
		return nil
	}, nil
}

// storedResponse is a response as the cache holds it.
type storedResponse struct {
	Status  int
	Reason  string
	Header  policy.Header
	Body    []byte
	Expires time.Time
}

// mayBeKept says whether a response may be given to others: not one that forbids it, nor, unless private ones are wanted, one that is for one caller.
// A stream of events has no end to wait for.
func mayBeKept(r *policy.Response, private bool) bool {
	for _, line := range r.Header.Values("Cache-Control") {
		for d := range strings.SplitSeq(strings.ToLower(line), ",") {
			if d = strings.TrimSpace(d); d == "no-store" || d == "private" && !private {
				return false
			}
		}
	}
	return (private || !r.Header.Has("Set-Cookie")) && !slices.Contains(r.Header.Values("Vary"), "*") &&
		!strings.HasPrefix(plainType(r.Header.Get("Content-Type")), "text/event-stream") && len(r.Trailer) == 0
}

// keptHeaders are those that are about the response and not about the connection it came over.
func keptHeaders(h policy.Header) policy.Header {
	return slices.DeleteFunc(slices.Clone(h), func(f policy.Field) bool {
		switch strings.ToLower(f.Name) {
		case "connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "proxy-authenticate", "proxy-authorization", "cache-control", "expires", "pragma":
			return true
		}
		return false
	})
}

// readResponse is a response out of the cache, and how long it is still good.
func readResponse(data []byte, now time.Time) (r *policy.Response, left time.Duration, ok bool) {
	var s storedResponse
	if json.Unmarshal(data, &s) != nil || !now.Before(s.Expires) {
		return nil, 0, false
	}
	r = &policy.Response{Status: s.Status, Reason: s.Reason, Header: s.Header}
	if s.Body != nil {
		r.Body = policy.NewBody(s.Body)
	}
	return r, s.Expires.Sub(now), true
}

// downstream says in Cache-Control what other caches may do.
func downstream(h *policy.Header, c *policy.Caching, left time.Duration) {
	h.Del("Expires")
	h.Del("Pragma")
	value := "no-store, must-revalidate, no-cache"
	if c.Downstream != "none" {
		value = c.Downstream + ", max-age=" + decimal(int64(left/time.Second))
		if c.MustRevalidate {
			value += ", must-revalidate"
		}
	}
	h.Set("Cache-Control", value)
}
