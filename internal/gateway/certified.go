package gateway

import (
	"crypto/tls"
	"net/http"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// certified are the pools of connections that were made with a client certificate: one for each certificate and way of connecting. Expressions may
// bring any number of certificates, so the pools are bounded, and one that nobody has used for a while is let go with its key.
type certified struct {
	mu   sync.Mutex
	pool map[manner]*certifiedPool
}

type certifiedPool struct {
	transport *http.Transport
	used      time.Time
}

const (
	maxCertified  = 128
	certifiedRest = 5 * time.Minute
)

// of finds or makes the pool. At the bound the one that was used longest ago makes room; calls in flight on it go on.
func (c *certified) of(m manner, make func() *http.Transport) *http.Transport {
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.pool[m]; p != nil {
		p.used = now
		return p.transport
	}
	c.drop(now)
	if len(c.pool) >= maxCertified {
		var oldest manner
		var since time.Time
		for k, p := range c.pool {
			if since.IsZero() || p.used.Before(since) {
				oldest, since = k, p.used
			}
		}
		c.remove(oldest)
	}
	if c.pool == nil {
		c.pool = map[manner]*certifiedPool{}
	}
	p := &certifiedPool{make(), now}
	c.pool[m] = p
	return p.transport
}

// sweep lets go of pools that nobody uses.
func (c *certified) sweep(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(now)
}

func (c *certified) drop(now time.Time) {
	for m, p := range c.pool {
		if now.Sub(p.used) > certifiedRest {
			c.remove(m)
		}
	}
}

func (c *certified) remove(m manner) {
	c.pool[m].transport.CloseIdleConnections()
	delete(c.pool, m)
}

func (c *certified) closeIdle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.pool {
		p.transport.CloseIdleConnections()
	}
}

// makeCertified makes a pool whose connections show the certificate to every backend that asks for one, whichever authorities it names: some name none,
// or others than the one that they take.
func (t *transports) makeCertified(m manner, c *policy.ClientCertificate) *http.Transport {
	p := t.make(m)
	p.TLSClientConfig.GetClientCertificate = func(asked *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		if len(c.Others) > 0 && asked.SupportsCertificate(&c.TLS) != nil {
			for i := range c.Others {
				if asked.SupportsCertificate(&c.Others[i]) == nil {
					return &c.Others[i], nil
				}
			}
		}
		return &c.TLS, nil
	}
	return p
}
