package oas

import "strconv"

// names gives out names so that none comes twice: a taken one gets a number behind it.
type names struct {
	taken map[string]bool
	next  map[string]int // number to try next behind a name, so that a thousand namesakes cost no more than a thousand names
}

func newNames() names { return names{map[string]bool{}, map[string]int{}} }

// unique is the name, or the name with the first free number behind it.
func (n names) unique(name string) string {
	free := name
	for n.taken[free] {
		n.next[name]++
		free = name + "-" + strconv.Itoa(n.next[name])
	}
	n.taken[free] = true
	return free
}
