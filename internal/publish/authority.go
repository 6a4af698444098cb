package publish

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// trusted are the authorities that a service trusts, read from its archives once for each version of it: opening one takes a while.
type trusted struct {
	of   *kind.Resource
	list []snapshot.Authority
}

// authorities are those of a service. One that can't be read any more vouches for nobody.
func authorities(svc *node) []snapshot.Authority {
	if svc.own.trusted.of == svc.res {
		return svc.own.trusted.list
	}
	svc.own.trusted = trusted{of: svc.res}
	v, _ := value[apim.Service](svc)
	for _, a := range v.Certificates {
		c, err := apim.OpenCertificate(&apim.Certificate{Data: a.EncodedCertificate, Password: a.CertificatePassword})
		if err == nil {
			svc.own.trusted.list = append(svc.own.trusted.list, snapshot.Authority{DER: c.Leaf.Raw, Root: a.StoreName == "Root"})
		}
	}
	return svc.own.trusted.list
}

// asksForCertificate says whether a host name of the service's gateways negotiates client certificates. The gateways of its workspaces have no setting
// of their own and do as the service says.
func asksForCertificate(v *apim.Service) bool {
	for _, h := range v.HostnameConfigurations {
		if strings.EqualFold(h.Type, "Proxy") && h.NegotiateClientCertificate {
			return true
		}
	}
	return false
}
