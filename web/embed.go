package web

import (
	"embed"
	"io/fs"
	"net/http"
	"sync"
)

// dist holds each application's built files beside their .br and .gz forms, or a placeholder alone.
//
//go:embed all:dist/console all:dist/portal
var dist embed.FS

// Console serves the console. It is to be mounted at /console/, with that prefix still on the path.
func Console() http.Handler { return console }

// Portal serves the developer portal, at / of its own address.
func Portal() http.Handler { return portal }

// Built tells whether this binary carries the applications rather than their placeholders.
func Built() bool { return console().built && portal().built }

// whenAsked is one of them, read when the first request for it comes: a process that serves no pages keeps none in memory.
type whenAsked func() *handler

var (
	console = embedded("console", "/console/")
	portal  = embedded("portal", "/")
)

// ServeHTTP implements http.Handler.
func (a whenAsked) ServeHTTP(w http.ResponseWriter, r *http.Request) { a().ServeHTTP(w, r) }

// embedded panics, when it is first asked, on what only a broken build can bring: an application folder without any page.
func embedded(name, base string) whenAsked {
	return sync.OnceValue(func() *handler {
		files, err := fs.Sub(dist, "dist/"+name)
		if err != nil {
			panic(err)
		}
		h, err := newHandler(files, base)
		if err != nil {
			panic(err)
		}
		return h
	})
}
