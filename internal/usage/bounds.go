package usage

import "slices"

// Bounds of the keys in one span of time.
const (
	keysOfHome = 5_000
	keysOfAll  = 50_000
)

// bounds keep the number of rows small: a home that has more keys in a span than it may is told of by API alone, and then without any detail. They know
// the latest two spans; calls of older ones are rare.
type bounds struct {
	spans []spanKeys
}

type spanKeys struct {
	span  int64
	known map[Key]bool
	of    map[Home]int
}

// admit returns k, or the coarser key that its calls are added up under.
func (b *bounds) admit(k at) at {
	s := b.of(k.span)
	for i, key := range [...]Key{k.Key, k.withoutCaller()} {
		if s.known[key] {
			return at{key, k.span}
		}
		if s.of[key.Home()] < keysOfHome+i*keysOfHome/4 && len(s.known) < keysOfAll+i*keysOfAll/4 {
			s.known[key] = true
			s.of[key.Home()]++
			return at{key, k.span}
		}
	}
	return at{k.without(), k.span} // one for each home, beyond the bounds
}

func (b *bounds) of(span int64) *spanKeys {
	i := slices.IndexFunc(b.spans, func(s spanKeys) bool { return s.span == span })
	if i < 0 {
		b.spans = append(b.spans, spanKeys{span, make(map[Key]bool), make(map[Home]int)})
		slices.SortFunc(b.spans, func(x, y spanKeys) int { return int(x.span - y.span) })
		if len(b.spans) > 3 {
			b.spans = b.spans[len(b.spans)-3:]
		}
		if i = slices.IndexFunc(b.spans, func(s spanKeys) bool { return s.span == span }); i < 0 {
			return &spanKeys{span, make(map[Key]bool), make(map[Home]int)} // long ago
		}
	}
	return &b.spans[i]
}

// withoutCaller is the key by API and operation alone.
func (k *Key) withoutCaller() Key {
	c := *k
	c.Product, c.Subscription, c.User = "", "", ""
	return c
}

// without is the key by home and gateway alone.
func (k *Key) without() Key {
	return Key{Service: k.Service, Workspace: k.Workspace, Gateway: k.Gateway, Region: k.Region}
}
