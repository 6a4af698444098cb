package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"log/slog"
	"net/http"
)

//go:embed frame.html
var frame string

//go:embed style.css
var style string

// Set is some pages that belong together. It is immutable.
type Set struct {
	templates *template.Template
	titles    map[string]string
}

// New makes pages of templates, which begin with "head", end with "foot", and find their content as .Content; titles are theirs by name. It panics when the
// text doesn't parse, which only a broken build can bring.
func New(text string, titles map[string]string) *Set {
	return &Set{template.Must(template.Must(template.New("page").Parse(frame)).Parse(text)), titles}
}

// Show answers with a page. Its form may be sent to this server, and what answers it may redirect to target: browsers check redirects against form-action,
// too. A target is an origin, or empty for none.
func (s *Set) Show(w http.ResponseWriter, status int, name string, content any, target string) {
	var b bytes.Buffer
	if err := s.templates.ExecuteTemplate(&b, name, map[string]any{"Title": s.titles[name], "Style": template.CSS(style), "Content": content}); err != nil {
		slog.Error("show page", "page", name, "error", err)
		http.Error(w, "Something went wrong on our side.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy(target))
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // whoever hung up gets nothing
}

// policy lets a page show itself and send its form, and nothing else: no script, no frame, no foreign resource.
func policy(target string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; form-action 'self' " + target + "; base-uri 'none'; frame-ancestors 'none'"
}
