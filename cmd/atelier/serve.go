package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/spf13/cobra"
)

func serveCommand() *cobra.Command {
	c := &config{}
	cmd := &cobra.Command{
		Use: "serve", Short: "Run a control plane with its gateways in one process", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), c, nil) },
	}
	c.bind(cmd)
	return cmd
}

// run serves until ctx ends, then drains. ready is called once every listener accepts.
func run(ctx context.Context, c *config, ready func(context.Context, *server) error) error {
	if err := c.check(); err != nil {
		return err
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	tuneMemory(ctx)
	s, err := newServer(ctx, c)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.start(ctx); err != nil {
		return err
	}
	if ready != nil {
		if err := ready(ctx, s); err != nil {
			return err
		}
	}
	select {
	case <-ctx.Done():
	case err := <-s.failed:
		return fmt.Errorf("a listener failed: %w", err)
	}
	return s.drain()
}
