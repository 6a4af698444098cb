package directory

import (
	"net/http"
	"strings"
)

func (g *graph) me(c *call) (*reply, error) {
	return &reply{http.StatusOK, c.view(c.who)}, nil
}

func (g *graph) list(kind Kind) endpoint {
	return func(c *call) (*reply, error) {
		match, err := c.matcher()
		if err != nil {
			return nil, err
		}
		return c.page(g.d.all(func(_ *index, p Principal) bool { return p.Kind == kind && match(p) }))
	}
}

// principal finds the object that the path names: a person also by user principal name. Kind "" takes any.
func (g *graph) principal(c *call, kind Kind) (Principal, error) {
	id := c.PathValue("id")
	p, ok := g.d.Principal(id)
	if !ok && kind == User {
		p, ok = g.d.ByUsername(id)
	}
	if !ok || kind != "" && p.Kind != kind {
		return Principal{}, notFound(id)
	}
	return p, nil
}

func (g *graph) get(kind Kind) endpoint {
	return func(c *call) (*reply, error) {
		p, err := g.principal(c, kind)
		if err != nil {
			return nil, err
		}
		return &reply{http.StatusOK, c.view(p)}, nil
	}
}

// maxIDs is how many objects one getByIds may ask for: Graph's own bound.
const maxIDs = 1000

func (g *graph) getByIDs(c *call) (*reply, error) {
	var body struct {
		IDs []string `json:"ids"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if len(body.IDs) > maxIDs {
		return nil, badRequest("At most %d ids can be asked for at once.", maxIDs)
	}
	values := []map[string]any{} // those that are unknown are left out
	for _, id := range body.IDs {
		if p, ok := g.d.Principal(id); ok {
			values = append(values, c.view(p))
		}
	}
	return &reply{http.StatusOK, map[string]any{"value": values}}, nil
}

// password is the part of a person's body that sets the password.
type passwordProfile struct {
	Password *string `json:"password"`
}

func (g *graph) createUser(c *call) (*reply, error) {
	var body struct {
		DisplayName       string           `json:"displayName"`
		UserPrincipalName string           `json:"userPrincipalName"`
		MailNickname      string           `json:"mailNickname"`
		AccountEnabled    *bool            `json:"accountEnabled"`
		PasswordProfile   *passwordProfile `json:"passwordProfile"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if body.PasswordProfile == nil || body.PasswordProfile.Password == nil {
		return nil, badRequest("A password must be specified to create a new user: passwordProfile.password.")
	}
	p, err := g.d.CreateUser(c.Context(), c.actor, NewUser{
		DisplayName: body.DisplayName, UserPrincipalName: body.UserPrincipalName, MailNickname: body.MailNickname,
		Password: *body.PasswordProfile.Password, Disabled: body.AccountEnabled != nil && !*body.AccountEnabled,
	})
	if err != nil {
		return nil, err
	}
	return &reply{http.StatusCreated, c.view(p)}, nil
}

func (g *graph) createGroup(c *call) (*reply, error) {
	var body struct {
		DisplayName  string `json:"displayName"`
		Description  string `json:"description"`
		MailNickname string `json:"mailNickname"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	p, err := g.d.CreateGroup(c.Context(), c.actor, NewGroup{DisplayName: body.DisplayName, Description: body.Description, MailNickname: body.MailNickname})
	if err != nil {
		return nil, err
	}
	return &reply{http.StatusCreated, c.view(p)}, nil
}

func (g *graph) patch(kind Kind) endpoint {
	return func(c *call) (*reply, error) {
		var body struct {
			DisplayName       *string         `json:"displayName"`
			UserPrincipalName *string         `json:"userPrincipalName"`
			AccountEnabled    *bool           `json:"accountEnabled"`
			Description       *string         `json:"description"`
			PasswordProfile   passwordProfile `json:"passwordProfile"`
		}
		if err := c.read(&body); err != nil {
			return nil, err
		}
		p, err := g.principal(c, kind)
		if err != nil {
			return nil, err
		}
		err = g.d.Patch(c.Context(), c.actor, p.ObjectID, UserPatch{
			DisplayName: body.DisplayName, UserPrincipalName: body.UserPrincipalName, AccountEnabled: body.AccountEnabled,
			Description: body.Description, Password: body.PasswordProfile.Password,
		})
		return &reply{status: http.StatusNoContent}, err
	}
}

func (g *graph) delete(collection string) endpoint {
	return func(c *call) (*reply, error) {
		object := c.PathValue("id")
		if strings.Contains(object, "/") {
			return nil, notFound(object)
		}
		if collection == users {
			p, err := g.principal(c, User)
			if err != nil {
				return nil, err
			}
			object = p.ObjectID
		}
		return &reply{status: http.StatusNoContent}, g.d.Delete(c.Context(), c.actor, id(collection, object))
	}
}

func (g *graph) members(c *call) (*reply, error) {
	p, err := g.principal(c, Group)
	if err != nil {
		return nil, err
	}
	return c.page(g.d.Members(p.ObjectID))
}

func (g *graph) addMember(c *call) (*reply, error) {
	member, err := c.reference()
	if err != nil {
		return nil, err
	}
	return &reply{status: http.StatusNoContent}, g.d.AddMember(c.Context(), c.actor, c.PathValue("id"), member)
}

func (c *call) reference() (string, error) {
	var body reference
	if err := c.read(&body); err != nil {
		return "", err
	}
	return body.objectID()
}

func (g *graph) removeMember(c *call) (*reply, error) {
	return &reply{status: http.StatusNoContent}, g.d.RemoveMember(c.Context(), c.actor, c.PathValue("id"), c.PathValue("member"))
}

func (g *graph) administrators(c *call) (*reply, error) {
	return c.page(g.d.all(func(x *index, p Principal) bool { _, yes := x.admins[strings.ToLower(p.ObjectID)]; return yes }))
}

func (g *graph) addAdministrator(c *call) (*reply, error) {
	member, err := c.reference()
	if err != nil {
		return nil, err
	}
	return &reply{status: http.StatusNoContent}, g.d.AddAdministrator(c.Context(), c.actor, member)
}

func (g *graph) removeAdministrator(c *call) (*reply, error) {
	return &reply{status: http.StatusNoContent}, g.d.RemoveAdministrator(c.Context(), c.actor, c.PathValue("member"))
}
