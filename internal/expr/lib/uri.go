package lib

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var uriT = types.Class("System.Uri")

// Uri is System.Uri. Parts are kept in escaped form.
type Uri struct {
	original string
	absolute bool
	scheme   string
	user     string
	host     string // lower case, an IPv6 address in brackets
	port     int    // -1 when the scheme has none
	slashes  bool   // whether // follows the scheme
	path     string
	query    string // with ?
	fragment string // with #
}

// NetType implements types.Typed.
func (*Uri) NetType() *types.Type { return uriT }

// NetString implements types.Text: the readable form.
func (u *Uri) NetString() string {
	if !u.absolute {
		return plainLetters(u.original)
	}
	return u.left() + unescape(u.path+u.query+u.fragment, func(r rune) bool {
		return r < 0x20 || r == 0x7F || strings.ContainsRune(`%#?/\:@&=+$,;[]!*'()<>"^`+"`{|}", r)
	})
}

// NetEquals implements types.Equatable: fragment and user do not matter.
func (u *Uri) NetEquals(other types.Value) bool {
	v, ok := other.(*Uri)
	if !ok || u.absolute != v.absolute {
		return false
	}
	if !u.absolute {
		return u.original == v.original
	}
	if u.scheme == mailto && u.user != v.user {
		return false
	}
	return u.scheme == v.scheme && u.host == v.host && u.port == v.port && u.path == v.path && u.query == v.query
}

// NetHash implements types.Equatable.
func (u *Uri) NetHash() int32 {
	if !u.absolute {
		return types.Hash(u.original)
	}
	return types.Hash(u.scheme + u.host + u.path + u.query)
}

// defaultPorts are the ports a scheme implies.
var defaultPorts = map[string]int{
	"http": 80, "https": 443, "ftp": 21, "ws": 80, "wss": 443, "ldap": 389, "gopher": 70, "nntp": 119, "telnet": 23, "net.tcp": 808,
}

func uriError(text string) error {
	return types.Throw("System.UriFormatException", "Invalid URI: "+text)
}

