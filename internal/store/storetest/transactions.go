package storetest

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/store"
)

// half puts two rows and then ends as end says.
func half(end func() error) func(store.Tx) error {
	return func(x store.Tx) error {
		for _, name := range []string{"x", "y"} {
			if err := x.Put(store.Write{Row: row(api(name), `{}`), Claims: []store.Claim{{Space: "p", Value: name}}}); err != nil {
				return err
			}
		}
		return end()
	}
}

// undone checks that nothing of half is there, and that the store works on.
func undone(t *testing.T, s store.Store) {
	t.Helper()
	if has(t, s, api("x")) || owner(t, s, "p", "y") != "" {
		t.Error("the update left something behind")
	}
	putRows(t, s, api("after"))
	if diff := cmp.Diff([]string{"put /apis/after"}, log(t, s)); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	whole(t, s)
}

func failedUpdate(t *testing.T, s store.Store) {
	no := errors.New("no")
	if _, err := s.Update(context.Background(), actor, half(func() error { return no })); !errors.Is(err, no) {
		t.Errorf("update: %v", err)
	}
	undone(t, s)
}

func panickingUpdate(t *testing.T, s store.Store) {
	_, err := s.Update(context.Background(), actor, half(func() error { panic("boo") }))
	if err == nil || !strings.Contains(err.Error(), "boo") {
		t.Errorf("update: %v", err)
	}
	undone(t, s)
}

func abandonedUpdate(t *testing.T, s store.Store) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = s.Update(context.Background(), actor, half(func() error { runtime.Goexit(); return nil }))
	}()
	<-done
	undone(t, s)
}

func isolation(t *testing.T, s store.Store) {
	update(t, s, func(x store.Tx) error {
		if err := x.Put(store.Write{Row: row(api("a"), `{}`)}); err != nil {
			return err
		}
		if _, err := x.Get(api("a")); err != nil {
			t.Errorf("own write: %v", err)
		}
		if x.Version() != 1 {
			t.Errorf("the transaction's version is %d", x.Version())
		}
		if has(t, s, api("a")) {
			t.Error("a view sees what is not committed")
		}
		return nil
	})
	if !has(t, s, api("a")) {
		t.Error("a view after the commit does not see it")
	}
}

func viewIsOneState(t *testing.T, s store.Store) {
	putRows(t, s, api("a"))
	view(t, s, func(r store.Reader) {
		putRows(t, s, api("b"))
		if _, err := r.Get(api("b")); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a view sees a later commit: %v", err)
		}
		if r.Version() != 1 {
			t.Errorf("version %d, want 1", r.Version())
		}
	})
}

func versions(t *testing.T, s store.Store) {
	view(t, s, func(r store.Reader) {
		if r.Version() != 0 {
			t.Errorf("an empty store has version %d", r.Version())
		}
	})
	a := update(t, s, func(x store.Tx) error { return x.Put(store.Write{Row: row(api("a"), `{}`)}) })
	b := update(t, s, func(x store.Tx) error {
		if err := x.Put(store.Write{Row: row(api("b"), `{}`)}); err != nil {
			return err
		}
		return x.Delete(api("b"))
	})
	none := update(t, s, func(store.Tx) error { return nil })
	if a != 1 || b != 3 || none != 3 {
		t.Errorf("versions %d, %d, %d, want 1, 3, 3", a, b, none)
	}
}

func contexts(t *testing.T, s store.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ran := false
	_, err := s.Update(ctx, actor, func(store.Tx) error { ran = true; return nil })
	if !ran && !errors.Is(err, context.Canceled) || ran && err != nil {
		t.Errorf("update: ran %v, %v", ran, err)
	}
	// Behind an update that is still running, a cancelled one never begins.
	inside, release, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		update(t, s, func(store.Tx) error { close(inside); <-release; return nil })
	}()
	<-inside
	if _, err := s.Update(ctx, actor, func(store.Tx) error { t.Error("began"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("queued update: %v", err)
	}
	close(release)
	<-ended
	putRows(t, s, api("a"))
}

func closed(t *testing.T, s store.Store) {
	putRows(t, s, api("a"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Update(context.Background(), actor, func(store.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("update: %v", err)
	}
	if err := s.View(context.Background(), func(store.Reader) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("view: %v", err)
	}
}
