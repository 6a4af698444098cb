package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/atelier-apim/atelier/internal/gateway/h1"
)

// Server serves gateways on listeners: HTTP/1.1 and h2c on plain ones, HTTP/1.1 and HTTP/2 on those with TLS.
type Server struct {
	limits Limits
	plain  *http.Server
	tls    *http.Server
	// drain ends the WebSocket connections of the handler's gateways, which the servers no longer know of.
	drain func(context.Context)
}

// tunnelled is a handler that has WebSocket connections.
type tunnelled interface{ drainTunnels(context.Context) }

// ServerOptions are what a server gets from its process.
type ServerOptions struct {
	Limits Limits
	// Certificate chooses the certificate of a TLS connection; needed for ServeTLS only.
	Certificate func(*tls.ClientHelloInfo) (*tls.Certificate, error)
	// ErrorLog takes what goes wrong on connections; nil discards it.
	ErrorLog *log.Logger
}

// NewServer makes a server for a Set or a Gateway.
func NewServer(h http.Handler, o ServerOptions) *Server {
	s := &Server{limits: o.Limits.withDefaults()}
	s.plain, s.tls = s.server(h, o), s.server(h, o)
	s.drain = func(context.Context) {}
	if t, ok := h.(tunnelled); ok {
		s.drain = t.drainTunnels
	}
	s.plain.Protocols.SetUnencryptedHTTP2(true)
	s.tls.Protocols.SetHTTP2(true)
	s.tls.ConnContext, s.tls.Handler = withTLS, restoreTLS(h)
	s.tls.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: o.Certificate, CipherSuites: aead, NextProtos: []string{"h2", "http/1.1"}}
	if a, ok := h.(asking); ok {
		s.tls.TLSConfig.GetConfigForClient = askingWhere(a, s.tls.TLSConfig)
	}
	return s
}

// aead are the TLS 1.2 suites that are offered: forward secrecy and authenticated encryption; TLS 1.3 has no others.
var aead = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
}

func (s *Server) server(h http.Handler, o ServerOptions) *http.Server {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	logger := o.ErrorLog
	if logger == nil {
		logger = log.New(discard{}, "", 0)
	}
	return &http.Server{
		Handler: h, Protocols: p, ErrorLog: logger,
		ReadHeaderTimeout: s.limits.HeaderTime, IdleTimeout: s.limits.IdleTime, MaxHeaderBytes: s.limits.Head,
		HTTP2:                        &http.HTTP2Config{MaxConcurrentStreams: s.limits.Streams, MaxReceiveBufferPerStream: 64 << 10, MaxReceiveBufferPerConnection: 1 << 20},
		DisableGeneralOptionsHandler: true,
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// Serve serves a plain listener until Drain; its error is nil then.
func (s *Server) Serve(l net.Listener) error {
	return ended(s.plain.Serve(&strictListener{l, s.strict()}), l)
}

// ServeTLS serves a listener with TLS until Drain; its error is nil then.
func (s *Server) ServeTLS(l net.Listener) error {
	if s.tls.TLSConfig.GetCertificate == nil {
		return fmt.Errorf("serve TLS on %s: no certificates were given", l.Addr())
	}
	return ended(s.tls.Serve(newTLSListener(l, s.tls.TLSConfig, s.limits.HeaderTime, s.strict())), l)
}

// strict are the limits of the codec: it judges heads somewhat larger than those that the server takes, so that the server refuses the rest.
func (s *Server) strict() h1.Limits {
	return h1.Limits{Head: s.limits.Head + 16<<10, HeadTime: s.limits.HeaderTime}
}

func ended(err error, l net.Listener) error {
	if err == nil || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve %s: %w", l.Addr(), err)
}

// Drain takes no new connection, tells WebSocket connections that the server goes away, and waits for requests in flight, for at most Limits.Drain
// or until the context ends; what is left then is broken off, and the error says so.
func (s *Server) Drain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.limits.Drain)
	defer cancel()
	done := make(chan error, 2)
	for _, srv := range [...]*http.Server{s.plain, s.tls} {
		go func() { done <- srv.Shutdown(ctx) }()
	}
	s.drain(ctx)
	err := errors.Join(<-done, <-done)
	if err != nil {
		_ = s.plain.Close()
		_ = s.tls.Close()
		return fmt.Errorf("drain: requests were broken off: %w", err)
	}
	return nil
}
