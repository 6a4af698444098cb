package usage

import (
	"slices"
	"strings"
)

// Bounds of the single calls that are kept.
const (
	maxOfHome = 500
	maxOfAll  = 50_000
)

// rings are the latest calls of each home. Beyond the bound of all, the home that has most gives up its oldest.
type rings struct {
	homes map[Home][]Request // in order of their times
	held  int
}

func (r *rings) add(h Home, more []Request) {
	if r.homes == nil {
		r.homes = make(map[Home][]Request)
	}
	list := append(r.homes[h], more...)
	slices.SortStableFunc(list, func(a, b Request) int { return a.At.Compare(b.At) })
	if len(list) > maxOfHome {
		list = append([]Request(nil), list[len(list)-maxOfHome:]...)
	}
	r.held += len(list) - len(r.homes[h])
	r.homes[h] = list
	for r.held > maxOfAll {
		r.evict()
	}
}

func (r *rings) evict() {
	var most Home
	for h, list := range r.homes {
		if len(list) > len(r.homes[most]) {
			most = h
		}
	}
	list := r.homes[most]
	half := (len(list) + 1) / 2
	r.homes[most] = append([]Request(nil), list[half:]...)
	r.held -= half
	if len(r.homes[most]) == 0 {
		delete(r.homes, most)
	}
}

func (r *rings) forget(h Home) {
	for have := range r.homes {
		if have.Service == h.Service && (h.Workspace == "" || strings.EqualFold(have.Workspace, h.Workspace)) {
			r.held -= len(r.homes[have])
			delete(r.homes, have)
		}
	}
}

func newestFirst(list []Request) {
	slices.SortStableFunc(list, func(a, b Request) int { return b.At.Compare(a.At) })
}
