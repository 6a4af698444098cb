package armhttp

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
)

const jsonType = "application/json; charset=utf-8"

// write sends an answer.
func write(w http.ResponseWriter, r *http.Request, a *control.Answer) {
	for name, values := range a.Header {
		w.Header()[name] = values
	}
	if a.ETag != "" {
		w.Header().Set("ETag", arm.Quote(a.ETag))
	}
	switch r.Method {
	case http.MethodPut, http.MethodPatch, http.MethodDelete:
		if a.Header != nil {
			break
		}
		// Terraform's client waits ten seconds before it looks at a finished write, unless it is told not to (rest-behaviour.md 6).
		w.Header().Set("X-Go-Azure-Sdk-Skip-Polling-Delay", "true")
	case http.MethodGet:
		if tag := r.Header.Get("If-None-Match"); tag != "" && a.ETag != "" && arm.Unquote(tag) == a.ETag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if r.Method == http.MethodHead && a.Head != 0 {
		w.WriteHeader(a.Head)
		return
	}
	if a.Body == nil {
		w.WriteHeader(a.Status)
		return
	}
	send(w, r, a.Status, a.Body)
}

func writeJSON(w http.ResponseWriter, r *http.Request, status int, v any) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	send(w, r, status, b.Bytes())
}

func send(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the caller is gone when this fails
	}
}
