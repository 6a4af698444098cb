package authn

import (
	"encoding/json"
	"strings"
)

// Document gives one of the two public documents of the issuer by its URL: the OpenID configuration and the keys. Gateways in the same process take
// them from here, because they never dial the management address.
func (s *Service) Document(address string) ([]byte, bool) {
	path, ok := strings.CutPrefix(address, s.base+"/")
	tenant, path, _ := strings.Cut(path, "/")
	if !ok || !s.answersTo(tenant) {
		return nil, false
	}
	var doc any
	switch path {
	case "v2.0/.well-known/openid-configuration":
		doc = s.configuration()
	case "discovery/v2.0/keys":
		doc = s.keySet()
	default:
		return nil, false
	}
	b, err := json.Marshal(doc)
	return b, err == nil
}
