package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/atelier-apim/atelier/internal/sample"
)

func devCommand() *cobra.Command {
	c := &config{dev: true}
	cmd := &cobra.Command{
		Use: "dev", Short: "Run everything on this machine, with a sample organisation", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			began := time.Now()
			return run(cmd.Context(), c, func(ctx context.Context, s *server) error {
				if err := s.startSamples(ctx); err != nil {
					return err
				}
				return s.printTour(time.Since(began))
			})
		},
	}
	c.bind(cmd)
	return cmd
}

// sampleFile is sample.json.
type sampleFile struct {
	Payments sampleTeam     `json:"payments"`
	Catalog  sampleTeam     `json:"catalog"`
	Consumer sampleConsumer `json:"consumer"`
}

type sampleTeam struct {
	Group           string        `json:"group"`
	Person          samplePerson  `json:"person"`
	Program         sampleProgram `json:"program"`
	SubscriptionKey string        `json:"subscriptionKey"`
}

type samplePerson struct {
	Username string `json:"username"`
	Password string `json:"password"`
}

type sampleProgram struct {
	ClientID     string `json:"clientId"`
	ClientSecret string `json:"clientSecret"`
}

type sampleConsumer struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// startSamples serves the sample backends and, on the first start, makes the sample organisation through the REST API.
func (s *server) startSamples(ctx context.Context) error {
	l := s.listeners.sample
	srv := &http.Server{Handler: sample.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() { s.fail(srv.Serve(l)) }()
	s.servers = append(s.servers, srv)
	file := s.config.path("sample.json")
	if exists(file) {
		return s.pointSamples(ctx)
	}
	made, err := s.makeSamples(ctx)
	if err != nil {
		return fmt.Errorf("sample organisation: %w", err)
	}
	debug.FreeOSMemory() // hashing the passwords took tens of megabytes that aren't needed again
	return writeJSONFile(file, made, 0o600)
}

// client is a session of the administrator against ourselves.
func (s *server) client(ctx context.Context) (*session, error) {
	c := &connection{data: s.config.data}
	return c.open(ctx)
}

func sampleAddress(l net.Listener) string { return "http://" + l.Addr().String() }

// pointSamples tells the sample APIs where their backends listen this time.
func (s *server) pointSamples(ctx context.Context) error {
	client, err := s.client(ctx)
	if err != nil {
		return err
	}
	for _, w := range []string{"payments", "catalog"} {
		path := s.sampleService() + "/workspaces/" + w + "/apis/" + w
		var now struct{ Properties struct{ ServiceURL string } }
		var refused *restError
		if err := client.call(ctx, "GET", path, nil, &now); errors.As(err, &refused) && refused.status == 404 {
			continue // its owner has deleted it
		} else if err != nil {
			return err
		}
		want := sampleAddress(s.listeners.sample) + "/" + w
		if now.Properties.ServiceURL == want || !isSampleAddress(now.Properties.ServiceURL, w) {
			continue
		}
		if err := client.call(ctx, "PATCH", path, map[string]any{"properties": map[string]string{"serviceUrl": want}}, nil); err != nil {
			return err
		}
	}
	return nil
}

// isSampleAddress says whether a backend is one that we gave a sample API: users may have chosen another.
func isSampleAddress(url, workspace string) bool {
	var port int
	n, err := fmt.Sscanf(url, "http://127.0.0.1:%d/"+workspace, &port)
	return err == nil && n == 1
}

func (s *server) sampleService() string {
	return "/subscriptions/" + s.subscriptionID() + "/resourceGroups/contoso/providers/Microsoft.ApiManagement/service/contoso"
}

// subscriptionID is the installation's own; one is made at the first start.
func (s *server) subscriptionID() string {
	if s.subscription == "" {
		s.subscription = firstSubscription(s.store)
	}
	return s.subscription
}

// document is a JSON body with properties.
func document(properties any, more ...any) map[string]any {
	d := map[string]any{"properties": properties}
	for i := 0; i+1 < len(more); i += 2 {
		d[more[i].(string)] = more[i+1]
	}
	return d
}

func readSample(path string) (*sampleFile, error) {
	var f sampleFile
	err := readJSON(path, &f)
	return &f, err
}
