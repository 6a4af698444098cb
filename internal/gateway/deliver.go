package gateway

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// statusCallerGone is what the log says of a call whose caller left before there was an answer.
const statusCallerGone = 499

// copyBuffers hold what streams through.
var copyBuffers = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// deliver sends the answer. Bodies stream: what the backend has sent goes out before it sends more when the length isn't known, the content is
// an event stream, or the policy says so.
func (x *exchange) deliver() {
	for _, f := range x.AtEnd {
		f(&x.Exchange)
	}
	res := x.EnsureResponse()
	switch {
	case res != x.answer:
	case x.tunnel != nil:
		x.serveTunnel(res)
		return
	case x.socket != nil:
		x.serveSocket(res)
		return
	}
	if res.Status < 200 || res.Status > 999 {
		x.failure = &policy.Error{Source: "gateway", Reason: "UnexpectedError", Message: "a policy set the status " + strconv.Itoa(res.Status)}
		x.release()
		res = x.defaultAnswer(x.failure)
		x.Response = res
	}
	if x.isCall() {
		res = x.callAnswer(res)
	}
	body, length := x.openBody(res)
	h := x.w.Header()
	x.writeHeader(h, res, length)
	x.status = res.Status
	if x.status == statusCallerGone && x.r.Context().Err() != nil {
		panic(http.ErrAbortHandler)
	}
	x.w.WriteHeader(res.Status)
	if body == nil {
		return
	}
	defer body.Close() //nolint:errcheck // read to its end, or given up
	x.copyBody(body, length < 0 || x.stream)
	x.writeTrailer(h, res)
}

// openBody gives the body to send, nil for none, and its length, -1 when it isn't known.
func (x *exchange) openBody(res *policy.Response) (io.ReadCloser, int64) {
	if !mayHaveBody(x.r.Method, res.Status) {
		_, known := res.Body.Buffered()
		length := int64(-1)
		if known && x.r.Method == http.MethodHead && res.Status >= 200 && res.Status != http.StatusNoContent && res.Status != http.StatusNotModified {
			_, length = res.Body.Open()
		}
		res.Body.Close()
		return nil, length
	}
	if res.Body == nil {
		return nil, 0
	}
	return res.Body.Open()
}

func mayHaveBody(method string, status int) bool {
	return method != http.MethodHead && status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// writeHeader writes the header lines of the answer. Framing is ours; to HEAD the backend's length is told as it is.
func (x *exchange) writeHeader(h http.Header, res *policy.Response, length int64) {
	out := newLines(h, len(res.Header)+len(x.Tail)+1)
	for _, list := range [...]policy.Header{res.Header, x.Tail} {
		for _, f := range list {
			name := http.CanonicalHeaderKey(f.Name)
			if isHop(name) || name == "Content-Length" {
				continue
			}
			out.add(name, f.Value)
		}
	}
	switch {
	case length >= 0 && (mayHaveBody(x.r.Method, res.Status) || x.r.Method == http.MethodHead):
		out.add("Content-Length", strconv.FormatInt(length, 10))
	case x.r.Method == http.MethodHead && res == x.answer:
		if v := res.Header.Get("Content-Length"); v != "" {
			h["Content-Length"] = []string{v}
		}
	}
	if _, set := h["Content-Type"]; !set {
		h["Content-Type"] = nil // no guessing
	}
	if x.close {
		h["Connection"] = []string{"close"}
	}
}

// copyBody streams the body; when it breaks off, the caller's connection does, too. From the second piece on, a caller who doesn't read loses
// the connection after the idle time.
func (x *exchange) copyBody(from io.Reader, flush bool) {
	buffer := copyBuffers.Get().(*[32 << 10]byte)
	defer copyBuffers.Put(buffer)
	var control *http.ResponseController
	if flush {
		control = http.NewResponseController(x.w)
		_ = control.Flush() // the head, before the first piece of the body
	}
	for pieces := 0; ; {
		n, err := from.Read(buffer[:])
		if n > 0 {
			if pieces++; pieces == 2 && control == nil {
				control = http.NewResponseController(x.w)
			}
			if pieces > 1 {
				_ = control.SetWriteDeadline(time.Now().Add(x.gateway.limits.BodyIdle))
			}
			if _, werr := x.w.Write(buffer[:n]); werr != nil {
				x.broke("ClientConnectionFailure", werr)
			}
			x.Traffic.Out += int64(n)
			if flush {
				_ = control.Flush()
			}
			if pieces > 1 && x.r.ProtoMajor > 1 {
				// The deadline of an HTTP/2 stream ends it even while there is nothing to write.
				_ = control.SetWriteDeadline(time.Time{})
			}
		}
		if err == nil {
			continue
		}
		if err != io.EOF {
			x.broke("BackendConnectionFailure", err)
		}
		if pieces > 1 {
			_ = control.SetWriteDeadline(time.Time{})
		}
		return
	}
}

// broke ends a connection in the middle of an answer: there is no other way to say that it is incomplete.
func (x *exchange) broke(reason string, cause error) {
	if x.r.Context().Err() != nil {
		reason = "ClientConnectionFailure"
	}
	x.failure = &policy.Error{Source: "forward-request", Reason: reason, Message: cause.Error(), Cause: cause}
	panic(http.ErrAbortHandler)
}

// writeTrailer passes on the trailers that gRPC needs, and no others: trailers would get around whatever policies do to headers. Those of a gRPC API
// are part of its contract and pass as well, but for what frames a message or belongs to one connection.
func (x *exchange) writeTrailer(h http.Header, res *policy.Response) {
	if !x.grpc || res != x.answer || x.trailer == nil {
		return
	}
	all := x.isCall()
	for name, values := range *x.trailer {
		if strings.HasPrefix(name, "Grpc-") || all && !isHop(name) && !isProtected(name) {
			h[http.TrailerPrefix+name] = values
		}
	}
	if s := x.trailer.Get("Grpc-Status"); s != "" {
		x.callStatus = s
	}
}

// release lets go of an answer that will not be sent.
func (x *exchange) release() {
	if x.Response != nil {
		x.Response.Body.Close()
	}
	_ = x.incoming.Close()
	x.answer, x.incoming = nil, nil
}
