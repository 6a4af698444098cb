package policies

import (
	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/policy"
)

// increment is how much a call counts. Expressions are asked when the response is known, because they look at it.
type increment struct {
	condition policy.BoolValue
	count     policy.IntValue
	later     bool
}

func readIncrement(a *policy.Args) increment {
	return increment{a.Bool("increment-condition"), a.Int("increment-count"), a.Dynamic("increment-condition") || a.Dynamic("increment-count")}
}

// now is what the call counts; zero when it doesn't.
func (i *increment) now(x *policy.Exchange) (int64, error) {
	counts, err := i.condition.Get(x)
	if err != nil || !counts {
		return 0, err
	}
	return i.count.Get(x)
}

// atEnd counts when the response is known. An expression that fails then counts one: a caller must not get past a limit by making it fail.
func (i *increment) atEnd(x *policy.Exchange, store counter.Store, key counter.Key, w counter.Window) {
	x.AtEnd = append(x.AtEnd, func(x *policy.Exchange) {
		n, err := i.now(x)
		if err != nil {
			n = 1
		}
		if n > 0 {
			_ = store.Add(x.Context, key, w, n)
		}
	})
}
