package apim

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/usage"
)

// reportRecord is one sum on the wire. Times are milliseconds.
type reportRecord struct {
	Name             string     `json:"name"`
	Timestamp        *time.Time `json:"timestamp,omitempty"`
	Interval         string     `json:"interval,omitempty"`
	Country          *string    `json:"country,omitempty"`
	Region           *string    `json:"region,omitempty"`
	Zip              *string    `json:"zip,omitempty"`
	UserID           string     `json:"userId,omitempty"`
	ProductID        string     `json:"productId,omitempty"`
	APIID            string     `json:"apiId,omitempty"`
	OperationID      string     `json:"operationId,omitempty"`
	APIRegion        string     `json:"apiRegion,omitempty"`
	SubscriptionID   string     `json:"subscriptionId,omitempty"`
	CallCountSuccess int32      `json:"callCountSuccess"`
	CallCountBlocked int32      `json:"callCountBlocked"`
	CallCountFailed  int32      `json:"callCountFailed"`
	CallCountOther   int32      `json:"callCountOther"`
	CallCountTotal   int32      `json:"callCountTotal"`
	Bandwidth        int64      `json:"bandwidth"`
	CacheHitCount    int32      `json:"cacheHitCount"`
	CacheMissCount   int32      `json:"cacheMissCount"`
	APITimeAvg       float64    `json:"apiTimeAvg"`
	APITimeMin       float64    `json:"apiTimeMin"`
	APITimeMax       float64    `json:"apiTimeMax"`
	ServiceTimeAvg   float64    `json:"serviceTimeAvg"`
	ServiceTimeMin   float64    `json:"serviceTimeMin"`
	ServiceTimeMax   float64    `json:"serviceTimeMax"`
}

func recordOf(g *usage.Group) reportRecord {
	count := func(n int64) int32 { return int32(min(n, math.MaxInt32)) }
	r := reportRecord{
		CallCountSuccess: count(g.Calls[0]), CallCountBlocked: count(g.Calls[1]), CallCountFailed: count(g.Calls[2]), CallCountOther: count(g.Calls[3]),
		CallCountTotal: count(g.Sum()), Bandwidth: g.Bytes, CacheHitCount: count(g.Hits), CacheMissCount: count(g.Misses),
	}
	r.APITimeAvg, r.APITimeMin, r.APITimeMax = milliseconds(&g.Total)
	r.ServiceTimeAvg, r.ServiceTimeMin, r.ServiceTimeMax = milliseconds(&g.Backend)
	return r
}

func milliseconds(t *usage.Times) (avg, least, most float64) {
	if t.Number > 0 {
		avg = math.Round(float64(t.Sum)/float64(t.Number)*10) / 10000
	}
	return avg, float64(t.Min) / 1000, float64(t.Max) / 1000
}

// orNone is an id, or the one that reports give to what is not there.
func orNone(id, word string) string {
	if id == "" {
		return "/" + word + "/" + noneOf
	}
	return id
}

// operationID is an operation's id in reports.
func operationID(api, name string) string {
	return orNone(api, "apis") + "/operations/" + cmp.Or(name, noneOf)
}

// identify writes what the group was told apart by, and gives the id of what it is named for.
func (r *reportRecord) identify(by *report, g *usage.Group) (named string) {
	for _, f := range by.by {
		switch f {
		case usage.API:
			r.APIID = orNone(g.API, "apis")
			named = g.API
		case usage.Operation:
			r.OperationID = operationID(g.API, g.Operation)
			if named = ""; g.Operation != "" {
				named = r.OperationID
			}
		case usage.Product:
			r.ProductID = orNone(g.Product, "products")
			named = g.Product
		case usage.Subscription:
			r.SubscriptionID = orNone(g.Subscription, "subscriptions")
			named = g.Subscription
		case usage.User:
			r.UserID = orNone(g.User, "users")
			if len(by.by) == 1 {
				named = g.User
			}
		case usage.Region: // where callers are isn't looked up
			nowhere := ""
			r.APIRegion, r.Country, r.Region, r.Zip = g.Region, &nowhere, &nowhere, &nowhere
		}
	}
	return named
}

