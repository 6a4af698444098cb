package expr_test

import (
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/expr"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Expressions that run at once share the memory of their home: one that wants more than is left ends, catch or not, and what ended gives back what it had.
func TestExpressionsShareMemory(t *testing.T) {
	t.Parallel()
	greedy := compile(t, `@{ try { string s = "aaaaaaaaaaaaaaaa"; for (int i = 0; i < 18; i++) { s = s + s; } return s; } catch { return "caught"; } }`, expr.Text)
	modest := compile(t, `@("a" + "b")`, expr.Text)
	pool := types.NewPool(4 << 20)
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
	if got, err := greedy.String(&types.Env{Pool: types.NewPool(64 << 20)}, nil); err != nil || len(got) != 16<<18 {
		t.Errorf("in a pool that is large enough: %d bytes, %v", len(got), err)
	}
}
