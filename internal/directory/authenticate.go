package directory

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/seal"
	"github.com/atelier-apim/atelier/internal/store"
)

// AuthenticateUser checks a person's password. ErrUnknown and ErrSecret take the same time and should be told alike; ErrDisabled is
// returned only to who knows the password; ErrBusy asks to try again.
func (d *Directory) AuthenticateUser(ctx context.Context, name, password string) (Principal, error) {
	p, known := d.ByUsername(name)
	hash := ""
	if known {
		var err error
		if hash, err = d.passwordHash(ctx, p); err != nil {
			return Principal{}, err
		}
	}
	right, err := d.hashes.check(ctx, hash, password)
	switch {
	case err != nil:
		return Principal{}, err
	case !known:
		return Principal{}, ErrUnknown
	case !right:
		return Principal{}, ErrSecret
	}
	// Looked up again: hashing took a while, and the person may be gone by now.
	now, known := d.Principal(p.ObjectID)
	switch {
	case !known || !now.PasswordChanged.Equal(p.PasswordChanged):
		return Principal{}, ErrSecret
	case !now.Enabled:
		return Principal{}, ErrDisabled
	}
	return now, nil
}

// passwordHash is the PHC text of a person; "" when the person went meanwhile.
func (d *Directory) passwordHash(ctx context.Context, p Principal) (string, error) {
	at := p.ResourceID()
	var doc userDoc
	err := d.store.View(ctx, func(r store.Reader) error { return get(r, at, &doc) })
	var gone *Error
	if errors.As(err, &gone) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	hash, err := d.secrets.Open(doc.Password, seal.AAD(at.String(), "password"))
	if err != nil {
		return "", fmt.Errorf("directory: password of %s: %w", p.ObjectID, err)
	}
	return hash, nil
}

// AuthenticateApp checks a client secret and returns the service principal. ErrUnknown: no such client id, or no service principal for
// it; ErrSecret, ErrExpired, ErrDisabled as they say, the last two only to who knows the secret.
func (d *Directory) AuthenticateApp(appID, secret string) (Principal, error) {
	var app applicationDoc
	var p Principal
	var known, principal bool
	if err := d.read(func(x *index) {
		app, known = x.apps[x.appObject[strings.ToLower(appID)]]
		p, principal = x.principals[x.byApp[strings.ToLower(appID)]]
	}); err != nil {
		return Principal{}, err
	}
	if !known || !principal {
		return Principal{}, ErrUnknown
	}
	right, alive := false, false
	for _, digest := range d.secrets.Digests(secretPurpose, secret) {
		for _, c := range app.Credentials {
			if hmac.Equal([]byte(c.Digest), []byte(digest)) {
				right = true
				alive = alive || d.now().Before(c.End)
			}
		}
	}
	switch {
	case !right:
		return Principal{}, ErrSecret
	case !alive:
		return Principal{}, ErrExpired
	case !p.Enabled:
		return Principal{}, ErrDisabled
	}
	return p, nil
}
