package main

import (
	"bytes"
	"context"
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"time"
)

// How far the heap may grow between two runs of the collector, in per cent of what is alive. A small installation stays small; a large one, whose every
// run has hundreds of megabytes to mark while calls wait, is given room instead, as long as the machine has it.
const (
	smallHeap, largeHeap     = 64 << 20, 256 << 20
	smallGrowth, largeGrowth = 75, 800
	paceEvery                = 2 * time.Second
)

// tuneMemory has the collector paced by the size of the installation until ctx ends, unless the operator says how it shall run (GOGC, GOMEMLIMIT).
func tuneMemory(ctx context.Context) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(smallGrowth)
	go paceCollector(ctx, machineMemory())
}

func paceCollector(ctx context.Context, memory uint64) {
	tick := time.NewTicker(paceEvery)
	defer tick.Stop()
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	for now := smallGrowth; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		metrics.Read(live)
		// Setting stops the world for a moment, so small steps are not taken.
		if next := heapGrowth(live[0].Value.Uint64(), memory); next-now >= 20 || now-next >= 20 {
			debug.SetGCPercent(next)
			now = next
		}
	}
}

// heapGrowth is the growth in per cent that live bytes call for on a machine with memory bytes. The heap stays within half of them, with smallGrowth
// as the least.
func heapGrowth(live, memory uint64) int {
	if live <= smallHeap {
		return smallGrowth
	}
	wanted := smallGrowth + (largeGrowth-smallGrowth)*float64(min(live, largeHeap)-smallHeap)/(largeHeap-smallHeap)
	affordable := 100 * (float64(memory)/2 - float64(live)) / float64(live)
	return int(max(smallGrowth, min(wanted, affordable)))
}

// machineMemory is what this process may use: the limit of its control group, or else all of the machine's. Where neither can be read it is 0, and the
// heap stays as small as it can.
func machineMemory() uint64 {
	memory := uint64(math.MaxUint64)
	if text, err := os.ReadFile("/sys/fs/cgroup/memory.max"); err == nil {
		if limit, err := strconv.ParseUint(string(bytes.TrimSpace(text)), 10, 64); err == nil {
			memory = limit
		}
	}
	text, _ := os.ReadFile("/proc/meminfo")
	// Its first line is `MemTotal:       24683656 kB`.
	if fields := bytes.Fields(text); len(fields) > 1 && string(fields[0]) == "MemTotal:" {
		if total, err := strconv.ParseUint(string(fields[1]), 10, 64); err == nil {
			memory = min(memory, total<<10)
		}
	}
	if memory == math.MaxUint64 {
		return 0
	}
	return memory
}
