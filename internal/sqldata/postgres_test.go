package sqldata_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/sqldata"
	"github.com/atelier-apim/atelier/internal/sqldata/sqldatatest"
)

// database is a client of a PostgreSQL server of the tests' own.
type database struct {
	t      *testing.T
	client *sqldata.Client
	target sqldata.Target
	dials  atomic.Int64
}

func newDatabase(t *testing.T, more string) *database {
	t.Helper()
	port := sqldatatest.Server(t)
	d := &database{t: t}
	quoted := `"` + strings.ReplaceAll(sqldatatest.Password, `"`, `""`) + `"`
	target, err := sqldata.Read(fmt.Sprintf("Host=127.0.0.1;Port=%d;Database=postgres;Username=%s;Password=%s;%s", port, sqldatatest.User, quoted, more), false)
	if err != nil {
		t.Fatal(err)
	}
	d.target = target
	d.client = sqldata.New(func(ctx context.Context, network, address string) (net.Conn, error) {
		d.dials.Add(1)
		return new(net.Dialer).DialContext(ctx, network, address)
	})
	t.Cleanup(d.client.Close)
	return d
}

func (d *database) query(statement string, parameters ...sqldata.Parameter) (string, error) {
	r, err := d.client.Query(d.t.Context(), sqldata.Query{Home: "/service", Target: d.target, Statement: statement, Parameters: parameters})
	if err != nil {
		return "", err
	}
	return string(r.JSON), nil
}

func (d *database) want(want, statement string, parameters ...sqldata.Parameter) {
	d.t.Helper()
	got, err := d.query(statement, parameters...)
	if err != nil || got != want {
		d.t.Errorf("%s: %s, %v; want %s", statement, got, err, want)
	}
}

// eventually asks until the server has done what it does later, or ten seconds are over.
func (d *database) eventually(want, statement string) {
	d.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; {
		got, err := d.query(statement)
		if err == nil && got == want {
			return
		}
		if time.Now().After(deadline) {
			d.t.Fatalf("%s: %s, %v", statement, got, err)
		}
	}
}

func value(name, js string) sqldata.Parameter {
	return sqldata.Parameter{Name: name, JSON: json.RawMessage(js)}
}

func typed(name, kind, js string) sqldata.Parameter {
	return sqldata.Parameter{Name: name, Type: kind, JSON: json.RawMessage(js)}
}

const clear = "SSL Mode=Disable"

func kindOf(err error) string {
	var e *sqldata.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	return [...]string{"refused", "unreachable", "too large", "too late", "too many"}[e.Kind]
}

func TestValuesOfPostgreSQLAreJSON(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, clear)
	for sql, want := range map[string]string{
		`true`: `true`, `false`: `false`, `null`: `null`, `7::smallint`: `7`, `9007199254740993::bigint`: `9007199254740993`, `1.50::numeric`: `1.50`, `'NaN'::numeric`: `"NaN"`,
		`0.25::float8`: `0.25`, `'Infinity'::float8`: `"Infinity"`, `1e30::float8`: `1e+30`, `'a "b" é'::text`: `"a \"b\" é"`,
		`'{"a":[1,null]}'::json`: `{"a":[1,null]}`, `'{"a": 1}'::jsonb`: `{"a": 1}`, `'\x00ff'::bytea`: `"AP8="`,
		`date '2026-01-15'`: `"2026-01-15"`, `timestamp '2026-01-15 12:30:00.25'`: `"2026-01-15T12:30:00.25"`, `timestamptz '2026-01-15 12:30:00+02'`: `"2026-01-15T10:30:00Z"`,
		`time '12:30'`: `"12:30:00"`, `'infinity'::timestamptz`: `"infinity"`, `'6f9619ff-8b86-d011-b42d-00c04fc964ff'::uuid`: `"6f9619ff-8b86-d011-b42d-00c04fc964ff"`,
		`array[1,null,3]`: `[1,null,3]`, `array['a','b "c"','NULL']`: `["a","b \"c\"","NULL"]`, `array[[1,2],[3,4]]`: `[[1,2],[3,4]]`, `'{}'::text[]`: `[]`,
		`array['{"a":1}'::jsonb]`: `[{"a": 1}]`, `array[true]`: `[true]`, `'[0:1]={1,2}'::int[]`: `"[0:1]={1,2}"`, `inet '10.0.0.1'`: `"10.0.0.1"`,
	} {
		d.want(`[{"v":`+want+`}]`, `select `+sql+` as v`)
	}
}

