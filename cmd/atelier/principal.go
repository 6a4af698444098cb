package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// The commands below speak the directory's small part of Microsoft Graph.

func principalCommand() *cobra.Command {
	c := &connection{}
	cmd := &cobra.Command{Use: "principal", Short: "People and programs of the directory"}
	c.bind(cmd)
	var kind, name, output string
	create := &cobra.Command{
		Use: "create", Short: "Create a person or a program; it has no rights until a role is assigned to it", Args: cobra.NoArgs,
		Example: "  atelier principal create --kind user --name maria@example.org",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			var made any
			switch strings.ToLower(kind) {
			case "serviceprincipal":
				made, err = s.createProgram(cmd.Context(), name)
			case "user":
				made, err = s.createPerson(cmd.Context(), name)
			default:
				return fmt.Errorf("--kind is user or serviceprincipal, not %q", kind)
			}
			return printed(cmd, made, err)
		},
	}
	create.Flags().StringVar(&kind, "kind", "user", "user or serviceprincipal")
	create.Flags().StringVar(&name, "name", "", "display name; of a user also the name to sign in with")
	create.Flags().StringVarP(&output, "output", "o", "json", "json, the only form there is")
	_ = create.MarkFlagRequired("name")
	cmd.AddCommand(create)
	return cmd
}

func groupCommand() *cobra.Command {
	c := &connection{}
	cmd := &cobra.Command{Use: "group", Short: "Groups of the directory"}
	c.bind(cmd)
	var name, group, member, output string
	create := &cobra.Command{
		Use: "create", Short: "Create a group", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			id, err := s.createGroup(cmd.Context(), name)
			return printed(cmd, map[string]string{"objectId": id}, err)
		},
	}
	create.Flags().StringVar(&name, "name", "", "display name")
	_ = create.MarkFlagRequired("name")
	add := &cobra.Command{
		Use: "add-member", Short: "Put a principal into a group", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			return printed(cmd, struct{}{}, s.addMember(cmd.Context(), group, member))
		},
	}
	add.Flags().StringVar(&group, "group", "", "object id of the group")
	add.Flags().StringVar(&member, "member", "", "object id of the new member")
	_ = add.MarkFlagRequired("group")
	_ = add.MarkFlagRequired("member")
	for _, sub := range []*cobra.Command{create, add} {
		sub.Flags().StringVarP(&output, "output", "o", "json", "json, the only form there is")
	}
	cmd.AddCommand(create, add)
	return cmd
}

func printed(cmd *cobra.Command, v any, err error) error {
	if err != nil {
		return err
	}
	return json.NewEncoder(cmd.OutOrStdout()).Encode(v)
}

type program struct {
	ObjectID     string `json:"objectId"`
	ClientID     string `json:"clientId"`
	ClientSecret string `json:"clientSecret"`
}

type person struct {
	ObjectID string `json:"objectId"`
	Username string `json:"username"`
	Password string `json:"password"`
}

// createProgram makes an application, its service principal and a secret.
func (s *session) createProgram(ctx context.Context, name string) (program, error) {
	var app struct{ ID, AppID string }
	if err := s.call(ctx, "POST", "/v1.0/applications", map[string]string{"displayName": name}, &app); err != nil {
		return program{}, err
	}
	var sp struct{ ID string }
	if err := s.call(ctx, "POST", "/v1.0/servicePrincipals", map[string]string{"appId": app.AppID}, &sp); err != nil {
		return program{}, err
	}
	var secret struct{ SecretText string }
	err := s.call(ctx, "POST", "/v1.0/applications/"+app.ID+"/addPassword", map[string]any{"passwordCredential": map[string]string{"displayName": "created with the principal"}}, &secret)
	return program{sp.ID, app.AppID, secret.SecretText}, err
}

// createPerson makes a user with a password of our choice. A name without a domain gets one.
func (s *session) createPerson(ctx context.Context, name string) (person, error) {
	username := name
	if !strings.Contains(username, "@") {
		username = strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@atelier.local"
	}
	p := person{Username: username, Password: rand.Text()}
	body := map[string]any{
		"displayName": name, "userPrincipalName": username, "accountEnabled": true, "mailNickname": strings.SplitN(username, "@", 2)[0],
		"passwordProfile": map[string]any{"password": p.Password, "forceChangePasswordNextSignIn": false},
	}
	var made struct{ ID string }
	err := s.call(ctx, "POST", "/v1.0/users", body, &made)
	p.ObjectID = made.ID
	return p, err
}

func (s *session) createGroup(ctx context.Context, name string) (string, error) {
	var made struct{ ID string }
	nick := strings.Map(func(r rune) rune {
		if r == '-' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
	err := s.call(ctx, "POST", "/v1.0/groups", map[string]any{"displayName": name, "mailEnabled": false, "mailNickname": cmp.Or(nick, "group"), "securityEnabled": true}, &made)
	return made.ID, err
}

func (s *session) addMember(ctx context.Context, group, member string) error {
	return s.call(ctx, "POST", "/v1.0/groups/"+group+"/members/$ref", map[string]string{"@odata.id": s.endpoint + "/v1.0/directoryObjects/" + member}, nil)
}
