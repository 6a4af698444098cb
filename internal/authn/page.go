package authn

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strconv"
	"time"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

var pages = template.Must(template.New("page").Parse(pageText))

// signInPage fills the form.
type signInPage struct {
	Request  authorization
	Username string
	Problem  string
	Others   []other // issuers through which people can sign in
}

// pause tells how long to wait, to people and to programs.
func (p *signInPage) pause(w http.ResponseWriter, wait time.Duration) {
	n := seconds(wait)
	w.Header().Set("Retry-After", strconv.Itoa(n))
	p.Problem = fmt.Sprintf("Too many attempts. Try again in %d s.", n)
}

func (s *Service) showSignIn(w http.ResponseWriter, status int, p signInPage) {
	s.show(w, status, "sign-in", p)
}

func (s *Service) showRefusal(w http.ResponseWriter, e *oauthError) {
	s.show(w, e.status, "refusal", e.Error())
}

func (s *Service) showSignedOut(w http.ResponseWriter) {
	s.show(w, http.StatusOK, "signed-out", s.base+"/console/")
}

// titles of the pages by template.
var titles = map[string]string{"sign-in": "Sign in to Atelier", "refusal": "Sign-in failed", "signed-out": "You are signed out"}

// policy lets a page show itself and send its form to us, and nothing else: no script, no frame, no foreign resource. The form's target
// answers with a redirect to the console, which browsers check against form-action as well.
func (s *Service) policy() string {
	style := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(style[:]) +
		"'; form-action 'self' " + s.base + "; base-uri 'none'; frame-ancestors 'none'"
}

func (s *Service) show(w http.ResponseWriter, status int, name string, content any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, map[string]any{"Title": titles[name], "Style": template.CSS(pageStyle), "Content": content}); err != nil {
		slog.Error("authn: show page", "page", name, "error", err)
		http.Error(w, "Something went wrong on our side.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", s.policy())
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // whoever hung up gets nothing
}
