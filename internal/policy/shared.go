package policy

import "io"

// Of is what the policies of one family share about an exchange: one value of the type T, the zero one at first. Unlike variables it can't be seen by
// expressions, and it ends with the exchange.
func Of[T any](x *Exchange) *T {
	for _, v := range x.done {
		if t, ok := v.(*T); ok {
			return t
		}
	}
	t := new(T)
	x.done = append(x.done, t)
	return t
}

// waiting is a policy of inbound that wants to see the backend's answer.
type waiting struct {
	place *Place
	run   Step
}

// WhenAnswered has f run once when the backend has answered, before outbound does anything with the answer; its error is one of the policy at place. An
// answer out of a cache is none of a backend, and neither is one that a policy made.
func (x *Exchange) WhenAnswered(place *Place, f Step) {
	x.waiting = append(x.waiting, waiting{place, f})
}

func (x *Exchange) answered() error {
	all := x.waiting
	x.waiting = nil
	for _, w := range all {
		if err := w.run(x); err != nil {
			at := *w.place
			at.Section = Outbound
			return located(err, &at)
		}
	}
	return nil
}

// Through has the body read through what wrap makes of its stream, for policies that look at a body while it passes. Bytes in memory become a stream of
// them; a body that was consumed or sent stays as it is, and so does none. How long the body is isn't known any more.
func (b *Body) Through(wrap func(io.ReadCloser) io.ReadCloser) {
	if b == nil || b.state >= bodyConsumed {
		return
	}
	if b.state == bodyBytes {
		b.stream, _ = b.Open()
		b.bytes, b.state = nil, bodyStream
	}
	b.stream, b.Length = wrap(b.stream), -1
}
