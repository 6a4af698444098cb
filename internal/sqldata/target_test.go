package sqldata_test

import (
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/sqldata"
)

func TestConnectionStringsAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]sqldata.Target{
		"Server=tcp:contoso.database.windows.net,1433;Initial Catalog=shop;User ID=app;Password='p;''w';Encrypt=True;Connection Timeout=30;MultipleActiveResultSets=False;": {
			Host: "contoso.database.windows.net", Port: 1433, Database: "shop", User: "app", Password: "p;'w", Secrecy: sqldata.Verified, Connect: 30 * time.Second, Command: 30 * time.Second,
		},
		"data source = (local) ; uid=sa; PWD=x ;TrustServerCertificate=yes;ApplicationIntent=ReadOnly;Command Timeout=0;App=my app": {
			Host: "localhost", Port: 1433, User: "sa", Password: "x", Secrecy: sqldata.Encrypted, ReadOnly: true, Application: "my app", Connect: 15 * time.Second, Command: 60 * time.Second,
		},
		"Address=10.0.0.1,14330;User=a;Encrypt=Strict;HostNameInCertificate=db.example": {
			Host: "10.0.0.1", Port: 14330, User: "a", Secrecy: sqldata.Verified, Strict: true, NameInCert: "db.example", Connect: 15 * time.Second, Command: 30 * time.Second,
		},
		"Server=db;User=a;Encrypt=optional": {Host: "db", Port: 1433, User: "a", Secrecy: sqldata.Tried, Connect: 15 * time.Second, Command: 30 * time.Second},
		"Host=db.example;Port=5433;Database=shop;Username=app;Password=\"p\"\"w\";SSL Mode=Require;Search Path=shop;Timeout=5;Command Timeout=7;Pooling=true": {
			Engine: sqldata.PostgreSQL, Host: "db.example", Port: 5433, Database: "shop", User: "app", Password: `p"w`, Secrecy: sqldata.Encrypted, SearchPath: "shop", Connect: 5 * time.Second, Command: 7 * time.Second,
		},
		"postgres://app:p%40w@db.example/shop?sslmode=verify-ca&application_name=me&connect_timeout=90": {
			Engine: sqldata.PostgreSQL, Host: "db.example", Port: 5432, Database: "shop", User: "app", Password: "p@w", Secrecy: sqldata.Chained, Application: "me", Connect: 60 * time.Second, Command: 30 * time.Second,
		},
		"postgresql://app@[2001:db8::1]:6000": {
			Engine: sqldata.PostgreSQL, Host: "2001:db8::1", Port: 6000, Database: "app", User: "app", Secrecy: sqldata.Verified, Connect: 15 * time.Second, Command: 30 * time.Second,
		},
	} {
		if got, err := sqldata.Read(text, false); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

func TestTheServicesIdentityNeedsNoPasswordAndTLS(t *testing.T) {
	t.Parallel()
	got, err := sqldata.Read("Server=tcp:contoso.database.windows.net,1433;Initial Catalog=shop;User ID=app;Password=x;Authentication=Active Directory Default", true)
	if err != nil || got.User != "" || got.Password != "" {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = sqldata.Read("Host=contoso.postgres.database.azure.com;Username=contoso-apim;Password=x", true)
	if err != nil || got.User != "contoso-apim" || got.Password != "" {
		t.Errorf("%+v, %v", got, err)
	}
	for _, text := range []string{"Server=db;Encrypt=false", "Host=db;Username=a;SSL Mode=Prefer", "Host=db", "postgres://a@db?sslmode=disable"} {
		if got, err := sqldata.Read(text, true); err == nil {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

// TestConnectionStringsThatAreRefused: what reads files of this machine, goes by sockets and pipes, asks other hosts, or is not understood.
func TestConnectionStringsThatAreRefused(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"":                                        "is empty",
		"nonsense":                                "has no '='",
		"Database=x;User=a":                       "names no server",
		"Server=db":                               "names no user",
		"Server=db;User=a;User ID=b":              "say the same",
		"Server=db;Server=db2;User=a":             "is set twice",
		"Server=db;User=a;Password='x":            "no closing quote",
		"Server=db;User=a;Password='x'y":          "goes on behind its quote",
		`Server=db\instance;User=a`:               "host name or address",
		"Server=np:db;User=a":                     "host name or address",
		"Server=lpc:db;User=a":                    "host name or address",
		"Server=admin:db;User=a":                  "host name or address",
		"Server=/tmp/sock;User=a":                 "host name or address",
		"Server=db,0;User=a":                      "the port",
		`Server=db;User=DOMAIN\a;Password=secret`: "Windows domains",
		"Server=db;Integrated Security=SSPI":      "integrated security",
		"Server=db;User=a;Authentication=ActiveDirectoryPassword;Password=secret": "Sql Password",
		"Server=db;User=a;AttachDbFilename=c:\\x.mdf":                             "'attachdbfilename'",
		"Server=db;User=a;Failover Partner=other":                                 "'failoverpartner'",
		"Server=db;User=a;Certificate=/etc/passwd":                                "'certificate'",
		"Server=db;User=a;ServerCertificate=/etc/passwd":                          "'servercertificate'",
		"Server=db;User=a;krb5-keytabfile=/etc/krb5.keytab":                       "'krb5-keytabfile'",
		"Server=db;User=a;Encrypt=maybe":                                          "'encrypt'",
		"Server=db;User=a;Connect Timeout=-1":                                     "seconds",
		"Host=/var/run/postgresql;Username=a":                                     "host name or address",
		"Host=a,b;Username=a":                                                     "host name or address",
		"Host=@abstract;Username=a":                                               "host name or address",
		"Host=db;Username=a;Passfile=/root/.pgpass":                               "'passfile'",
		"Host=db;Username=a;Root Certificate=/etc/passwd":                         "'rootcertificate'",
		"Host=db;Username=a;SSL Certificate=/etc/x":                               "'sslcertificate'",
		"Host=db;Username=a;SSL Key=/etc/x":                                       "'sslkey'",
		"Host=db;Username=a;Options=-c search_path=x":                             "'options'",
		"Host=db;Username=a;SSL Mode=Sometimes":                                   "SSL mode",
		"Host=db;Password=secret":                                                 "names no user",
		"postgres://a:secret@db/x?sslcert=/etc/x":                                 "'sslcert'",
		"postgres://a:secret@db/x?sslkey=/etc/x":                                  "'sslkey'",
		"postgres://a:secret@db/x?sslrootcert=/etc/x":                             "'sslrootcert'",
		"postgres://a:secret@db/x?passfile=/etc/x":                                "'passfile'",
		"postgres://a:secret@db/x?service=x&servicefile=/x":                       "'service', 'servicefile'",
		"postgres://a:secret@db/x?host=/tmp":                                      "'host'",
		"postgres://a:secret@db,other/x":                                          "host name or address",
		"postgres://a:secret@%2Ftmp/x":                                            "can't be used",
		"postgres://a:secret@db/x?sslmode=a&sslmode=b":                            "set twice",
		"postgres://a:secret@db:99999/x":                                          "the port",
		"Server=db;User=a;Password=" + strings.Repeat("secret", 2000):             "8 KiB",
		"Server=db;User=a;Password=sec\x00ret":                                    "NUL",
	} {
		got, err := sqldata.Read(text, false)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.80s: %+v, %v; want %q", text, got, err, says)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%.80s: the error shows the password: %v", text, err)
		}
	}
}

func TestNamesAndTypesOfParameters(t *testing.T) {
	t.Parallel()
	if name, err := sqldata.ParameterName("@familyId_2"); name != "familyId_2" || err != nil {
		t.Errorf("%s, %v", name, err)
	}
	for _, bad := range []string{"", "@", "id", "@1", "@_x", "@a b", "@a;", "@@x", "@é"} {
		if name, err := sqldata.ParameterName(bad); err == nil {
			t.Errorf("%q is a name: %s", bad, name)
		}
	}
	if kind, err := sqldata.TypeName(" NVarChar (50) "); kind != "nvarchar" || err != nil {
		t.Errorf("%s, %v", kind, err)
	}
	if kind, err := sqldata.TypeName("int); drop table x"); err == nil {
		t.Errorf("a type: %s", kind)
	}
}
