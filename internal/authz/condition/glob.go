package condition

import "unicode/utf8"

// glob is a pattern with wildcards, taken apart: a star is any run of characters, a question mark is one.
type glob []globPart

type globPart struct {
	kind globKind
	char rune
}

type globKind byte

const (
	literal globKind = iota
	anyOne
	anyRun
)

// globOf reads a pattern of StringLike, in which a backslash takes the meaning from what follows.
func globOf(text string) glob {
	var g glob
	escaped := false
	for _, c := range text {
		switch {
		case escaped:
			g, escaped = append(g, globPart{literal, c}), false
		case c == '\\':
			escaped = true
		case c == '*':
			g = append(g, globPart{kind: anyRun})
		case c == '?':
			g = append(g, globPart{kind: anyOne})
		default:
			g = append(g, globPart{literal, c})
		}
	}
	if escaped {
		g = append(g, globPart{literal, '\\'})
	}
	return g
}

// matches goes back to the last star alone, so that the cost is that of pattern times text at worst.
func (g glob) matches(text string) bool {
	p, star, mark := 0, -1, 0
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case p < len(g) && g[p].kind == anyRun:
			star, mark = p, i
			p++
		case p < len(g) && (g[p].kind == anyOne || g[p].char == c):
			p++
			i += size
		case star >= 0:
			_, step := utf8.DecodeRuneInString(text[mark:])
			mark += step
			p, i = star+1, mark
		default:
			return false
		}
	}
	for p < len(g) && g[p].kind == anyRun {
		p++
	}
	return p == len(g)
}
