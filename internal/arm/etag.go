package arm

import "strings"

// Match says whether an If-Match header allows a write of a resource whose tag is current ("" when it doesn't exist). An absent or empty
// header and "*" allow everything, creation included; a concrete tag must be the current one, with or without quotes (rest-behaviour.md 4).
func Match(ifMatch, current string) bool {
	ifMatch = strings.TrimSpace(ifMatch)
	if ifMatch == "" {
		return true
	}
	for tag := range strings.SplitSeq(ifMatch, ",") {
		tag = Unquote(tag)
		if tag == "*" || (tag == current && current != "") {
			return true
		}
	}
	return false
}

// Quote is a tag as a header carries it.
func Quote(tag string) string { return `"` + tag + `"` }

// Unquote takes blanks, a weak mark and quotes off a tag.
func Unquote(tag string) string {
	tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
	return strings.Trim(tag, `"`)
}
