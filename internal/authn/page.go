package authn

import (
	_ "embed"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/atelier-apim/atelier/internal/page"
)

//go:embed page.html
var pageText string

var pages = page.New(pageText, map[string]string{"sign-in": "Sign in to Atelier", "refusal": "Sign-in failed", "signed-out": "You are signed out"})

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

// show answers with a page. The form's target answers with a redirect to the console.
func (s *Service) show(w http.ResponseWriter, status int, name string, content any) {
	pages.Show(w, status, name, content, s.base)
}
