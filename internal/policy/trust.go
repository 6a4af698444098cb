package policy

import (
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"sync"
	"time"
)

// Trust is whom a gateway believes about callers' certificates: the authorities of the system and those of the service. The nil Trust knows the system's
// alone.
type Trust struct {
	Roots, Intermediates []*x509.Certificate // of the service

	once  sync.Once
	roots *x509.CertPool

	mu       sync.Mutex
	verified map[[sha256.Size]byte]verified
}

// verified is a chain that was found good, and until when it stays so.
type verified struct {
	chain        []*x509.Certificate
	since, until time.Time
}

const (
	maxVerified = 1024 // chains that are remembered
	maxSent     = 10   // certificates beside its own that a caller's chain may have
)

var errLongChain = errors.New("the client sent more than 10 certificates of authorities")

var systemRoots = sync.OnceValue(func() *x509.CertPool {
	pool, err := x509.SystemCertPool()
	if err != nil {
		return x509.NewCertPool()
	}
	return pool
})

func (t *Trust) pool() *x509.CertPool {
	if t == nil || len(t.Roots) == 0 {
		return systemRoots()
	}
	t.once.Do(func() {
		t.roots = systemRoots().Clone()
		for _, c := range t.Roots {
			t.roots.AddCert(c)
		}
	})
	return t.roots
}

// Verify finds the way from a client's certificate to an authority that is trusted, at a time: the leaf first, the authority last. sent are the
// certificates that the client sent beside its own; they are believed for nothing but what trusted ones have signed.
func (t *Trust) Verify(leaf *x509.Certificate, sent []*x509.Certificate, at time.Time) ([]*x509.Certificate, error) {
	if len(sent) > maxSent {
		return nil, errLongChain
	}
	key := digest(leaf, sent)
	if chain := t.known(key, at); chain != nil {
		return chain, nil
	}
	o := x509.VerifyOptions{Roots: t.pool(), Intermediates: x509.NewCertPool(), CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	for _, c := range sent {
		o.Intermediates.AddCert(c)
	}
	if t != nil {
		for _, c := range t.Intermediates {
			o.Intermediates.AddCert(c)
		}
	}
	chains, err := leaf.Verify(o)
	if err != nil {
		return nil, err
	}
	t.keep(key, chains[0])
	return chains[0], nil
}

func digest(leaf *x509.Certificate, sent []*x509.Certificate) (key [sha256.Size]byte) {
	h := sha256.New()
	h.Write(leaf.Raw) // DER tells its own length
	for _, c := range sent {
		h.Write(c.Raw)
	}
	h.Sum(key[:0])
	return key
}

func (t *Trust) known(key [sha256.Size]byte, at time.Time) []*x509.Certificate {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if v, ok := t.verified[key]; ok && !at.Before(v.since) && !at.After(v.until) {
		return v.chain
	}
	return nil
}

func (t *Trust) keep(key [sha256.Size]byte, chain []*x509.Certificate) {
	if t == nil {
		return
	}
	v := verified{chain: chain, since: chain[0].NotBefore, until: chain[0].NotAfter}
	for _, c := range chain[1:] {
		if c.NotBefore.After(v.since) {
			v.since = c.NotBefore
		}
		if c.NotAfter.Before(v.until) {
			v.until = c.NotAfter
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.verified) >= maxVerified || t.verified == nil {
		t.verified = map[[sha256.Size]byte]verified{}
	}
	t.verified[key] = v
}
