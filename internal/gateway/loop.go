package gateway

import (
	"net/http"
	"strconv"
	"strings"
)

// A backend may be a gateway of this installation: APIs are put together from others that way. One whose backend is itself would multiply every
// request without end, so each request that goes out says in CDN-Loop (RFC 8586) how often it has come through, whatever policies do to it.

const (
	loopHeader = "Cdn-Loop" // canonical
	loopName   = "atelier"
	firstHop   = loopName + ";hops=1"
	maxHops    = 8
)

// acceptLoop reads how often the request has come through already, and refuses one that goes round. What others have noted stays.
func (x *exchange) acceptLoop() error {
	lines := x.r.Header[loopHeader]
	if len(lines) == 0 {
		x.loop = firstHop
		return nil
	}
	hops := 0
	var out strings.Builder
	for _, line := range lines {
		for member := range strings.SplitSeq(line, ",") {
			member = strings.Trim(member, " \t")
			name, parameters, _ := strings.Cut(member, ";")
			switch {
			case member == "":
			case strings.EqualFold(strings.TrimRight(name, " \t"), loopName):
				hops += hopsOf(parameters)
			default:
				out.WriteString(member + ", ")
			}
		}
	}
	if hops >= maxHops {
		return refuse(http.StatusLoopDetected, "The request has come through this installation %d times: the backend of an API leads back to it.", hops)
	}
	x.loop = out.String() + loopName + ";hops=" + strconv.Itoa(hops+1)
	return nil
}

// hopsOf is the count in the parameters of our note: one when it can't be read.
func hopsOf(parameters string) int {
	text, ok := strings.CutPrefix(strings.TrimSpace(parameters), "hops=")
	if n, err := strconv.ParseUint(text, 10, 8); ok && err == nil && n > 0 {
		return int(n)
	}
	return 1
}
