package directory

import (
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
)

func (g *graph) createApplication(c *call) (*reply, error) {
	var body struct {
		DisplayName string `json:"displayName"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	a, err := g.d.CreateApplication(c.Context(), c.actor, body.DisplayName)
	if err != nil {
		return nil, err
	}
	return &reply{http.StatusCreated, viewApplication(a)}, nil
}

func (g *graph) createServicePrincipal(c *call) (*reply, error) {
	var body struct {
		AppID string `json:"appId"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	p, err := g.d.CreateServicePrincipal(c.Context(), c.actor, body.AppID)
	if err != nil {
		return nil, err
	}
	return &reply{http.StatusCreated, c.view(p)}, nil
}

// listApplications is not paged: an installation has few, and only administrators ask.
func (g *graph) listApplications(c *call) (*reply, error) {
	match := func(Application) bool { return true }
	if text := c.URL.Query().Get("$filter"); text != "" {
		f, err := arm.ParseFilter(text, []string{"id", "appId", "displayName"})
		if err != nil {
			return nil, badRequest("Invalid filter clause: %s", err.Message)
		}
		match = func(a Application) bool {
			fields := map[string]string{"id": a.ObjectID, "appid": a.AppID, "displayname": a.DisplayName}
			return f.Match(func(name string) arm.Field { return fields[strings.ToLower(name)] })
		}
	}
	values := []map[string]any{}
	for _, a := range g.d.Applications() {
		if match(a) {
			values = append(values, viewApplication(a))
		}
	}
	return &reply{http.StatusOK, map[string]any{"value": values}}, nil
}

func (g *graph) application(c *call) (Application, error) {
	a, ok := g.d.Application(c.PathValue("id"))
	if !ok {
		return a, notFound(c.PathValue("id"))
	}
	return a, nil
}

func (g *graph) getApplication(c *call) (*reply, error) {
	a, err := g.application(c)
	return &reply{http.StatusOK, viewApplication(a)}, err
}

func (g *graph) patchApplication(c *call) (*reply, error) {
	var body struct {
		DisplayName    *string           `json:"displayName"`
		KeyCredentials *[]NewCertificate `json:"keyCredentials"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if body.KeyCredentials != nil {
		if err := g.d.SetCertificates(c.Context(), c.actor, c.PathValue("id"), *body.KeyCredentials); err != nil {
			return nil, err
		}
	}
	if body.DisplayName == nil {
		_, err := g.application(c) // nothing that we keep is to be changed
		return &reply{status: http.StatusNoContent}, err
	}
	return &reply{status: http.StatusNoContent}, g.d.RenameApplication(c.Context(), c.actor, c.PathValue("id"), *body.DisplayName)
}

func (g *graph) addPassword(c *call) (*reply, error) {
	var body struct {
		Credential struct {
			DisplayName string `json:"displayName"`
			EndDateTime string `json:"endDateTime"`
		} `json:"passwordCredential"`
	}
	if c.ContentLength != 0 {
		if err := c.read(&body); err != nil {
			return nil, err
		}
	}
	end, err := parseEnd(body.Credential.EndDateTime)
	if err != nil {
		return nil, err
	}
	made, secret, err := g.d.AddSecret(c.Context(), c.actor, c.PathValue("id"), body.Credential.DisplayName, end)
	if err != nil {
		return nil, err
	}
	return &reply{http.StatusOK, map[string]any{
		"keyId": made.KeyID, "displayName": made.DisplayName, "hint": made.Hint, "secretText": secret,
		"startDateTime": made.Start, "endDateTime": made.End,
	}}, nil
}

func (g *graph) removePassword(c *call) (*reply, error) {
	var body struct {
		KeyID string `json:"keyId"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return &reply{status: http.StatusNoContent}, g.d.RemoveSecret(c.Context(), c.actor, c.PathValue("id"), body.KeyID)
}
