package sqldata

import (
	"errors"
	"strings"
)

// readSQLServer reads the settings of Microsoft.Data.SqlClient. TLS is on unless the string says otherwise, as there since version 4.
func readSQLServer(p pairs, tokens bool) (t Target, err error) {
	t = Target{Engine: SQLServer, Port: 1433}
	var server, encrypt, intent, authentication string
	err = p.fields(map[*string][]string{
		&server: {"server", "datasource", "address", "addr", "networkaddress"}, &t.Database: {"database", "initialcatalog"},
		&t.User: {"userid", "uid", "user"}, &t.Password: {"password", "pwd"}, &encrypt: {"encrypt"}, &t.NameInCert: {"hostnameincertificate"},
		&t.Application: {"applicationname", "app"}, &intent: {"applicationintent"}, &authentication: {"authentication"},
	})
	if err != nil {
		return t, err
	}
	if server == "" {
		return t, errors.New("it names no server; use Server=host for SQL Server and Host=host for PostgreSQL")
	}
	if t.Host, t.Port, err = readServer(server); err != nil {
		return t, err
	}
	if err := t.encrypt(p, encrypt); err != nil {
		return t, err
	}
	if t.Connect, err = p.seconds("connecttimeout", "connectiontimeout", "timeout"); err != nil {
		return t, err
	}
	if t.Command, err = p.seconds("commandtimeout"); err != nil {
		return t, err
	}
	switch strings.ToLower(intent) {
	case "", "readwrite":
	case "readonly":
		t.ReadOnly = true
	default:
		return t, errors.New("'applicationintent' is neither ReadWrite nor ReadOnly")
	}
	integrated, err := p.take("integratedsecurity", "trusted_connection")
	switch {
	case err != nil:
		return t, err
	case integrated != "" && !strings.EqualFold(integrated, "false") && !strings.EqualFold(integrated, "no"):
		return t, errors.New("integrated security is not supported; name a user, or use use-managed-identity")
	case !tokens && plainName(authentication) != "" && plainName(authentication) != "sqlpassword":
		return t, errors.New("'authentication' is not Sql Password; use-managed-identity signs in as the service")
	case strings.Contains(t.User, `\`):
		return t, errors.New("users of Windows domains are not supported")
	}
	if tokens {
		t.User, t.Password = "", ""
	}
	return t, p.rest("persistsecurityinfo", "multipleactiveresultsets", "pooling", "minpoolsize", "maxpoolsize", "connectionlifetime", "loadbalancetimeout", "packetsize",
		"workstationid", "wsid", "connectretrycount", "connectretryinterval", "multisubnetfailover", "typesystemversion", "enlist")
}

// readServer reads "tcp:host,1433".
func readServer(s string) (host string, port uint16, err error) {
	if len(s) > 4 && strings.EqualFold(s[:4], "tcp:") {
		s = s[4:]
	}
	host, number, has := strings.Cut(strings.TrimSpace(s), ",")
	port = 1433
	if has {
		if port, err = readPort(number); err != nil {
			return "", 0, err
		}
	}
	host = strings.TrimSpace(host)
	if strings.EqualFold(host, "(local)") || host == "." {
		host = "localhost"
	}
	return host, port, nil
}

func (t *Target) encrypt(p pairs, encrypt string) error {
	trust, _, err := p.flag("trustservercertificate")
	if err != nil {
		return err
	}
	switch strings.ToLower(encrypt) {
	case "", "true", "yes", "mandatory":
		t.Secrecy = Verified
		if trust {
			t.Secrecy = Encrypted
		}
	case "strict":
		t.Secrecy, t.Strict = Verified, true
	case "false", "no", "optional":
		t.Secrecy = Tried
	default:
		return errors.New("'encrypt' is none of True, False, Mandatory, Optional and Strict")
	}
	return nil
}
