package control

import (
	"errors"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// present refuses unless every ancestor of id exists, the nearest to the root first, as Resource Manager does.
func (c *Control) present(l *lookup, id arm.ID) error {
	var room [12]arm.ID
	above := room[:0]
	for at := id.Parent(); !at.IsRoot(); at = at.Parent() {
		above = append(above, at)
	}
	for i := len(above) - 1; i >= 0; i-- {
		m, known := c.Registry.Of(above[i])
		if !known {
			continue
		}
		ok, err := c.there(l, m, above[i])
		if err != nil {
			return err
		}
		if !ok {
			return c.missing(above[i])
		}
	}
	return nil
}

// offered refuses when a kind, or one that it stands below, is withheld from where it stands: parent is that place.
func (c *Control) offered(l *lookup, m *kind.Mount, parent arm.ID) error {
	for known := true; known; m, known = c.Registry.Mount(m.Parent) {
		if m.Withheld != nil && m.Withheld(l, parent) {
			return errors.Join(l.err, c.unknownType(m.FullType))
		}
		parent = parent.Parent()
	}
	return l.err
}

// missing is the 404 for a resource that isn't there, in the words of its level.
func (c *Control) missing(id arm.ID) *arm.Error {
	m, known := c.Registry.Of(id)
	segs := id.Segments()
	switch {
	case !known:
		return c.unknownType(id.Type())
	case strings.EqualFold(m.FullType, arm.TypeSubscription):
		return arm.Errorf(http.StatusNotFound, "SubscriptionNotFound", "The subscription '%s' could not be found.", id.Name())
	case strings.EqualFold(m.FullType, arm.TypeResourceGroup):
		return arm.Errorf(http.StatusNotFound, "ResourceGroupNotFound", "Resource group '%s' could not be found.", id.Name())
	case m.Tracked && len(segs) > 4:
		return arm.Errorf(http.StatusNotFound, "ResourceNotFound", "The Resource '%s/%s' under resource group '%s' was not found.", m.FullType, id.Name(), segs[3])
	}
	return arm.NotFound(m.Noun)
}

func (c *Control) unknownType(full string) *arm.Error {
	return arm.Errorf(http.StatusNotFound, "InvalidResourceType", "The resource type '%s' could not be found in the namespace '%s' for api version '%s'.",
		full, firstWord(full), arm.DefaultAPIVersion)
}

func firstWord(full string) string {
	w, _, _ := strings.Cut(full, "/")
	return w
}
