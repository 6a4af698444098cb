package sample

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// maxBody bounds the body of a request, in bytes.
const maxBody = 1 << 20

// Handler serves both backends, under /payments and /catalog. Each Handler begins with the same data and keeps its own changes.
func Handler() http.Handler {
	mux := http.NewServeMux()
	for prefix, routes := range map[string]routes{"/payments": newPayments().routes(), "/catalog": catalogRoutes()} {
		for pattern, handle := range routes {
			method, path, _ := strings.Cut(pattern, " ")
			mux.Handle(method+" "+prefix+path, bounded(handle))
		}
		mux.Handle(prefix+"/echo", bounded(echo))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		unserved(w, r, handler)
	})
}

// routes are handlers by pattern: a method, a space and a path below the backend's own.
type routes map[string]http.HandlerFunc

// unserved answers what no pattern matches: 404, or 405 with the methods that are possible, in the form of every other error.
func unserved(w http.ResponseWriter, r *http.Request, plain http.Handler) {
	verdict := verdict{header: w.Header()}
	plain.ServeHTTP(&verdict, r)
	if verdict.status == http.StatusMethodNotAllowed {
		refuse(w, verdict.status, "Method not allowed", r.Method+" is not possible here.")
		return
	}
	refuse(w, http.StatusNotFound, "Not found", "There is nothing at "+r.URL.Path+". The samples answer under /payments and /catalog.")
}

// verdict keeps what a handler decides and drops what it says.
type verdict struct {
	header http.Header
	status int
}

func (v *verdict) Header() http.Header         { return v.header }
func (v *verdict) Write(b []byte) (int, error) { return len(b), nil }
func (v *verdict) WriteHeader(status int)      { v.status = status }

func bounded(handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		handle(w, r)
	}
}

// answer writes a value as JSON.
func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	write(w, status, value)
}

// problem is an error in the form of RFC 9457.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
}

func refuse(w http.ResponseWriter, status int, title, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	write(w, status, problem{title, status, detail})
}

func write(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil { // our own values always marshal
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // the caller may have gone
}

// decode reads a body of JSON and says whether it could; if not, it has answered. An empty body leaves value alone when that is allowed.
func decode(w http.ResponseWriter, r *http.Request, value any, mayBeEmpty bool) bool {
	if mayBeEmpty && r.ContentLength == 0 {
		return true
	}
	err := json.NewDecoder(r.Body).Decode(value)
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		refuse(w, http.StatusRequestEntityTooLarge, "Body too large", fmt.Sprintf("A body may have %d bytes.", maxBody))
		return false
	case err != nil:
		refuse(w, http.StatusBadRequest, "Invalid body", "The body must be an object of JSON: "+err.Error()+".")
		return false
	}
	return true
}

// page is a part of a list with the size of the whole.
type page[T any] struct {
	Total int `json:"total"`
	Items []T `json:"items"`
}

// paginate answers with the page that the query asks for (limit, offset).
func paginate[T any](w http.ResponseWriter, r *http.Request, all []T) {
	limit, err := whole(r, "limit", 20, 1, 100)
	if err == nil {
		var offset int
		if offset, err = whole(r, "offset", 0, 0, 1<<31-1); err == nil {
			from := min(offset, len(all))
			answer(w, http.StatusOK, page[T]{len(all), append([]T{}, all[from:min(from+limit, len(all))]...)})
			return
		}
	}
	refuse(w, http.StatusBadRequest, "Invalid query", err.Error())
}

// whole is a whole number of the query.
func whole(r *http.Request, name string, usual, least, most int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%s must be a whole number from %d to %d", name, least, most)
	}
	return n, nil
}
