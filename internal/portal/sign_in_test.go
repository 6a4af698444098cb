package portal_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

var ada = map[string]string{"email": "ada@example.org", "password": "correct horse"}

// who is the e-mail address of whoever the portal thinks the browser's person is; "" for a guest.
func (b *browser) who() string {
	b.w.t.Helper()
	var doc struct{ Person *struct{ Name, Email string } }
	b.want("GET", "/api/session", nil, 200).decode(b.w.t, &doc)
	if doc.Person == nil {
		return ""
	}
	return doc.Person.Email
}

func TestSigningInAndOut(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	b := w.guest()
	if got := b.want("GET", "/api/session", nil, 200).body; got != `{"person":null}` {
		t.Errorf("a guest's session is %s", got)
	}
	if got, want := b.want("POST", "/api/session", map[string]string{"email": " ADA@example.org ", "password": "correct horse"}, 200).body,
		`{"person":{"name":"Ada Lovelace","email":"ada@example.org"}}`; got != want {
		t.Errorf("signing in answers %s, want %s", got, want)
	}
	c := b.cookie
	if c == nil || c.Name != "__Host-portal" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 43200 {
		t.Errorf("the session's cookie is %v", c)
	}
	for _, known := range []string{"lovelace", "u-ada", "ada@example.org", base64.RawURLEncoding.EncodeToString([]byte("ada@example"))[:14]} {
		if strings.Contains(strings.ToLower(c.Value), strings.ToLower(known)) {
			t.Errorf("the cookie tells who it is for: %s", known)
		}
	}
	w.restart()
	if got := b.who(); got != "ada@example.org" {
		t.Errorf("after a restart %q is signed in", got)
	}
	b.want("DELETE", "/api/session", nil, 204)
	if got := b.who(); got != "" || b.cookie != nil {
		t.Errorf("after signing out %q is signed in, with the cookie %v", got, b.cookie)
	}
	b.cookie = c
	if got := b.who(); got != "" {
		t.Errorf("with a copy of the cookie of a session that was ended %q is signed in", got)
	}
	if got := w.person("ada@example.org").who(); got != "ada@example.org" {
		t.Errorf("after signing in again %q is signed in", got)
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		how    string
		change func(w *world, b *browser)
		stays  bool
	}{
		{"nothing changes", func(*world, *browser) {}, true},
		{"another person's password changes", func(w *world, _ *browser) {
			w.patch(service+"/users/u-bob", map[string]any{"password": "battery staple"})
		}, true},
		{"the name changes", func(w *world, _ *browser) { w.patch(service+"/users/u-ada", map[string]any{"note": "x"}) }, true},
		{"the last minute begins", func(w *world, _ *browser) { w.pass(12*time.Hour - time.Minute) }, true},
		{"12 hours pass", func(w *world, _ *browser) { w.pass(12 * time.Hour) }, false},
		{"the password changes", func(w *world, _ *browser) {
			w.patch(service+"/users/u-ada", map[string]any{"password": "battery staple"})
		}, false},
		{"the person is blocked", func(w *world, _ *browser) { w.patch(service+"/users/u-ada", map[string]any{"state": "blocked"}) }, false},
		{"the person is deleted", func(w *world, _ *browser) { w.remove(service + "/users/u-ada") }, false},
		{"the cookie is tampered with", func(_ *world, b *browser) {
			last := len(b.cookie.Value) - 2
			b.cookie.Value = b.cookie.Value[:last] + map[bool]string{true: "A", false: "B"}[b.cookie.Value[last] != 'A'] + b.cookie.Value[last+1:]
		}, false},
		{"the cookie is rubbish", func(_ *world, b *browser) { b.cookie.Value = "rubbish" }, false},
		{"the cookie is another installation's", func(w *world, _ *browser) {
			w.options.Key = []byte("another installation's secret of 32 bytes or more")
			w.restart()
		}, false},
	} {
		t.Run(c.how, func(t *testing.T) {
			t.Parallel()
			w := sampleWorld(t)
			b := w.person("ada@example.org")
			c.change(w, b)
			if stays := b.who() != ""; stays != c.stays {
				t.Errorf("the session goes on: %v, want %v", stays, c.stays)
			}
			if !c.stays {
				b.want("GET", "/api/subscriptions", nil, 401)
			}
		})
	}
}

