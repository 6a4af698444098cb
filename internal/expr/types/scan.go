package types

// Stride is how much a member reads for the price of a step: bytes of text,
// or as many as a few items of a collection take.
const Stride = 64

// itemStride is the weight of one item of a collection in bytes of text.
const itemStride = 8

// Sized is a collection whose members may read all of it without spending a
// step for each item.
type Sized interface {
	// Span is the number of its items.
	Span() int
}

// Texts is how many bytes of text or binary data a member may read in v.
func Texts(v Value) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case *ByteArray:
		if v != nil {
			return len(v.B)
		}
	}
	return 0
}

// items is the weight of a collection in bytes.
func items(v Value) int {
	switch v := v.(type) {
	case string, *ByteArray:
	case *Array:
		if v != nil {
			return itemStride * len(v.Items)
		}
	case Sized:
		return itemStride * v.Span()
	}
	return 0
}

// Scan spends the steps of reading n bytes of text, which are none for a short
// one; the error is a *Limit.
func (e *Env) Scan(n int) error {
	if n < Stride {
		return nil
	}
	return e.Step(int64(n / Stride))
}

// Tick brings the next look at the clock nearer, as if n bytes were scanned,
// but spends no steps. It is for what is read in full here and costs nothing in
// .NET: the length and the characters of a text, the members of a collection.
func (e *Env) Tick(n int) error {
	if n < Stride {
		return nil
	}
	if e.ticks -= int64(n / Stride); e.ticks < 0 {
		return e.look()
	}
	return nil
}

// Read spends what a member costs that reads v.
func (e *Env) Read(m *Method, v Value) error {
	if n := Texts(v); n > 0 {
		if n < Stride {
			return nil
		}
		if m.Form == FormProperty || m.Form == FormIndexer {
			return e.Tick(n)
		}
		return e.Scan(n)
	}
	return e.Tick(items(v))
}
