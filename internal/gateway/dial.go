package gateway

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// never are networks that no backend is in: link-local addresses, where clouds keep credentials for whoever asks, and the metadata
// addresses outside of them; multicast, and addresses that mean this host without saying so.
var never = parsePrefixes(
	"0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32",
	"::/128", "fe80::/10", "ff00::/8", "fd00:ec2::254/128",
)

func parsePrefixes(list ...string) (out []netip.Prefix) {
	for _, s := range list {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

// guard decides at dial time, after names are resolved, which addresses a backend may have. Private and loopback ones are allowed: backends
// live there.
type guard struct {
	forbidden []netip.AddrPort
	local     []netip.Addr // of this machine, when forbidden holds an unspecified address
}

func newGuard(forbidden []netip.AddrPort) *guard {
	g := &guard{}
	for _, a := range forbidden {
		g.forbidden = append(g.forbidden, netip.AddrPortFrom(a.Addr().Unmap(), a.Port()))
		if !a.Addr().IsUnspecified() || len(g.local) > 0 {
			continue
		}
		addrs, err := net.InterfaceAddrs()
		if err != nil {
			continue
		}
		for _, i := range addrs {
			if p, err := netip.ParsePrefix(i.String()); err == nil {
				g.local = append(g.local, p.Addr().Unmap())
			}
		}
	}
	return g
}

// refuses says why an address may not be dialled, "" when it may.
func (g *guard) refuses(to netip.AddrPort) string {
	addr := embedded(to.Addr().WithZone("").Unmap())
	for _, p := range never {
		if p.Contains(addr) {
			return "link-local, metadata and multicast addresses are refused"
		}
	}
	for _, f := range g.forbidden {
		if f.Port() != to.Port() {
			continue
		}
		if f.Addr() == addr || f.Addr().IsUnspecified() && (addr.IsLoopback() || slices.Contains(g.local, addr)) {
			return "the installation's own management and database addresses are refused"
		}
	}
	return ""
}

// embedded is the IPv4 address inside a NAT64 or 6to4 address, else the address itself.
func embedded(a netip.Addr) netip.Addr {
	if !a.Is6() {
		return a
	}
	b := a.As16()
	switch {
	case netip.MustParsePrefix("64:ff9b::/96").Contains(a):
		return netip.AddrFrom4([4]byte(b[12:16]))
	case netip.MustParsePrefix("2002::/16").Contains(a):
		return netip.AddrFrom4([4]byte(b[2:6]))
	}
	return a
}

// refusedAddress is the error of an address that the guard refuses.
type refusedAddress struct{ address, reason string }

func (e *refusedAddress) Error() string {
	return fmt.Sprintf("backend address %s: %s", e.address, e.reason)
}

// Refusal is the reason for whoever asks by another way than HTTP.
func (e *refusedAddress) Refusal() string { return e.reason }

// dialer dials what the guard allows.
func (g *guard) dialer(timeout time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := &net.Dialer{Timeout: timeout, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return &refusedAddress{address, "not an address"}
		}
		if reason := g.refuses(to); reason != "" {
			return &refusedAddress{address, reason}
		}
		return nil
	}}
	return d.DialContext
}
