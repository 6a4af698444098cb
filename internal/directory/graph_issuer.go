package directory

import (
	"net/http"
	"strings"
)

func (g *graph) listIssuers(*call) (*reply, error) {
	list := g.d.Issuers()
	if list == nil {
		list = []Issuer{}
	}
	for i := range list {
		list[i].ClientSecret = "" // nobody is shown one, sealed or not
	}
	return &reply{http.StatusOK, map[string]any{"value": list}}, nil
}

func (g *graph) createIssuer(c *call) (*reply, error) {
	i := Issuer{Enabled: true}
	if err := c.read(&i); err != nil {
		return nil, err
	}
	i.ID = ""
	i, err := g.d.PutIssuer(c.Context(), c.actor, i)
	return &reply{http.StatusCreated, i}, err
}

// issuer finds the identity provider that the path names.
func (g *graph) issuer(c *call) (Issuer, error) {
	for _, i := range g.d.Issuers() {
		if strings.EqualFold(i.ID, c.PathValue("id")) {
			return i, nil
		}
	}
	return Issuer{}, notFound(c.PathValue("id"))
}

func (g *graph) getIssuer(c *call) (*reply, error) {
	i, err := g.issuer(c)
	i.ClientSecret = ""
	return &reply{http.StatusOK, i}, err
}

// patchIssuer changes the members that the body names; subjects and groups are replaced whole.
func (g *graph) patchIssuer(c *call) (*reply, error) {
	old, err := g.issuer(c)
	if err != nil {
		return nil, err
	}
	next := old
	next.Subjects, next.Groups, next.Audiences = nil, nil, nil // so that decoding makes new ones
	next.ClientSecret = ""                                     // PutIssuer keeps it when the body says none
	if err := c.read(&next); err != nil {
		return nil, err
	}
	if next.Subjects == nil {
		next.Subjects = old.Subjects
	}
	if next.Groups == nil {
		next.Groups = old.Groups
	}
	if next.Audiences == nil {
		next.Audiences = old.Audiences
	}
	next.ID, next.Created = old.ID, old.Created
	_, err = g.d.PutIssuer(c.Context(), c.actor, next)
	return &reply{status: http.StatusNoContent}, err
}
