package sqldata

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// readPostgres reads the settings of Npgsql. Without an SSL mode the server must show a certificate for its name, which is stricter than there.
func readPostgres(p pairs, tokens bool) (t Target, err error) {
	var port, mode string
	t = Target{Engine: PostgreSQL, Port: 5432}
	err = p.fields(map[*string][]string{
		&t.Host: {"host"}, &port: {"port"}, &t.Database: {"database", "db"}, &t.User: {"username", "userid", "user", "uid"}, &t.Password: {"password", "psw", "pwd"},
		&mode: {"sslmode"}, &t.Application: {"applicationname"}, &t.SearchPath: {"searchpath"},
	})
	if err != nil {
		return t, err
	}
	if port != "" {
		if t.Port, err = readPort(port); err != nil {
			return t, err
		}
	}
	trust, trusts, err := p.flag("trustservercertificate")
	if err != nil {
		return t, err
	}
	if t.Secrecy, err = sslMode(mode); err != nil {
		return t, err
	}
	if trusts && trust && mode == "" {
		t.Secrecy = Encrypted
	}
	if t.Connect, err = p.seconds("timeout"); err != nil {
		return t, err
	}
	if t.Command, err = p.seconds("commandtimeout"); err != nil {
		return t, err
	}
	if err := t.named(tokens); err != nil {
		return t, err
	}
	return t, p.rest("pooling", "minimumpoolsize", "minpoolsize", "maximumpoolsize", "maxpoolsize", "connectionidlelifetime", "connectionpruninginterval", "connectionlifetime",
		"keepalive", "tcpkeepalive", "includeerrordetail", "persistsecurityinfo", "noresetonclose", "multiplexing", "enlist")
}

// readPostgresURL reads postgres://user:password@host:5432/database?sslmode=….
func readPostgresURL(s string, tokens bool) (t Target, err error) {
	u, err := url.Parse(s)
	if err != nil {
		return t, errors.New("it is not a URL")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil || u.Fragment != "" || u.Opaque != "" {
		return t, errors.New("it is not a URL of the form postgres://user:password@host:5432/database?sslmode=require")
	}
	p := pairs{}
	for name, values := range query {
		if len(values) != 1 {
			return t, fmt.Errorf("'%.40s' is set twice", name)
		}
		p[strings.ToLower(name)] = values[0]
	}
	t = Target{Engine: PostgreSQL, Host: u.Hostname(), Port: 5432, Database: strings.TrimPrefix(u.Path, "/"), User: u.User.Username()}
	t.Password, _ = u.User.Password()
	if u.Port() != "" {
		if t.Port, err = readPort(u.Port()); err != nil {
			return t, err
		}
	}
	var mode string
	if err := p.fields(map[*string][]string{&mode: {"sslmode"}, &t.Application: {"application_name"}, &t.SearchPath: {"search_path"}}); err != nil {
		return t, err
	}
	if t.Secrecy, err = sslMode(mode); err != nil {
		return t, err
	}
	if t.Connect, err = p.seconds("connect_timeout"); err != nil {
		return t, err
	}
	if err := t.named(tokens); err != nil {
		return t, err
	}
	return t, p.rest()
}

func sslMode(s string) (Secrecy, error) {
	switch strings.ReplaceAll(strings.ToLower(s), "-", "") {
	case "", "verifyfull":
		return Verified, nil
	case "disable":
		return Clear, nil
	case "prefer":
		return Tried, nil
	case "require":
		return Encrypted, nil
	case "verifyca":
		return Chained, nil
	}
	return 0, errors.New("the SSL mode is none of disable, prefer, require, verify-ca and verify-full")
}

// named checks whom PostgreSQL knows: a token is the password of a user that the string names.
func (t *Target) named(tokens bool) error {
	if t.Database == "" {
		t.Database = t.User
	}
	if t.User == "" {
		return errors.New("it names no user")
	}
	if tokens {
		t.Password = ""
	}
	return nil
}
