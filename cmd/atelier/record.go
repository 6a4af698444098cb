package main

import (
	"context"

	"github.com/atelier-apim/atelier/internal/activity"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/armhttp"
	"github.com/atelier-apim/atelier/internal/authn"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/store"
)

// activityPage reads the activity log for the management API.
func (s *server) activityPage() armhttp.Activity {
	log := activity.NewLog(s.store, s.registry, s.directory.TenantID())
	return func(ctx context.Context, scope arm.ID, filter string, before uint64, allowed func(arm.ID) bool) (any, uint64, error) {
		p, err := log.Page(ctx, activity.Query{Scope: scope, Filter: filter, Before: before, Allowed: allowed})
		if err != nil {
			return nil, 0, err
		}
		return p.Events, p.Next, nil
	}
}

// recordDenied writes a refused write into the activity log.
func (s *server) recordDenied(ctx context.Context, call *control.Call, e *arm.Error) {
	s.recorder.Record(ctx, store.Actor{ObjectID: call.ObjectID, Name: call.Name, IP: call.IP, Request: call.Request}, activity.Happening{
		Category: activity.Administrative, Operation: e.Action, Resource: e.Scope, Outcome: activity.Failed, Code: e.Code, Message: e.Message,
	})
}

// recordAct writes a performed POST word into the activity log.
func (s *server) recordAct(ctx context.Context, call *control.Call, action string, resource arm.ID) {
	s.recorder.Record(ctx, store.Actor{ObjectID: call.ObjectID, Name: call.Name, IP: call.IP, Request: call.Request}, activity.Happening{
		Category: activity.Administrative, Operation: action, Resource: resource.String(), Outcome: activity.Succeeded,
	})
}

// recordRefusedDirectory writes a refused change of the directory into the activity log.
func (s *server) recordRefusedDirectory(ctx context.Context, actor store.Actor, method, path string) {
	s.recorder.Record(ctx, actor, activity.Happening{
		Category: activity.Administrative, Operation: "Microsoft.Graph/directoryObjects/write", Resource: "/providers/Microsoft.Graph/organization/" + s.directory.TenantID(),
		Outcome: activity.Failed, Code: "Authorization_RequestDenied", Message: "Only directory administrators may change the directory.",
		More: map[string]string{"method": method, "path": path},
	})
}

// recordSignIn writes an attempt to sign in into the activity log.
func (s *server) recordSignIn(ctx context.Context, e authn.SignIn) {
	h := activity.Happening{
		Category: activity.SignIn, Operation: "Atelier.Identity/signIn/action", Resource: e.Subject, Outcome: activity.Succeeded,
		More: map[string]string{"method": e.Method},
	}
	if e.Failure != "" {
		h.Outcome, h.Code, h.Message = activity.Failed, "AuthenticationFailed", e.Failure
	}
	s.recorder.Record(ctx, e.Actor, h)
}
