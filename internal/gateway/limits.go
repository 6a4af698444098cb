package gateway

import "time"

// Limits bound what a request may ask of a gateway (hardening). Zero fields mean their default.
type Limits struct {
	Head            int           // bytes of a request's head
	Fields          int           // header lines of a request
	Target          int           // bytes of a request target
	QueryParameters int           // parameters of a query
	BufferedBody    int64         // bytes of a body that a policy may hold in memory
	BackendHead     int64         // bytes of the head of a backend's answer
	HeaderTime      time.Duration // until a request's head is complete
	IdleTime        time.Duration // between requests of a connection
	BodyIdle        time.Duration // without a byte of a body, in either direction
	BackendTime     time.Duration // until the head of a backend's answer, unless the policy says
	DialTime        time.Duration // until a backend connection stands
	Drain           time.Duration // for requests in flight when a server stops
	Streams         int           // concurrent HTTP/2 streams of a connection
	IdleBackends    int           // idle connections kept for each backend
	Tunnels         int           // WebSocket connections of a gateway at once
	TunnelIdle      time.Duration // without a byte of a WebSocket connection in both directions, or of the body of a gRPC call
	SocketInit      time.Duration // until a caller has begun to speak on a connection of a GraphQL API
	TunnelBuffer    int           // bytes held of each direction of a WebSocket connection
}

// Defaults of every limit.
var Defaults = Limits{
	Head:            32 << 10,
	Fields:          100,
	Target:          8 << 10,
	QueryParameters: 500,
	BufferedBody:    8 << 20,
	BackendHead:     64 << 10,
	HeaderTime:      10 * time.Second,
	IdleTime:        60 * time.Second,
	BodyIdle:        30 * time.Second,
	BackendTime:     300 * time.Second,
	DialTime:        5 * time.Second,
	Drain:           30 * time.Second,
	Streams:         100,
	IdleBackends:    512,
	Tunnels:         5000,
	TunnelIdle:      10 * time.Minute,
	TunnelBuffer:    8 << 10,
	SocketInit:      10 * time.Second,
}

// withDefaults fills what is zero.
func (l Limits) withDefaults() Limits {
	d := Defaults
	orInt(&l.Head, d.Head)
	orInt(&l.Fields, d.Fields)
	orInt(&l.Target, d.Target)
	orInt(&l.QueryParameters, d.QueryParameters)
	orInt(&l.BufferedBody, d.BufferedBody)
	orInt(&l.BackendHead, d.BackendHead)
	orInt(&l.HeaderTime, d.HeaderTime)
	orInt(&l.IdleTime, d.IdleTime)
	orInt(&l.BodyIdle, d.BodyIdle)
	orInt(&l.BackendTime, d.BackendTime)
	orInt(&l.DialTime, d.DialTime)
	orInt(&l.Drain, d.Drain)
	orInt(&l.Streams, d.Streams)
	orInt(&l.IdleBackends, d.IdleBackends)
	orInt(&l.Tunnels, d.Tunnels)
	orInt(&l.TunnelIdle, d.TunnelIdle)
	orInt(&l.TunnelBuffer, d.TunnelBuffer)
	orInt(&l.SocketInit, d.SocketInit)
	return l
}

func orInt[T int | int64 | time.Duration](v *T, standard T) {
	if *v <= 0 {
		*v = standard
	}
}
