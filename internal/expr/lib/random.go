package lib

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

var random = types.Class("System.Random")

// Random is System.Random. Without a seed it draws from the environment; with
// one it gives the same numbers each time, though not those of .NET.
type Random struct {
	state  uint64
	seeded bool
}

// NetType implements types.Typed.
func (*Random) NetType() *types.Type { return random }

// next is SplitMix64 for a seeded source.
func (r *Random) next(env *types.Env) uint64 {
	if !r.seeded {
		return env.Uint64()
	}
	r.state += 0x9E3779B97F4A7C15
	z := r.state
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// randomDecl is System.Random.
var randomDecl = types.Decl{Type: random, Doc: "A source of pseudo-random numbers.", Members: []types.Member{
	{Sig: "Random()", Do: types.Do(func(*types.Call) (types.Value, error) { return &Random{}, nil }), Doc: "A source without a seed.", Ex: "new Random().Next(5) < 5 → True"},
	{Sig: "Random(int Seed)", Do: types.Fn1(func(n int32) *Random { return &Random{state: uint64(n), seeded: true} }), Doc: "A source that repeats itself.", Ex: "new Random(7).Next() == new Random(7).Next() → True"},
	{Sig: "int Next()", Do: types.Do(nextInt), Doc: "From 0 to below int.MaxValue."},
	{Sig: "int Next(int maxValue)", Do: types.Do(nextInt), Doc: "From 0 to below maxValue.", Ex: "new Random().Next(-1) ! ArgumentOutOfRangeException"},
	{Sig: "int Next(int minValue, int maxValue)", Do: types.Do(nextInt), Doc: "From minValue to below maxValue.", Ex: "new Random().Next(3, 4) → 3"},
	{Sig: "double NextDouble()", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return float64(c.This.(*Random).next(c.Env)>>11) / (1 << 53), nil
	}), Doc: "From 0 to below 1.", Ex: "new Random().NextDouble() < 1 → True"},
	{Sig: "void NextBytes(byte[] buffer)", Do: types.Do(nextBytes), Doc: "Fills an array."},
}}

func nextInt(c *types.Call) (types.Value, error) {
	low, high := int64(0), int64(1<<31-1)
	switch len(c.Args) {
	case 1:
		high = int64(c.Args[0].(int32))
		if high < 0 {
			return nil, types.ArgumentRange("maxValue", "'maxValue' must be greater than zero.")
		}
	case 2:
		low, high = int64(c.Args[0].(int32)), int64(c.Args[1].(int32))
		if low > high {
			return nil, types.ArgumentRange("minValue", "'minValue' cannot be greater than maxValue.")
		}
	}
	if high-low <= 1 {
		return int32(low), nil
	}
	return int32(low + int64(c.This.(*Random).next(c.Env)>>1%uint64(high-low))), nil
}

func nextBytes(c *types.Call) (types.Value, error) {
	a, _ := c.Args[0].(*types.ByteArray)
	if a == nil {
		return nil, types.ArgumentNull("buffer")
	}
	if err := c.Env.Step(int64(len(a.B) / 8)); err != nil {
		return nil, err
	}
	for i := range a.B {
		a.B[i] = byte(c.This.(*Random).next(c.Env))
	}
	return nil, nil
}
