package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/spf13/cobra"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/eval"
	"github.com/atelier-apim/atelier/internal/policy/policies"
	"github.com/atelier-apim/atelier/internal/policy/policytest"
)

func policyCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "policy", Short: "Evaluate, check and test policies without a server"}
	cmd.AddCommand(policyEvalCommand(), policyLintCommand(), policyFmtCommand(), policyEffectiveCommand(), policyTestCommand())
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

func policyTestCommand() *cobra.Command {
	return &cobra.Command{
		Use: "test PATH…", Short: "Run policy test archives (*.txtar), in files or below folders", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			passed, failed := 0, 0
			err := eachArchive(args, func(path string) error {
				a, err := txtar.ParseFile(path)
				if err != nil {
					return err
				}
				if err := policytest.Run(a); err != nil {
					failed++
					fmt.Fprintf(cmd.OutOrStdout(), "FAIL %s\n  %s\n", path, strings.ReplaceAll(err.Error(), "\n", "\n  "))
					return nil
				}
				passed++
				return nil
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d passed, %d failed\n", passed, failed)
			if failed > 0 || passed == 0 {
				return &exitError{code: 2}
			}
			return nil
		},
	}
}

// eachArchive calls f for the files named and for every archive below the folders named.
func eachArchive(paths []string, f func(path string) error) error {
	for _, p := range paths {
		err := filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path != p && !strings.HasSuffix(path, ".txtar") {
				return err
			}
			return f(path)
		})
		if err != nil {
			return err
		}
	}
	return nil
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
