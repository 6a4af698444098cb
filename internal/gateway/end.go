package gateway

import (
	"context"
	"fmt"
	"net/http"

	"github.com/atelier-apim/atelier/internal/policy"
)

// settle lets policies count what has passed. The caller may be gone by then; what is counted counts all the same.
func (x *exchange) settle() {
	if x.body != nil {
		x.Traffic.In = x.body.size()
	}
	if len(x.Afterwards) == 0 {
		return
	}
	x.Context = context.WithoutCancel(x.Context)
	for _, f := range x.Afterwards {
		f(&x.Exchange)
	}
}

// end writes the access log line and counts the call, whatever happened. A panic ends its own request and no other: the caller gets the answer of anything
// unexpected if none has begun.
func (x *exchange) end() {
	cause := recover()
	if cause != nil && cause != http.ErrAbortHandler {
		x.failure = &policy.Error{Source: "gateway", Reason: "Panic", Message: fmt.Sprint(cause)}
		if x.status == 0 {
			cause, x.status = nil, http.StatusInternalServerError
			body, _ := x.defaultAnswer(x.failure).Body.Buffered()
			x.w.Header().Set("Content-Type", "application/json")
			x.w.WriteHeader(x.status)
			_, _ = x.w.Write(body)
		}
	}
	_ = x.incoming.Close()
	x.dropTunnel()
	x.dropSocket()
	x.body.end()
	x.settle()
	x.gateway.log.call(x)
	x.count(cause != nil)
	if cause == nil {
		x.recycle()
	}
	if cause != nil {
		panic(http.ErrAbortHandler) // the answer has begun: break it off
	}
}
