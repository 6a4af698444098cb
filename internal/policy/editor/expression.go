package editor

import (
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// members are what may follow an unfinished expression: members of what stands before the last dot, or the names that a path begins with.
func (e *Editor) members(expression string) (items []Item) {
	path, word := pathBefore(expression)
	if len(path) == 0 {
		if strings.HasSuffix(strings.TrimSuffix(expression, word), ".") {
			return nil // members of something that isn't a path
		}
		items = append(items, Item{Label: "context", Kind: MemberItem, Detail: e.types["context"].Name, Doc: e.types["context"].Doc})
		for _, name := range e.statics {
			items = append(items, Item{Label: name, Kind: TypeItem, Doc: e.types[name].Doc})
		}
		return begun(items, word)
	}
	t, static := e.typeOf(path)
	if t == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, m := range e.membersOf(t) {
		if m.Static != static || m.Name == "" || !isLetter(m.Name[0]) || m.Name == "this" || seen[m.Name] {
			continue
		}
		seen[m.Name] = true
		items = append(items, Item{Label: m.Name, Kind: MemberItem, Detail: m.Signature, Doc: m.Doc})
	}
	return begun(items, word)
}

// segment is one step of a path: a name, perhaps called or indexed; "((T)…)" is a step named T that is a cast.
type segment struct {
	name    string
	typeArg string // of a call, "JObject" of As<JObject>()
	indexed bool
	cast    bool
}

// pathBefore takes the path before the last dot of an unfinished expression, and what is there of the name behind it.
func pathBefore(s string) (path []segment, word string) {
	at := len(s)
	for at > 0 && identifierByte(s[at-1]) {
		at--
	}
	word = s[at:]
	for at > 0 && s[at-1] == '.' {
		at--
		if at > 0 && s[at-1] == '?' {
			at--
		}
		var seg segment
		var ok bool
		if seg, at, ok = segmentBefore(s, at); !ok {
			return nil, word
		}
		path = append(path, seg)
	}
	slices.Reverse(path)
	return path, word
}

// segmentBefore reads the step that ends at an offset, backwards.
func segmentBefore(s string, at int) (seg segment, begin int, ok bool) {
	for at > 0 && (s[at-1] == ']' || s[at-1] == ')') {
		open := opening(s, at-1)
		if open < 0 {
			return seg, at, false
		}
		if s[at-1] == ']' {
			seg.indexed = true
		} else if open == 0 || !identifierByte(s[open-1]) && s[open-1] != '>' {
			if name := castTo(s[open:at]); name != "" {
				return segment{name: name, cast: true, indexed: seg.indexed}, open, true
			}
			return seg, at, false
		}
		at = open
	}
	if at > 0 && s[at-1] == '>' {
		open := strings.LastIndexByte(s[:at], '<')
		if open < 0 {
			return seg, at, false
		}
		seg.typeArg, at = s[open+1:at-1], open
	}
	end := at
	for at > 0 && identifierByte(s[at-1]) {
		at--
	}
	seg.name = s[at:end]
	return seg, at, seg.name != ""
}

// opening is the offset of the bracket that the one at an offset closes; -1 without one. Brackets in texts don't count.
func opening(s string, at int) int {
	depth, quoted := 0, false
	for i := at; i >= 0; i-- {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ')' || c == ']':
			depth++
		case c == '(' || c == '[':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// castTo is T of "((T)…)".
func castTo(group string) string {
	if !strings.HasPrefix(group, "((") {
		return ""
	}
	name, _, ok := strings.Cut(group[2:], ")")
	if !ok || name == "" || strings.ContainsAny(name, "( \"") {
		return ""
	}
	return bareType(name)
}

// typeOf follows a path from context, a cast, or the name of a type. static says that the path is that name alone.
func (e *Editor) typeOf(path []segment) (t *policy.TypeDoc, static bool) {
	first := path[0]
	t = e.types[first.name]
	static = first.name != "context" && !first.cast
	for i, seg := range path {
		if t == nil {
			return nil, false
		}
		if i > 0 {
			m := e.member(t, seg.name)
			if m == nil {
				return nil, false
			}
			result := m.Type
			if seg.typeArg != "" && len(result) == 1 { // T of a method with one type parameter
				result = seg.typeArg
			}
			t, static = e.types[bareType(result)], false
		}
		if seg.indexed && t != nil {
			m := e.member(t, "this")
			if m == nil {
				return nil, false
			}
			t = e.types[bareType(m.Type)]
		}
	}
	return t, static
}

// membersOf are the members of a type and of those it is made of, its own first.
func (e *Editor) membersOf(t *policy.TypeDoc) []*policy.MemberDoc {
	var out []*policy.MemberDoc
	seen := map[*policy.TypeDoc]bool{}
	for queue := []*policy.TypeDoc{t}; len(queue) > 0; queue = queue[1:] {
		t := queue[0]
		if t == nil || seen[t] {
			continue
		}
		seen[t] = true
		for i := range t.Members {
			out = append(out, &t.Members[i])
		}
		for _, base := range t.Bases {
			queue = append(queue, e.types[bareType(base)])
		}
	}
	return out
}

func (e *Editor) member(t *policy.TypeDoc, name string) *policy.MemberDoc {
	for _, m := range e.membersOf(t) {
		if m.Name == name || name == "this" && strings.Contains(m.Signature, " this[") {
			return m
		}
	}
	return nil
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

func identifierByte(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' }
