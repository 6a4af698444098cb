package main

import (
	"github.com/spf13/cobra"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/editor"
	"github.com/atelier-apim/atelier/internal/policy/lsp"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

func policyLSPCommand() *cobra.Command {
	return &cobra.Command{
		Use: "lsp", Short: "Serve an editor: diagnostics, completion, hover and formatting (Language Server Protocol on standard input and output)", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			engine, err := policy.NewEngine(policies.Table(policies.Env{}))
			if err != nil {
				return err
			}
			e, err := editor.New(engine)
			if err != nil {
				return err
			}
			return lsp.New(e, cmd.OutOrStdout()).Serve(cmd.InOrStdin())
		},
	}
}
