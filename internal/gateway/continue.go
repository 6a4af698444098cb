package gateway

import (
	"net/http"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// A request may ask whether its body is wanted (RFC 9110, 10.1.1): the body stays with the caller, who has been told nothing yet either, until the backend
// says 100 Continue or the wait is over, and for good when the backend answers first.

// longestContinue is the longest wait. Connections are pooled by it, so that it also bounds how many pools waits can make: one for each second.
const longestContinue = 60 * time.Second

// continueWait is how long a body waits: whole seconds, 0 for a body that is sent unasked.
func continueWait(o policy.ForwardOptions) time.Duration {
	return min(max(0, o.ContinueTimeout.Truncate(time.Second)), longestContinue)
}

// askToContinue makes a request with a body one that asks. Over HTTP/1.1 its connection ends with it: on one that went on, the backend would have to be sent
// the body that it has refused.
func askToContinue(r *http.Request, o policy.ForwardOptions) {
	if continueWait(o) > 0 {
		r.Header["Expect"] = []string{"100-continue"}
		r.Close = o.HTTPVersion != "2"
	}
}

// mannerOfCall is the manner of a forwarded request.
func mannerOfCall(target *policy.Target, o policy.ForwardOptions, r *http.Request) manner {
	m := mannerOf(target, o.HTTPVersion)
	if r.Body != nil {
		m.wait = continueWait(o)
	}
	return m
}
