package route

import (
	"fmt"
	"strings"
	"sync"
)

// Scheme is how the versions of an API are told apart.
type Scheme uint8

// The schemes. Versions of the Segment scheme live below the API's path ("orders/v2"), the others at it.
const (
	Unversioned Scheme = iota
	Segment
	Query
	Header
)

// ParseScheme reads the versioningScheme of a version set; "" is Unversioned.
func ParseScheme(name string) (Scheme, error) {
	for s, known := range [...]string{"", "Segment", "Query", "Header"} {
		if strings.EqualFold(name, known) {
			return Scheme(s), nil
		}
	}
	return 0, fmt.Errorf("unknown versioning scheme %q; known are Segment, Query and Header", name)
}

// API is where one revision of one version of an API is found.
type API struct {
	Path      string // its URL suffix, with or without leading slash; "" is the root
	Scheme    Scheme
	Version   string // "" is the original, reached without a version
	Parameter string // name of the query parameter or header
	Revision  string
	Current   bool
}

// prefixPaths are what paths of APIs are parsed into for a moment: large, for requests, and asked for several times when an API is written.
var prefixPaths = sync.Pool{New: func() any { return new(Path) }}

// ParsePrefix cuts an API's path into folded segments, or says what is wrong with it and where. A path that is accepted here can be
// reached by requests that Path accepts.
func ParsePrefix(path string) ([]string, error) {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil, nil
	}
	if i := strings.IndexAny(path, "?#*{}"); i >= 0 {
		return nil, fmt.Errorf("API path %q, character %d: %q is not allowed in the path of an API", path, i+1, path[i])
	}
	p := prefixPaths.Get().(*Path)
	defer prefixPaths.Put(p)
	if err := p.Parse("/" + path); err != nil {
		return nil, fmt.Errorf("API path %q: %w", path, err)
	}
	if p.Revision != "" {
		return nil, fmt.Errorf("API path %q: the revision is no part of an API's path", path)
	}
	folded, asWritten := make([]string, len(p.segments)), p.Escaped[1:] == path
	for i, s := range p.segments {
		text := s.text
		if at := s.start; asWritten && path[at:at+len(text)] == text {
			text = path[at : at+len(text)] // no memory beside the API's own
		}
		folded[i] = strings.ToLower(text)
	}
	return folded, nil
}

// prefix is the folded path that requests for the API begin with.
func (a API) prefix() ([]string, error) {
	segments, err := ParsePrefix(a.Path)
	if err != nil || a.Scheme != Segment || a.Version == "" {
		return segments, err
	}
	version, err := ParsePrefix(a.Version)
	if err != nil || len(version) != 1 {
		return nil, fmt.Errorf("version %q of API path %q must be one path segment", a.Version, a.Path)
	}
	return append(segments, version...), nil
}
