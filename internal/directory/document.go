package directory

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

const namespace = "Microsoft.Graph"

// Collections below the namespace, in Graph's casing.
const (
	users             = "users"
	groups            = "groups"
	servicePrincipals = "servicePrincipals"
	applications      = "applications"
	directoryRoles    = "directoryRoles"
	organization      = "organization"
	members           = "members"
)

// administrators is the role whose members may change the directory: Graph's template id of "Global Administrator".
const administrators = "62e90394-69f5-4237-9190-012177145e10"

// ID is the resource id of a directory object.
func id(collection, objectID string) arm.ID {
	return arm.Root.Provider(namespace, collection, objectID)
}

// The stored documents. Secrets in them are sealed or digests: the change log holds the same text.
type (
	userDoc struct {
		DisplayName       string    `json:"displayName"`
		UserPrincipalName string    `json:"userPrincipalName"`
		MailNickname      string    `json:"mailNickname,omitempty"`
		AccountEnabled    bool      `json:"accountEnabled"`
		Created           time.Time `json:"createdDateTime"`
		PasswordChanged   time.Time `json:"lastPasswordChangeDateTime"`
		Password          string    `json:"password"` // argon2id in PHC form, sealed
	}
	groupDoc struct {
		DisplayName  string    `json:"displayName"`
		Description  string    `json:"description,omitempty"`
		MailNickname string    `json:"mailNickname,omitempty"`
		Created      time.Time `json:"createdDateTime"`
	}
	servicePrincipalDoc struct {
		AppID          string    `json:"appId"`
		DisplayName    string    `json:"displayName"`
		AccountEnabled bool      `json:"accountEnabled"`
		Created        time.Time `json:"createdDateTime"`
	}
	applicationDoc struct {
		AppID       string          `json:"appId"`
		DisplayName string          `json:"displayName"`
		Created     time.Time       `json:"createdDateTime"`
		Credentials []credentialDoc `json:"passwordCredentials"`

		Certificates []certificateDoc `json:"keyCredentials,omitempty"`
	}
	credentialDoc struct {
		Credential
		Digest string `json:"digest"` // keyed hash of the secret
	}
	organizationDoc struct {
		DisplayName string    `json:"displayName"`
		Created     time.Time `json:"createdDateTime"`
	}
)

// promises is what a document claims and refers to.
type promises struct {
	claims []store.Claim
	refs   []store.Ref
}

func claim(field, value string) store.Claim {
	return store.Claim{Space: namespace + "|" + field, Value: strings.ToLower(value), Field: field}
}

// dies makes the row go when the row of the given id goes.
func dies(with arm.ID, field string) store.Ref {
	return store.Ref{To: with, Field: field, OnDelete: store.Cascade}
}

// put stores doc under at with what it promises.
func (d *Directory) put(x store.Tx, at arm.ID, doc any, p promises) error {
	body, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("directory: %s: %w", at, err)
	}
	now := d.now().UTC()
	row := store.Row{ID: at, Kind: at.Type(), Body: body, ETag: uuid.NewString(), Created: now, Modified: now}
	if old, err := x.Get(at); err == nil {
		row.Created = old.Created
	}
	err = x.Put(store.Write{Row: row, Claims: p.claims, Refs: p.refs})
	var taken *store.ClaimError
	if errors.As(err, &taken) {
		return conflict("Another object with the same value for property %s already exists.", taken.Claim.Field)
	}
	return err
}

// get reads the document stored under at into doc.
func get(r store.Reader, at arm.ID, doc any) error {
	row, err := r.Get(at)
	if errors.Is(err, store.ErrNotFound) {
		return notFound(at.Name())
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(row.Body, doc); err != nil {
		return fmt.Errorf("directory: %s: %w", at, err)
	}
	return nil
}

// find returns the id of the principal, whatever its kind.
func find(r store.Reader, objectID string) (arm.ID, error) {
	if objectID == "" || strings.Contains(objectID, "/") {
		return arm.Root, notFound(objectID)
	}
	for _, collection := range [...]string{users, servicePrincipals, groups} {
		at := id(collection, objectID)
		_, err := r.Get(at)
		if err == nil {
			return at, nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return arm.Root, err
		}
	}
	return arm.Root, notFound(objectID)
}
