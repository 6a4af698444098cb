package main

import (
	"crypto/rand"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"
)

func adminCommand() *cobra.Command {
	c := &connection{}
	cmd := &cobra.Command{Use: "admin", Short: "The administrator of an installation"}
	c.bind(cmd)
	cmd.AddCommand(&cobra.Command{
		Use: "reset", Short: "Give the administrator a new password and print it", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			var a adminFile
			if err := readJSON(c.data+"/admin.json", &a); err != nil {
				return fmt.Errorf("%w; the administrator's name is read from there", err)
			}
			password := rand.Text()
			body := map[string]any{"passwordProfile": map[string]any{"password": password, "forceChangePasswordNextSignIn": false}}
			if err := s.call(cmd.Context(), "PATCH", "/v1.0/users/"+url.PathEscape(a.Username), body, nil); err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), password)
			return err
		},
	})
	return cmd
}
