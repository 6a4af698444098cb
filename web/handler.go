package web

import (
	"errors"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
)

// handler serves one application. It is immutable: everything is read when it is made.
type handler struct {
	base   string
	assets map[string]*asset
	index  *asset
	built  bool
}

// newHandler reads an application whose addresses all start with base. Without a built page the placeholder serves.
func newHandler(files fs.FS, base string) (*handler, error) {
	assets, err := loadAssets(files)
	if err != nil {
		return nil, err
	}
	index, built := assets["index.html"]
	if !built {
		index = assets["placeholder.html"]
	}
	if index == nil {
		return nil, errors.New("web assets: neither index.html nor placeholder.html is there; run make build")
	}
	return &handler{base: base, assets: assets, index: index, built: built}, nil
}

// ServeHTTP answers a file of the application, or its page for any other path: the path is a place in the
// application, which reads it itself. A missing file below assets/ is 404, so that a page of an older version that
// asks for its code learns that it is out of date rather than being sent HTML.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed: this address serves pages, use GET", http.StatusMethodNotAllowed)
		return
	}
	name, below := strings.CutPrefix(r.URL.Path, h.base)
	if file, ok := h.assets[name]; below && ok {
		file.send(w, r)
		return
	}
	if strings.HasPrefix(name, "assets/") {
		http.Error(w, "no such file: the page is of another version, reload it", http.StatusNotFound)
		return
	}
	h.index.send(w, r)
}

func (a *asset) send(w http.ResponseWriter, r *http.Request) {
	body, encoding := a.form(r.Header.Get("Accept-Encoding"))
	header := w.Header()
	header.Set("Vary", "Accept-Encoding")
	header.Set("Cache-Control", "no-cache")
	if a.hashed {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	tag := `"` + a.etag + encoding + `"`
	header.Set("ETag", tag)
	if matches(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", a.mediaType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if encoding != "" {
		header.Set("Content-Encoding", encoding)
	}
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body) // The client is gone when this fails: there is nobody left to tell.
}

// form chooses the smallest form that the client accepts.
func (a *asset) form(accepted string) (body []byte, encoding string) {
	if a.brotli != nil && accepts(accepted, "br") {
		return a.brotli, "br"
	}
	if a.gzip != nil && accepts(accepted, "gzip") {
		return a.gzip, "gzip"
	}
	return a.plain, ""
}

// accepts reads an Accept-Encoding header (RFC 9110, 12.5.3): a coding counts when it is named and not refused by
// a weight of zero. The wildcard is not used, since the plain form is always allowed.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		weight, weighted := strings.CutPrefix(strings.TrimSpace(parameters), "q=")
		if !weighted {
			return true
		}
		q, err := strconv.ParseFloat(weight, 64)
		return err == nil && q > 0
	}
	return false
}

// matches reads an If-None-Match header; tags compare weakly, as RFC 9110 wants for GET.
func matches(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		candidate := strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if candidate == tag || candidate == "*" {
			return true
		}
	}
	return false
}
