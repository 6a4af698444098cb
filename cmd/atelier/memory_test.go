package main

import "testing"

// A small installation stays small, a large one is not held up by the collector, and neither takes more than half of the machine.
func TestHeapGrowthFollowsTheInstallation(t *testing.T) {
	t.Parallel()
	const mib, gib = 1 << 20, 1 << 30
	for _, c := range []struct {
		name         string
		live, memory uint64
		want         int
	}{
		{"a laptop", 20 * mib, 16 * gib, 75},
		{"on the way", 160 * mib, 16 * gib, 437},
		{"100,000 APIs", 500 * mib, 16 * gib, 800},
		{"as many on a machine that has less", 500 * mib, 2 * gib, 104},
		{"more than half of the machine is alive already", 1500 * mib, 2 * gib, 75},
		{"a machine that tells nothing", 500 * mib, 0, 75},
	} {
		if got := heapGrowth(c.live, c.memory); got != c.want {
			t.Errorf("%s: the heap may grow by %d per cent, want %d", c.name, got, c.want)
		}
	}
	if machineMemory() < 64*mib {
		t.Errorf("this machine's memory is read as %d bytes", machineMemory())
	}
}
