package apim

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// QuotaCounters reads and sets what the gateways have counted for keys of quota-by-key. Keys are those of one home, a service or one of its workspaces:
// the same key in another home is another counter.
type QuotaCounters interface {
	// Quota returns what a key holds in the periods that last now, none when no gateway has counted it.
	Quota(ctx context.Context, home arm.ID, key string) ([]QuotaPeriod, error)
	// SetQuota sets the counters of a key, of one period or, with "", of all that last now, and returns what they hold then. nil leaves a counter as it
	// is. When there is none it sets nothing and returns none.
	SetQuota(ctx context.Context, home arm.ID, key, period string, calls, bytes *int64) ([]QuotaPeriod, error)
}

// QuotaPeriod is what a key has used in one period.
type QuotaPeriod struct {
	Key          string    // see PeriodKey
	Start, End   time.Time // zero for a period without a beginning or without an end
	Calls, Bytes int64
}

// PeriodKey names a period by its number in the row of periods and their length: "17_P1D". Source: the names in the reference's examples.
func PeriodKey(number uint64, length time.Duration) string {
	return fmt.Sprintf("%d_%s", number, isoDuration(length))
}

// isoDuration writes whole seconds as ISO 8601 does; a length of none is "P0D".
func isoDuration(d time.Duration) string {
	if d <= 0 {
		return "P0D"
	}
	var b strings.Builder
	b.WriteByte('P')
	if days := d / (24 * time.Hour); days > 0 {
		fmt.Fprintf(&b, "%dD", days)
	}
	if d %= 24 * time.Hour; d > 0 {
		b.WriteByte('T')
	}
	for _, unit := range []struct {
		length time.Duration
		word   string
	}{{time.Hour, "H"}, {time.Minute, "M"}, {time.Second, "S"}} {
		if n := d / unit.length; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, unit.word)
		}
		d %= unit.length
	}
	return b.String()
}

// longestCounterKey is the longest key that is looked up, in bytes.
const longestCounterKey = 2048

// quotaCounter is one period on the wire.
type quotaCounter struct {
	CounterKey      string     `json:"counterKey"`
	PeriodKey       string     `json:"periodKey"`
	PeriodStartTime time.Time  `json:"periodStartTime"`
	PeriodEndTime   time.Time  `json:"periodEndTime"`
	Value           quotaValue `json:"value"`
}

type quotaValue struct {
	CallsCount    int32   `json:"callsCount"`
	KBTransferred float64 `json:"kbTransferred"`
}

// forever is the end that is told of a period that never ends.
var forever = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)

func quotaCounterOf(key string, p QuotaPeriod) quotaCounter {
	end := p.End
	if end.IsZero() {
		end = forever
	}
	return quotaCounter{key, p.Key, p.Start, end, quotaValue{int32(min(p.Calls, math.MaxInt32)), float64(p.Bytes) / 1024}}
}

// quotaEndpoints are the counters of quota-by-key: of a key, and of one of its periods.
func (c *Catalogue) quotaEndpoints() []*kind.Kind {
	return []*kind.Kind{
		kind.Endpoint{Type: "quotas", Noun: "Quota counter", Under: serviceAndWorkspaces, Methods: map[string]*kind.Method{
			http.MethodGet: {Do: c.listQuota}, http.MethodPatch: {Do: c.setQuota},
		}}.Kind(),
		kind.Endpoint{Type: "periods", Noun: "Quota counter", Under: []string{kind.Service + "/quotas", kind.Workspace + "/quotas"}, Methods: map[string]*kind.Method{
			http.MethodGet: {Do: c.getQuotaPeriod}, http.MethodPatch: {Do: c.setQuotaPeriod},
		}}.Kind(),
	}
}

func (c *Catalogue) listQuota(ctx context.Context, e *kind.EndpointCall) (any, error) {
	key, err := counterKeyOf(e.ID, e.Named)
	if err != nil || c.Quotas == nil {
		return quotaPage(key, nil), err
	}
	periods, err := c.Quotas.Quota(ctx, asStored(e, e.ID.Parent()), key)
	return quotaPage(key, periods), err
}

func (c *Catalogue) setQuota(ctx context.Context, e *kind.EndpointCall) (any, error) {
	key, err := counterKeyOf(e.ID, e.Named)
	if err != nil {
		return nil, err
	}
	periods, err := c.writeQuota(ctx, e, e.ID.Parent(), key, "")
	if err == nil && len(periods) == 0 {
		err = noQuotaCounter(key)
	}
	return quotaPage(key, periods), err
}

