package apim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/usage"
)

// Bounds of byTime's interval (rest-behaviour.md 7).
const (
	shortestInterval = 15 * time.Minute
	longestInterval  = 24 * time.Hour
)

// reportQuery reads $filter and interval.
func reportQuery(e *kind.EndpointCall, r *report, home arm.ID) (q usage.Query, err error) {
	q = usage.Query{Service: serviceOf(home).String(), By: r.by, Limit: maxGroups}
	if q.From, q.To, q.Equal, err = reportFilter(e.Query.Get("$filter"), r, home); err != nil {
		return q, err
	}
	if r.name == "byRequest" {
		return q, nil
	}
	if q.From = q.From.Truncate(usage.Width); r.name != "byTime" {
		return q, nil
	}
	text := e.Query.Get("interval")
	q.Every, err = parseInterval(text)
	switch {
	case text == "":
		return q, arm.InvalidField("interval", "interval is required, for example PT15M.")
	case err != nil || q.Every < shortestInterval || q.Every > longestInterval || q.Every%shortestInterval != 0:
		return q, arm.InvalidField("interval", "interval %q must be an ISO 8601 duration that is a multiple of 15 minutes, at most one day: PT15M, PT1H, P1D.", clipped(text))
	case q.To.Sub(q.From)/q.Every > maxSpans:
		return q, arm.Errorf(http.StatusBadRequest, "ReportTooLarge", "The time has more than %d intervals of %s. Ask for a longer interval or a shorter time.", maxSpans, text)
	}
	return q, nil
}

const filterExample = "timestamp ge datetime'2026-01-01T00:00:00' and timestamp le datetime'2026-01-02T00:00:00'"

// reportFilter reads a filter: bounds of time, and values that callers, APIs or gateways must have.
func reportFilter(text string, r *report, home arm.ID) (from, to time.Time, equal []usage.Condition, err error) {
	if text == "" {
		return from, to, nil, arm.InvalidField("$filter", "$filter is required, for example: %s.", filterExample)
	}
	f, fault := arm.ParseFilter(text, append([]string{"timestamp"}, r.filters...))
	if fault != nil {
		return from, to, nil, fault
	}
	terms, plain := f.Terms()
	if !plain {
		return from, to, nil, reportFilterError("a report takes comparisons joined by and, and nothing else")
	}
	for _, t := range terms {
		if !strings.EqualFold(t.Field, "timestamp") {
			value, ok := t.Value.(string)
			if !ok || t.Op != "eq" {
				return from, to, nil, reportFilterError("%s can be compared with eq and a text alone", t.Field)
			}
			equal = append(equal, conditionsOf(t.Field, value, home)...)
			continue
		}
		at, ok := instantOf(t.Value)
		switch {
		case !ok:
			return from, to, nil, reportFilterError("timestamp is compared with a time, datetime'2026-01-01T00:00:00'")
		case t.Op == "ge" && from.IsZero():
			from = at
		case t.Op == "le" && to.IsZero():
			to = at
		default:
			return from, to, nil, reportFilterError("timestamp takes one ge and one le")
		}
	}
	if from.IsZero() || to.IsZero() {
		return from, to, nil, reportFilterError("both ends of the time are needed, for example: %s", filterExample)
	}
	if to.Before(from) {
		return from, to, nil, reportFilterError("the time ends before it begins")
	}
	return from, to, equal, nil
}

func reportFilterError(format string, args ...any) error {
	return arm.Errorf(http.StatusBadRequest, "InvalidFilter", "The $filter can't be used: %s.", fmt.Sprintf(format, args...))
}

// instantOf reads a time: a literal, or a text as clients write it. Times that can't be are refused, so that nothing overflows later.
func instantOf(v arm.Field) (at time.Time, ok bool) {
	switch v := v.(type) {
	case time.Time:
		at, ok = v, true
	case string:
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02"} {
			if t, err := time.Parse(layout, v); err == nil {
				at, ok = t, true
				break
			}
		}
	}
	return at.UTC(), ok && at.Year() >= 1970 && at.Year() < 10000
}

