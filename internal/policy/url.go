package policy

// URL is an address as policies see it (IUrl). It is made once from the request line and changed only by policies.
type URL struct {
	Scheme string // "http" or "https"
	Host   string // without port
	Port   int
	Path   string // escaped absolute path
	Query  string // raw, without "?"
}

// String is the absolute address, without a default port.
func (u URL) String() string {
	s := u.Scheme + "://" + u.Host
	if u.Port != 0 && !(u.Scheme == "http" && u.Port == 80) && !(u.Scheme == "https" && u.Port == 443) {
		s += ":" + itoa(u.Port)
	}
	s += u.Path
	if u.Query != "" {
		s += "?" + u.Query
	}
	return s
}
