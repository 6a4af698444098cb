package policies

import (
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/policy"
)

// limitNames are the headers and variables of the two rate limits; all but the first header exist only when they are named.
type limitNames struct {
	retryHeader, retryVariable         string
	remainingHeader, remainingVariable string
	totalHeader                        string
}

func limitNameAttrs() []policy.Part {
	return []policy.Part{
		policy.Attr("retry-after-header-name", policy.HeaderName).Default("Retry-After").Doc("Header that says after how many seconds a call is possible again."),
		policy.Attr("retry-after-variable-name", policy.Text).Doc("Variable that holds the same number."),
		policy.Attr("remaining-calls-header-name", policy.HeaderName).Doc("Header that says how many calls are left in the window."),
		policy.Attr("remaining-calls-variable-name", policy.Text).Doc("Variable that holds the same number."),
		policy.Attr("total-calls-header-name", policy.HeaderName).Doc("Header that says how many calls the window allows."),
	}
}

func readLimitNames(a *policy.Args) limitNames {
	return limitNames{
		retryHeader: a.Literal("retry-after-header-name"), retryVariable: a.Literal("retry-after-variable-name"),
		remainingHeader: a.Literal("remaining-calls-header-name"), remainingVariable: a.Literal("remaining-calls-variable-name"),
		totalHeader: a.Literal("total-calls-header-name"),
	}
}

// passed tells the caller what is left. With several limits in one exchange the one that ran last has the word.
func (n *limitNames) passed(x *policy.Exchange, limit, remaining int64) {
	if n.remainingHeader != "" {
		x.Tail.Set(n.remainingHeader, decimal(remaining))
	}
	if n.totalHeader != "" {
		x.Tail.Set(n.totalHeader, decimal(limit))
	}
	if n.remainingVariable != "" {
		x.SetVariable(n.remainingVariable, int32(remaining))
	}
}

// refused is the error that ends the pipeline with 429.
func (n *limitNames) refused(x *policy.Exchange, limit int64, wait time.Duration) error {
	e := rateLimitExceeded(wait)
	e.Header.Add(n.retryHeader, decimal(seconds(wait)))
	if n.totalHeader != "" {
		e.Header.Add(n.totalHeader, decimal(limit))
	}
	if n.retryVariable != "" {
		x.SetVariable(n.retryVariable, int32(seconds(wait)))
	}
	return e
}

// hit counts one call under a sliding limit and tells or refuses the caller.
func (n *limitNames) hit(x *policy.Exchange, store counter.Store, key counter.Key, limit int64, period time.Duration, count int64) error {
	r, err := store.Hit(x.Context, key, limit, counter.Window{Length: period}, count)
	if err != nil {
		return noCount(err)
	}
	if !r.Allowed {
		return n.refused(x, limit, r.RetryAfter)
	}
	n.passed(x, limit, r.Remaining)
	return nil
}
