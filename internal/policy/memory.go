package policy

import (
	"runtime"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Memory bounds what the calls of one home hold at once, in bytes and in seats for work that takes long, so that one team's calls can't take a gateway
// from all.
type Memory = types.Pool

const (
	// SharedMemory is what the expressions, bodies and answers of a home's calls may hold at once, each still within its own limit.
	SharedMemory = 256 << 20
	// ProcessMemory is the same for all homes of all gateways of a process together.
	ProcessMemory = 1 << 30
)

var processMemory = types.NewPool(ProcessMemory, 0, nil)

// RequestLimits are what the expressions, templates and conversions of one request may spend together; each has limits of its own.
var RequestLimits = types.Limits{Steps: 30_000_000, Bytes: 192 << 20, Wall: 10 * time.Second}

// NewMemory is the memory of a home. Work that takes longer than some milliseconds has half of the processors at most.
func NewMemory() *Memory {
	return types.NewPool(SharedMemory, max(1, runtime.GOMAXPROCS(0)/2), processMemory)
}

// Heavy runs f, which is expected to take long, when the home has a seat for it; without one in time it fails with an *Error. f must not evaluate
// expressions.
func (x *Exchange) Heavy(f func() error) error {
	if x.Memory == nil {
		return f()
	}
	if !x.Memory.Sit(time.Now().Add(types.DefaultLimits.Wall)) {
		return busy("the calls of this workspace or service keep all of the seats for long work busy; this one has waited for a seat in vain")
	}
	defer x.Memory.Rise()
	return f()
}

// busy is the error of a call that has to come again, because others of its home have what it needs.
func busy(message string) *Error {
	return &Error{
		Reason: "TooBusy", Status: 503, Public: "The gateway is too busy with large messages. Try again later.", Header: Header{{"Retry-After", "1"}}, Message: message,
	}
}

// Within makes x spend of what outer has: it is a part of the same request. The caller keeps other parts of it from running meanwhile.
func (x *Exchange) Within(outer *Exchange) {
	x.Evaluation().Total = outer.Evaluation().Total
	x.holding = outer.holds()
}

// Afresh gives x the budget of a request that has just begun, for what is one of its own although it came over an old connection; done gives back what
// it held.
func (x *Exchange) Afresh() (done func()) {
	h := &holding{pool: x.Memory}
	x.holding = h
	x.Evaluation()
	x.total = RequestLimits
	return func() {
		h.release()
		x.holding = nil
	}
}
