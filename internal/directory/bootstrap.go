package directory

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/seal"
	"github.com/atelier-apim/atelier/internal/store"
)

// Admin is what admin.json holds: an organisation and its first two administrators.
type Admin struct {
	TenantID       string `json:"tenantId"`
	SubscriptionID string `json:"subscriptionId"`
	ClientID       string `json:"clientId"`
	ClientSecret   string `json:"clientSecret"`
	Username       string `json:"username"`
	Password       string `json:"password"`

	// Object ids of the two, for their role assignments.
	ServicePrincipal string `json:"-"`
	User             string `json:"-"`
}

// identifier is what a chosen tenant, subscription or client id may look like: it stands in paths and tokens.
var identifier = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z-]{0,62}[0-9A-Za-z]$`)

// Bootstrap makes the organisation, a service principal and a person, both directory administrators, when there is no organisation yet.
// Values that are set in chosen are used, the others are made up. It returns false, and nothing else, when there is one already: secrets
// are told once. The subscription id is only completed here; its row is someone else's.
func (d *Directory) Bootstrap(ctx context.Context, chosen Admin) (Admin, bool, error) {
	if d.TenantID() != "" {
		return Admin{}, false, nil
	}
	a, err := complete(chosen)
	if err != nil {
		return Admin{}, false, err
	}
	hash, err := d.hashes.hash(ctx, a.Password)
	if err != nil {
		return Admin{}, false, fmt.Errorf("directory: administrator's password: %w", err)
	}
	made := false
	err = d.update(ctx, store.Actor{Name: "first start"}, func(x store.Tx) error {
		found, err := x.Count(store.Query{Under: true, Kind: namespace + "/" + organization})
		if err != nil || found > 0 {
			return err // another process was faster
		}
		made = true
		return d.found(x, a, hash)
	})
	if err != nil || !made {
		return Admin{}, false, err
	}
	return a, true, nil
}

// found writes the first rows.
func (d *Directory) found(x store.Tx, a Admin, hash string) error {
	now := d.now().UTC()
	if err := d.put(x, id(organization, a.TenantID), organizationDoc{DisplayName: "Atelier", Created: now}, promises{}); err != nil {
		return err
	}
	app := id(applications, uuid.NewString())
	const name = "Atelier administrator"
	if err := d.putApplication(x, app, applicationDoc{
		AppID: a.ClientID, DisplayName: name, Created: now,
		// The secret of admin.json lasts: an installation must not lock itself out by growing old.
		Credentials: []credentialDoc{d.credential("admin.json", a.ClientSecret, now.AddDate(100, 0, 0))},
	}); err != nil {
		return err
	}
	if err := d.putServicePrincipal(x, id(servicePrincipals, a.ServicePrincipal), servicePrincipalDoc{
		AppID: a.ClientID, DisplayName: name, AccountEnabled: true, Created: now,
	}, app); err != nil {
		return err
	}
	if err := d.putUser(x, id(users, a.User), userDoc{
		DisplayName: "Administrator", UserPrincipalName: a.Username, AccountEnabled: true, Created: now, PasswordChanged: now,
	}, hash); err != nil {
		return err
	}
	for _, objectID := range [...]string{a.ServicePrincipal, a.User} {
		if err := d.addMember(x, id(directoryRoles, administrators), objectID); err != nil {
			return err
		}
	}
	return nil
}

// complete checks what was chosen and makes up the rest.
func complete(a Admin) (Admin, error) {
	for _, v := range []struct {
		name  string
		value *string
	}{{"tenant", &a.TenantID}, {"subscription", &a.SubscriptionID}, {"client", &a.ClientID}} {
		if *v.value == "" {
			*v.value = uuid.NewString()
		}
		if !identifier.MatchString(*v.value) {
			return a, fmt.Errorf("directory: the chosen %s id %q is no identifier: use a GUID", v.name, clip(*v.value))
		}
	}
	a.ServicePrincipal, a.User = uuid.NewString(), uuid.NewString()
	if a.ClientSecret == "" {
		a.ClientSecret = seal.NewSecret()
	}
	if a.Username == "" {
		a.Username = "admin@atelier.local"
	}
	if a.Password == "" {
		a.Password = seal.NewSecret()[:24]
	}
	if len(a.ClientSecret) < 16 || strings.TrimSpace(a.ClientSecret) != a.ClientSecret {
		return a, fmt.Errorf("directory: the chosen client secret needs at least 16 characters and no space at its ends")
	}
	return a, checkUser(userDoc{DisplayName: "Administrator", UserPrincipalName: a.Username})
}
