package policies

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// RedirectContentURLs puts the gateway's address in place of the backend's in bodies, and back.
var RedirectContentURLs = policy.Spec{
	Name:     "redirect-content-urls",
	Doc:      "Replaces the backend's address in the response by the gateway's, and the gateway's in the request by the backend's; headers stay.",
	Sections: policy.In(policy.Inbound, policy.Outbound),
	Scopes:   policy.AnyScope,
	Once:     policy.OncePerSection,
	Shape:    policy.Element(),
	Compile: func(*policy.Args) (policy.Step, error) {
		return func(x *policy.Exchange) error {
			theirs, ours := strings.TrimRight(x.Backend.Base, "/"), gatewayURL(x)
			if theirs == "" || ours == "" {
				return nil
			}
			if x.Section == policy.Inbound {
				theirs, ours = ours, theirs
			}
			return replaceAddress(x, []byte(theirs), []byte(ours))
		}, nil
	},
}

// gatewayURL is the address under which the caller sees the API.
func gatewayURL(x *policy.Exchange) string {
	u := &x.Request.OriginalURL
	if u.Host == "" || x.API == nil {
		return ""
	}
	host := u.Host
	if strings.Contains(host, ":") && !strings.HasPrefix(host, "[") {
		host = "[" + host + "]"
	}
	if u.Port != 0 && !(u.Scheme == "http" && u.Port == 80) && !(u.Scheme == "https" && u.Port == 443) {
		host += ":" + strconv.Itoa(u.Port)
	}
	out := u.Scheme + "://" + host
	if path := strings.Trim(x.API.Path, "/"); path != "" {
		out += "/" + path
	}
	return out
}

// replaceAddress replaces whole addresses: http://a isn't part of http://a.example, nor of http://a:8080.
func replaceAddress(x *policy.Exchange, old, text []byte) error {
	h, body := x.Message()
	if *body == nil || encoded(h) {
		return nil
	}
	content, err := (*body).Bytes(true)
	if err != nil || !bytes.Contains(content, old) {
		return err
	}
	limit := bodyLimit(*body)
	var out []byte
	for {
		i := bytes.Index(content, old)
		if i < 0 {
			break
		}
		end := i + len(old)
		out = append(out, content[:i]...)
		if end < len(content) && inAddress(content[end]) {
			out = append(out, old...)
		} else {
			out = append(out, text...)
		}
		content = content[end:]
		if int64(len(out)) > limit {
			return policy.ErrBodyTooLarge
		}
	}
	if out = append(out, content...); int64(len(out)) > limit {
		return policy.ErrBodyTooLarge
	}
	replaceBody(x, out)
	return nil
}

// inAddress says whether a byte goes on with a host, a port or a segment of a path.
func inAddress(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~:@%", c) >= 0
}
