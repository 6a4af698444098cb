package apim

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// ssoLife is how long a sign-in link of a user holds.
const ssoLife = 5 * time.Minute

// userActions are the POST words of a user.
func (c *Catalogue) userActions() []kind.Action {
	return []kind.Action{
		{Name: "generateSsoUrl", Do: c.ssoLink},
		{Name: "token", Do: userToken},
		{Name: "confirmations/send", Do: noMail},
	}
}

// signingKeys are the keys that tokens of a service's users are signed with: those of its tenant access.
func signingKeys(c *kind.ActionCall) (primary, secondary string, err error) {
	t, ok := kind.Of[TenantAccess](c.Lookup, serviceOf(c.ID).Child("tenant", tenantAccess))
	if !ok || t.PrimaryKey == "" {
		return "", "", arm.Conflict("TenantAccessNotSet", "The service has no keys to sign tokens with yet. PUT or PATCH tenant/access of it first, for example {\"properties\":{\"enabled\":false}}.")
	}
	return t.PrimaryKey, t.SecondaryKey, nil
}

// mayEnter refuses users who may not sign in.
func mayEnter(c *kind.ActionCall) error {
	if u, ok := c.Value.(*User); ok && strings.EqualFold(u.State, "blocked") {
		return arm.Conflict("UserBlocked", "The user '%s' is blocked and can't sign in. Set state to active first.", c.ID.Name())
	}
	return nil
}

func (c *Catalogue) ssoLink(call *kind.ActionCall) (any, error) {
	if err := mayEnter(call); err != nil {
		return nil, err
	}
	key, _, err := signingKeys(call)
	if err != nil {
		return nil, err
	}
	token := sharedToken(call.ID.Name(), time.Now().Add(ssoLife), key)
	return map[string]string{"value": strings.TrimSuffix(c.PortalURL, "/") + "/signin-sso?token=" + url.QueryEscape(token)}, nil
}

func userToken(call *kind.ActionCall) (any, error) {
	var r struct {
		Properties keyRequest `json:"properties"`
	}
	if err := arm.DecodeJSON(call.Body, &r); err != nil {
		return nil, err
	}
	if err := r.Properties.check(true); err != nil {
		return nil, err
	}
	if err := mayEnter(call); err != nil {
		return nil, err
	}
	primary, secondary, err := signingKeys(call)
	if err != nil {
		return nil, err
	}
	return map[string]string{"value": sharedToken(call.ID.Name(), r.Properties.Expiry, r.Properties.either(primary, secondary))}, nil
}

func noMail(*kind.ActionCall) (any, error) {
	return nil, arm.Errorf(http.StatusBadRequest, "MailNotSupported", "This installation sends no mail. Set the user's password with a PATCH instead.")
}

// userEndpoints are the addresses below users/{u} that aren't resources.
func userEndpoints() []*kind.Kind {
	return []*kind.Kind{
		kind.Endpoint{Type: "send", Noun: "Confirmation", Under: []string{kind.Service + "/users/confirmations"}, Methods: map[string]*kind.Method{
			http.MethodPost: {As: func(id arm.ID) (arm.ID, string) { return id.Parent(), "confirmations/send" }},
		}}.Kind(),
	}
}

// keepsSubscriptions refuses the deletion of a user who has subscriptions, unless the caller says that these go too.
func keepsSubscriptions(w *kind.Typed[User]) error {
	if strings.EqualFold(w.Query.Get("deleteSubscriptions"), "true") {
		return nil
	}
	for _, id := range w.Lookup.Referrers(w.ID) {
		if strings.EqualFold(lastWord(id.Type()), "subscriptions") {
			return arm.Errorf(http.StatusBadRequest, "ValidationError", "User '%s' has subscriptions. Delete them first, or say deleteSubscriptions=true.", w.ID.Name())
		}
	}
	return nil
}
