package directory

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/seal"
	"github.com/atelier-apim/atelier/internal/store"
)

// identityProviders are issuers of tokens beside this installation: another OpenID Connect provider whose people and programs work here.
const identityProviders = "identityProviders"

// How a subject of an issuer is found in the directory.
const (
	MatchSubjects          = "subjects"          // Issuer.Subjects names each
	MatchUserPrincipalName = "userPrincipalName" // the claim holds a sign-in name of ours
)

// Bounds of an issuer's mapping.
const (
	maxIssuers  = 32
	maxMapped   = 5000
	maxAudience = 16
	maxClient   = 512 // characters of a client id, a client secret or a scope
)

// Issuer is an OpenID Connect issuer whose tokens are taken, and what its claims mean here.
type Issuer struct {
	ID          string    `json:"id"`
	DisplayName string    `json:"displayName"`
	Issuer      string    `json:"issuer"`    // iss of its tokens; its metadata is found below this URL
	Audiences   []string  `json:"audiences"` // aud that its tokens must have: never one that it gives for other services; none takes no tokens
	Enabled     bool      `json:"enabled"`
	Created     time.Time `json:"createdDateTime"`
	// UserClaim names the claim by which people and programs are known, "sub" unless said otherwise; Match says how they are found.
	UserClaim string            `json:"userClaim"`
	Match     string            `json:"match"`
	Subjects  map[string]string `json:"subjects"` // value of UserClaim → object id
	// GroupsClaim names the claim with the groups of the issuer; Groups says which of ours they stand for. Others count for nothing.
	GroupsClaim string            `json:"groupsClaim"`
	Groups      map[string]string `json:"groups"` // value in GroupsClaim → object id of a group
	// ClientID is who this installation is to the issuer. With it, people sign in through the issuer on the sign-in page; ClientSecret is for issuers that
	// want one beside PKCE. It is stored sealed and shown to nobody. Scope is what is asked for, "openid profile email" unless said otherwise.
	ClientID     string `json:"clientId,omitempty"`
	ClientSecret string `json:"clientSecret,omitempty"`
	Scope        string `json:"scope,omitempty"`
}

// PutIssuer stores an issuer: a new one when its ID is empty. Without a ClientSecret the old one stays, unless it was for another issuer or client.
func (d *Directory) PutIssuer(ctx context.Context, by store.Actor, i Issuer) (Issuer, error) {
	if err := i.complete(); err != nil {
		return i, err
	}
	created := i.ID == ""
	if created {
		i.ID, i.Created = uuid.NewString(), d.now().UTC()
	}
	at := id(identityProviders, i.ID)
	err := d.update(ctx, by, func(x store.Tx) error {
		n, err := x.Count(store.Query{Under: true, Kind: at.Type()})
		if err != nil {
			return err
		}
		if created && n >= maxIssuers {
			return badRequest("There are %d identity providers, which is the limit.", n)
		}
		for _, objectID := range slices.Concat(slices.Collect(maps.Values(i.Subjects)), slices.Collect(maps.Values(i.Groups))) {
			if _, err := find(x, objectID); err != nil {
				return err
			}
		}
		doc := i // this may run again
		if err := d.sealClient(x, at, &doc, created); err != nil {
			return err
		}
		return d.put(x, at, doc, promises{claims: []store.Claim{claim("issuer", i.Issuer)}})
	})
	i.ClientSecret = ""
	return i, err
}

// sealClient seals the secret of a new form of the issuer, or keeps that of the old one.
func (d *Directory) sealClient(x store.Tx, at arm.ID, i *Issuer, created bool) error {
	var old Issuer
	if !created {
		if err := get(x, at, &old); err != nil {
			return err
		}
	}
	switch {
	case i.ClientSecret != "":
		i.ClientSecret = d.secrets.Seal(i.ClientSecret, seal.AAD(at.String(), "clientSecret"))
	case i.ClientID == old.ClientID && i.Issuer == old.Issuer: // another's secret is nobody else's business
		i.ClientSecret = old.ClientSecret
	}
	return nil
}

