package gateway

import (
	"errors"
	"net"
	"net/http"

	"github.com/atelier-apim/atelier/internal/policy"
)

// messageNotFound is what callers read when nothing matches (policies.md 5.3).
const messageNotFound = "Resource not found"

// fail turns an error into the answer: the default one, which the on-error section may change or replace. An error inside on-error is
// answered as anything unexpected is.
func (x *exchange) fail(err error) {
	var r *refusal
	if errors.As(err, &r) {
		x.failure = &policy.Error{Source: "request", Reason: "RequestRefused", Message: r.reason, Status: r.status}
		x.Response, x.close = errorResponse(r.status, r.reason), true
		return
	}
	var e *policy.Error
	if !errors.As(err, &e) {
		e = &policy.Error{Source: "gateway", Reason: "UnexpectedError", Message: err.Error(), Cause: err}
	}
	if cause := x.body.failure(); cause != nil {
		e = x.brokenBody(cause)
	}
	x.failure = e
	if x.keepsAnswer(e) {
		x.Response.Header = append(x.Response.Header, e.Header...)
	} else {
		x.release()
		x.Response = x.defaultAnswer(e)
	}
	if x.plan == nil {
		return
	}
	x.LastError = e
	if err := x.plan.Run(&x.Exchange, policy.OnError); err != nil && !errors.Is(err, policy.ErrReplied) {
		x.release()
		x.Response = x.defaultAnswer(&policy.Error{})
		if errors.As(err, &e) {
			x.failure = e
		}
	}
}

// keepsAnswer says whether the backend's own answer is the answer of the error: forward-request fails on its status when told to.
func (x *exchange) keepsAnswer(e *policy.Error) bool {
	return x.answer != nil && x.answer == x.Response && e.Public == "" && e.Status == x.Response.Status
}

// brokenBody is the error of a body that could not be read to its end: the caller's mistake, never the backend's.
func (x *exchange) brokenBody(cause error) *policy.Error {
	x.close = true
	e := &policy.Error{
		Source: "request", Reason: "RequestBodyInvalid", Message: cause.Error(), Status: http.StatusBadRequest, Cause: cause,
		Public: "The body of the request is malformed.",
	}
	var timeout net.Error
	switch {
	case errors.As(cause, &timeout) && timeout.Timeout():
		e.Reason, e.Status, e.Public = "RequestBodyTimeout", http.StatusRequestTimeout, "The body of the request did not arrive in time."
	case x.r.Context().Err() != nil:
		e.Reason, e.Status, e.Public = "ClientConnectionFailure", statusCallerGone, ""
	}
	return e
}

// defaultAnswer is what a caller gets when no on-error section changes it (policies.md 5.3).
func (x *exchange) defaultAnswer(e *policy.Error) *policy.Response {
	r := e.Answer(x.ID)
	if e.Source == "authorization" && e.Status == http.StatusUnauthorized {
		r.Reason = "Access Denied"
	}
	return r
}

// errorResponse is an answer in the shape of the service's errors.
func errorResponse(status int, message string) *policy.Response {
	return (&policy.Error{Status: status, Public: message}).Answer([16]byte{})
}

// writeError answers where no exchange is.
func writeError(w http.ResponseWriter, status int, message string) {
	body, _ := errorResponse(status, message).Body.Buffered()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
