package apim

import (
	"encoding/hex"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/usage"
)

// requestRecord is a single call on the wire. Times are milliseconds.
type requestRecord struct {
	APIID               string    `json:"apiId"`
	OperationID         string    `json:"operationId"`
	ProductID           string    `json:"productId"`
	UserID              string    `json:"userId"`
	Method              string    `json:"method"`
	URL                 string    `json:"url"`
	IPAddress           string    `json:"ipAddress"`
	BackendResponseCode string    `json:"backendResponseCode,omitempty"`
	ResponseCode        int32     `json:"responseCode"`
	ResponseSize        int32     `json:"responseSize"`
	Timestamp           time.Time `json:"timestamp"`
	Cache               string    `json:"cache"`
	APITime             float64   `json:"apiTime"`
	ServiceTime         float64   `json:"serviceTime"`
	APIRegion           string    `json:"apiRegion"`
	SubscriptionID      string    `json:"subscriptionId"`
	RequestID           string    `json:"requestId"`
	RequestSize         int32     `json:"requestSize"`
}

func requestOf(r *usage.Request) requestRecord {
	size := func(n int64) int32 { return int32(min(n, math.MaxInt32)) }
	out := requestRecord{
		APIID: orNone(r.API, "apis"), OperationID: operationID(r.API, r.Operation), ProductID: orNone(r.Product, "products"), UserID: orNone(r.User, "users"),
		SubscriptionID: orNone(r.Subscription, "subscriptions"), Method: r.Method, URL: "http://" + r.Target.String(), IPAddress: r.IP, ResponseCode: int32(r.Status),
		ResponseSize: size(r.Out), RequestSize: size(r.In), Timestamp: r.At.UTC(), Cache: [...]string{"none", "hit", "miss"}[r.Cache], APIRegion: r.Region,
		APITime: float64(r.Total.Microseconds()) / 1000, ServiceTime: float64(r.Call.Backend.Microseconds()) / 1000, RequestID: guid(r.Call.ID),
	}
	if r.TLS {
		out.URL = "https://" + r.Target.String()
	}
	if r.BackendStatus > 0 {
		out.BackendResponseCode = strconv.Itoa(r.BackendStatus)
	}
	return out
}

// guid writes an activity id as the access log does.
func guid(id [16]byte) string {
	s := hex.EncodeToString(id[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// requests is a page of the single calls that a query selects.
func (p *reportPage) requests(e *kind.EndpointCall, all []usage.Request, q usage.Query) any {
	found := slices.DeleteFunc(all, func(r usage.Request) bool {
		return r.At.Before(q.From) || r.At.After(q.To) || !meets(&r, q.Equal)
	})
	from, to, next := p.cut(e, len(found))
	records := make([]requestRecord, 0, to-from)
	for i := from; i < to; i++ {
		records = append(records, requestOf(&found[i]))
	}
	out := map[string]any{"value": records, "count": len(found)}
	if next != "" {
		out["nextLink"] = next
	}
	return out
}

// meets says whether a call satisfies every condition.
func meets(r *usage.Request, conditions []usage.Condition) bool {
	for _, c := range conditions {
		have := *c.Field.Of(&r.Key)
		if !slices.ContainsFunc(c.Among, func(want string) bool { return strings.EqualFold(want, have) }) {
			return false
		}
	}
	return true
}
