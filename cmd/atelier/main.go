// Command atelier is Atelier: a control plane with its gateways, a gateway alone, and the commands that work with them.
//
// This is the only place that knows every room. It holds flags and wiring and decides nothing: serve.go reads the flags, server.go puts the
// rooms together, management.go says which path goes where.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	err := root().ExecuteContext(ctx)
	var status *exitError
	switch {
	case err == nil:
	case errors.As(err, &status):
		if status.message != "" {
			fmt.Fprintln(os.Stderr, status.message)
		}
		stop()
		os.Exit(status.code)
	default:
		fmt.Fprintln(os.Stderr, "error:", err)
		stop()
		os.Exit(1)
	}
}

// exitError ends the process with a status that scripts know.
type exitError struct {
	code    int
	message string
}

func (e *exitError) Error() string { return e.message }

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "atelier",
		Short:         "Federated API management that anyone can host",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	cmd.CompletionOptions.HiddenDefaultCmd = true
	cmd.AddCommand(serveCommand(), devCommand(), adminCommand(), principalCommand(), groupCommand(), tokenCommand(), restCommand(), policyCommand(), activityCommand(), versionCommand())
	return cmd
}
