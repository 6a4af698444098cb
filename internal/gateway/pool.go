package gateway

import (
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// pool shares calls out among backends. It is immutable but for its turn, which goes on when the configuration changes. Members are told apart by bits.
type pool struct {
	groups []poolGroup // by priority, the first is asked first
	turn   *atomic.Uint64
}

// poolGroup is the members of one priority that get calls at all.
type poolGroup struct {
	members []poolMember
	total   uint64 // of the weights
	stride  uint64
}

type poolMember struct {
	backend *policy.Backend
	circuit *circuit
	weight  uint64
	bit     uint32
}

// maxMembers is how many a pool may have: bits of a word, and no more than the control plane takes.
const maxMembers = 30

// newPool makes a pool of the members that of finds. Without any weights in a group all are even; beside others a weight of zero means no calls.
func newPool(list []snapshot.Member, turn *atomic.Uint64, of func(name string) (*policy.Backend, *circuit)) *pool {
	p := &pool{turn: turn}
	if len(list) > maxMembers {
		list = list[:maxMembers]
	}
	byPriority := map[int][]poolMember{}
	for i, m := range list {
		if b, c := of(m.Name); b != nil {
			byPriority[m.Priority] = append(byPriority[m.Priority], poolMember{b, c, uint64(max(0, m.Weight)), 1 << i})
		}
	}
	for _, priority := range slices.Sorted(maps.Keys(byPriority)) {
		p.groups = append(p.groups, newPoolGroup(byPriority[priority]))
	}
	return p
}

func newPoolGroup(members []poolMember) poolGroup {
	var common uint64
	for _, m := range members {
		common = gcd(common, m.weight)
	}
	g := poolGroup{}
	for _, m := range members {
		switch {
		case common == 0:
			m.weight = 1
		case m.weight == 0:
			continue
		default:
			m.weight /= common
		}
		g.members = append(g.members, m)
		g.total += m.weight
	}
	g.stride = strideOf(g.total)
	return g
}

// tries are the members of a pool that one request has tried.
type tries struct {
	pool *pool
	bits uint32
}

// pick chooses the member for a call: of the first group that has one whose circuit is closed, by weight. A request that tries again gets one that it
// hasn't tried, as long as there is one in that group; t is nil for calls that are made once. Without any the time until the first is back is told, with
// its circuit.
func (p *pool) pick(t *tries) (b *policy.Backend, wait time.Duration, next *circuit) {
	for i := range p.groups {
		g := &p.groups[i]
		closed, total := uint32(0), uint64(0)
		for j := range g.members {
			m := &g.members[j]
			if rest := m.circuit.open(); rest > 0 {
				if next == nil || rest < wait {
					wait, next = rest, m.circuit
				}
				continue
			}
			closed |= m.bit
			total += m.weight
		}
		if closed != 0 {
			return p.from(g, closed, total, t), 0, nil
		}
	}
	return nil, wait, next
}

// from chooses among some members of a group. Over as many calls as their weights come to, each gets exactly its weight, spread over the round.
func (p *pool) from(g *poolGroup, among uint32, total uint64, t *tries) *policy.Backend {
	if t != nil {
		if t.pool != p {
			*t = tries{pool: p}
		}
		if rest := among &^ t.bits; rest != 0 && rest != among {
			among, total = rest, 0
			for j := range g.members {
				if g.members[j].bit&among != 0 {
					total += g.members[j].weight
				}
			}
		}
	}
	stride := g.stride
	if total != g.total {
		stride = strideOf(total)
	}
	at := (p.turn.Add(1) - 1) % total * stride % total
	for j := range g.members {
		m := &g.members[j]
		if m.bit&among == 0 {
			continue
		}
		if at < m.weight {
			if t != nil {
				t.bits |= m.bit
			}
			return m.backend
		}
		at -= m.weight
	}
	return nil // can't be: at is below the sum of their weights
}

// strideOf is a step through a round of n places that comes to each of them once and lies far from the one before: near the golden section of n, and
// without a common divisor.
func strideOf(n uint64) uint64 {
	s := max(1, n*618/1000)
	for gcd(s, n) > 1 {
		s++
	}
	return s
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// address is what stands for a pool where an address is asked for before a member is chosen: that of its first.
func (p *pool) address() string {
	for _, g := range p.groups {
		return g.members[0].backend.URL
	}
	return ""
}
