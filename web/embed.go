package web

import (
	"embed"
	"io/fs"
	"net/http"
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
func Built() bool { return console.built && portal.built }

var (
	console = mustHandler("console", "/console/")
	portal  = mustHandler("portal", "/")
)

// mustHandler panics on what only a broken build can bring: an application folder without any page.
func mustHandler(name, base string) *handler {
	files, err := fs.Sub(dist, "dist/"+name)
	if err != nil {
		panic(err)
	}
	h, err := newHandler(files, base)
	if err != nil {
		panic(err)
	}
	return h
}
