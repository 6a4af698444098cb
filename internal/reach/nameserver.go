package reach

import (
	"bufio"
	"io"
	"net/netip"
	"os"
	"strings"
)

// mostNameservers is as many as are told.
const mostNameservers = 8

// Nameservers are the servers that this machine resolves names with, as its resolver's configuration lists them; none where there is no such file.
func Nameservers() []string {
	f, err := os.Open("/etc/resolv.conf")
	if err != nil {
		return []string{}
	}
	defer f.Close() //nolint:errcheck // only read
	return nameserversIn(f)
}

func nameserversIn(r io.Reader) []string {
	out := []string{}
	for s := bufio.NewScanner(io.LimitReader(r, 64<<10)); s.Scan() && len(out) < mostNameservers; {
		words := strings.Fields(s.Text())
		if len(words) < 2 || words[0] != "nameserver" {
			continue
		}
		if a, err := netip.ParseAddr(words[1]); err == nil {
			out = append(out, a.String())
		}
	}
	return out
}
