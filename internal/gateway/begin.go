package gateway

import (
	"encoding/binary"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/route"
)

// exchange is the policies' exchange with what the gateway alone knows of a request. It is the policies' host, too.
type exchange struct {
	policy.Exchange
	gateway *Gateway
	table   *table
	w       http.ResponseWriter
	r       *http.Request

	path      route.Path
	api       *api
	operation *operation
	plan      *policy.Plan

	tries tries         // of the members of a pool
	aimed policy.Target // at the member that was chosen

	graph    *resolving       // of the exchange of a resolver; nil for a caller's
	body     *callerBody      // nil without one
	upgrade  bool             // the caller asks for a WebSocket connection
	tunnel   *tunnel          // to the backend that has agreed to one
	socket   *socket          // the connection of a GraphQL API that its caller gets
	over     *socket          // the connection that the request came over; nil for those that came by themselves
	grpc     bool             // the caller takes trailers, and the content is gRPC's
	answer   *policy.Response // what the backend answered, while it is x.Response
	incoming *answerBody      // its body as it arrives; policies may have put another in its place
	trailer  *http.Header     // and its trailers, once its body is read
	loop     string           // what goes out in CDN-Loop
	stream   bool             // every piece of the answer goes out at once
	close    bool             // the connection ends with this answer

	status     int    // sent
	callStatus string // of a call of gRPC, when it is known
	failure    *policy.Error
	used       used // for reports
}

// exchanges are reused: nothing of a request outlives its end.
var exchanges = sync.Pool{New: func() any { return new(exchange) }}

// begin makes the exchange. Nothing of the request is judged yet.
func (g *Gateway) begin(t *table, w http.ResponseWriter, r *http.Request) *exchange {
	x := exchanges.Get().(*exchange)
	x.gateway, x.table, x.w, x.r = g, t, w, r
	x.Context, x.Host, x.Received = r.Context(), x, g.now().UTC()
	binary.LittleEndian.PutUint64(x.ID[0:], rand.Uint64())
	binary.LittleEndian.PutUint64(x.ID[8:], rand.Uint64())
	x.ID[6], x.ID[8] = x.ID[6]&0x0f|0x40, x.ID[8]&0x3f|0x80
	if t != nil {
		x.Deployment = t.deployment
	}
	return x
}

// recycle forgets everything but the room for header lines.
func (x *exchange) recycle() {
	room := x.Request.Header[:0]
	clear(room[:cap(room)])
	*x = exchange{}
	x.Request.Header = room
	exchanges.Put(x)
}

// inbound runs the inbound section.
func (x *exchange) inbound() error { return x.plan.Run(&x.Exchange, policy.Inbound) }

// backend runs the backend section; forward-request in it calls the backend. Without one the answer is an empty 200.
func (x *exchange) backend() error {
	if x.executes() {
		return x.backendOfGraph()
	}
	return x.plan.Run(&x.Exchange, policy.BackendSection)
}

// backendOfGraph is the backend section of a GraphQL API whose requests are executed here: resolvers come after its policies, whether or not these
// forward (policies.md 1.5).
func (x *exchange) backendOfGraph() error {
	if err := x.plan.Run(&x.Exchange, policy.BackendSection); err != nil {
		return err
	}
	switch {
	case x.Response != nil:
		return nil
	case x.connects():
		return x.agree()
	}
	return x.execute(0)
}

// outbound runs the outbound section on the answer.
func (x *exchange) outbound() error {
	x.EnsureResponse()
	return x.plan.Run(&x.Exchange, policy.Outbound)
}

// splitTarget cuts a request target into path and query; an absolute target loses its scheme and authority, which net/http has made the
// request's Host.
func splitTarget(target string) (path, query string, ok bool) {
	if !strings.HasPrefix(target, "/") {
		_, rest, absolute := strings.Cut(target, "://")
		if !absolute {
			return "", "", false
		}
		i := strings.IndexAny(rest, "/?")
		if i < 0 {
			return "/", "", true
		}
		target = rest[i:]
		if target[0] == '?' {
			return "/", target[1:], true
		}
	}
	path, query, _ = strings.Cut(target, "?")
	return path, query, true
}

// remoteIP is the address of the peer without its port.
func remoteIP(r *http.Request) string {
	addr := r.RemoteAddr
	if i := strings.LastIndexByte(addr, ':'); i > 0 && strings.IndexByte(addr[:i], ':') < 0 {
		return addr[:i]
	}
	if host, _, err := net.SplitHostPort(addr); err == nil {
		return host
	}
	return addr
}

// requestURL is the address that the caller asked for.
func requestURL(r *http.Request, path, query string) policy.URL {
	u := policy.URL{Scheme: "http", Port: 80, Host: r.Host, Path: path, Query: query}
	if r.TLS != nil {
		u.Scheme, u.Port = "https", 443
	}
	if strings.LastIndexByte(r.Host, ':') >= 0 {
		if host, port, err := net.SplitHostPort(r.Host); err == nil {
			u.Host = host
			if n, err := strconv.ParseUint(port, 10, 16); err == nil {
				u.Port = int(n)
			}
		}
	}
	return u
}
