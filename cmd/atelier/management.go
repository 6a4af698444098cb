package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/atelier-apim/atelier/internal/armhttp"
	"github.com/atelier-apim/atelier/internal/authn"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/keeper"
	"github.com/atelier-apim/atelier/internal/parity"
	"github.com/atelier-apim/atelier/web"
)

// managementHandler says which path of the management address goes where.
func (s *server) managementHandler() (http.Handler, error) {
	words, err := newLanguage(s.engine)
	if err != nil {
		return nil, err
	}
	facts := armhttp.Facts{
		TenantID: s.directory.TenantID(), Registry: s.registry, Control: s.control,
		Access: accessAnswers{s}, Activity: s.activityPage(), Parity: func() any { return parity.Read() }, Language: words,
	}
	management := armhttp.New(armhttp.Options{
		Control: s.control, Registry: s.registry, Verify: s.verify, TenantID: facts.TenantID, Authority: s.urls.Management + "/" + facts.TenantID,
		Origin: s.origin, Special: armhttp.Specials(facts), Denied: s.recordDenied, Acted: s.recordAct,
	})
	console := web.Console()
	graph := s.directory.Handler(s.graphCaller)
	identity, consent := s.identity.Handler(), s.connections.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case armhttp.Serves(path):
			management.ServeHTTP(w, r)
		case strings.HasPrefix(path, control.ExportPath):
			management.ServeLink(w, r)
		case strings.HasPrefix(path, "/v1.0/"):
			graph.ServeHTTP(w, r)
		case strings.HasPrefix(path, keeper.Path):
			consent.ServeHTTP(w, r)
		case path == "/healthz":
			_, _ = w.Write([]byte("ok\n"))
		case path == "/":
			http.Redirect(w, r, "/console/", http.StatusFound)
		case path == "/console/config.json":
			s.consoleConfig(w)
		case strings.HasPrefix(path, "/console/"):
			if base := s.origin(r); base != s.urls.Management { // sign-in returns to the issuer's own address alone
				http.Redirect(w, r, s.urls.Management+r.URL.RequestURI(), http.StatusFound)
				return
			}
			console.ServeHTTP(w, r)
		case s.identity.Owns(path):
			identity.ServeHTTP(w, r)
		default:
			http.Error(w, "There is nothing here. The console is at /console/, the management API at /subscriptions.", http.StatusNotFound)
		}
	}), nil
}

// origin is the base of absolute links: what the caller called us when the certificate covers it, else our own name.
func (s *server) origin(r *http.Request) string {
	host := r.Host
	if at := strings.LastIndexByte(host, ':'); at > strings.LastIndexByte(host, ']') {
		host = host[:at]
	}
	if s.config.tlsCert == "" && s.leaves.Covers(host) {
		return "https://" + r.Host
	}
	return s.urls.Management
}

// consoleConfig tells the console where to sign in.
func (s *server) consoleConfig(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	tenant := s.directory.TenantID()
	_ = json.NewEncoder(w).Encode(map[string]string{ // the caller is gone when this fails
		"tenantId": tenant, "clientId": authn.ConsoleClient, "authority": s.urls.Management + "/" + tenant, "subscriptionId": s.subscriptionID(),
	})
}

// announce writes the files that others read once every listener accepts: ca.pem, admin.json on the first start, endpoints.json last.
func (s *server) announce() error {
	if err := writeFile(s.config.path("ca.pem"), s.authority.PEM(), 0o644); err != nil {
		return err
	}
	if s.admin != nil {
		if err := writeJSONFile(s.config.path("admin.json"), s.admin, 0o600); err != nil {
			return err
		}
	}
	return writeJSONFile(s.config.path("endpoints.json"), s.urls, 0o644)
}

func writeJSONFile(path string, v any, mode os.FileMode) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeFile(path, append(b, '\n'), mode)
}

// writeFile replaces a file in one step.
func writeFile(path string, b []byte, mode os.FileMode) error {
	tmp := path + ".tmp"
	if err := os.WriteFile(tmp, b, mode); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(tmp, path)
}
