package sample

import (
	"io"
	"net/http"
	"unicode/utf8"
)

// echoed is a request as it arrived.
type echoed struct {
	Method  string              `json:"method"`
	Path    string              `json:"path"`
	Query   map[string][]string `json:"query"`
	Headers map[string][]string `json:"headers"`
	Body    string              `json:"body"`
}

// echo answers any method with the request. Host counts as a header; a body that is no text is told by its length alone.
func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, "Body too large", err.Error())
		return
	}
	headers := map[string][]string{"Host": {r.Host}}
	for name, values := range r.Header {
		headers[name] = values
	}
	text := string(body)
	if !utf8.Valid(body) {
		text = "(not text)"
	}
	answer(w, http.StatusOK, echoed{r.Method, r.URL.EscapedPath(), r.URL.Query(), headers, text})
}
