package vector

import (
	"context"
	"fmt"
	"testing"
	"time"
)

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func TestNearestFindsTheNearestWithinTheDistance(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	m := NewMemory((&clock{}).now, 1<<20)
	here := Partition{"w", "p"}
	for value, v := range map[string][]float32{"east": {2, 0}, "north": {0, 3}, "other size": {1, 0, 0}} {
		if err := m.Keep(ctx, here, v, []byte(value), time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		in       Partition
		v        []float32
		distance float64
		want     string
	}{
		{here, []float32{5, 0}, 0, "east"},
		{here, []float32{0.9, 0.1}, 0.05, "east"},
		{here, []float32{0.1, 0.9}, 0.05, "north"},
		{here, []float32{1, 1}, 0.05, ""},
		{here, []float32{1, 1.01}, 0.5, "north"},
		{here, []float32{-1, 0}, 0.9, ""},
		{Partition{"w", "q"}, []float32{1, 0}, 1, ""},
		{Partition{"", "p"}, []float32{1, 0}, 1, ""},
	}
	for _, test := range tests {
		got, ok, err := m.Nearest(ctx, test.in, test.v, test.distance)
		if err != nil || string(got) != test.want || ok != (test.want != "") {
			t.Errorf("%v within %v of %v: %q, %v, %v; want %q", test.v, test.distance, test.in, got, ok, err, test.want)
		}
	}
}

func TestWhatIsOverIsNotFound(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), &clock{}
	m := NewMemory(c.now, 1<<20)
	_ = m.Keep(ctx, Partition{}, []float32{1}, []byte("old"), time.Minute)
	_ = m.Keep(ctx, Partition{}, []float32{1}, []byte("new"), time.Minute)
	if got, _, _ := m.Nearest(ctx, Partition{}, []float32{1}, 0); string(got) != "new" || m.entries != 1 {
		t.Errorf("found %q of %d entries", got, m.entries)
	}
	c.at = c.at.Add(time.Minute)
	if got, ok, _ := m.Nearest(ctx, Partition{}, []float32{1}, 0); ok {
		t.Errorf("found %q after its time", got)
	}
}

func TestVectorsWithoutDirectionAreRefused(t *testing.T) {
	t.Parallel()
	m := NewMemory((&clock{}).now, 1<<20)
	zero := float32(0)
	for _, v := range [][]float32{nil, {0, 0}, {zero / zero}, {1 / zero}, make([]float32, maxVector+1)} {
		if m.Keep(context.Background(), Partition{}, v, nil, time.Minute) == nil {
			t.Errorf("a vector of %d numbers is kept", len(v))
		}
	}
}

// A workspace that keeps without end stays within the bounds and takes nothing of its neighbour's.
func TestMemoryIsBoundedAndFair(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	m := NewMemory((&clock{}).now, 1<<20)
	_ = m.Keep(ctx, Partition{"quiet", "p"}, []float32{1, 0}, []byte("kept"), time.Hour)
	for i := range 20_000 {
		_ = m.Keep(ctx, Partition{"loud", fmt.Sprint(i % 10)}, []float32{1, float32(i)}, make([]byte, 100), time.Hour)
		if m.bytes > 1<<20 {
			t.Fatalf("%d bytes after %d entries", m.bytes, i)
		}
	}
	if _, ok, _ := m.Nearest(ctx, Partition{"quiet", "p"}, []float32{1, 0}, 0); !ok {
		t.Error("the neighbour's value is gone")
	}
	if _, ok, _ := m.Nearest(ctx, Partition{"loud", "9"}, []float32{1, 19999}, 0); !ok {
		t.Error("the latest value is gone")
	}
	if _ = m.Keep(ctx, Partition{}, []float32{1}, make([]byte, 2<<20), time.Hour); m.workspaces[""] != nil {
		t.Error("a value larger than everything was kept")
	}
}
