package authn

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/directory"
	"github.com/atelier-apim/atelier/internal/store"
)

const namespace = "Atelier.Identity"

// ConsoleClient is the client id of the console, the one public client.
const ConsoleClient = "atelier-console"

// AccessLife is how long an access token lives.
const AccessLife = time.Hour

// Config is what a Service needs. All but GraphURL, PortalURL and Now are required.
type Config struct {
	Store         store.Store
	Directory     *directory.Directory // after Bootstrap: the tenant must exist
	Secrets       directory.Secrets
	ManagementURL string           // "https://host:port", the issuer
	GraphURL      string           // where the directory's Graph face is; ManagementURL when empty
	PortalURL     string           // named in the metadata; ManagementURL when empty
	Now           func() time.Time // time.Now
	Audit         Audit            // nil for none
	Fetch         Fetch            // for the keys of other issuers; nil takes no tokens of theirs
	Post          Post             // to other issuers, for people who sign in through them; nil offers no such sign-in
}

// Service issues and verifies tokens. It is safe for concurrent use.
type Service struct {
	store     store.Store
	directory *directory.Directory
	secrets   directory.Secrets
	tenant    string
	base      string // management URL without trailing slash
	graph     string
	portal    string
	now       func() time.Time

	keys     keyring
	verified verifiedCache
	throttle *throttle
	shown    shownOnce
	fetch    Fetch
	post     Post
	returned shownOnce // states with which people came back from other issuers
	foreign  foreignKeys
	audit    Audit
}

// New makes a service and, at the very first start, its signing key.
func New(ctx context.Context, c Config) (*Service, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Service{
		store: c.Store, directory: c.Directory, secrets: c.Secrets, tenant: c.Directory.TenantID(), now: c.Now,
		verified: verifiedCache{tokens: map[string]claims{}}, throttle: newThrottle(c.Now), audit: c.Audit, fetch: c.Fetch, post: c.Post,
	}
	if s.tenant == "" {
		return nil, errors.New("authn: the directory has no tenant yet: bootstrap it first")
	}
	var err error
	if s.base, err = cleanURL(c.ManagementURL); err != nil {
		return nil, fmt.Errorf("authn: management URL: %w", err)
	}
	s.graph, s.portal = s.base, s.base
	for _, o := range []struct {
		from string
		to   *string
	}{{c.GraphURL, &s.graph}, {c.PortalURL, &s.portal}} {
		if o.from == "" {
			continue
		}
		if *o.to, err = cleanURL(o.from); err != nil {
			return nil, fmt.Errorf("authn: %w", err)
		}
	}
	if err := s.loadKeys(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// cleanURL wants an absolute https URL without query, and takes its trailing slash.
func cleanURL(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("%q is not a URL like https://host:port", text)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// Issuer is the iss of every token.
func (s *Service) Issuer() string { return s.base + "/" + s.tenant + "/v2.0" }

// id is the resource id of one of our rows.
func id(collection, name string) arm.ID { return arm.Root.Provider(namespace, collection, name) }

// self is the actor of changes that nobody in particular causes.
var self = store.Actor{Name: "identity service"}

// audience is the resource that a token is for.
type audience int

const (
	forNobody          audience = iota
	forResourceManager          // the ARM API and, when the URLs are the same, Graph
	forGraph                    // a Graph face at a URL of its own
	forConnections              // the credential manager, which lets a caller use a connection in its own name
)

// audienceOf says what a resource URL stands for; a trailing slash makes no difference.
func (s *Service) audienceOf(resource string) audience {
	switch strings.TrimSuffix(resource, "/") {
	case s.base, "https://management.azure.com", "https://management.core.windows.net":
		return forResourceManager
	case s.graph:
		return forGraph
	case "https://azure-api.net/authorization-manager":
		return forConnections
	}
	return forNobody
}

// keyring are the public keys by key id, and the one that signs.
type keyring struct {
	mu     sync.RWMutex
	public map[string]publicKey
	signer signingKey
}