func (c *Catalogue) getQuotaPeriod(ctx context.Context, e *kind.EndpointCall) (any, error) {
	key, err := counterKeyOf(e.ID.Parent(), e.Named)
	if err != nil {
		return nil, err
	}
	var periods []QuotaPeriod
	if c.Quotas != nil {
		if periods, err = c.Quotas.Quota(ctx, asStored(e, e.ID.Parent().Parent()), key); err != nil {
			return nil, err
		}
	}
	return onePeriod(key, e.ID.Name(), periods)
}

func (c *Catalogue) setQuotaPeriod(ctx context.Context, e *kind.EndpointCall) (any, error) {
	key, err := counterKeyOf(e.ID.Parent(), e.Named)
	if err != nil {
		return nil, err
	}
	periods, err := c.writeQuota(ctx, e, e.ID.Parent().Parent(), key, e.ID.Name())
	if err != nil {
		return nil, err
	}
	return onePeriod(key, e.ID.Name(), periods)
}

// writeQuota sets what the body names.
func (c *Catalogue) writeQuota(ctx context.Context, e *kind.EndpointCall, home arm.ID, key, period string) ([]QuotaPeriod, error) {
	var body struct {
		Properties struct {
			CallsCount    *float64 `json:"callsCount"`
			KBTransferred *float64 `json:"kbTransferred"`
		} `json:"properties"`
	}
	if err := arm.DecodeJSON(e.Body, &body); err != nil {
		return nil, err
	}
	p := body.Properties
	var calls, bytes *int64
	if n := p.CallsCount; n != nil {
		if *n < 0 || *n > math.MaxInt32 || *n != math.Trunc(*n) {
			return nil, arm.InvalidField("properties.callsCount", "callsCount must be a whole number of 0 to 2147483647.")
		}
		v := int64(*n)
		calls = &v
	}
	if n := p.KBTransferred; n != nil {
		if !(*n >= 0 && *n <= 1<<50) {
			return nil, arm.InvalidField("properties.kbTransferred", "kbTransferred must be a number of kilobytes, at least 0.")
		}
		v := int64(math.Round(*n * 1024))
		bytes = &v
	}
	if calls == nil && bytes == nil {
		return nil, arm.InvalidField("properties", "properties must name callsCount, kbTransferred or both.")
	}
	if c.Quotas == nil {
		return nil, nil
	}
	return c.Quotas.SetQuota(ctx, asStored(e, home), key, period, calls, bytes)
}

// counterKeyOf is the key that an address names.
func counterKeyOf(id arm.ID, named bool) (string, error) {
	if !named {
		return "", arm.Errorf(http.StatusNotFound, "ResourceNotFound", "Counters can't be listed; name the one that you mean: quotas/{counterKey}, the value of counter-key in quota-by-key.")
	}
	if key := id.Name(); len(key) <= longestCounterKey {
		return key, nil
	}
	return "", arm.InvalidField("quotaCounterKey", "The counter key is longer than %d bytes.", longestCounterKey)
}

// asStored is a home with its name as it was written when it was made: what gateways know it by.
func asStored(e *kind.EndpointCall, home arm.ID) arm.ID {
	// A home that can't be read keeps the caller's writing; what is asked of it then finds nothing.
	_ = e.View(func(l kind.Lookup) error {
		if r, ok := l.Get(home); ok {
			home = r.ID
		}
		return nil
	})
	return home
}

func quotaPage(key string, periods []QuotaPeriod) any {
	out := []quotaCounter{}
	for _, p := range periods {
		out = append(out, quotaCounterOf(key, p))
	}
	return map[string]any{"value": out, "count": len(out)}
}

func onePeriod(key, period string, periods []QuotaPeriod) (any, error) {
	at := slices.IndexFunc(periods, func(p QuotaPeriod) bool { return strings.EqualFold(p.Key, period) })
	if at < 0 {
		return nil, noQuotaCounter(key)
	}
	return quotaCounterOf(key, periods[at]), nil
}

func noQuotaCounter(key string) error {
	return arm.Errorf(http.StatusNotFound, "ResourceNotFound", "No gateway counts the key %q in a period of that name that lasts now. Counters begin with the first call that quota-by-key sees, and end with their period.", clipped(key))
}

// clipped is a text short enough for a message.
func clipped(s string) string {
	if len(s) > 100 {
		return strings.ToValidUTF8(s[:100], "") + "…"
	}
	return s
}
