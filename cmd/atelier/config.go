package main

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// config is what serve and dev are told; each field is a flag and an environment variable.
type config struct {
	data                           string
	management, portal             string
	gateway, gatewayTLS, sample    string
	domain                         string
	managementURL, portalURL       string
	tlsCert, tlsKey                string
	keyFile                        string
	databaseURL, redisURL, smtpURL string
	linkEgress                     string
	daprURL                        string
	dev                            bool
}

// setting is one row of the table of flags.
type setting struct {
	into                    *string
	flag, env, value, usage string
}

func (c *config) settings() []setting {
	s := []setting{
		{&c.data, "data", "ATELIER_DATA", "./data", "folder of all local state; made when missing"},
		{&c.management, "management-address", "ATELIER_MANAGEMENT_ADDRESS", "127.0.0.1:8443", "HTTPS: management API, token endpoint, console"},
		{&c.portal, "portal-address", "ATELIER_PORTAL_ADDRESS", "127.0.0.1:8445", "HTTPS: developer portal"},
		{&c.gateway, "gateway-address", "ATELIER_GATEWAY_ADDRESS", "127.0.0.1:8080", "HTTP/1.1 and h2c: every gateway of this process, chosen by Host"},
		{&c.gatewayTLS, "gateway-tls-address", "ATELIER_GATEWAY_TLS_ADDRESS", "127.0.0.1:8444", "HTTPS with HTTP/2: the same"},
		{&c.domain, "gateway-domain", "ATELIER_GATEWAY_DOMAIN", "localhost", "suffix of gateway host names"},
		{&c.managementURL, "management-url", "ATELIER_MANAGEMENT_URL", "", "what the outside calls the management address"},
		{&c.portalURL, "portal-url", "ATELIER_PORTAL_URL", "", "what the outside calls the portal"},
		{&c.tlsCert, "tls-cert", "ATELIER_TLS_CERT", "", "certificate of the management and portal addresses (default: local authority)"},
		{&c.tlsKey, "tls-key", "ATELIER_TLS_KEY", "", "its private key"},
		{&c.keyFile, "key-file", "ATELIER_KEY_FILE", "", "master key that seals every secret (default: DATA/master.key)"},
		{&c.databaseURL, "database-url", "ATELIER_DATABASE_URL", "", "postgres://…: shared state of several control planes (default: SQLite in DATA)"},
		{&c.redisURL, "redis-url", "ATELIER_REDIS_URL", "", "redis://…: shared counters and cache (default: in process)"},
		{&c.linkEgress, "link-egress-allow", "ATELIER_LINK_EGRESS_ALLOW", "", "networks that imports by link may reach besides public addresses"},
		{&c.daprURL, "dapr-url", "ATELIER_DAPR_URL", "", "http://host:port of the Dapr sidecar that policies call (default: http://localhost:3500, with a warning in the editor)"},
		{&c.smtpURL, "smtp-url", "ATELIER_SMTP_URL", "", "smtp://user:password@host:port: outgoing mail (default: kept in DATA/outbox)"},
	}
	if c.dev {
		s = append(s, setting{&c.sample, "sample-address", "ATELIER_SAMPLE_ADDRESS", "127.0.0.1:8446", "HTTP: the sample backends"})
	}
	return s
}

// bind gives the command a flag for each setting, with the environment's value as the default.
func (c *config) bind(cmd *cobra.Command) {
	for _, s := range c.settings() {
		value := s.value
		if v, ok := os.LookupEnv(s.env); ok {
			value = v
		}
		cmd.Flags().StringVar(s.into, s.flag, value, s.usage+" ["+s.env+"]")
	}
}

// check refuses what can't work, before anything is made.
func (c *config) check() error {
	if c.databaseURL != "" {
		return fmt.Errorf("--database-url: PostgreSQL is not supported yet; leave it out to keep the state in %s", c.data)
	}
	if c.redisURL != "" {
		return fmt.Errorf("--redis-url: shared counters are not supported yet; leave it out to count in process")
	}
	if c.smtpURL != "" {
		if _, err := mailServer(c.smtpURL); err != nil {
			return err
		}
	}
	if c.daprURL != "" {
		if u, err := url.Parse(c.daprURL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
			return fmt.Errorf("--dapr-url %q is not an address of the form http://host:port", c.daprURL)
		}
	}
	if (c.tlsCert == "") != (c.tlsKey == "") {
		return fmt.Errorf("--tls-cert and --tls-key belong together: give both or neither")
	}
	if c.domain == "" || strings.ContainsAny(c.domain, "/: ") {
		return fmt.Errorf("--gateway-domain %q is not a host name", c.domain)
	}
	return nil
}

func (c *config) path(name string) string { return filepath.Join(c.data, name) }

// listen takes an address; a busy one is named with the flag that changes it.
func listen(flag, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("can't listen on %s: %w; choose another address with --%s (port 0 takes a free one)", address, err, flag)
	}
	return l, nil
}
