package lib

import (
	"errors"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// testEnv is an environment with a fixed clock and a full budget.
func testEnv(t testing.TB) *types.Env {
	t.Helper()
	l, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	env := &types.Env{Library: l, Clock: func() time.Time { return time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC) }}
	env.Begin()
	return env
}

// thrown is the short name of an exception, "limit" for a budget that ran out,
// or "" without an error.
func thrown(err error) string {
	var e *types.Exception
	var l *types.Limit
	switch {
	case err == nil:
		return ""
	case errors.As(err, &l):
		return "limit"
	case errors.As(err, &e):
		return types.ShortName(e.Type)
	}
	return err.Error()
}

// outcome is a text, or "! " and what was thrown.
func outcome(v types.Value, err error) string {
	if err != nil {
		return "! " + thrown(err)
	}
	return types.ToString(v)
}

// lambdaOf makes a delegate of a Go function.
func lambdaOf(f func(args ...types.Value) (types.Value, error), signature *types.Type) *types.Func {
	return &types.Func{Type: signature, Call: f}
}
