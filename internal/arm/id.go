package arm

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits on what a caller may write as an id; longer ones are refused before they are looked at.
const (
	MaxIDLength   = 2048
	maxIDSegments = 40
)

// ID names one resource or scope. The zero value is the tenant root "/". IDs are values: compare them with Equal, which
// ignores case as Resource Manager does, and index them by Key.
//
// The casing of the text is kept, because answers return names as they were stored.
type ID struct {
	text string // "/a/b/…" without trailing slash, "" for the root
	key  string // text in lower case
}

// Root is the tenant root, the ancestor of every other scope.
var Root = ID{}

// ParseID reads a complete resource id: every type segment is followed by a name. Duplicate and trailing slashes are dropped.
// Segments are taken as they stand (percent-decoding is the transport's work). The error is meant for the caller who sent the id.
func ParseID(text string) (ID, error) {
	p, err := ParsePath(text)
	if err != nil {
		return ID{}, err
	}
	if p.Collection != "" || p.Namespace != "" {
		return ID{}, fmt.Errorf("resource id %q ends with a type and lacks a name", clip(text))
	}
	return p.ID, nil
}

// MustID is ParseID for ids written in our own code and tests.
func MustID(text string) ID {
	id, err := ParseID(text)
	if err != nil {
		panic(err)
	}
	return id
}

// Path is what a request path says: a resource, or a resource followed by one more word, which is a collection below it
// (GET …/apis) or an action on it (POST …/listSecrets).
type Path struct {
	ID         ID
	Namespace  string // provider namespace of Collection when the path names a new one: …/providers/Microsoft.X/Collection
	Collection string // trailing word, "" when the path names a resource
}

// CollectionType is the full resource type that Collection stands for under ID.
func (p Path) CollectionType() string {
	if p.Namespace != "" {
		return p.Namespace + "/" + p.Collection
	}
	switch {
	case p.ID.IsRoot() && strings.EqualFold(p.Collection, "subscriptions"):
		return TypeSubscription
	case strings.EqualFold(p.ID.Type(), TypeSubscription) && strings.EqualFold(p.Collection, "resourceGroups"):
		return TypeResourceGroup
	}
	return p.ID.Type() + "/" + p.Collection
}

// Types of the scopes above resources.
const (
	TypeSubscription  = "Microsoft.Resources/subscriptions"
	TypeResourceGroup = "Microsoft.Resources/subscriptions/resourceGroups"
)

// ParsePath reads the path of a request, already percent-decoded segment by segment and joined with "/".
func ParsePath(text string) (Path, error) {
	if len(text) > MaxIDLength {
		return Path{}, fmt.Errorf("resource id is longer than %d characters", MaxIDLength)
	}
	if !utf8.ValidString(text) {
		return Path{}, errors.New("resource id is not encoded in UTF-8")
	}
	var room [SegmentRoom]string
	segs, empty := room[:0], 0
	for s := range strings.SplitSeq(text, "/") {
		if s == "" {
			empty++
			continue
		}
		if s == "." || s == ".." || strings.ContainsAny(s, "\x00\r\n\\") {
			return Path{}, fmt.Errorf("resource id %q has a segment that is not a name", clip(text))
		}
		segs = append(segs, s)
	}
	if len(segs) > maxIDSegments {
		return Path{}, fmt.Errorf("resource id has more than %d segments", maxIDSegments)
	}
	if empty != 1 || !strings.HasPrefix(text, "/") { // not as ids are written
		text = "/" + strings.Join(segs, "/")
	}
	return pathOf(segs, text)
}

