package sqldata_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestTheEnvironmentOfTheProcessReachesNoServer: libpq's variables are about this machine, and a stranger's server is not.
func TestTheEnvironmentOfTheProcessReachesNoServer(t *testing.T) {
	pass := filepath.Join(t.TempDir(), "pgpass")
	if err := os.WriteFile(pass, []byte("*:*:*:*:of-the-machine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"PGHOST": "192.0.2.1", "PGPORT": "1", "PGUSER": "other", "PGPASSWORD": "of-the-machine", "PGPASSFILE": pass, "PGOPTIONS": "-c statement_timeout=7", "PGAPPNAME": "secret-name",
		"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/nowhere", "PGSSLCERT": "/nowhere", "PGSSLKEY": "/nowhere", "PGSSLCERTMODE": "require", "PGSSLNEGOTIATION": "direct", "PGTARGETSESSIONATTRS": "standby", "PGTZ": "America/Lima", "PGREQUIREAUTH": "none", "PGCHANNELBINDING": "require",
	} {
		t.Setenv(name, value)
	}
	d := newDatabase(t, clear)
	d.want(`[{"u":"app","a":"atelier","t":"0","z":"UTC"}]`, `select current_user as u, current_setting('application_name') as a, current_setting('statement_timeout') as t, current_setting('TimeZone') as z`)
	d.target.Password = ""
	if _, err := d.query(`select 1`); kindOf(err) != "unreachable" {
		t.Errorf("without a password: %v", err)
	}
}