func TestRefusedSignInsTellNothing(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	w.patch(service+"/users/u-bob", map[string]any{"state": "blocked"})
	w.put(service+"/users/u-new", map[string]any{"email": "new@example.org", "firstName": "N", "lastName": "N"})
	var words string
	for _, c := range []struct {
		who, email, password string
		stored               string // what the password is compared with
	}{
		{"a wrong password", "ada@example.org", "wrong horse", "$argon2-test$correct horse"},
		{"nobody", "nobody@example.org", "correct horse", ""},
		{"somebody who is blocked", "bob@example.org", "correct horse", "$argon2-test$correct horse"},
		{"somebody without a password", "new@example.org", "correct horse", ""},
	} {
		w.checked = nil
		a := w.guest().want("POST", "/api/session", map[string]string{"email": c.email, "password": c.password}, 401)
		if words == "" {
			words = a.body
		}
		if a.body != words {
			t.Errorf("%s is told %s, others %s", c.who, a.body, words)
		}
		if !slices.Equal(w.checked, []string{c.stored}) {
			t.Errorf("%s: the password was compared with %q, want one comparison with %q", c.who, w.checked, c.stored)
		}
		if a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s gets a cookie", c.who)
		}
	}
}

func TestGuessingPasswordsIsSlowedDown(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	wrong := map[string]string{"email": "Ada@example.org", "password": "wrong horse"}
	for range 8 {
		w.guest().want("POST", "/api/session", wrong, 401)
	}
	a := w.guest().want("POST", "/api/session", ada, 429)
	if code, _, _ := a.fault(t); code != "TooMany" || a.header.Get("Retry-After") != "60" {
		t.Errorf("after 8 wrong passwords the answer is %s with Retry-After %q", code, a.header.Get("Retry-After"))
	}
	if len(w.checked) != 8 {
		t.Errorf("%d passwords were compared, want 8", len(w.checked))
	}
	w.person("bob@example.org")
	elsewhere := func(n int) func(*http.Request) {
		return func(r *http.Request) { r.RemoteAddr = fmt.Sprintf("192.0.2.%d:1234", n) }
	}
	if a := w.guest().send("POST", "/api/session", ada, elsewhere(2)); a.status != 200 {
		t.Errorf("whose address others guess at can't sign in from elsewhere: %d", a.status)
	}
	w.pass(59 * time.Second)
	w.guest().want("POST", "/api/session", ada, 429)
	w.pass(time.Second)
	w.guest().want("POST", "/api/session", ada, 200)
	for range 8 {
		w.guest().want("POST", "/api/session", wrong, 401) // a right password forgives
	}
	refused := 0
	for n := range 70 {
		if w.guest().send("POST", "/api/session", wrong, elsewhere(100+n)).status == 429 {
			refused++
		}
	}
	if refused == 0 {
		t.Error("passwords of one person can be guessed from many places without end")
	}
}

func TestABusyPasswordCheckIsNoRefusal(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	w.fail = func(string, string) (bool, error) { return true, errBusy }
	for range 20 {
		w.guest().want("POST", "/api/session", ada, 429)
	}
	a := w.guest().want("POST", "/api/session", ada, 429)
	if a.header.Get("Retry-After") == "" || a.header.Get("Set-Cookie") != "" {
		t.Errorf("the answer is %v %s", a.header, a.body)
	}
	w.fail = nil
	w.guest().want("POST", "/api/session", ada, 200)
}

