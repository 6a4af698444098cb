package main

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
	"github.com/atelier-apim/atelier/internal/usage"
	"github.com/atelier-apim/atelier/internal/usage/sqlite"
)

// reporting is what adds up the calls of this process's gateways. It forgets services and workspaces as they are deleted: who makes one of the same name
// later must not read what another's consumers did.
type reporting struct {
	*usage.Collector
	store usage.Store
	stop  context.CancelFunc
	ended chan struct{} // closed when it runs no more; nil before it runs
}

// openUsage opens DATA/usage.db.
func (s *server) openUsage(ctx context.Context) error {
	file, err := sqlite.Open(ctx, s.config.path("usage.db"))
	if err != nil {
		return err
	}
	s.usage = &reporting{store: file, Collector: usage.NewCollector(usage.Options{Store: file, Problem: func(err error) {
		if err != nil {
			slog.Error("calls are not added up for reports; they wait in memory", "error", err)
			return
		}
		slog.Info("calls are added up for reports again")
	}})}
	return nil
}

// run collects until ctx ends.
func (r *reporting) run(ctx context.Context) {
	ctx, r.stop = context.WithCancel(ctx)
	r.ended = make(chan struct{})
	go func() {
		defer close(r.ended)
		r.Run(ctx)
	}()
}

// close writes what is left, after the last call.
func (r *reporting) close() {
	if r.ended != nil {
		r.stop()
		<-r.ended
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = r.Collect(ctx) // its problem was told
	if err := r.store.Close(); err != nil {
		slog.Error("the sums of calls did not close", "error", err)
	}
}

// Load implements control.Listener: what was deleted while nobody listened is forgotten now.
func (r *reporting) Load(state store.Reader) error {
	there := map[usage.Home]bool{}
	for _, t := range []string{kind.Service, kind.Workspace} {
		rows, err := state.List(store.Query{Under: true, Kind: t})
		if err != nil {
			return err
		}
		for _, row := range rows {
			there[usageHome(row.ID)] = true
		}
	}
	return r.Settle(context.Background(), func(h usage.Home) bool { return there[folded(h)] })
}

// Apply implements control.Listener.
func (r *reporting) Apply(changes []store.Change) error {
	for _, c := range changes {
		if c.Verb != store.VerbDelete || !strings.EqualFold(c.Kind, kind.Service) && !strings.EqualFold(c.Kind, kind.Workspace) {
			continue
		}
		id, err := arm.ParseID(c.ID)
		if err != nil {
			return err
		}
		h := usage.Home{Service: id.String()}
		if strings.EqualFold(c.Kind, kind.Workspace) {
			h = usage.Home{Service: id.Parent().String(), Workspace: id.Name()}
		}
		if err := r.Forget(context.Background(), h); err != nil {
			return err
		}
	}
	return nil
}

// usageHome is a service or a workspace, without the case of its letters.
func usageHome(id arm.ID) usage.Home {
	if _, is := id.Ancestor(kind.Workspace); is {
		return folded(usage.Home{Service: id.Parent().String(), Workspace: id.Name()})
	}
	return folded(usage.Home{Service: id.String()})
}

func folded(h usage.Home) usage.Home {
	return usage.Home{Service: strings.ToLower(h.Service), Workspace: strings.ToLower(h.Workspace)}
}