// sums is a page of a report.
func (p *reportPage) sums(e *kind.EndpointCall, by *report, home arm.ID, visible func(string) bool, groups []usage.Group, every time.Duration) (any, error) {
	records := make([]reportRecord, len(groups))
	names := make([]string, len(groups))
	for i := range groups {
		records[i] = recordOf(&groups[i])
		names[i] = records[i].identify(by, &groups[i])
		if every > 0 {
			records[i].Timestamp, records[i].Interval = &groups[i].Start, isoDuration(every)
		}
	}
	err := e.View(func(l kind.Lookup) error {
		for i := range records {
			records[i].Name = nameInReport(l, home, visible, names[i])
		}
		return nil
	})
	p.sort(records)
	from, to, next := p.cut(e, len(records))
	out := map[string]any{"value": records[from:to], "count": len(records)}
	if next != "" {
		out["nextLink"] = next
	}
	return out, err
}

// nameInReport is the display name of an entity; of one that is gone, or of another home than those that the report tells of, the name in its id.
func nameInReport(l kind.Lookup, home arm.ID, visible func(string) bool, id string) string {
	name := id[strings.LastIndexByte(id, '/')+1:]
	full, err := arm.ParseID(serviceOf(home).String() + id)
	if id == "" || err != nil {
		return name
	}
	in := homeOf(full)
	if isWorkspace(home) && !in.Equal(home) || isWorkspace(in) && !visible(in.Name()) {
		return name
	}
	r, ok := l.Get(full)
	if !ok {
		return name
	}
	switch v := r.Value.(type) {
	case *API:
		return v.DisplayName
	case *Operation:
		return v.DisplayName
	case *Product:
		return v.DisplayName
	case *Subscription:
		return v.DisplayName
	case *User:
		return strings.TrimSpace(v.FirstName + " " + v.LastName)
	}
	return name
}

// sort orders records: as asked, else by time, then by most calls, then by what they are of.
func (p *reportPage) sort(records []reportRecord) {
	slices.SortFunc(records, func(a, b reportRecord) int {
		n := p.compare(&a, &b)
		if p.descending {
			n = -n
		}
		return cmp.Or(n, compareTimes(&a, &b), cmp.Compare(b.CallCountTotal, a.CallCountTotal), cmp.Compare(a.APIID+a.OperationID+a.ProductID+a.SubscriptionID+a.UserID+a.APIRegion,
			b.APIID+b.OperationID+b.ProductID+b.SubscriptionID+b.UserID+b.APIRegion))
	})
}

func (p *reportPage) compare(a, b *reportRecord) int {
	switch p.order {
	case "displayName":
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	case "callCountSuccess":
		return cmp.Compare(a.CallCountSuccess, b.CallCountSuccess)
	case "callCountBlocked":
		return cmp.Compare(a.CallCountBlocked, b.CallCountBlocked)
	case "callCountFailed":
		return cmp.Compare(a.CallCountFailed, b.CallCountFailed)
	case "callCountOther":
		return cmp.Compare(a.CallCountOther, b.CallCountOther)
	case "callCountTotal":
		return cmp.Compare(a.CallCountTotal, b.CallCountTotal)
	case "bandwidth":
		return cmp.Compare(a.Bandwidth, b.Bandwidth)
	case "apiTimeAvg":
		return cmp.Compare(a.APITimeAvg, b.APITimeAvg)
	case "timestamp":
		return compareTimes(a, b)
	}
	return 0
}

func compareTimes(a, b *reportRecord) int {
	if a.Timestamp == nil || b.Timestamp == nil {
		return 0
	}
	return a.Timestamp.Compare(*b.Timestamp)
}
