package lib

import "strings"

const mailto = "mailto"

// setMailbox makes user and host of the path of an address of mail. A list of them has neither.
func (u *Uri) setMailbox() {
	u.port = 25
	user, host, ok := strings.Cut(u.path, "@")
	if ok && user != "" && hostKind(strings.ToLower(host)) != 0 && !strings.ContainsAny(user, ",;") {
		u.user, u.host, u.path = user, strings.ToLower(host), ""
	}
}

// plainLetters undoes the escapes of letters, digits and -._~, which mean the same without.
func plainLetters(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if c := hexValue(s[i+1])<<4 | hexValue(s[i+2]); isHex(s[i+1]) && isHex(s[i+2]) && (isAlnum(c) || strings.IndexByte("-._~", c) >= 0) {
				out.WriteByte(c)
				i += 2
				continue
			}
		}
		out.WriteByte(s[i])
	}
	return out.String()
}

// basicHost reports a name that DNS doesn't allow because a part of it begins with a hyphen or an underscore.
func basicHost(h string) bool {
	for label := range strings.SplitSeq(h, ".") {
		if strings.HasPrefix(label, "-") || strings.HasPrefix(label, "_") {
			return true
		}
	}
	return false
}