func TestWritesComeFromThePortalsOwnPages(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	w.options.Origin = "https://developer.example.com/"
	w.restart()
	for _, c := range []struct {
		how    string
		header map[string]string // "" takes a header away
		status int
	}{
		{"from a page of the portal", nil, 200},
		{"typed by the person", map[string]string{"Sec-Fetch-Site": "none"}, 200},
		{"from a page of the portal in an older browser", map[string]string{"Sec-Fetch-Site": "", "Origin": "https://portal.example"}, 200},
		{"by the portal's public name", map[string]string{"Sec-Fetch-Site": "", "Origin": "https://developer.example.com"}, 200},
		{"from another site", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"from another host of the site", map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "https://portal.example"}, 403},
		{"from another site in an older browser", map[string]string{"Sec-Fetch-Site": "", "Origin": "https://evil.example"}, 403},
		{"from a page without TLS", map[string]string{"Sec-Fetch-Site": "", "Origin": "http://portal.example"}, 403},
		{"from a sandbox", map[string]string{"Sec-Fetch-Site": "", "Origin": "null"}, 403},
		{"from nowhere", map[string]string{"Sec-Fetch-Site": ""}, 403},
		{"as a form", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, 415},
		{"as text", map[string]string{"Content-Type": "text/plain"}, 415},
		{"without a type", map[string]string{"Content-Type": ""}, 415},
		{"with a charset", map[string]string{"Content-Type": "application/json; charset=utf-8"}, 200},
	} {
		a := w.guest().send("POST", "/api/session", ada, func(r *http.Request) {
			for name, value := range c.header {
				if r.Header.Set(name, value); value == "" {
					r.Header.Del(name)
				}
			}
		})
		if a.status != c.status {
			t.Errorf("%s: status %d, want %d: %s", c.how, a.status, c.status, a.body)
		}
		if c.status != 200 && a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: a cookie is set", c.how)
		}
	}
	if a := w.guest().send("DELETE", "/api/session", nil, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }); a.status != 403 {
		t.Errorf("another site can sign people out: status %d", a.status)
	}
}

func TestBodiesAreBoundedAndChecked(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	for _, c := range []struct {
		how, path, body string
		status          int
		field           string
	}{
		{"64 KiB and more", "/api/session", `{"email":"` + strings.Repeat("a", 64<<10) + `"}`, 413, ""},
		{"1 MiB and more", "/api/calls", `{"body":"` + strings.Repeat("a", 1<<20) + `"}`, 413, ""},
		{"a call of more than 64 KiB", "/api/calls", `{"body":"` + strings.Repeat("a", 100<<10) + `"}`, 404, ""},
		{"no JSON", "/api/session", `email=ada`, 400, ""},
		{"nothing", "/api/session", ``, 400, ""},
		{"two values", "/api/session", `{} {}`, 400, ""},
		{"a number for a text", "/api/session", `{"email":5}`, 400, "email"},
		{"no e-mail address", "/api/session", `{"password":"x"}`, 400, "email"},
		{"an endless e-mail address", "/api/session", `{"email":"` + strings.Repeat("a", 255) + `","password":"x"}`, 400, "email"},
		{"no password", "/api/session", `{"email":"ada@example.org"}`, 400, "password"},
	} {
		a := w.guest().send("POST", c.path, c.body)
		_, _, field := a.fault(t)
		if a.status != c.status || field != c.field {
			t.Errorf("%s: status %d with the field %q, want %d with %q: %s", c.how, a.status, field, c.status, c.field, a.body)
		}
	}
	if len(w.checked) != 0 {
		t.Errorf("passwords of refused sign-ins were compared: %d", len(w.checked))
	}
}

func TestEveryAnswerIsPrivate(t *testing.T) {
	t.Parallel()
	w := sampleWorld(t)
	for _, path := range []string{"/api/session", "/api/apis", "/api/nothing"} {
		h := w.guest().send("GET", path, nil).header
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
			"Content-Type": "application/json; charset=utf-8", "Access-Control-Allow-Origin": "",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s of %s is %q, want %q", name, path, got, want)
			}
		}
	}
}
