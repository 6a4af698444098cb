package policies

import (
	"errors"
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/llm"
	"github.com/atelier-apim/atelier/internal/policy"
)

// LLMTokenLimit limits the tokens of language models by key (policies.md 7.2). All uses of a workspace with one key share one counter.
func LLMTokenLimit(env Env) policy.Spec {
	return tokenLimit(env, "llm-token-limit", "Limits the tokens that calls of language models with one key may take: by the minute (429), by a longer period (403), or both.")
}

// AzureOpenAITokenLimit is the same under its older name.
func AzureOpenAITokenLimit(env Env) policy.Spec {
	return tokenLimit(env, "azure-openai-token-limit", "The older name of llm-token-limit.")
}

func tokenLimit(env Env, name, doc string) policy.Spec {
	return policy.Spec{
		Name: name, Doc: doc, Sections: policy.In(policy.Inbound), Scopes: policy.AnyScope, HTTPOnly: true,
		Shape: policy.Element(
			policy.Attr("counter-key", policy.Text).Required().Expr().Doc("What is counted apart."),
			policy.Attr("tokens-per-minute", policy.IntRange(1, 1<<31-1)).Expr().Doc("Tokens of prompts and completions allowed in a sliding minute."),
			policy.Attr("token-quota", policy.IntRange(1, 1<<31-1)).Expr().Doc("Tokens allowed in the period."),
			policy.Attr("token-quota-period", policy.OneOf("Hourly", "Daily", "Weekly", "Monthly", "Yearly")).Expr().Doc("The period of the quota; it begins with the hour, day, week (Monday), month or year in UTC."),
			policy.Attr("estimate-prompt-tokens", policy.Bool).Required().Expr().Doc("Whether the tokens of the prompt are estimated and taken before the call; otherwise the answer tells, and one call may go beyond the limit."),
			policy.Attr("retry-after-header-name", policy.HeaderName).Default("Retry-After").Doc("Header that says after how many seconds a call is possible again."),
			policy.Attr("retry-after-variable-name", policy.Text).Doc("Variable that holds the same number."),
			policy.Attr("remaining-quota-tokens-header-name", policy.HeaderName).Doc("Header that says how many tokens are left in the period."),
			policy.Attr("remaining-quota-tokens-variable-name", policy.Text).Doc("Variable that holds the same number."),
			policy.Attr("remaining-tokens-header-name", policy.HeaderName).Doc("Header that says how many tokens are left in the minute."),
			policy.Attr("remaining-tokens-variable-name", policy.Text).Doc("Variable that holds the same number."),
			policy.Attr("tokens-consumed-header-name", policy.HeaderName).Doc("Header that says how many tokens the call has taken; of a streamed answer those of its prompt."),
			policy.Attr("tokens-consumed-variable-name", policy.Text).Doc("Variable that holds the estimate, or 0, until the answer is there."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileTokenLimit(env, a) },
	}
}

// tokenLimits is one use of the policy.
type tokenLimits struct {
	store     counter.Store
	workspace string
	place     *policy.Place
	key       policy.TextValue
	rate      policy.IntValue
	quota     policy.IntValue
	period    policy.TextValue
	estimate  policy.BoolValue
	hasRate   bool
	hasQuota  bool
	names     tokenNames
}

func compileTokenLimit(env Env, a *policy.Args) (policy.Step, error) {
	l := &tokenLimits{
		store: env.Counters, workspace: a.Home().Workspace, place: a.Place(), key: a.Text("counter-key"), rate: a.Int("tokens-per-minute"),
		quota: a.Int("token-quota"), period: a.Text("token-quota-period"), estimate: a.Bool("estimate-prompt-tokens"),
		hasRate: a.Set("tokens-per-minute"), hasQuota: a.Set("token-quota"), names: readTokenNames(a),
	}
	switch {
	case l.hasQuota != a.Set("token-quota-period"):
		return nil, errors.New("the attributes 'token-quota' and 'token-quota-period' belong together")
	case !l.hasRate && !l.hasQuota:
		return nil, errors.New("one of the attributes 'tokens-per-minute' and 'token-quota' is required")
	}
	return l.step, nil
}

// tokenCounters are the counters that one call counts under.
type tokenCounters struct {
	rate, quota tokenCounter
}

type tokenCounter struct {
	on     bool
	key    counter.Key
	limit  int64
	window counter.Window
}

func (l *tokenLimits) step(x *policy.Exchange) error {
	if l.store == nil {
		return noCount(errNoCounters)
	}
	c, err := l.counters(x)
	if err != nil {
		return err
	}
	estimating, err := l.estimate.Get(x)
	if err != nil {
		return err
	}
	acc, err := accountOf(x, l.place)
	if err != nil {
		return err
	}
	taken := int64(0)
	if estimating {
		taken = acc.estimate(x)
	}
	l.names.consumed(x, taken, false)
	// Several limits with one key count a call once.
	rateFirst, quotaFirst := c.rate.on && x.Once(c.rate.key), c.quota.on && x.Once(c.quota.key)
	if err := l.take(x, c, taken, rateFirst, quotaFirst); err != nil {
		return err
	}
	acc.whenKnown(func(x *policy.Exchange, u llm.Usage) {
		more := max(u.Total()-taken, 0)
		if rateFirst {
			_ = l.store.Add(x.Context, c.rate.key, c.rate.window, more)
		}
		if quotaFirst {
			_ = l.store.Add(x.Context, c.quota.key, c.quota.window, more)
		}
		l.names.consumed(x, u.Total(), true)
		l.tellRemaining(x, c)
	})
	x.WhenAnswered(l.place, func(x *policy.Exchange) error {
		if !acc.known { // a stream, or an answer that consumed nothing
			l.names.consumed(x, taken, true)
		}
		return nil
	})
	return nil
}

// counters are the counters of this call.
func (l *tokenLimits) counters(x *policy.Exchange) (c tokenCounters, err error) {
	name, err := l.key.Get(x)
	if err != nil {
		return c, err
	}
	name = counterName(name)
	if l.hasRate {
		c.rate = tokenCounter{on: true, key: counter.Key{Workspace: l.workspace, Space: "llm-token-limit/rate", Name: name}, window: counter.Window{Length: time.Minute}}
		if c.rate.limit, err = l.rate.Get(x); err != nil {
			return c, err
		}
	}
	if l.hasQuota {
		c.quota = tokenCounter{on: true, key: counter.Key{Workspace: l.workspace, Space: "llm-token-limit/quota", Name: name}}
		if c.quota.limit, err = l.quota.Get(x); err != nil {
			return c, err
		}
		period, err := l.period.Get(x)
		if err != nil {
			return c, err
		}
		c.quota.key.Place, c.quota.window = quotaWindow(period, x.Host.Now())
	}
	return c, nil
}

// quotaWindow is the window of a period that holds now, and its name where it isn't one of a row of equal ones.
func quotaWindow(period string, now time.Time) (place string, w counter.Window) {
	now = now.UTC()
	w.Aligned = true
	switch period {
	case "Hourly":
		w.Length = time.Hour
	case "Daily":
		w.Length = 24 * time.Hour
	case "Weekly": // the first day of year 1 is a Monday
		w.Length = 7 * 24 * time.Hour
	case "Monthly":
		w.Start = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
		w.Length = w.Start.AddDate(0, 1, 0).Sub(w.Start)
		return period + w.Start.Format(" 2006-01"), w
	case "Yearly":
		w.Start = time.Date(now.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		w.Length = w.Start.AddDate(1, 0, 0).Sub(w.Start)
		return period + w.Start.Format(" 2006"), w
	}
	return period, w
}

// take tests both limits and takes n tokens of each, or none of any: the quota is looked at first, so that a call that it refuses takes nothing of the
// minute. Where another limit of the exchange has taken them already, or none are to be taken yet, the limits are tested alone.
func (l *tokenLimits) take(x *policy.Exchange, c tokenCounters, n int64, rateFirst, quotaFirst bool) error {
	if c.quota.on {
		r, err := l.store.Peek(x.Context, c.quota.key, c.quota.limit, c.quota.window)
		if err != nil {
			return noCount(err)
		}
		if !r.Allowed || quotaFirst && r.Remaining < n {
			return l.names.refused(x, quotaError, untilEnd(c.quota.window, r.RetryAfter, x.Host.Now()))
		}
	}
	if c.rate.on {
		r, err := l.ask(x, c.rate, n, rateFirst)
		if err != nil {
			return noCount(err)
		}
		if !r.Allowed {
			return l.names.refused(x, rateError, untilEnd(c.rate.window, r.RetryAfter, x.Host.Now()))
		}
		l.names.remaining(x, r.Remaining)
	}
	if c.quota.on {
		r, err := l.ask(x, c.quota, n, quotaFirst)
		if err != nil {
			return noCount(err)
		}
		if !r.Allowed {
			return l.names.refused(x, quotaError, untilEnd(c.quota.window, r.RetryAfter, x.Host.Now()))
		}
		l.names.remainingQuota(x, r.Remaining)
	}
	return nil
}

func (l *tokenLimits) ask(x *policy.Exchange, c tokenCounter, n int64, first bool) (counter.Result, error) {
	if first && n > 0 {
		return l.store.Hit(x.Context, c.key, c.limit, c.window, n)
	}
	return l.store.Peek(x.Context, c.key, c.limit, c.window)
}

// untilEnd is when a refused call may come again. A call that asked for more than is left waits for the window's end, at which all is free again.
func untilEnd(w counter.Window, wait time.Duration, now time.Time) time.Duration {
	switch {
	case wait > 0:
		return wait
	case !w.Aligned:
		return w.Length
	case !w.Start.IsZero():
		return w.Start.Add(w.Length).Sub(now)
	}
	return now.Truncate(w.Length).Add(w.Length).Sub(now) // Truncate counts from year 1, as the window does
}

// tellRemaining tells what is left once the call has taken what it took. The caller may have its answer by then; variables are not read any more then.
func (l *tokenLimits) tellRemaining(x *policy.Exchange, c tokenCounters) {
	for _, which := range [...]struct {
		c    tokenCounter
		tell func(*policy.Exchange, int64)
	}{{c.rate, l.names.remaining}, {c.quota, l.names.remainingQuota}} {
		if !which.c.on {
			continue
		}
		if r, err := l.store.Peek(x.Context, which.c.key, which.c.limit, which.c.window); err == nil {
			which.tell(x, r.Remaining)
		}
	}
}
