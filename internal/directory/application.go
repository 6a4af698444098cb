package directory

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/seal"
	"github.com/atelier-apim/atelier/internal/store"
)

// secretPurpose keeps digests of client secrets apart from others under the same key.
const secretPurpose = "client secret"

// Bounds of an application's secrets.
const (
	maxCredentials = 64
	secretLife     = 2 * 365 * 24 * time.Hour // when the caller names no end: Graph's default of two years
)

func (doc applicationDoc) public(objectID string) Application {
	a := Application{ObjectID: objectID, AppID: doc.AppID, DisplayName: doc.DisplayName, Created: doc.Created}
	for _, c := range doc.Credentials {
		a.Credentials = append(a.Credentials, c.Credential)
	}
	a.Keys = keyCredentialsOf(doc.Certificates)
	return a
}

// CreateApplication stores a new application with a client id of its own and without secrets. It can sign in once it has a service
// principal.
func (d *Directory) CreateApplication(ctx context.Context, by store.Actor, displayName string) (Application, error) {
	if err := checkDisplayName(displayName); err != nil {
		return Application{}, err
	}
	doc := applicationDoc{AppID: uuid.NewString(), DisplayName: displayName, Created: d.now().UTC()}
	at := id(applications, uuid.NewString())
	if err := d.update(ctx, by, func(x store.Tx) error { return d.putApplication(x, at, doc) }); err != nil {
		return Application{}, err
	}
	return doc.public(at.Name()), nil
}

func (d *Directory) putApplication(x store.Tx, at arm.ID, doc applicationDoc) error {
	return d.put(x, at, doc, promises{claims: []store.Claim{claim("appId", doc.AppID)}})
}

// CreateServicePrincipal makes the principal of an application.
func (d *Directory) CreateServicePrincipal(ctx context.Context, by store.Actor, appID string) (Principal, error) {
	at := id(servicePrincipals, uuid.NewString())
	err := d.update(ctx, by, func(x store.Tx) error {
		app, held, err := x.Claimed(namespace+"|appId", strings.ToLower(appID))
		if err != nil {
			return err
		}
		if !held {
			return badRequest("The appId '%s' of the service principal does not reference a valid application object.", clip(appID))
		}
		var doc applicationDoc
		if err := get(x, app, &doc); err != nil {
			return err
		}
		return d.putServicePrincipal(x, at, servicePrincipalDoc{
			AppID: doc.AppID, DisplayName: doc.DisplayName, AccountEnabled: true, Created: d.now().UTC(),
		}, app)
	})
	if err != nil {
		return Principal{}, err
	}
	p, _ := d.Principal(at.Name())
	return p, nil
}

func (d *Directory) putServicePrincipal(x store.Tx, at arm.ID, doc servicePrincipalDoc, app arm.ID) error {
	c := claim("appId", doc.AppID)
	c.Space += "|servicePrincipal" // the application holds the plain one
	return d.put(x, at, doc, promises{
		claims: []store.Claim{c, claim("id", at.Name())},
		refs:   []store.Ref{dies(app, "appId")},
	})
}

func (d *Directory) patchServicePrincipal(x store.Tx, at arm.ID, c UserPatch) error {
	var doc servicePrincipalDoc
	if err := get(x, at, &doc); err != nil {
		return err
	}
	if c.Password != nil || c.UserPrincipalName != nil || c.Description != nil {
		return badRequest("Of a service principal only displayName and accountEnabled can be changed; secrets belong to its application.")
	}
	set(&doc.DisplayName, c.DisplayName)
	set(&doc.AccountEnabled, c.AccountEnabled)
	if err := checkDisplayName(doc.DisplayName); err != nil {
		return err
	}
	app, _, err := x.Claimed(namespace+"|appId", strings.ToLower(doc.AppID))
	if err != nil {
		return err
	}
	return d.putServicePrincipal(x, at, doc, app)
}

// RenameApplication changes the display name of an application.
func (d *Directory) RenameApplication(ctx context.Context, by store.Actor, objectID, displayName string) error {
	if err := checkDisplayName(displayName); err != nil {
		return err
	}
	return d.changeApplication(ctx, by, objectID, func(doc *applicationDoc) error { doc.DisplayName = displayName; return nil })
}

// AddSecret gives an application a new secret of 256 random bits, which is returned once and kept as a keyed hash. The zero end means two
// years from now.
func (d *Directory) AddSecret(ctx context.Context, by store.Actor, objectID, displayName string, end time.Time) (Credential, string, error) {
	if utf8.RuneCountInString(displayName) > maxDisplayName {
		return Credential{}, "", badRequest("The displayName of a password credential has at most %d characters.", maxDisplayName)
	}
	secret := seal.NewSecret()
	c := d.credential(displayName, secret, end)
	if !c.End.After(c.Start) {
		return Credential{}, "", badRequest("The endDateTime of a password credential lies in the past.")
	}
	err := d.changeApplication(ctx, by, objectID, func(doc *applicationDoc) error {
		if len(doc.Credentials) >= maxCredentials {
			return badRequest("An application has at most %d password credentials: remove one first.", maxCredentials)
		}
		doc.Credentials = append(doc.Credentials, c)
		return nil
	})
	return c.Credential, secret, err
}

func (d *Directory) credential(displayName, secret string, end time.Time) credentialDoc {
	now := d.now().UTC()
	if end.IsZero() {
		end = now.Add(secretLife)
	}
	return credentialDoc{
		Credential: Credential{KeyID: uuid.NewString(), DisplayName: displayName, Hint: secret[:min(3, len(secret)/8)], Start: now, End: end.UTC()},
		Digest:     d.secrets.Digest(secretPurpose, secret),
	}
}

// RemoveSecret takes a secret away; tokens that were issued for it live on until they expire or their principal is disabled.
func (d *Directory) RemoveSecret(ctx context.Context, by store.Actor, objectID, keyID string) error {
	return d.changeApplication(ctx, by, objectID, func(doc *applicationDoc) error {
		n := len(doc.Credentials)
		doc.Credentials = slices.DeleteFunc(doc.Credentials, func(c credentialDoc) bool { return strings.EqualFold(c.KeyID, keyID) })
		if len(doc.Credentials) == n {
			return badRequest("No credentials found to be removed.")
		}
		return nil
	})
}

func (d *Directory) changeApplication(ctx context.Context, by store.Actor, objectID string, change func(*applicationDoc) error) error {
	if objectID == "" || strings.Contains(objectID, "/") {
		return notFound(objectID)
	}
	at := id(applications, objectID)
	return d.update(ctx, by, func(x store.Tx) error {
		var doc applicationDoc
		if err := get(x, at, &doc); err != nil {
			return err
		}
		if err := change(&doc); err != nil {
			return err
		}
		return d.putApplication(x, at, doc)
	})
}
