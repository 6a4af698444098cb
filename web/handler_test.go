package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func application(t *testing.T) *handler {
	t.Helper()
	h, err := newHandler(fstest.MapFS{
		"index.html":          {Data: []byte("<page>")},
		"index.html.br":       {Data: []byte("page in brotli")},
		"placeholder.html":    {Data: []byte("<placeholder>")},
		"manifest.json":       {Data: []byte("{}")},
		"assets/main-1.js":    {Data: []byte("code")},
		"assets/main-1.js.br": {Data: []byte("code in brotli")},
		"assets/main-1.js.gz": {Data: []byte("code in gzip")},
		"assets/dot-1.svg":    {Data: []byte("<svg>")},
	}, "/console/")
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func ask(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAnyPathIsAPlaceInTheApplication(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/console/": "200 <page>",
		"/console/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/x/policy": "200 <page>",
		"/console/assets/main-1.js": "200 code",
		"/console/assets/gone-2.js": "404 no such file: the page is of another version, reload it\n",
		"/console/manifest.json":    "200 <page>",
		"/console/../../etc/passwd": "200 <page>",
		"/console/index.html.br":    "200 <page>",
	} {
		w := ask(application(t), http.MethodGet, path)
		got := strings.TrimSpace(w.Result().Status[:3]) + " " + w.Body.String()
		if got != want {
			t.Errorf("GET %s = %q, want %q", path, got, want)
		}
	}
}

func TestTheSmallestAcceptedFormIsSent(t *testing.T) {
	t.Parallel()
	for accepted, want := range map[string][2]string{
		"gzip, deflate, br":    {"br", "code in brotli"},
		"gzip":                 {"gzip", "code in gzip"},
		"br;q=0, gzip;q=0.5":   {"gzip", "code in gzip"},
		"BR":                   {"br", "code in brotli"},
		"identity":             {"", "code"},
		"":                     {"", "code"},
		"brotli, gzip;q=wrong": {"", "code"},
	} {
		w := ask(application(t), http.MethodGet, "/console/assets/main-1.js", "Accept-Encoding", accepted)
		got := [2]string{w.Header().Get("Content-Encoding"), w.Body.String()}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Accept-Encoding %q (-want +got):\n%s", accepted, diff)
		}
		if w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("Accept-Encoding %q: Content-Type = %q", accepted, w.Header().Get("Content-Type"))
		}
	}
}

func TestHashedFilesAreKeptForEverAndThePageIsAskedForEachTime(t *testing.T) {
	t.Parallel()
	h := application(t)
	if got := ask(h, http.MethodGet, "/console/assets/main-1.js").Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("Cache-Control of a hashed file = %q", got)
	}
	first := ask(h, http.MethodGet, "/console/", "Accept-Encoding", "br")
	if got := first.Header().Get("Cache-Control"); got != "no-cache" {
		t.Errorf("Cache-Control of the page = %q", got)
	}
	tag := first.Header().Get("ETag")
	again := ask(h, http.MethodGet, "/console/", "Accept-Encoding", "br", "If-None-Match", `"other", W/`+tag)
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("the page asked again = %d with %d bytes, want 304 without", again.Code, again.Body.Len())
	}
	if plain := ask(h, http.MethodGet, "/console/", "If-None-Match", tag); plain.Code != http.StatusOK {
		t.Errorf("another form under the same tag = %d, want 200", plain.Code)
	}
}

func TestEveryAnswerCarriesTheSecurityPolicy(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/console/", "/console/assets/main-1.js", "/console/assets/gone.js"} {
		header := ask(application(t), http.MethodGet, path).Header()
		if header.Get("Content-Security-Policy") != contentSecurityPolicy || header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("GET %s lacks the security headers: %v", path, header)
		}
	}
	for _, unsafe := range []string{"unsafe-inline", "unsafe-eval", "http:", "https:", "*"} {
		if strings.Contains(contentSecurityPolicy, unsafe) {
			t.Errorf("the content security policy allows %s", unsafe)
		}
	}
}

func TestPagesAreOnlyRead(t *testing.T) {
	t.Parallel()
	w := ask(application(t), http.MethodPost, "/console/")
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST = %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
	head := ask(application(t), http.MethodHead, "/console/assets/main-1.js")
	if head.Body.Len() != 0 || head.Header().Get("Content-Length") != "4" {
		t.Errorf("HEAD = %d bytes, Content-Length %q", head.Body.Len(), head.Header().Get("Content-Length"))
	}
}

func TestAnUnbuiltTreeServesThePlaceholder(t *testing.T) {
	t.Parallel()
	h, err := newHandler(fstest.MapFS{"placeholder.html": {Data: []byte("<placeholder>")}}, "/")
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(h, http.MethodGet, "/apis").Body.String(); got != "<placeholder>" || h.built {
		t.Errorf("GET /apis = %q, built %v", got, h.built)
	}
	if _, err := newHandler(fstest.MapFS{}, "/"); err == nil {
		t.Error("a tree without any page made a handler")
	}
}

func TestTheEmbeddedApplicationsServeAPage(t *testing.T) {
	t.Parallel()
	for path, h := range map[string]http.Handler{"/console/": Console(), "/": Portal()} {
		w := ask(h, http.MethodGet, path)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<!doctype html>") {
			t.Errorf("GET %s = %d %.40q", path, w.Code, w.Body.String())
		}
	}
}

func FuzzAccepts(f *testing.F) {
	for _, header := range []string{"gzip, br", "br;q=0", "*;q=0.5", ",;q=", "gzip;q=1;x=y"} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if accepts(header, "br") && !strings.Contains(strings.ToLower(header), "br") {
			t.Errorf("accepts(%q, br) although it does not name br", header)
		}
	})
}
