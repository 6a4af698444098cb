package cosmos

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// Account is what a connection string says.
type Account struct {
	Endpoint string // without the last slash
	host     string
	key      []byte // nil when the service's identity signs in
}

// Read reads "AccountEndpoint=https://…;AccountKey=…;". tokens says that the service's identity signs in, so that no key is needed. Its errors show no key.
func Read(text string, tokens bool) (Account, error) {
	parts := map[string]string{}
	for part := range strings.SplitSeq(text, ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if name = strings.ToLower(strings.TrimSpace(name)); name == "" && !ok {
			continue
		}
		switch {
		case !ok || name != "accountendpoint" && name != "accountkey":
			return Account{}, fmt.Errorf("the connection string holds more than AccountEndpoint and AccountKey: '%.30s'", name)
		case parts[name] != "":
			return Account{}, fmt.Errorf("'%s' is set twice in the connection string", name)
		}
		parts[name] = strings.TrimSpace(value)
	}
	a := Account{Endpoint: strings.TrimRight(parts["accountendpoint"], "/")}
	u, err := url.Parse(a.Endpoint)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "" {
		return Account{}, errors.New("AccountEndpoint is not an https address, such as https://contoso.documents.azure.com:443/")
	}
	a.host = u.Hostname()
	if tokens {
		if u.Scheme != "https" && !isLoopback(a.host) {
			return Account{}, errors.New("the service's identity signs in over https alone")
		}
		return a, nil
	}
	if a.key, err = base64.StdEncoding.DecodeString(parts["accountkey"]); err != nil || len(a.key) == 0 {
		return Account{}, errors.New("AccountKey is missing or no base64; use-managed-identity signs in as the service")
	}
	return a, nil
}

// isLoopback says that nobody between can hear what is sent: an emulator beside the gateway.
func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// Resource is whom a token of an identity is for.
func (a Account) Resource() string { return "https://" + a.host }

// checkName refuses what can't be the name of a database or container, or the id of an item, and would be read as something else in an address.
func checkName(what, name string, most int) error {
	switch {
	case name == "":
		return fmt.Errorf("the %s is empty", what)
	case len(name) > most:
		return fmt.Errorf("the %s has more than %d bytes", what, most)
	case strings.ContainsAny(name, "/\\?#\x00") || name == "." || name == "..":
		return fmt.Errorf("the %s '%.40s' holds what Cosmos DB doesn't allow there", what, name)
	}
	return nil
}
