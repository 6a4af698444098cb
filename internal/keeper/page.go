package keeper

import (
	_ "embed"
	"net/http"

	"github.com/atelier-apim/atelier/internal/page"
)

//go:embed page.html
var pageText string

var pages = page.New(pageText, map[string]string{"ask": "Connect your account", "refusal": "The connection was not made"})

// question fills the page that asks.
type question struct {
	Owner                            possessor
	Connection, Provider, Host, Code string
}

// possessor is the service or workspace that a connection belongs to.
type possessor struct{ Service, Workspace string }

func refuse(w http.ResponseWriter, status int, why string) { pages.Show(w, status, "refusal", why, "") }
