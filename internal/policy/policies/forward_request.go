package policies

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// ForwardRequest calls the backend.
var ForwardRequest = policy.Spec{
	Name:     "forward-request",
	Doc:      "Sends the request to the backend and takes its response.",
	Sections: policy.In(policy.BackendSection),
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Attr("timeout", policy.Count).Expr().Doc("Seconds until the response's header has to be there; 300 when left out."),
		policy.Attr("timeout-ms", policy.Count).Expr().Doc("The same in milliseconds."),
		policy.Attr("continue-timeout", policy.Count).Expr().Doc("Whole seconds, 60 at most, that the body waits for the backend to answer 100 Continue, which the request asks for with Expect; when they are over the body is sent. A request that asks has a connection of its own over HTTP/1.1. Left out or 0, the body is sent unasked, as that of a gRPC call always is."),
		policy.Attr("http-version", policy.OneOf("1", "2or1", "2")).Default("1").Doc("HTTP version towards the backend; gRPC APIs use 2 and WebSocket APIs 1 whatever it says."),
		policy.Attr("follow-redirects", policy.Bool).Default("false").Expr().Doc("Whether redirects of the backend are followed."),
		policy.Attr("buffer-request-body", policy.Bool).Default("false").Doc("Whether the body is kept so that it can be sent again."),
		policy.Attr("buffer-response", policy.Bool).Default("true").Doc("Whether the response may be buffered; false sends each piece at once."),
		policy.Attr("fail-on-error-status-code", policy.Bool).Default("false").Doc("Whether a status from 400 to 599 is an error."),
	),
	Compile: compileForwardRequest,
}

func compileForwardRequest(a *policy.Args) (policy.Step, error) {
	if a.Set("timeout") && a.Set("timeout-ms") {
		return nil, errors.New("the attributes 'timeout' and 'timeout-ms' exclude each other")
	}
	fixed := policy.ForwardOptions{
		BufferRequest:   a.Literal("buffer-request-body") == "true",
		BufferResponse:  a.Literal("buffer-response") == "true",
		FailOnErrorCode: a.Literal("fail-on-error-status-code") == "true",
		HTTPVersion:     a.Literal("http-version"),
	}
	timeout, unit := a.Int("timeout"), time.Second
	if a.Set("timeout-ms") {
		timeout, unit = a.Int("timeout-ms"), time.Millisecond
	}
	redirects, wait := a.Bool("follow-redirects"), a.Int("continue-timeout")
	return func(x *policy.Exchange) error {
		o := fixed
		n, err := timeout.Get(x)
		if err != nil {
			return err
		}
		if o.FollowRedirects, err = redirects.Get(x); err != nil {
			return err
		}
		o.Timeout = time.Duration(n) * unit
		if n, err = wait.Get(x); err != nil {
			return err
		}
		o.ContinueTimeout = time.Duration(min(n, math.MaxInt32)) * time.Second
		if x.Response != nil { // of an earlier try
			x.Response.Body.Close()
			x.Response = nil
		}
		if err := x.Host.Forward(x, o); err != nil {
			return err
		}
		if r := x.Response; o.FailOnErrorCode && r != nil && r.Status >= 400 && r.Status <= 599 {
			return &policy.Error{Reason: "BackendResponseError", Message: fmt.Sprintf("the backend answered with status %d", r.Status), Status: r.Status}
		}
		return nil
	}, nil
}
