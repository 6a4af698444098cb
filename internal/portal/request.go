package portal

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
)

// Sizes of bodies in bytes.
const (
	maxBody     = 64 << 10
	maxCallBody = 1 << 20
)

// fromOwnPages refuses writes that other sites make a browser send: Sec-Fetch-Site tells, or in older browsers Origin. A write with neither
// is no browser's; it must say Origin itself.
func (p *portal) fromOwnPages(r *http.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	own := false
	switch {
	case site != "":
		own = site == "same-origin" || site == "none"
	case origin != "":
		own = origin == "https://"+r.Host || p.Origin != "" && origin == p.Origin
	}
	if !own {
		return &fault{
			Status: http.StatusForbidden, Code: "NotFromHere",
			Message: "Writes are taken from the portal's own pages only. Programs must send an Origin header with the portal's address.",
		}
	}
	if r.Method != http.MethodPost {
		return nil
	}
	if typ, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || typ != "application/json" {
		return &fault{Status: http.StatusUnsupportedMediaType, Code: "NotJSON", Message: "The body must be JSON, with the Content-Type application/json."}
	}
	return nil
}

// decode reads the body of a write, which is one JSON value of limited size.
func decode(w http.ResponseWriter, r *http.Request, limit int64, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, limit))
	err := d.Decode(into)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.Join(errors.New("there is more after the JSON value"), more)
		}
	}
	var large *http.MaxBytesError
	var typ *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &large):
		return &fault{Status: http.StatusRequestEntityTooLarge, Code: "TooLarge", Message: "The request is too large."}
	case errors.As(err, &typ):
		return invalid(typ.Field, "%s has the wrong type.", either(typ.Field, "The body"))
	}
	return invalid("", "The body is not one JSON value.")
}

// peer is the address of the other end without its port.
func peer(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}

// either is the first text that says something.
func either(a, b string) string {
	if strings.TrimSpace(a) != "" {
		return a
	}
	return b
}
