package policies

import (
	"fmt"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// The refusals of policies.md 5.3 and 5.5 that more than one policy answers with.

// rateLimitExceeded is the 429 of the rate limits; wait is rounded up to whole seconds.
func rateLimitExceeded(wait time.Duration) *policy.Error {
	return &policy.Error{
		Reason: "RateLimitExceeded", Message: "Rate limit is exceeded",
		Status: 429, Public: fmt.Sprintf("Rate limit is exceeded. Try again in %d seconds.", seconds(wait)),
	}
}

// quotaExceeded is the 403 of quotas; what is "call volume" or "bandwidth". A quota that never renews has no time of replenishment.
func quotaExceeded(what string, wait time.Duration) *policy.Error {
	text := fmt.Sprintf("Out of %s quota.", what)
	e := &policy.Error{Reason: "QuotaExceeded", Status: 403}
	if wait >= 0 {
		text += " Quota will be replenished in " + clock(seconds(wait)) + "."
		e.Header.Add("Retry-After", decimal(seconds(wait)))
	}
	e.Message, e.Public = text, text
	return e
}

// noCount is the error of a counter that gives no answer. It refuses the request: a limit that can't be counted must not be passed.
func noCount(err error) *policy.Error {
	return &policy.Error{Reason: "CounterUnavailable", Message: "the counter gave no answer: " + err.Error(), Status: 500, Cause: err}
}

// seconds rounds up, so that nobody who waits that long is refused again.
func seconds(d time.Duration) int64 {
	return int64((d + time.Second - 1) / time.Second)
}

// clock writes seconds as [d.]hh:mm:ss.
func clock(n int64) string {
	const day = 24 * 60 * 60
	s := fmt.Sprintf("%02d:%02d:%02d", n%day/3600, n%3600/60, n%60)
	if n >= day {
		return fmt.Sprintf("%d.%s", n/day, s)
	}
	return s
}
