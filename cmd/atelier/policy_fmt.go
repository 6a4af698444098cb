package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

func policyFmtCommand() *cobra.Command {
	var write, check bool
	cmd := &cobra.Command{
		Use: "fmt FILE…", Short: "Indent policy documents: one element a line; expressions, comments and text stay as they are", Args: cobra.MinimumNArgs(1),
		Example: "  atelier policy fmt -w policies/*.xml\n  atelier policy fmt --check policies/*.xml",
		RunE: func(cmd *cobra.Command, args []string) error {
			engine, err := policy.NewEngine(policies.Table(policies.Env{}))
			if err != nil {
				return err
			}
			untidy := false
			for _, file := range args {
				text, err := os.ReadFile(file)
				if err != nil {
					return err
				}
				out, err := engine.Indent(string(text))
				var syntax *policy.SyntaxError
				if errors.As(err, &syntax) {
					return &exitError{2, fmt.Sprintf("%s:%d:%d: %s", file, syntax.Line, syntax.Column, syntax.Message)}
				}
				if err != nil {
					return err
				}
				switch changed := out != string(text); {
				case check && changed:
					untidy = true
					fmt.Fprintln(cmd.OutOrStdout(), file)
				case write && changed:
					if err := os.WriteFile(file, []byte(out), 0o666); err != nil { // an existing file keeps its mode
						return err
					}
				case !check && !write:
					fmt.Fprint(cmd.OutOrStdout(), out)
				}
			}
			if untidy {
				return &exitError{code: 2}
			}
			return nil
		},
	}
	cmd.Flags().BoolVarP(&write, "write", "w", false, "change the files instead of printing")
	cmd.Flags().BoolVar(&check, "check", false, "name the files that would change; exit status 2 when there is one")
	cmd.MarkFlagsMutuallyExclusive("write", "check")
	return cmd
}
