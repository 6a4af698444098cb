package gateway

import (
	"net/http"

	"github.com/atelier-apim/atelier/internal/policy"
)

// preflightMethod is the method that a CORS preflight request asks about, "" when the request is none.
func (x *exchange) preflightMethod() string {
	if x.Request.Method != http.MethodOptions || !x.Request.Header.Has("Origin") {
		return ""
	}
	return x.Request.Header.Get("Access-Control-Request-Method")
}

// preflight answers a preflight request to an API that has no OPTIONS operation for it: only the cors elements of its inbound section are
// asked, before any key, and an empty 200 is the answer when none of them gives one (policies.md 1.5 and 7.9).
func (x *exchange) preflight() error {
	if x.plan == nil {
		return nil // an operation matched
	}
	if err := x.plan.Preflight(&x.Exchange); err != nil {
		return err
	}
	return x.Reply(&policy.Response{Status: http.StatusOK})
}
