package localca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxLeaves bounds the certificates that are kept. Beyond it the one that is used least lately goes, to be made anew when asked for.
const maxLeaves = 1024

// Leaves hands out certificates by the server name that a client asks for. It is safe for concurrent use.
type Leaves struct {
	authority *Authority
	hosts     []string // names of the default certificate
	known     func(host string) bool

	mu    sync.Mutex
	cache map[string]*leaf
	tick  uint64
}

type leaf struct {
	once sync.Once // of many clients that ask at once one makes it
	cert *tls.Certificate
	err  error
	used uint64
}

// NewLeaves serves one certificate for localhost, 127.0.0.1, ::1 and hosts (the hosts of the configured addresses), and to clients that
// ask for a name which known accepts one for exactly that name. known is called with a lower-case name on every handshake of such a
// client and must be quick; nil knows none. There are no wildcards: OpenSSL and Node refuse them directly under localhost.
func NewLeaves(a *Authority, hosts []string, known func(host string) bool) *Leaves {
	if known == nil {
		known = func(string) bool { return false }
	}
	names := []string{"localhost", "127.0.0.1", "::1"}
	for _, h := range hosts {
		h = normal(h)
		ip := net.ParseIP(h)
		if h != "" && !slices.Contains(names, h) && (ip == nil || !ip.IsUnspecified()) {
			names = append(names, h)
		}
	}
	return &Leaves{authority: a, hosts: names, known: known, cache: map[string]*leaf{}}
}

// normal is a host as certificates are looked up by: lower case, without the root's dot and the brackets of an IPv6 address.
func normal(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}

// Covers says whether some certificate names the host: one of the default names, or a known gateway.
func (l *Leaves) Covers(host string) bool {
	host = normal(host)
	return slices.Contains(l.hosts, host) || l.exact(host)
}

func (l *Leaves) exact(host string) bool {
	return validHost(host) && l.known(host)
}

// validHost keeps what is no host name, a wildcard above all, out of certificates.
func validHost(host string) bool {
	if host == "" || len(host) > 253 {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range []byte(label) {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
				return false
			}
		}
	}
	return true
}

// GetCertificate is for tls.Config. A name that nobody knows, or none, gets the default certificate.
func (l *Leaves) GetCertificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := normal(hello.ServerName)
	if name == "" || slices.Contains(l.hosts, name) || !l.exact(name) {
		return l.get("", l.hosts)
	}
	return l.get(name, []string{name})
}

// get returns the certificate kept under key, made or renewed when need be.
func (l *Leaves) get(key string, names []string) (*tls.Certificate, error) {
	for {
		entry := l.entry(key)
		entry.once.Do(func() { entry.cert, entry.err = l.authority.sign(names) })
		if entry.err != nil {
			l.forget(key, entry)
			return nil, entry.err
		}
		// A leaf that ends with its authority can't be bettered: it is served to the end.
		end := entry.cert.Leaf.NotAfter
		if l.authority.now().Before(end.Add(-renewBefore)) || !end.Before(l.authority.cert.NotAfter) {
			return entry.cert, nil
		}
		l.forget(key, entry)
	}
}

func (l *Leaves) entry(key string) *leaf {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tick++
	e, ok := l.cache[key]
	if !ok {
		if len(l.cache) >= maxLeaves {
			l.evict()
		}
		e = &leaf{}
		l.cache[key] = e
	}
	e.used = l.tick
	return e
}

func (l *Leaves) evict() {
	oldest, at := "", l.tick
	for key, e := range l.cache {
		if e.used < at {
			oldest, at = key, e.used
		}
	}
	delete(l.cache, oldest)
}

// forget drops an entry that failed or grew old, unless another took its place already.
func (l *Leaves) forget(key string, e *leaf) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cache[key] == e {
		delete(l.cache, key)
	}
}

// sign makes a certificate for exactly the given names.
func (a *Authority) sign(names []string) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("certificate for %s: %w", names[0], err)
	}
	serial, err := newSerial()
	if err != nil {
		return nil, fmt.Errorf("certificate for %s: %w", names[0], err)
	}
	now := a.now()
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{Organization: []string{"Atelier"}},
		NotBefore: now.Add(-clockSkew), NotAfter: earlier(now.Add(leafLife), a.cert.NotAfter),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if len(names[0]) <= 64 { // the longest common name that X.509 allows
		template.Subject.CommonName = names[0]
	}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, n)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("certificate for %s: %w", names[0], err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("certificate for %s: %w", names[0], err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: parsed}, nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
