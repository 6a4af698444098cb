package apim

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// A host name leads to one gateway of the installation: who could take another's would get its callers, and their keys.

// hostClaim reserves a host name among all services and gateways.
func hostClaim(host, field, message string) kind.Claim {
	return kind.Claim{Space: "gateways|host", Value: strings.ToLower(host), Field: field, Message: message}
}

// hostname is a name of the domain name system, in lower case.
var hostname = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// validateHostnames refuses what isn't a host name, and the names that this installation gives out by itself.
func (c *Catalogue) validateHostnames(v *ConfigConnection) error {
	for _, h := range v.Hostnames {
		_, notIP := netip.ParseAddr(h)
		switch {
		case h == v.DefaultHostname:
		case len(h) > 253 || !hostname.MatchString(h) || notIP == nil:
			return arm.InvalidField("hostnames", "hostnames: '%s' is not a host name such as api.example.org.", h)
		case strings.HasSuffix("."+h, "."+strings.ToLower(c.GatewayDomain)), slices.Contains([]string{hostOf(c.ManagementURL), hostOf(c.PortalURL)}, h):
			return arm.InvalidField("hostnames", "hostnames: '%s' belongs to this installation, which gives such names to services and gateways itself; use a domain of your own.", h)
		}
	}
	return nil
}

// lowerCase is the list in lower case, each text once.
func lowerCase(list []string) []string {
	var out []string
	for _, text := range list {
		if low := strings.ToLower(text); !slices.Contains(out, low) {
			out = append(out, low)
		}
	}
	return out
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
