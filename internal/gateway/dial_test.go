package gateway

import (
	"net/netip"
	"testing"
)

func TestGuardRefusesWhatNoBackendMayBe(t *testing.T) {
	t.Parallel()
	g := newGuard([]netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:8443"), netip.MustParseAddrPort("0.0.0.0:5432")})
	for address, refused := range map[string]bool{
		"127.0.0.1:8080":             false, // loopback and private addresses: backends live there
		"10.1.2.3:80":                false,
		"[::1]:80":                   false,
		"93.184.216.34:443":          false,
		"127.0.0.1:8443":             true, // our own
		"[::ffff:127.0.0.1]:8443":    true,
		"127.0.0.2:5432":             true, // on every address of this machine
		"[::1]:5432":                 true,
		"10.1.2.3:5432":              false,
		"169.254.169.254:80":         true, // where clouds keep credentials
		"[::ffff:169.254.169.254]:1": true,
		"[64:ff9b::a9fe:a9fe]:80":    true, // the same through NAT64
		"[2002:a9fe:a9fe::1]:80":     true, // and 6to4
		"[fe80::1%eth0]:80":          true,
		"[fd00:ec2::254]:80":         true,
		"168.63.129.16:80":           true,
		"100.100.100.200:80":         true,
		"0.0.0.0:8080":               true,
		"[::]:8080":                  true,
		"224.0.0.1:80":               true,
	} {
		if reason := g.refuses(netip.MustParseAddrPort(address)); (reason != "") != refused {
			t.Errorf("%s: %q, want a refusal: %v", address, reason, refused)
		}
	}
}
