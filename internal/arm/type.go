package arm

import "strings"

// The type of an id is compared and looked up at each of its levels, several times in every request; for that it needs no text of its own.

// TypeRoom and SegmentRoom are how many bytes of a type and segments of an id have room beside the heap: more than any resource of the catalogue needs.
const (
	TypeRoom    = 192
	SegmentRoom = 24
)

// Type is the full resource type, as written in the id: "Microsoft.ApiManagement/service/apis". Types of subscriptions and resource
// groups are those of Microsoft.Resources; the root has none.
func (id ID) Type() string {
	var room [TypeRoom]byte
	return string(appendType(room[:0], id.text, TypeSubscription, TypeResourceGroup))
}

// AppendTypeKey appends the type in lower case.
func (id ID) AppendTypeKey(into []byte) []byte {
	return appendType(into, id.key, "microsoft.resources/subscriptions", "microsoft.resources/subscriptions/resourcegroups")
}

func appendType(into []byte, path, subscription, group string) []byte {
	var room [SegmentRoom]string
	segs := appendSegments(room[:0], path)
	at, ok := provider(segs)
	if !ok {
		return append(into, scopeType(segs, subscription, group)...)
	}
	into = append(into, segs[at]...)
	for i := at + 1; i < len(segs); i += 2 {
		into = append(append(into, '/'), segs[i]...)
	}
	return into
}

// IsType says whether typ is the type, compared without case.
func (id ID) IsType(typ string) bool {
	var room [SegmentRoom]string
	segs := appendSegments(room[:0], id.text)
	at, ok := provider(segs)
	if !ok {
		return strings.EqualFold(typ, scopeType(segs, TypeSubscription, TypeResourceGroup))
	}
	word, rest, more := strings.Cut(typ, "/")
	if !strings.EqualFold(word, segs[at]) {
		return false
	}
	for i := at + 1; i < len(segs); i += 2 {
		if !more {
			return false
		}
		if word, rest, more = strings.Cut(rest, "/"); !strings.EqualFold(word, segs[i]) {
			return false
		}
	}
	return !more
}

// provider is where the namespace of the last provider stands; false when there is none.
func provider(segs []string) (at int, ok bool) {
	for i := 0; i+1 < len(segs); {
		if strings.EqualFold(segs[i], "providers") {
			at, ok = i+1, true
			i += 4
		} else {
			i += 2
		}
	}
	return at, ok
}

// scopeType is the type of what lies in no provider.
func scopeType(segs []string, subscription, group string) string {
	switch len(segs) {
	case 2:
		return subscription
	case 4:
		return group
	}
	return ""
}