// collections are the words of the ids in reports, by the fields of filters.
var collections = map[string]struct {
	field usage.Field
	word  string
}{
	"apiid": {usage.API, "apis"}, "productid": {usage.Product, "products"}, "subscriptionid": {usage.Subscription, "subscriptions"}, "userid": {usage.User, "users"},
}

// conditionsOf are what one comparison asks for. Ids may be written as reports write them, as full ids, or as names.
func conditionsOf(field, value string, home arm.ID) []usage.Condition {
	if service := serviceOf(home).String(); len(value) > len(service) && strings.EqualFold(value[:len(service)], service) {
		value = value[len(service):]
	}
	switch field = strings.ToLower(field); field {
	case "apiregion":
		return []usage.Condition{{Field: usage.Region, Among: []string{value}}}
	case "operationid":
		api, name, whole := cutFold(value, "/operations/")
		if !whole {
			api, name = "", value
		}
		if name == noneOf {
			name = ""
		}
		out := []usage.Condition{{Field: usage.Operation, Among: []string{name}}}
		if api != "" {
			out = append(out, conditionsOf("apiId", api, home)...)
		}
		return out
	}
	c := collections[field]
	name := strings.TrimPrefix(value, "/"+c.word+"/")
	if name == noneOf {
		return []usage.Condition{{Field: c.field, Among: []string{""}}}
	}
	among := []string{value}
	if !strings.Contains(name, "/") {
		among = append(among, "/"+c.word+"/"+name)
		if isWorkspace(home) {
			among = append(among, "/workspaces/"+home.Name()+"/"+c.word+"/"+name)
		}
	}
	slices.Sort(among)
	return []usage.Condition{{Field: c.field, Among: slices.Compact(among)}}
}

// noneOf is the name that reports give to what is not there.
const noneOf = "-"

// cutFold is strings.Cut around a separator in any case.
func cutFold(s, sep string) (before, after string, found bool) {
	if i := strings.Index(strings.ToLower(s), sep); i >= 0 && len(strings.ToLower(s)) == len(s) {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// parseInterval reads an ISO 8601 duration of days, hours, minutes and seconds.
func parseInterval(text string) (time.Duration, error) {
	rest, ok := strings.CutPrefix(strings.ToUpper(text), "P")
	date, clock, timed := strings.Cut(rest, "T")
	if !ok || rest == "" || timed && clock == "" || len(text) > 32 {
		return 0, fmt.Errorf("%q is no duration", clipped(text))
	}
	var sum time.Duration
	for _, part := range []struct {
		text  string
		units []unit
	}{{date, []unit{{'D', 24 * time.Hour}}}, {clock, []unit{{'H', time.Hour}, {'M', time.Minute}, {'S', time.Second}}}} {
		d, err := addUnits(part.text, part.units)
		if err != nil {
			return 0, err
		}
		sum += d
	}
	return sum, nil
}

type unit struct {
	word   byte
	length time.Duration
}

// addUnits reads numbers with their units, each unit once and in order.
func addUnits(text string, units []unit) (sum time.Duration, err error) {
	for _, u := range units {
		number, rest, found := strings.Cut(text, string(u.word))
		if !found {
			continue
		}
		n := 0
		if number == "" || len(number) > 5 {
			return 0, fmt.Errorf("%q is no number", clipped(number))
		}
		for _, c := range []byte(number) {
			if c < '0' || c > '9' {
				return 0, fmt.Errorf("%q is no number", clipped(number))
			}
			n = n*10 + int(c-'0')
		}
		sum += time.Duration(n) * u.length
		text = rest
	}
	if text != "" {
		return 0, fmt.Errorf("%q is not expected", clipped(text))
	}
	return sum, nil
}
