package gateway

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// throughProxy sends requests through a proxy. Connections are kept apart by proxy and by who signs in there.
type throughProxy struct {
	transport *http.Transport // made for proxies
	proxy     *policy.Proxy
	guard     *guard
}

type proxyKey struct{}

// proxyOf is the proxy that a request's context holds.
func proxyOf(r *http.Request) (*url.URL, error) {
	u, _ := r.Context().Value(proxyKey{}).(*url.URL)
	if u == nil {
		return nil, errors.New("the call has lost its proxy")
	}
	return u, nil
}

// RoundTrip implements http.RoundTripper. The guard looks at the proxy's address when it is dialled; what the proxy would be asked for is looked at here,
// so that a proxy on this machine is no way round.
func (p *throughProxy) RoundTrip(r *http.Request) (*http.Response, error) {
	u, err := url.Parse(p.proxy.Address)
	if err != nil || u.Host == "" {
		return nil, errors.New("the proxy's address is none")
	}
	if p.transport.Protocols.UnencryptedHTTP2() && r.URL.Scheme == "http" {
		return nil, errors.New("a proxy takes requests of HTTP/1.1; call the backend with http-version=\"1\" or over https")
	}
	if err := p.guard.refusesName(r.Context(), r.URL); err != nil {
		return nil, err
	}
	if p.proxy.User != "" || p.proxy.Password != "" {
		u.User = url.UserPassword(p.proxy.User, p.proxy.Password)
	}
	r = r.WithContext(context.WithValue(r.Context(), proxyKey{}, u))
	if r.URL.Scheme == "http" { // a proxy is asked for the whole address
		whole := *r.URL
		whole.Opaque = "//" + whole.Host + whole.Opaque
		r.URL = &whole
	}
	return p.transport.RoundTrip(r)
}

// lookupTime is the longest that a name is looked up before a proxy is asked for it.
const lookupTime = 2 * time.Second

// refusesName refuses an address for a proxy. A name that only the proxy knows is left to it.
func (g *guard) refusesName(ctx context.Context, u *url.URL) error {
	port := map[string]uint16{"http": 80, "https": 443}[u.Scheme]
	if n, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
		port = uint16(n)
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	host := strings.TrimSuffix(u.Hostname(), ".")
	all, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	switch last := host[strings.LastIndexByte(host, '.')+1:]; {
	case err == nil:
	case last == "" || last[0] >= '0' && last[0] <= '9':
		return &refusedAddress{u.Host, "addresses are refused that are written in an unusual way"} // the proxy may take 0xa9fea9fe for one
	default:
		return nil // not known here
	}
	for _, a := range all {
		to := netip.AddrPortFrom(a.Unmap(), port)
		if reason := g.refuses(to); reason != "" {
			return &refusedAddress{to.String(), reason}
		}
	}
	return nil
}
