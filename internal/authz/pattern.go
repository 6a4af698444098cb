package authz

import (
	"errors"
	"fmt"
	"strings"
)

// Bounds on what a role may contain as one action.
const (
	maxPatternLength = 512
	maxPatternStars  = 16
)

// Pattern is an action as a role names it, such as "Microsoft.ApiManagement/service/*/read". A star stands for any run of characters, slashes
// included, possibly none. Nothing else is special, case does not matter, and the whole action must match.
type Pattern struct {
	text string
	runs []string // the literal text between the stars, in lower case
}

// ParsePattern reads a pattern. The error is meant for the author of the role.
func ParsePattern(text string) (Pattern, error) {
	switch {
	case text == "":
		return Pattern{}, errors.New("an action may not be empty")
	case len(text) > maxPatternLength:
		return Pattern{}, fmt.Errorf("an action may have %d characters at most, this one has %d", maxPatternLength, len(text))
	case strings.Count(text, "*") > maxPatternStars:
		return Pattern{}, fmt.Errorf("an action may have %d wildcards at most", maxPatternStars)
	}
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c > '~' {
			return Pattern{}, fmt.Errorf("the action %q has a character that no action has, at position %d", text, i+1)
		}
	}
	return Pattern{text: text, runs: strings.Split(lower(text), "*")}, nil
}

// String is the pattern as it was written.
func (p Pattern) String() string { return p.text }

// Matches says whether the pattern covers the action.
func (p Pattern) Matches(action string) bool { return p.matches(lower(action)) }

// matches is Matches for an action in lower case. Taking each run at its first possible place is enough, because a star can absorb whatever
// lies between; so the cost is that of one pass.
func (p Pattern) matches(action string) bool {
	last := len(p.runs) - 1
	if last <= 0 {
		return last == 0 && action == p.runs[0]
	}
	rest, ok := strings.CutPrefix(action, p.runs[0])
	if !ok {
		return false
	}
	for _, run := range p.runs[1:last] {
		i := strings.Index(rest, run)
		if i < 0 {
			return false
		}
		rest = rest[i+len(run):]
	}
	return strings.HasSuffix(rest, p.runs[last])
}
