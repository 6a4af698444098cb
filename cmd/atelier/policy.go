package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/eval"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

func policyCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "policy", Short: "Evaluate, check and test policies without a server"}
	cmd.AddCommand(policyEvalCommand(), policyLintCommand(), policyFmtCommand(), policyEffectiveCommand(), policyTestCommand(), policyLSPCommand())
	return cmd
}

func policyEvalCommand() *cobra.Command {
	var batch, asJSON bool
	var contextFile string
	cmd := &cobra.Command{
		Use: "eval [EXPRESSION]", Short: "Evaluate a policy expression", Args: cobra.MaximumNArgs(1),
		Example: "  atelier policy eval '@(context.Request.Method)'\n  atelier policy eval --batch < cases.jsonl",
		RunE: func(cmd *cobra.Command, args []string) error {
			if batch {
				valid, err := eval.Batch(cmd.InOrStdin(), cmd.OutOrStdout())
				if err == nil && !valid {
					return &exitError{code: 1}
				}
				return err
			}
			if len(args) == 0 {
				return &exitError{1, "error: give an expression, or --batch with cases on standard input"}
			}
			document, err := readBody(cmd, contextFile)
			if err != nil {
				return err
			}
			if code := eval.Single(args[0], document, asJSON, cmd.OutOrStdout(), cmd.ErrOrStderr()); code != 0 {
				return &exitError{code: code}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&batch, "batch", false, "one JSON object a line on standard input, one result a line on standard output")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as the batch form does")
	cmd.Flags().StringVar(&contextFile, "context", "", "file with the context document; - for standard input")
	return cmd
}

func policyLintCommand() *cobra.Command {
	return &cobra.Command{
		Use: "lint FILE…", Short: "Check policy documents; a problem a line as file:line:column: message", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			engine, err := policy.NewEngine(policies.Table(policies.Env{}))
			if err != nil {
				return err
			}
			found := 0
			for _, file := range args {
				text, err := os.ReadFile(file)
				if err != nil {
					return err
				}
				for _, p := range engine.Lint(string(text)) {
					found++
					fmt.Fprintf(cmd.OutOrStdout(), "%s:%d:%d: %s: %s\n", file, p.Line, p.Column, p.Severity, strings.ReplaceAll(p.Message, "\n", " "))
				}
			}
			if found > 0 {
				return &exitError{code: 2}
			}
			return nil
		},
	}
}
