package gateway_test

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// ran makes an archive and runs its lines.
func ran(t *testing.T, archive string) {
	t.Helper()
	a := txtar.Parse([]byte(archive))
	c := newOutside(t, a)
	defer c.stop()
	for _, line := range strings.Split(string(a.Comment), "\n") {
		if err := c.line(line); err != nil {
			c.gateway.Flush()
			t.Fatalf("%s: %v\n%.2000s", line, err, c.log.String())
		}
	}
}

// TestDataSourcesOfARequestAreAskedAtOnce: neither answers before both are asked.
func TestDataSourcesOfARequestAreAskedAtOnce(t *testing.T) {
	t.Parallel()
	ran(t, `
host https://c.example/dbs/d/colls/c/docs/1 item.http
resolver resolver.xml
resolve '{}' '{}'
reply-body '{"id":"1"}'
together 3 # the one before counts
send both.http
reply 200
reply-body '{"data":{"a":{"id":"1"},"b":{"id":"1"}}}'
-- resolver.xml --
<cosmosdb-data-source>
	<connection-info><connection-string>AccountEndpoint=https://c.example;AccountKey=c2VjcmV0</connection-string><database-name>d</database-name><container-name>c</container-name></connection-info>
	<read-request><id>1</id><partition-key>1</partition-key></read-request>
</cosmosdb-data-source>
-- item.http --
HTTP/1.1 200 OK

{"id":"1"}
-- both.http --
POST /graph HTTP/1.1
Content-Type: application/json

{"query":"{ a: it b: it }"}
`)
}

// TestDatabasesOfARequestAreAskedAtOnce: two statements, of which each waits for the other's lock to be taken.
func TestDatabasesOfARequestAreAskedAtOnce(t *testing.T) {
	t.Parallel()
	ran(t, `
database meeting.sql
resolver first.xml
resolve '{}' '{}'
resolver resolver.xml
send both.http
reply 200
reply-body '{"data":{"a":{"met":true},"b":{"met":true}}}'
-- meeting.sql --
create table meeting (id int);
create function meet() returns boolean language plpgsql as $$
begin
	perform pg_advisory_lock_shared(7001);
	for i in 1..500 loop
		if (select count(*) from pg_locks where locktype = 'advisory' and objid = 7001) >= 2 then
			perform pg_sleep(0.1);
			return true;
		end if;
		perform pg_sleep(0.01);
	end loop;
	return false;
end $$
-- first.xml --
<sql-data-source>
	<connection-info><connection-string>Host=db.example;Username=app;Password=secret</connection-string></connection-info>
	<request><sql-statement>SELECT 1 AS one</sql-statement></request>
</sql-data-source>
-- resolver.xml --
<sql-data-source>
	<connection-info><connection-string>Host=db.example;Username=app;Password=secret</connection-string></connection-info>
	<request single-result="true"><sql-statement>SELECT meet() AS met</sql-statement></request>
</sql-data-source>
-- both.http --
POST /graph HTTP/1.1
Content-Type: application/json

{"query":"{ a: it b: it }"}
`)
}

// TestResolversGiveTheirMemoryBack: more answers than a home may hold at once, one after the other.
func TestResolversGiveTheirMemoryBack(t *testing.T) {
	t.Parallel()
	const times = 95 // of 4 MB; a home has 256 MiB
	ran(t, `
database empty.sql
resolver resolver.xml
`+strings.Repeat("resolve '{}' '{}'\nreply-body '\"small\"'\n", times)+`
-- empty.sql --
select 1
-- resolver.xml --
<sql-data-source>
	<connection-info><connection-string>Host=db.example;Username=app;Password=secret</connection-string></connection-info>
	<request><sql-statement>SELECT repeat('x', 4000000) AS v</sql-statement></request>
	<response><set-body>"small"</set-body></response>
</sql-data-source>
`)
}
