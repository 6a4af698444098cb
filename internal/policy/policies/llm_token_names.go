package policies

import (
	"fmt"
	"math"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// tokenNames are the headers and variables of a token limit; all but the first header exist only when they are named.
type tokenNames struct {
	retryHeader, retryVariable         string
	remainingHeader, remainingVariable string
	quotaHeader, quotaVariable         string
	consumedHeader, consumedVariable   string
}

func readTokenNames(a *policy.Args) tokenNames {
	return tokenNames{
		a.Literal("retry-after-header-name"), a.Literal("retry-after-variable-name"),
		a.Literal("remaining-tokens-header-name"), a.Literal("remaining-tokens-variable-name"),
		a.Literal("remaining-quota-tokens-header-name"), a.Literal("remaining-quota-tokens-variable-name"),
		a.Literal("tokens-consumed-header-name"), a.Literal("tokens-consumed-variable-name"),
	}
}

// shown tells a number of tokens in a header and a variable, where they are named.
func shown(x *policy.Exchange, header, variable string, n int64) {
	if header != "" {
		x.Tail.Set(header, decimal(n))
	}
	if variable != "" {
		x.SetVariable(variable, int32(min(n, math.MaxInt32)))
	}
}

func (n *tokenNames) remaining(x *policy.Exchange, tokens int64) {
	shown(x, n.remainingHeader, n.remainingVariable, tokens)
}

func (n *tokenNames) remainingQuota(x *policy.Exchange, tokens int64) {
	shown(x, n.quotaHeader, n.quotaVariable, tokens)
}

// consumed tells what the call takes; the header waits for the answer.
func (n *tokenNames) consumed(x *policy.Exchange, tokens int64, answered bool) {
	header := n.consumedHeader
	if !answered {
		header = ""
	}
	shown(x, header, n.consumedVariable, tokens)
}

// refused is the error that ends the pipeline.
func (n *tokenNames) refused(x *policy.Exchange, of func(int64) *policy.Error, wait time.Duration) error {
	left := seconds(wait)
	e := of(left)
	e.Header.Add(n.retryHeader, decimal(left))
	if n.retryVariable != "" {
		x.SetVariable(n.retryVariable, int32(left))
	}
	return e
}

func rateError(wait int64) *policy.Error {
	return &policy.Error{
		Reason: "TokenLimitExceeded", Message: "Token limit is exceeded", Status: 429,
		Public: fmt.Sprintf("Token limit is exceeded. Try again in %d seconds.", wait),
	}
}

func quotaError(wait int64) *policy.Error {
	return &policy.Error{
		Reason: "TokenQuotaExceeded", Message: "Token quota is exceeded", Status: 403,
		Public: fmt.Sprintf("Token quota is exceeded. Try again in %d seconds.", wait),
	}
}
