package policies

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/atelier-apim/atelier/internal/counter"
)

// longestName is the most bytes of a counter key that a counter is named by. Keys come from callers, and a store holds a million counters.
const longestName = 256

// counterName is the name of the counter of a key: the key itself, or its digest when it is long, so that no caller decides how much memory a counter takes.
// No key reaches the counter of another: a digest is longer than any key that stands for itself.
func counterName(key string) string {
	if len(key) <= longestName {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return key[:longestName] + "…" + hex.EncodeToString(sum[:])
}

// KeyedQuotaCounters are the counters of quota-by-key for a key: of calls and of bytes. workspace is the name of the workspace whose documents count, "" for
// the service's.
func KeyedQuotaCounters(workspace, key string) (calls, bytes counter.Key) {
	name := counterName(key)
	return counter.Key{Workspace: workspace, Space: "quota-by-key/calls", Name: name}, counter.Key{Workspace: workspace, Space: "quota-by-key/bandwidth", Name: name}
}