func TestParametersAreValuesAndNeverText(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, clear)
	d.want(`[{"v":"'; drop table x; --"}]`, `select @a as v`, value("a", `"'; drop table x; --"`))
	d.want(`[{"v":8}]`, `select 1 + @a as v`, value("a", `7`))
	d.want(`[{"v":3}]`, `select length(@a) as v`, value("a", `123`))
	d.want(`[{"v":true}]`, `select @a::text is null as v`, value("a", `null`))
	d.want(`[{"v":false}]`, `select not @a as v`, value("a", `true`))
	d.want(`[{"v":2}]`, `select count(*) as v from generate_series(1, 5) n where n = any(@ids)`, value("ids", `[1,4,9]`))
	d.want(`[{"v":["a","b\"\\,","x"]}]`, `select @a::text[] as v`, value("a", `["a","b\"\\,","x"]`))
	d.want(`[{"v":[1, 2]}]`, `select @a as v`, typed("a", "jsonb", `[1,2]`))
	d.want(`[{"v":3}]`, `select (@a::jsonb ->> 'n')::int as v`, value("a", `{"n":3}`))
	d.want(`[{"v":"AP8="}]`, `select @a as v`, typed("a", "varbinary", `"AP8="`))
	d.want(`[{"v":"2026-01-15T00:00:00"}]`, `select @when as v`, typed("when", "datetime2", `"2026-01-15"`))
	d.want(`[{"v":"7","w":"7"}]`, `select @a as v, @A as w`, value("a", `7`))
	d.want(`[{"v":"@a $1","w":"x"}]`, `select '@a $1' as v /* @b */, @a as w -- @c`, value("a", `"x"`))
	for statement, p := range map[string]sqldata.Parameter{
		`select @other`: value("a", `1`), `select @a + 1`: typed("a", "varbinary", `"no base64"`), `select @a::text `: value("a", `"nul \u0000"`), `select @a`: value("a", `[[1]]`),
	} {
		if _, err := d.query(statement, p); kindOf(err) != "refused" {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

func TestSeveralStatementsRunInOneTransactionAndTheLastResultCounts(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, clear)
	d.want(`[{"id":1,"name":"a;b"}]`, `create table family (id int primary key, name text); insert into family values (@id, @name); select * from family where id = @id; -- done;`, value("id", `1`), value("name", `"a;b"`))
	d.want(`[]`, `select * from family where id = 2`)
	d.want(`[{"n":1}]`, `select 1 as n; update family set name = 'c'`)
	if _, err := d.query(`insert into family values (2, 'x'); insert into family values (1, 'y')`); kindOf(err) != "refused" || !strings.Contains(err.Error(), "23505") {
		t.Errorf("a key that is there twice: %v", err)
	}
	d.want(`[{"n":1}]`, `select count(*) as n from family`)
	if _, err := d.query(`select 1 as a, 2 as a`); kindOf(err) != "refused" {
		t.Errorf("two columns of one name: %v", err)
	}
	if _, err := d.query(`  ;; -- nothing `); err != nil {
		t.Errorf("a statement of comments alone: %v", err)
	}
}

func TestSessionsAreCleanForTheNextQuery(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, clear)
	d.want(`[{"set_config":"7"}]`, `select set_config('app.tenant', '7', false)`)
	d.want(`[{"v":""}]`, `select coalesce(current_setting('app.tenant', true), '') as v`)
	if n := d.dials.Load(); n != 1 {
		t.Errorf("two queries one after the other took %d connections", n)
	}
	if _, err := d.query(`begin`); err != nil {
		t.Error(err)
	}
	d.want(`[{"v":1}]`, `select 1 as v`)
	if n := d.dials.Load(); n != 2 {
		t.Errorf("a connection with an open transaction is not used again; there were %d", n)
	}
}

