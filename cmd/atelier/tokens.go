package main

import (
	"context"
	"net/http"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authn"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

func (s *server) openTokens(ctx context.Context) (err error) {
	s.identity, err = authn.New(ctx, authn.Config{
		Store: s.store, Directory: s.directory, Secrets: s.ring, ManagementURL: s.urls.Management, PortalURL: s.urls.Portal,
		Audit: s.recordSignIn, Fetch: s.control.Fetch, Post: s.post,
	})
	return err
}

// verify finds the principal of a request to the management API. What refusals call it is its client id or user name.
func (s *server) verify(ctx context.Context, bearer string) (kind.Caller, error) {
	c, err := s.identity.Verify(ctx, bearer)
	if err != nil {
		e := authn.AsTokenError(err)
		return kind.Caller{}, arm.Errorf(http.StatusUnauthorized, e.Code, "%s", e.Reason)
	}
	name := c.AppID
	if c.Username != "" {
		name = c.Username
	}
	return kind.Caller{ObjectID: c.ObjectID, Name: name, Groups: c.Groups}, nil
}

// graphCaller finds the principal of a request to the directory's face.
func (s *server) graphCaller(r *http.Request) (string, bool) {
	token, err := authn.Bearer(r)
	if err != nil {
		return "", false
	}
	c, err := s.identity.VerifyGraph(r.Context(), token)
	return c.ObjectID, err == nil
}

// firstSubscription is the subscription that the first start made.
func firstSubscription(st store.Store) string {
	var name string
	_ = st.View(context.Background(), func(r store.Reader) error { // an unreadable store shows everywhere else
		rows, err := r.List(store.Query{Parent: arm.Root, Kind: arm.TypeSubscription, Limit: 1})
		if len(rows) > 0 {
			name = rows[0].ID.Name()
		}
		return err
	})
	return name
}

// edgeHost is the host name that a gateway "edge" of the sample organisation gets.
func (s *server) edgeHost() string {
	id := arm.MustID("/subscriptions/"+s.subscriptionID()+"/resourceGroups/contoso").Provider(arm.NamespaceAPIM, "gateways", "edge")
	return apim.GatewayHost(id, s.config.domain)
}
