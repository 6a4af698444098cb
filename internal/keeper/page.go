package keeper

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"log/slog"
	"net/http"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

var pages = template.Must(template.New("page").Parse(pageText))

var titles = map[string]string{"ask": "Connect your account", "refusal": "The connection was not made"}

// question fills the page that asks.
type question struct {
	Owner                            possessor
	Connection, Provider, Host, Code string
}

// possessor is the service or workspace that a connection belongs to.
type possessor struct{ Service, Workspace string }

// policy lets a page show itself and send its form to us, which answers with a redirect to the provider: browsers check that against form-action, too.
func policy(provider string) string {
	style := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(style[:]) + "'; form-action 'self' " + provider + "; base-uri 'none'; frame-ancestors 'none'"
}

func show(w http.ResponseWriter, status int, name string, content any, provider string) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, map[string]any{"Title": titles[name], "Style": template.CSS(pageStyle), "Content": content}); err != nil {
		slog.Error("keeper: show page", "page", name, "error", err)
		http.Error(w, "Something went wrong on our side.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy(provider))
	h.Set("X-Frame-Options", "DENY")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // whoever hung up gets nothing
}

func refuse(w http.ResponseWriter, status int, why string) { show(w, status, "refusal", why, "") }
