package keeper

import (
	"context"
	"errors"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/credential"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// found is a connection as it was read.
type found struct {
	value  *apim.Authorization
	client *credential.Client
	fault  *credential.Fault // why it is no client; nil when it is
}

// read finds a connection; store.ErrNotFound when there is none.
func (k *Keeper) read(ctx context.Context, id arm.ID) (f found, err error) {
	err = k.Control.Look(ctx, func(l kind.Lookup) error {
		var bad error
		if f.value, f.client, bad = apim.Connection(l, id); f.value == nil {
			return store.ErrNotFound
		}
		var e *arm.Error
		if errors.As(bad, &e) {
			f.fault = &credential.Fault{Code: "ConnectionInvalid", Message: e.Message, Final: true}
			if len(e.Details) > 0 {
				f.fault.Message = e.Details[0].Message
			}
		}
		return nil
	})
	if err == nil && f.fault == nil && f.client == nil {
		err = store.ErrNotFound
	}
	return f, err
}

// ask gets the next token of a connection and stores it, or why there is none. The error is a *credential.Fault when the provider is the cause.
func (k *Keeper) ask(ctx context.Context, id arm.ID) error {
	f, err := k.read(ctx, id)
	if err != nil {
		return err
	}
	token, fault := k.next(ctx, f)
	err = k.Control.Revise(ctx, actor, id, func(_ kind.Lookup, v any) error {
		now := v.(*apim.Authorization)
		switch {
		case now.Kept != f.value.Kept || now.GrantType != f.value.GrantType:
			return control.ErrStays // written meanwhile: what was asked for belongs to what was before
		case fault == nil:
			now.Connect(f.client, token, k.Now())
			return nil
		case !fault.Final && now.Connected() && k.Now().Before(now.State().Expires):
			return control.ErrStays // the token that there is lives on
		case now.Error != nil && *now.Error == (apim.AuthorizationFault{Code: fault.Code, Message: fault.Message}):
			return control.ErrStays
		}
		now.Fail(fault)
		return nil
	})
	if err == nil && fault != nil {
		return fault
	}
	return err
}

// next asks the provider for the next token.
func (k *Keeper) next(ctx context.Context, f found) (credential.Token, *credential.Fault) {
	if f.fault != nil {
		return credential.Token{}, f.fault
	}
	s := f.value.State()
	if s.Endpoints != f.client.Endpoints() || s.Client != f.client.ID {
		return credential.Token{}, &credential.Fault{Code: "ProviderChanged", Final: true, Message: "The provider's addresses or its client have changed since this connection was made. Write the connection with its secret again, or sign in to it again."}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var token credential.Token
	var err error
	switch {
	case f.client.Grant == credential.ClientCredentials:
		token, err = f.client.First(ctx, k.Post, k.Now())
	case s.Refresh == "":
		return credential.Token{}, &credential.Fault{Code: "TokenExpired", Final: true, Message: "The token has ended, and the provider gave none to renew it with. Sign in to the connection again."}
	default:
		token, err = f.client.Renew(ctx, k.Post, k.Now(), s.Refresh)
	}
	var fault *credential.Fault
	if err != nil && !errors.As(err, &fault) {
		fault = &credential.Fault{Code: "TokenRefused", Message: "The provider was not asked."}
	}
	return token, fault
}