func pathOf(segs []string, text string) (Path, error) {
	i, n := 0, len(segs)
	done := func(end int) ID { return idOf(segs[:end], text) }
	for i < n {
		if !strings.EqualFold(segs[i], "providers") || i+1 >= n {
			if i+1 == n {
				return Path{ID: done(i), Collection: segs[i]}, nil
			}
			i += 2
			continue
		}
		// "providers/NS" alone, or "providers/NS/type" without a name, end the path.
		switch n - i {
		case 2:
			return Path{ID: done(i), Namespace: segs[i+1]}, nil
		case 3:
			return Path{ID: done(i), Namespace: segs[i+1], Collection: segs[i+2]}, nil
		}
		i += 4
	}
	return Path{ID: done(n)}, nil
}

// idOf is the id of the segments with which text begins.
func idOf(segs []string, text string) ID {
	size := 0
	for _, s := range segs {
		size += 1 + len(s)
	}
	if size == 0 {
		return Root
	}
	return ID{text: text[:size], key: strings.ToLower(text[:size])}
}

// IsRoot says whether id is the tenant root.
func (id ID) IsRoot() bool { return id.text == "" }

// String is the id as clients see it; "/" for the root.
func (id ID) String() string {
	if id.text == "" {
		return "/"
	}
	return id.text
}

// Key is the id in lower case, for maps, ordering and storage; "" for the root. The key of every descendant begins with Key()+"/".
func (id ID) Key() string { return id.key }

// MarshalText and UnmarshalText carry an ID in JSON as its text.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (id *ID) UnmarshalText(b []byte) (err error) {
	*id, err = ParseID(string(b))
	return err
}

// Equal compares ids without case.
func (id ID) Equal(other ID) bool { return id.key == other.key }

// Within says whether id is scope or lies beneath it, by whole segments.
func (id ID) Within(scope ID) bool {
	n := len(scope.key)
	return strings.HasPrefix(id.key, scope.key) && (len(id.key) == n || id.key[n] == '/')
}

// Name is the last segment: the resource's own name. "" for the root.
func (id ID) Name() string { return id.text[strings.LastIndexByte(id.text, '/')+1:] }

// Segments are the words of the id in order.
func (id ID) Segments() []string {
	if id.text == "" {
		return nil
	}
	return strings.Split(id.text[1:], "/")
}

// AppendSegments is Segments into room that the caller has.
func (id ID) AppendSegments(into []string) []string { return appendSegments(into, id.text) }

func appendSegments(into []string, path string) []string {
	if path == "" {
		return into
	}
	rest := path[1:]
	for {
		i := strings.IndexByte(rest, '/')
		if i < 0 {
			return append(into, rest)
		}
		into, rest = append(into, rest[:i]), rest[i+1:]
	}
}

// Parent is the resource or scope directly above: of a child resource its parent resource, of a top-level or extension resource the scope
// it stands in. The root is its own parent.
func (id ID) Parent() ID {
	levels := 2
	if strings.HasSuffix(above(id.key, 3), "/providers") {
		levels = 4
	}
	return ID{text: above(id.text, levels), key: above(id.key, levels)}
}

// above is path without its last segments. Text and key are cut one by one, because letters may change their length with their case.
func above(path string, segments int) string {
	for ; segments > 0; segments-- {
		path = path[:max(strings.LastIndexByte(path, '/'), 0)]
	}
	return path
}

// Child is the resource of the given type segment and name directly below id.
func (id ID) Child(typ, name string) ID {
	t := id.text + "/" + typ + "/" + name
	return ID{text: t, key: strings.ToLower(t)}
}

// Provider is the top-level or extension resource of the provider namespace in the scope id.
func (id ID) Provider(namespace, typ, name string) ID {
	t := id.text + "/providers/" + namespace + "/" + typ + "/" + name
	return ID{text: t, key: strings.ToLower(t)}
}

// Ancestor is the nearest id at or above id whose type is typ, and whether there is one.
func (id ID) Ancestor(typ string) (ID, bool) {
	for at := id; !at.IsRoot(); at = at.Parent() {
		if at.IsType(typ) {
			return at, true
		}
	}
	return Root, false
}

func clip(s string) string {
	if len(s) > 120 {
		return s[:120] + "…"
	}
	return s
}
