package sqldata

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"
)

func nobody(context.Context, string, string) (net.Conn, error) {
	return nil, errors.New("nobody is there")
}

func queryOf(home string, n int) *Query {
	return &Query{Home: home, Target: Target{Engine: PostgreSQL, Host: "db", Port: 5432, User: fmt.Sprint("u", n)}}
}

// TestAHomeKeepsSoManyConnectionStringsAtOnce: those that rest make room, and nobody's leave none for others.
func TestAHomeKeepsSoManyConnectionStringsAtOnce(t *testing.T) {
	t.Parallel()
	var p pools
	defer p.close()
	var taken []*pool
	for n := range maxHomePools {
		one, err := p.take(queryOf("/a", n), nobody)
		if err != nil {
			t.Fatal(err)
		}
		taken = append(taken, one)
	}
	if again, err := p.take(queryOf("/a", 0), nobody); err != nil || again != taken[0] {
		t.Errorf("the same connection string has another pool: %v", err)
	}
	p.put(taken[0])
	if _, err := p.take(queryOf("/a", 99), nobody); err == nil {
		t.Error("one more than a home may have at once")
	}
	if _, err := p.take(queryOf("/b", 0), nobody); err != nil {
		t.Errorf("another home has its own: %v", err)
	}
	p.put(taken[3])
	if _, err := p.take(queryOf("/a", 99), nobody); err != nil {
		t.Errorf("one that rests makes room: %v", err)
	}
	if p.all[taken[3].key] != nil || p.all[taken[0].key] == nil {
		t.Error("it is not the one that rests that has gone")
	}
	p.close()
	if _, err := p.take(queryOf("/a", 1), nobody); err == nil {
		t.Error("closed pools give connections")
	}
}

func TestQueriesShareConnectionsOnlyWithTheirLike(t *testing.T) {
	t.Parallel()
	base := queryOf("/a", 1)
	base.Target.Password = "one"
	for name, other := range map[string]func(*Query){
		"home": func(q *Query) { q.Home = "/b" }, "password": func(q *Query) { q.Target.Password = "two" }, "token": func(q *Query) { q.Token = "t" },
		"certificate": func(q *Query) { q.CertificateID[0] = 1 }, "TLS": func(q *Query) { q.Target.Secrecy = Verified }, "database": func(q *Query) { q.Target.Database = "x" },
	} {
		q := *base
		other(&q)
		if q.key() == base.key() {
			t.Errorf("another %s shares connections", name)
		}
	}
	same := *base
	same.Target.Command, same.Statement = time.Second, "select 1"
	if same.key() != base.key() {
		t.Error("another statement has other connections")
	}
}

func TestAHomeRunsSoManyQueriesAtOnceAndLeavesRoomForOthers(t *testing.T) {
	t.Parallel()
	var g gates
	var leave []func()
	for range maxHomeRunning {
		l, err := g.enter(t.Context(), "/a")
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, l)
	}
	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	var e *Error
	if _, err := g.enter(short, "/a"); !errors.As(err, &e) || e.Kind != TooMany {
		t.Errorf("one more than a home may run: %v", err)
	}
	if l, err := g.enter(t.Context(), "/b"); err != nil {
		t.Errorf("another home waits: %v", err)
	} else {
		l()
	}
	leave[0]()
	if _, err := g.enter(t.Context(), "/a"); err != nil {
		t.Errorf("a place is free: %v", err)
	}
	if len(g.homes) != 1 {
		t.Errorf("%d homes are remembered", len(g.homes))
	}
}