func TestWhatAStatementBringsIsBounded(t *testing.T) {
	t.Parallel()
	d, hasty := newDatabase(t, clear), newDatabase(t, clear+";Command Timeout=1")
	for statement, want := range map[string]string{
		`select n from generate_series(1, 10001) n`:                                        "too large",
		`select repeat('x', 9000000) as v`:                                                 "too large",
		`select repeat('x', 1000000) as v, n from generate_series(1, 9) n`:                 "too large",
		`select repeat('x', 1000000) from generate_series(1, 9) n; select 1`:               "too large",
		`select repeat('x', 7000000)` + strings.Repeat(`; select repeat('x', 7000000)`, 2): "too large",
		`select nothing from nowhere`:                                                      "refused",
		"select '" + strings.Repeat("x", sqldata.MaxStatement) + "'":                       "refused",
		`select 1; select pg_terminate_backend(pg_backend_pid())`:                          "refused",
	} {
		if _, err := d.query(statement); kindOf(err) != want {
			t.Errorf("%.60s: %s %v", statement, kindOf(err), err)
		}
	}
	for _, statement := range []string{`select pg_sleep(30)`, `copy pg_class from stdin`} {
		if _, err := hasty.query(statement); kindOf(err) != "too late" {
			t.Errorf("%s: %v", statement, err)
		}
	}
	d.want(`[{"v":1}]`, `select 1 as v`)
	if r, err := d.query(`select n from generate_series(1, 10000) n`); err != nil || len(r) < 10000 {
		t.Errorf("as many rows as are allowed: %v", err)
	}
}

func TestManyQueriesShareFewConnections(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, clear+";Application Name=many")
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			d.want(`[{"few":true}]`, `select count(*) between 1 and 8 as few from pg_stat_activity, pg_sleep(0.02) where application_name = 'many'`)
		})
	}
	all.Wait()
	d.eventually(`[{"idle":true}]`, `select count(*) <= 2 as idle from pg_stat_activity where application_name = 'many'`)
}

func TestAQueryEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, clear)
	const running = `select count(*) as n from pg_stat_activity where query like '%pg_sleep(20)%' and state = 'active' and pid <> pg_backend_pid()`
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		_, err := d.client.Query(ctx, sqldata.Query{Home: "/service", Target: d.target, Statement: `select pg_sleep(20)`})
		ended <- err
	}()
	d.eventually(`[{"n":1}]`, running)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	d.eventually(`[{"n":0}]`, running)
}

func TestTLSIsAsTheConnectionStringSays(t *testing.T) {
	t.Parallel()
	const ssl = `select ssl from pg_stat_ssl where pid = pg_backend_pid()`
	for mode, want := range map[string]string{
		"SSL Mode=Disable": "false", "SSL Mode=Prefer": "true", "SSL Mode=Require": "true", "Trust Server Certificate=true": "true",
		"": "untrusted", "SSL Mode=VerifyCA": "untrusted", "SSL Mode=VerifyFull": "untrusted",
	} {
		d := newDatabase(t, mode)
		if want != "untrusted" {
			d.want(`[{"ssl":`+want+`}]`, ssl)
			continue
		}
		if _, err := d.query(ssl); kindOf(err) != "unreachable" || !strings.Contains(err.Error(), "is not trusted") {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

func TestASignInThatFailsTellsNoPassword(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, clear)
	d.target.Password = "wrong-password"
	_, err := d.query(`select 1`)
	if kindOf(err) != "unreachable" || !strings.Contains(err.Error(), "lets nobody in") || strings.Contains(fmt.Sprintf("%v %v", err, errors.Unwrap(err)), "wrong-password") {
		t.Errorf("%v", err)
	}
}
