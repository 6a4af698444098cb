package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

func tokenCommand() *cobra.Command {
	c := &connection{}
	var resource string
	cmd := &cobra.Command{
		Use: "token", Short: "Print an access token", Args: cobra.NoArgs,
		Example: `  curl --cacert data/ca.pem -H "Authorization: Bearer $(bin/atelier token --as payments)" …`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := c.complete(); err != nil {
				return err
			}
			client, err := c.http()
			if err != nil {
				return err
			}
			token, err := c.signIn(cmd.Context(), client, resource)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), token)
			return err
		},
	}
	c.bind(cmd)
	cmd.Flags().StringVar(&resource, "resource", "", "what the token is for (default: the management API)")
	return cmd
}

func restCommand() *cobra.Command {
	c := &connection{}
	var bodyFile, output string
	cmd := &cobra.Command{
		Use: "rest METHOD PATH", Short: "Send one request to the management API and print the answer", Args: cobra.ExactArgs(2),
		Example: "  atelier rest GET /subscriptions/$SUB/resourceGroups/contoso/providers/Microsoft.ApiManagement/service/contoso/workspaces",
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := readBody(cmd, bodyFile)
			if err != nil {
				return err
			}
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			b, err := s.do(cmd.Context(), strings.ToUpper(args[0]), args[1], body)
			var refused *restError
			if errors.As(err, &refused) {
				fmt.Fprintln(cmd.OutOrStdout(), string(refused.body))
				return &exitError{1, "error: " + refused.Error()}
			}
			if err != nil {
				return err
			}
			if len(b) > 0 {
				fmt.Fprintln(cmd.OutOrStdout(), string(b))
			}
			return nil
		},
	}
	c.bind(cmd)
	cmd.Flags().StringVar(&bodyFile, "body", "", "file that holds the request's body; - for standard input")
	cmd.Flags().StringVarP(&output, "output", "o", "json", "json, the only form there is")
	return cmd
}

func readBody(cmd *cobra.Command, file string) ([]byte, error) {
	switch file {
	case "":
		return nil, nil
	case "-":
		return io.ReadAll(cmd.InOrStdin())
	}
	return os.ReadFile(file)
}