// ParseUri reads an absolute address.
func ParseUri(s string) (*Uri, error) {
	original := s
	s = strings.TrimSpace(s)
	if s == "" {
		return nil, uriError("The URI is empty.")
	}
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || !isScheme(scheme) {
		return nil, uriError("The format of the URI could not be determined.")
	}
	if len(scheme) == 1 && !strings.HasPrefix(rest, "/") && !strings.HasPrefix(rest, `\`) {
		return nil, uriError("A Dos path must be rooted, for example, 'c:\\'.")
	}
	u := &Uri{original: original, absolute: true, scheme: strings.ToLower(scheme), port: -1}
	if p, ok := defaultPorts[u.scheme]; ok {
		u.port = p
	}
	web := u.port > 0
	if web {
		head, tail := cutQuery(rest)
		rest = strings.ReplaceAll(head, `\`, "/") + tail
	}
	rest, frag, hasFragment := strings.Cut(rest, "#")
	if hasFragment {
		u.fragment = "#" + plainLetters(escapeAllowed(frag, uriSafe))
	}
	rest, query, hasQuery := strings.Cut(rest, "?")
	if hasQuery {
		u.query = "?" + plainLetters(escapeAllowed(query, uriSafe))
	}
	after, slashes := strings.CutPrefix(rest, "//")
	if web && !slashes {
		return nil, uriError("The hostname could not be parsed.")
	}
	if !slashes {
		if u.path = plainLetters(escapeAllowed(rest, uriSafe)); u.scheme == mailto {
			u.setMailbox()
		}
		return u, nil
	}
	u.slashes = true
	authority, path := after, ""
	if i := strings.IndexByte(after, '/'); i >= 0 {
		authority, path = after[:i], after[i:]
	}
	if err := u.setAuthority(authority, web); err != nil {
		return nil, err
	}
	if path == "" {
		path = "/"
	}
	u.path = compressPath(plainLetters(escapeAllowed(path, uriSafe)))
	return u, nil
}

func cutQuery(s string) (head, tail string) {
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

func isScheme(s string) bool {
	if s == "" || !isAlnum(s[0]) || isDigit(s[0]) {
		return false
	}
	for i := range len(s) {
		if !isAlnum(s[i]) && strings.IndexByte("+-.", s[i]) < 0 {
			return false
		}
	}
	return true
}

func (u *Uri) setAuthority(a string, web bool) error {
	if i := strings.LastIndexByte(a, '@'); i >= 0 {
		u.user, a = escapeAllowed(a[:i], uriSafe), a[i+1:]
	}
	host, port := a, ""
	if i := strings.LastIndexByte(a, ':'); i >= 0 && !strings.HasSuffix(a, "]") {
		host, port = a[:i], a[i+1:]
	}
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return uriError("Invalid port specified.")
		}
		u.port = int(n)
	}
	if host == "" && web {
		return uriError("The hostname could not be parsed.")
	}
	u.host = strings.ToLower(host)
	if hostKind(u.host) == 0 && host != "" {
		return uriError("The hostname could not be parsed.")
	}
	return nil
}

// hostKind is the UriHostNameType: 0 unknown, 1 basic, 2 DNS, 3 IPv4, 4 IPv6.
func hostKind(h string) int64 {
	if strings.HasPrefix(h, "[") && strings.HasSuffix(h, "]") {
		if a, err := netip.ParseAddr(h[1 : len(h)-1]); err == nil && a.Is6() {
			return 4
		}
		return 0
	}
	if a, err := netip.ParseAddr(h); err == nil && a.Is4() {
		return 3
	}
	if h == "" || len(h) > 255 {
		return 0
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(h, "."), ".") {
		if label == "" || len(label) > 63 || strings.IndexFunc(label, func(r rune) bool {
			return r < 0x80 && !isAlnum(byte(r)) && r != '-' && r != '_'
		}) >= 0 {
			return 0
		}
	}
	return 2
}

// compressPath resolves . and .. segments.
func compressPath(p string) string {
	if !strings.Contains(p, "/.") {
		return p
	}
	var out []string
	segments := strings.Split(p[1:], "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch s {
		case ".", "..":
			if s == ".." && len(out) > 0 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, s)
		}
	}
	return "/" + strings.Join(out, "/")
}

func (u *Uri) defaultPort() bool {
	return u.port < 0 || u.scheme == mailto || defaultPorts[u.scheme] == u.port
}

func (u *Uri) authority() string {
	if u.defaultPort() {
		return u.host
	}
	return u.host + ":" + strconv.Itoa(u.port)
}

// left is everything before the path.
func (u *Uri) left() string {
	user := ""
	if u.user != "" {
		user = u.user + "@"
	}
	if !u.slashes {
		return u.scheme + ":" + user + u.host
	}
	return u.scheme + "://" + user + u.authority()
}

func (u *Uri) absoluteURI() string { return u.left() + u.path + u.query + u.fragment }

// resolve makes ref absolute against u.
func (u *Uri) resolve(ref string) (*Uri, error) {
	if i := strings.IndexByte(ref, ':'); i > 0 && isScheme(ref[:i]) && !strings.ContainsAny(ref[:i], "/?#") {
		if v, err := ParseUri(ref); err == nil || i == 1 {
			return v, err
		}
	}
	head, tail := cutQuery(ref)
	switch {
	case strings.HasPrefix(ref, "//"):
		return ParseUri(u.scheme + ":" + ref)
	case head == "" && strings.HasPrefix(tail, "#"):
		return ParseUri(u.left() + u.path + u.query + tail)
	case ref == "":
		return ParseUri(u.left() + u.path + u.query)
	case head == "":
		return ParseUri(u.left() + u.path + tail)
	case strings.HasPrefix(head, "/"):
		return ParseUri(u.left() + ref)
	}
	return ParseUri(u.left() + u.path[:strings.LastIndexByte(u.path, '/')+1] + ref)
}

func (u *Uri) segments() []string {
	var out []string
	for rest := u.path; rest != ""; {
		i := strings.IndexByte(rest, '/')
		if i < 0 {
			i = len(rest) - 1
		}
		out = append(out, rest[:i+1])
		rest = rest[i+1:]
	}
	return out
}

func (u *Uri) loopback() bool {
	a, err := netip.ParseAddr(strings.Trim(u.host, "[]"))
	return u.host == "localhost" || u.host == "loopback" || err == nil && a.IsLoopback() || u.scheme == "file" && u.host == ""
}
