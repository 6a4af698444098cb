package expr_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/atelier-apim/atelier/internal/expr"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Expressions that run at once share the memory of their home: one that wants more than is left ends, catch or not, and what ended gives back what it had.
func TestExpressionsShareMemory(t *testing.T) {
	t.Parallel()
	greedy := compile(t, `@{ try { string s = "aaaaaaaaaaaaaaaa"; for (int i = 0; i < 18; i++) { s = s + s; } return s; } catch { return "caught"; } }`, expr.Text)
	modest := compile(t, `@("a" + "b")`, expr.Text)
	pool := types.NewPool(4<<20, 1, nil)
	for range 3 {
		env := &types.Env{Pool: pool}
		_, err := greedy.String(env, nil)
		if kind, _ := expr.Classify(err); err == nil || kind != expr.Budget || !strings.Contains(err.Error(), "memory") {
			t.Fatalf("a text of 4 MiB in a pool of 4 MiB: %v; want the limit of memory", err)
		}
		if got, err := modest.String(env, nil); err != nil || got != "ab" {
			t.Errorf("a small expression afterwards: %q, %v", got, err)
		}
	}
	if got, err := greedy.String(&types.Env{Pool: types.NewPool(64<<20, 1, nil)}, nil); err != nil || len(got) != 16<<18 {
		t.Errorf("in a pool that is large enough: %d bytes, %v", len(got), err)
	}
}

// Homes have memory of their own within that of the process: what one is refused there is not lost to it.
func TestHomesShareTheMemoryOfTheProcess(t *testing.T) {
	t.Parallel()
	process := types.NewPool(10<<20, 0, nil)
	a, b := types.NewPool(8<<20, 1, process), types.NewPool(8<<20, 1, process)
	if !a.Take(8 << 20) {
		t.Fatal("a home can't have what is its own")
	}
	if b.Take(4 << 20) {
		t.Error("two homes hold more than the process may")
	}
	a.Give(8 << 20)
	if !b.Take(8 << 20) {
		t.Error("what a home was refused, and what another gave back, is gone")
	}
}

// What takes long waits for a seat of its home, within its own time, and short expressions don't.
func TestLongWorkWaitsForASeat(t *testing.T) {
	t.Parallel()
	loop := compile(t, `@{ int n = 0; for (int i = 0; i < 300000; i++) { n += i % 7; } return n.ToString(); }`, expr.Text)
	t.Run("a loop", func(t *testing.T) {
		t.Parallel()
		// The clock of the bubble stands still while the loop works and runs while it waits, however busy the machine is.
		synctest.Test(t, func(t *testing.T) { waitsForASeat(t, loop, 100*time.Millisecond) })
	})
	for name, source := range map[string]string{
		"backtracking":                `@(System.Text.RegularExpressions.Regex.IsMatch("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab!", "^(a+)+$").ToString())`,
		"backtracking behind a match": `@(System.Text.RegularExpressions.Regex.Matches("x" + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab!", "x|(a+)+$").Count.ToString())`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			waitsForASeat(t, compile(t, source, expr.Text), time.Second)
		})
	}
}

// waitsForASeat runs long work while another has the only seat, for so much time, and then with the seat free.
func waitsForASeat(t *testing.T, long *expr.Program, wall time.Duration) {
	short := compile(t, `@("a" + "b")`, expr.Text)
	pool := types.NewPool(64<<20, 1, nil)
	env := func(wall time.Duration) *types.Env {
		l := types.DefaultLimits
		l.Wall = wall
		return &types.Env{Pool: pool, Limits: l}
	}
	if !pool.Sit(time.Now()) {
		t.Fatal("a fresh pool has no seat")
	}
	_, err := long.String(env(wall), nil)
	if kind, _ := expr.Classify(err); kind != expr.Budget || !strings.Contains(err.Error(), "time that expressions share") {
		t.Errorf("while another has the seat: %v; want the limit of shared time", err)
	}
	if got, err := short.String(env(wall), nil); err != nil || got != "ab" {
		t.Errorf("a short expression meanwhile: %q, %v", got, err)
	}
	pool.Rise()
	_, err = long.String(env(5*time.Second), nil)
	if err != nil && strings.Contains(err.Error(), "share") {
		t.Errorf("with a free seat: %v", err)
	}
	if !pool.Sit(time.Now()) {
		t.Error("has kept its seat")
	}
}

// What the expressions of a request spend adds up: once it is spent, the next one has nothing, however little it needs.
func TestExpressionsOfARequestShareABudget(t *testing.T) {
	t.Parallel()
	loop := compile(t, `@{ int n = 0; for (int i = 0; i < 20000; i++) { n += i % 7; } return n.ToString(); }`, expr.Text)
	text := compile(t, `@{ string s = "aaaaaaaaaaaaaaaa"; for (int i = 0; i < 12; i++) { s = s + s; } return s; }`, expr.Text)
	for _, c := range []struct {
		name    string
		program *expr.Program
		total   types.Limits
	}{
		{"steps that one request has", loop, types.Limits{Steps: 1_000_000, Bytes: 1 << 30, Wall: time.Hour}},
		{"memory that one request has", text, types.Limits{Steps: 1 << 40, Bytes: 1 << 20, Wall: time.Hour}},
	} {
		env, ran := &types.Env{Total: &c.total}, 0
		var err error
		for ; err == nil && ran < 10_000; ran++ {
			_, err = c.program.String(env, nil)
		}
		if err == nil || !strings.Contains(err.Error(), c.name) || ran < 2 {
			t.Errorf("run %d: %v; want the limit of %s after some runs", ran, err, c.name)
		}
	}
}

// The time of a request is what is left of its own, on any machine: each expression leaves less, and the one that finds none has none.
func TestExpressionsOfARequestShareTime(t *testing.T) {
	t.Parallel()
	loop := compile(t, `@{ int n = 0; for (int i = 0; i < 20000; i++) { n += i % 7; } return n.ToString(); }`, expr.Text)
	total := types.Limits{Steps: 1 << 40, Bytes: 1 << 30, Wall: time.Hour}
	env, left := &types.Env{Total: &total}, time.Hour
	for range 3 {
		if _, err := loop.String(env, nil); err != nil || total.Wall >= left {
			t.Fatalf("%v left of %v: %v; want less", total.Wall, left, err)
		}
		left = total.Wall
	}
	total.Wall = 0
	if _, err := loop.String(env, nil); err == nil || !strings.Contains(err.Error(), "time that one request has") {
		t.Errorf("without time: %v; want the limit of time that one request has", err)
	}
}
