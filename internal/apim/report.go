package apim

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/usage"
)

// Usage answers what gateways have added up; a usage.Collector does.
type Usage interface {
	Sums(ctx context.Context, q usage.Query) ([]usage.Group, error)
	Recent(ctx context.Context, service string, workspace func(string) bool) []usage.Request
}

// report is a way in which usage can be asked for.
type report struct {
	name    string // of the address
	by      []usage.Field
	filters []string // beside timestamp
	orders  bool     // knows $orderby
}

// Fields of filters, by report: rest-filters.tsv.
var (
	filtersOfCallers = []string{"apiRegion", "userId", "productId", "subscriptionId"}
	filtersOfCalls   = append([]string{"apiId", "operationId"}, filtersOfCallers...)
)

// reports are the ways in which usage can be asked for. byTime and byRequest group by nothing: spans of time, and single calls.
var reports = []report{
	{"byApi", []usage.Field{usage.API}, append([]string{"apiId"}, filtersOfCallers...), true},
	{"byGeo", []usage.Field{usage.Region}, filtersOfCalls, false},
	{"byOperation", []usage.Field{usage.API, usage.Operation}, filtersOfCalls, true},
	{"byProduct", []usage.Field{usage.Product}, filtersOfCallers, true},
	{"byRequest", nil, filtersOfCalls, false},
	{"bySubscription", []usage.Field{usage.Product, usage.Subscription, usage.User}, filtersOfCallers, true},
	{"byTime", nil, filtersOfCalls, true},
	{"byUser", []usage.Field{usage.User}, filtersOfCalls, true},
}

// Bounds of reports.
const (
	maxGroups  = 20_000 // entries of a report before its page is cut out
	maxSpans   = 5_000  // of byTime
	reportTime = 10 * time.Second
)

// reportEndpoint are the reports of a service and, here alone, of a workspace.
func (c *Catalogue) reportEndpoint() *kind.Kind {
	return kind.Endpoint{Type: "reports", Noun: "Report", Under: serviceAndWorkspaces, Methods: map[string]*kind.Method{http.MethodGet: {Do: c.report}}}.Kind()
}

// report answers a report: what is asked, for which homes, then the sums or the single calls.
func (c *Catalogue) report(ctx context.Context, e *kind.EndpointCall) (any, error) {
	r, err := reportOf(e)
	if err != nil {
		return nil, err
	}
	page, err := reportPageOf(e, r)
	if err != nil {
		return nil, err
	}
	home, visible, err := homesOfReport(e)
	if err != nil {
		return nil, err
	}
	q, err := reportQuery(e, r, home)
	if err != nil {
		return nil, err
	}
	q.Workspace = visible
	if c.Usage == nil {
		return map[string]any{"value": []any{}, "count": 0}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, reportTime)
	defer cancel()
	if r.name == "byRequest" {
		return page.requests(e, c.Usage.Recent(ctx, q.Service, visible), q), nil
	}
	groups, err := c.Usage.Sums(ctx, q)
	switch {
	case errors.Is(err, usage.ErrTooMany):
		return nil, arm.Errorf(http.StatusBadRequest, "ReportTooLarge", "The report has more than %d entries. Filter for less, or ask for a shorter time.", maxGroups)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, arm.Errorf(http.StatusBadRequest, "ReportTooLarge", "The report took longer than %s. Filter for less, or ask for a shorter time.", reportTime)
	case err != nil:
		return nil, err
	}
	return page.sums(e, r, home, visible, groups, q.Every)
}

// reportOf is the report that the address names.
func reportOf(e *kind.EndpointCall) (*report, error) {
	names := make([]string, len(reports))
	for i := range reports {
		if e.Named && strings.EqualFold(reports[i].name, e.ID.Name()) {
			return &reports[i], nil
		}
		names[i] = reports[i].name
	}
	return nil, arm.Errorf(http.StatusNotFound, "ResourceNotFound", "Reports are %s.", strings.Join(names, ", "))
}

// homesOfReport says what a report may tell of: at a workspace, that workspace alone; at a service, the service and those of its workspaces whose reports the
// caller may read there.
func homesOfReport(e *kind.EndpointCall) (home arm.ID, visible func(string) bool, err error) {
	home = asStored(e, e.ID.Parent())
	if isWorkspace(home) {
		return home, func(name string) bool { return name == home.Name() }, nil
	}
	seen := map[string]bool{"": true}
	err = e.View(func(l kind.Lookup) error {
		for _, w := range l.Children(home, "workspaces") {
			seen[w.ID.Name()] = e.Allowed(kind.Workspace+"/reports/read", w.ID)
		}
		return nil
	})
	return home, func(name string) bool { return seen[name] }, err
}

// reportPage is the part of a report that is asked for.
type reportPage struct {
	top, skip  int
	order      string
	descending bool
}

// ordersOf are the names that $orderby knows.
var ordersOf = []string{"displayName", "callCountSuccess", "callCountBlocked", "callCountFailed", "callCountOther", "callCountTotal", "bandwidth", "apiTimeAvg", "timestamp"}

func reportPageOf(e *kind.EndpointCall, r *report) (p reportPage, err error) {
	p.top = arm.DefaultPage
	for _, q := range []struct {
		name string
		into *int
		min  int
	}{{"$top", &p.top, 1}, {"$skip", &p.skip, 0}} {
		if text := e.Query.Get(q.name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < q.min || n > math.MaxInt32 {
				return p, arm.Errorf(http.StatusBadRequest, "InvalidQueryParameterValue", "%s must be a whole number of at least %d.", q.name, q.min)
			}
			*q.into = n
		}
	}
	p.top = min(p.top, arm.MaxPage)
	text := strings.Fields(e.Query.Get("$orderby"))
	if len(text) == 0 {
		return p, nil
	}
	direction := "asc"
	if len(text) == 2 {
		direction = strings.ToLower(text[1])
	}
	for _, name := range ordersOf {
		if strings.EqualFold(name, text[0]) {
			p.order = name
		}
	}
	if !r.orders || p.order == "" || len(text) > 2 || direction != "asc" && direction != "desc" {
		return p, arm.InvalidField("$orderby", "$orderby takes one of %s, and asc or desc; %s.", strings.Join(ordersOf, ", "), map[bool]string{
			true: "this report can be ordered", false: "this report has an order of its own",
		}[r.orders])
	}
	p.descending = direction == "desc"
	return p, nil
}

// cut is the page's part of n entries, and the link to what follows.
func (p *reportPage) cut(e *kind.EndpointCall, n int) (from, to int, next string) {
	from = min(p.skip, n)
	to = min(from+p.top, n)
	if to < n && e.Next != nil {
		next = e.Next(to)
	}
	return from, to, next
}
