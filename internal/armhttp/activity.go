package armhttp

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/control"
)

// readEvents is the right to read the activity log, in the casing of Azure's list.
const readEvents = "Microsoft.Insights/eventtypes/values/Read"

// Activity returns the entries of the activity log about a scope and what lies beneath, newest first: those that match the filter, that are older than
// the number before (0 for the newest), and about resources that allowed accepts. next is where to go on, 0 at the end.
type Activity func(ctx context.Context, scope arm.ID, filter string, before uint64, allowed func(arm.ID) bool) (events any, next uint64, err error)

// activity answers GET {scope}/providers/Microsoft.Insights/eventtypes/management/values for who may read the log at the scope, or at the resource that the
// filter names.
func (f Facts) activity(ctx context.Context, call *control.Call, p arm.Path, _ []byte) (*control.Answer, error) {
	if p.ID.Name() != "management" {
		return nil, arm.NotFound("Event type")
	}
	scope := p.ID.Parent()
	filter := call.Query.Get("$filter")
	if filter != "" {
		parsed, err := arm.ParseFilter(filter, nil)
		if err != nil {
			return nil, err
		}
		for _, field := range []string{"resourceUri", "resourceId"} {
			text, _ := parsed.Value(field)
			if at, err := arm.ParseID(text); err == nil && at.Within(scope) {
				scope = at
			}
		}
	}
	if err := f.Control.Allow(call, readEvents, scope); err != nil {
		return nil, err
	}
	before := uint64(0)
	if token := call.Query.Get("$skipToken"); token != "" {
		n, err := strconv.ParseUint(token, 10, 63)
		if err != nil || n == 0 {
			return nil, arm.Errorf(http.StatusBadRequest, "InvalidQueryParameterValue", "$skipToken must be the one of a nextLink.")
		}
		before = n
	}
	events, next, err := f.Activity(ctx, scope, filter, before, func(at arm.ID) bool { return f.Control.Allow(call, readEvents, at) == nil })
	if err != nil {
		return nil, err
	}
	return answer(struct {
		Value    any    `json:"value"`
		NextLink string `json:"nextLink,omitempty"`
	}{events, olderLink(call, next)})
}

func olderLink(call *control.Call, next uint64) string {
	if next == 0 {
		return ""
	}
	q := url.Values{}
	for k, v := range call.Query {
		q[k] = v
	}
	q.Set("$skipToken", strconv.FormatUint(next, 10))
	return call.BaseURL + (&url.URL{Path: call.Path}).EscapedPath() + "?" + q.Encode()
}
