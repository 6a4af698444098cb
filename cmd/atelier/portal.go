package main

import (
	"net"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/portal"
	"github.com/atelier-apim/atelier/web"
)

// portalHandler serves the developer portal: its data API, and its pages.
func (s *server) portalHandler() (http.Handler, error) {
	data, err := portal.New(portal.Options{
		Control: s.control, Registry: s.registry, Gateway: s.gateways, GatewayDomain: s.config.domain,
		GatewayURL:    func(scheme, host string) string { return scheme + "://" + host + ":" + s.gatewayPort(scheme) },
		CheckPassword: s.directory.CheckPassword, Key: []byte(s.ring.Digest("portal", "")), Origin: s.urls.Portal,
	})
	if err != nil {
		return nil, err
	}
	pages := web.Portal()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			data.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	}), nil
}

// gatewayPort is where gateways listen for a scheme.
func (s *server) gatewayPort(scheme string) string {
	l := s.listeners.gateway
	if scheme == "https" {
		l = s.listeners.gatewayTLS
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return ""
	}
	return port
}