// IssuerSecret is the client secret that the issuer gave this installation; "" for none.
func (d *Directory) IssuerSecret(i Issuer) (string, error) {
	if i.ClientSecret == "" {
		return "", nil
	}
	return d.secrets.Open(i.ClientSecret, seal.AAD(id(identityProviders, i.ID).String(), "clientSecret"))
}

// complete checks an issuer and fills what it leaves out.
func (i *Issuer) complete() error {
	i.Issuer = strings.TrimSpace(i.Issuer)
	u, err := url.Parse(i.Issuer)
	switch {
	case err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || len(i.Issuer) > 512:
		return badRequest("The issuer must be a URL like https://id.example.org/realm, as it stands in the iss claim.")
	case len(i.Audiences) == 0 && i.ClientID == "" || len(i.Audiences) > maxAudience || slices.Contains(i.Audiences, ""):
		return badRequest("An identity provider needs 1 to %d audiences: what the aud claim of its tokens for this installation holds. With a clientId, for people who sign in through it, it may have none.", maxAudience)
	case len(i.Subjects)+len(i.Groups) > maxMapped:
		return badRequest("An identity provider can map at most %d subjects and groups.", maxMapped)
	}
	for name, text := range map[string]string{"clientId": i.ClientID, "clientSecret": i.ClientSecret, "scope": i.Scope} {
		if len(text) > maxClient || strings.ContainsFunc(text, unicode.IsControl) {
			return badRequest("%s has at most %d characters, and no control characters.", name, maxClient)
		}
	}
	switch {
	case i.ClientID == "" && i.ClientSecret != "":
		return badRequest("A clientSecret is of use together with a clientId only.")
	case i.ClientID == "":
		i.Scope = ""
	case i.Scope == "":
		i.Scope = "openid profile email"
	case !slices.Contains(strings.Fields(i.Scope), "openid"):
		return badRequest("The scope must contain openid: without it the issuer says nothing about who signs in.")
	}
	if i.UserClaim == "" {
		i.UserClaim = "sub"
	}
	if i.Match == "" {
		i.Match = MatchSubjects
	}
	if i.Match != MatchSubjects && i.Match != MatchUserPrincipalName {
		return badRequest("match is '%s' or '%s'.", MatchSubjects, MatchUserPrincipalName)
	}
	if len(i.Groups) > 0 && i.GroupsClaim == "" {
		i.GroupsClaim = "groups"
	}
	return checkDisplayName(i.DisplayName)
}

// IssuerOf finds the issuer whose tokens have the iss; one that is switched off is not found.
func (d *Directory) IssuerOf(iss string) (i Issuer, ok bool) {
	err := d.read(func(x *index) {
		for _, known := range x.issuers {
			if known.Issuer == iss && known.Enabled {
				i, ok = known, true
			}
		}
	})
	return i, ok && err == nil
}

// IssuerByID finds an issuer that is switched on.
func (d *Directory) IssuerByID(objectID string) (i Issuer, ok bool) {
	err := d.read(func(x *index) {
		for _, known := range x.issuers {
			if strings.EqualFold(known.ID, objectID) && known.Enabled {
				i, ok = known, true
			}
		}
	})
	return i, ok && err == nil
}

// Issuers are all of them, by display name.
func (d *Directory) Issuers() (list []Issuer) {
	if err := d.read(func(x *index) { list = slices.Collect(maps.Values(x.issuers)) }); err != nil {
		return nil
	}
	slices.SortFunc(list, func(a, b Issuer) int { return strings.Compare(a.DisplayName+a.ID, b.DisplayName+b.ID) })
	return list
}

// Subject finds whom a value of the user claim stands for. A name alone never makes somebody a directory administrator: what an issuer writes into
// its tokens is its own affair, so that administrators are named one by one.
func (d *Directory) Subject(i Issuer, value string) (Principal, bool) {
	switch i.Match {
	case MatchSubjects:
		objectID, ok := i.Subjects[value]
		if !ok {
			return Principal{}, false
		}
		return d.Principal(objectID)
	case MatchUserPrincipalName:
		p, ok := d.ByUsername(value)
		return p, ok && !d.Administrator(p.ObjectID)
	}
	return Principal{}, false
}
