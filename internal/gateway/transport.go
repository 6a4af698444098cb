package gateway

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/atelier-apim/atelier/internal/certfile"
	"github.com/atelier-apim/atelier/internal/policy"
)

// transports are the connection pools of one gateway: one for each way of connecting.
type transports struct {
	limits Limits
	guard  *guard

	mu   sync.RWMutex
	pool map[manner]*http.Transport

	certified certified // those that show a client certificate

	addresses sync.Map // base address to *url.URL
	known     atomic.Int64
}

// maxAddresses is how many parsed base addresses are kept: expressions may make any number of them.
const maxAddresses = 4096

// address parses a base address; its Path is escaped and without the last slash.
func (t *transports) address(base string) (*url.URL, error) {
	if u, ok := t.addresses.Load(base); ok {
		return u.(*url.URL), nil
	}
	u, err := url.Parse(base)
	if err == nil {
		switch u.Scheme { // a handshake is a request like others
		case "ws":
			u.Scheme = "http"
		case "wss":
			u.Scheme = "https"
		}
	}
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("backend address %q is not an absolute http or https address", base)
	}
	u.Path = strings.TrimRight(u.EscapedPath(), "/")
	if t.known.Load() < maxAddresses {
		if _, loaded := t.addresses.LoadOrStore(base, u); !loaded {
			t.known.Add(1)
		}
	}
	return u, nil
}

// manner is what connections must agree in to be shared.
type manner struct {
	version                    string // "1", "2", "2or1"
	skipVerify, skipVerifyName bool
	calls                      bool              // of gRPC: the answer may begin late
	proxied                    bool              // through the proxy that the request's context holds
	wait                       time.Duration     // for 100 Continue: whole seconds, longestContinue at most
	certificate                [sha256.Size]byte // that is shown to backends that ask; zero for none
}

func newTransports(l Limits, forbidden []netip.AddrPort) *transports {
	return &transports{limits: l, guard: newGuard(forbidden), pool: make(map[manner]*http.Transport)}
}

// of finds or makes the pool. c is the certificate that the manner is about, nil without one.
func (t *transports) of(m manner, c *policy.ClientCertificate) *http.Transport {
	if c != nil {
		return t.certified.of(m, func() *http.Transport { return t.makeCertified(m, c) })
	}
	t.mu.RLock()
	p := t.pool[m]
	t.mu.RUnlock()
	if p != nil {
		return p
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if p = t.pool[m]; p == nil {
		p = t.make(m)
		t.pool[m] = p
	}
	return p
}

func (t *transports) make(m manner) *http.Transport {
	p := &http.Transport{
		DialContext:            t.guard.dialer(t.limits.DialTime),
		TLSHandshakeTimeout:    t.limits.DialTime,
		MaxIdleConnsPerHost:    t.limits.IdleBackends,
		ResponseHeaderTimeout:  t.limits.BackendTime,
		ExpectContinueTimeout:  m.wait,
		IdleConnTimeout:        t.limits.IdleTime,
		MaxResponseHeaderBytes: t.limits.BackendHead,
		DisableCompression:     true, // bodies pass as they are
		WriteBufferSize:        4 << 10,
		ReadBufferSize:         8 << 10,
		Protocols:              new(http.Protocols),
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: t.limits.IdleTime / 2, PingTimeout: t.limits.DialTime},       // finds dead connections under silent streams
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: m.skipVerify || m.skipVerifyName}, //nolint:gosec // a backend entity may say so
	}
	if m.skipVerifyName && !m.skipVerify {
		p.TLSClientConfig.VerifyConnection = certfile.VerifyChain
	}
	if m.proxied {
		p.Proxy, p.MaxIdleConns = proxyOf, t.limits.IdleBackends
	}
	if m.calls {
		p.ResponseHeaderTimeout = 0
	}
	switch m.version {
	case "2":
		p.Protocols.SetHTTP2(true)
		p.Protocols.SetUnencryptedHTTP2(true)
	case "2or1":
		p.Protocols.SetHTTP1(true)
		p.Protocols.SetHTTP2(true)
	default:
		p.Protocols.SetHTTP1(true)
	}
	return p
}

func (t *transports) closeIdle() {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for _, p := range t.pool {
		p.CloseIdleConnections()
	}
	t.certified.closeIdle()
}
