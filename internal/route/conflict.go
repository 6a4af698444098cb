package route

import (
	"fmt"
	"strings"
)

// Key is the place that an API claims: its folded path together with its version set ("" without one). No two APIs may hold one path
// unless they are versions in one set, or revisions of one API; a control plane that keeps the path unique per version set may store this
// text as the unique value.
func Key(path, versionSet string) (string, error) {
	segments, err := ParsePrefix(path)
	if err != nil {
		return "", err
	}
	return strings.Join(segments, "/") + ";" + strings.ToLower(versionSet), nil
}

// Claim is an API with what decides whether it may stand beside others.
type Claim struct {
	Owner      string // its id; claims of one owner are revisions of one API and don't conflict
	VersionSet string // id of the version set, "" without one
	API
}

// Conflict is a pair of claims that one gateway could not tell apart.
type Conflict struct {
	A, B   Claim
	Reason string // in words that name no owner
}

// Conflicts finds the claims that collide, each with the first it collides with. The error is that of a malformed path.
func Conflicts(claims []Claim) ([]Conflict, error) {
	byPath := make(map[string]Claim, len(claims))   // path as configured: one version set, or one owner
	byPrefix := make(map[string]Claim, len(claims)) // what requests begin with, and the version they ask for
	var found []Conflict
	for _, c := range claims {
		path, err := ParsePrefix(c.Path)
		if err != nil {
			return nil, err
		}
		prefix, err := c.prefix()
		if err != nil {
			return nil, err
		}
		place := strings.Join(path, "/")
		if other, taken := byPath[place]; !taken {
			byPath[place] = c
		} else if !sameFamily(c, other) {
			found = append(found, Conflict{c, other, fmt.Sprintf("the path %q is used by another API", c.Path)})
			continue
		}
		address := strings.Join(prefix, "/") + ";" + c.selector()
		if other, taken := byPrefix[address]; !taken {
			byPrefix[address] = c
		} else if !strings.EqualFold(other.Owner, c.Owner) {
			found = append(found, Conflict{c, other, fmt.Sprintf("the path %q with version %q is used by another API", c.Path, c.Version)})
		}
	}
	return found, nil
}

// sameFamily says that two APIs may share a path.
func sameFamily(a, b Claim) bool {
	return strings.EqualFold(a.Owner, b.Owner) || a.VersionSet != "" && strings.EqualFold(a.VersionSet, b.VersionSet)
}

// selector is what tells APIs at one prefix apart.
func (a API) selector() string {
	if a.Version == "" || a.Scheme == Unversioned || a.Scheme == Segment {
		return ""
	}
	return fmt.Sprintf("%d:%s:%s", a.Scheme, strings.ToLower(a.Parameter), strings.ToLower(a.Version))
}

// OperationKey is equal for two operations of one API that no request could tell apart.
func OperationKey(method, template string) (string, error) {
	t, err := ParseTemplate(template)
	if err != nil {
		return "", err
	}
	return strings.ToUpper(method) + " " + t.Key(), nil
}
