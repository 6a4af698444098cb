package liquid

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

var textFilters = []filter{
	{"Append", 1, 1, func(c *call) (any, error) { return joined(c, false) }},
	{"Capitalize", 0, 0, plainly(titled)},
	{"Default", 1, 1, defaultFilter},
	{"Downcase", 0, 0, plainly(strings.ToLower)},
	{"Escape", 0, 0, plainly(lib.HTMLEncode)},
	{"H", 0, 0, plainly(lib.HTMLEncode)},
	{"Lstrip", 0, 0, plainly(func(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) })},
	{"NewlineToBr", 0, 0, plainly(func(s string) string { return lineBreak.ReplaceAllString(s, "<br />$0") })},
	{"Prepend", 1, 1, func(c *call) (any, error) { return joined(c, true) }},
	{"Remove", 1, 1, onText(removeFilter)},
	{"RemoveFirst", 1, 1, onText(func(c *call, s string) (any, error) { return replaced(c, s, 1, "") })},
	{"Replace", 1, 2, onText(func(c *call, s string) (any, error) { return replacing(c, s, -1) })},
	{"ReplaceFirst", 1, 2, onText(func(c *call, s string) (any, error) { return replacing(c, s, 1) })},
	{"Rstrip", 0, 0, plainly(func(s string) string { return strings.TrimRightFunc(s, unicode.IsSpace) })},
	{"Split", 1, 1, onText(splitFilter)},
	{"Strip", 0, 0, plainly(strings.TrimSpace)},
	{"StripHtml", 0, 0, plainly(func(s string) string { return htmlTag.ReplaceAllString(withoutBlocks(s), "") })},
	{"StripNewlines", 0, 0, plainly(func(s string) string { return lineBreak.ReplaceAllString(s, "") })},
	{"Truncate", 0, 2, onText(truncateFilter)},
	{"TruncateWords", 0, 2, onText(truncateWords)},
	{"Upcase", 0, 0, plainly(strings.ToUpper)},
	{"UrlDecode", 0, 0, plainly(lib.URLDecode)},
	{"UrlEncode", 0, 0, plainly(lib.URLEncode)},
}

var (
	lineBreak = regexp.MustCompile(`\r?\n`)
	htmlTag   = regexp.MustCompile(`(?s)<.*?>`)
)

// htmlBlocks are pieces of HTML that go with what they hold, by how they begin and end.
var htmlBlocks = [...][2]string{{"<script", "</script>"}, {"<!--", "-->"}, {"<style", "</style>"}}

// withoutBlocks goes from left to right once: the end of a kind that wasn't found is not looked for again. A regular expression would look for it from
// each beginning.
func withoutBlocks(s string) string {
	var out strings.Builder
	lower, kept := asciiLower(s), 0
	var endless [len(htmlBlocks)]bool
	for at := 0; at < len(s); {
		next := strings.IndexByte(s[at:], '<')
		if next < 0 {
			break
		}
		at += next
		size := 1
		for i, block := range htmlBlocks {
			if endless[i] || !strings.HasPrefix(lower[at:], block[0]) {
				continue
			}
			end := strings.Index(lower[at+len(block[0]):], block[1])
			if endless[i] = end < 0; endless[i] {
				continue
			}
			size = len(block[0]) + end + len(block[1])
			out.WriteString(s[kept:at])
			kept = at + size
			break
		}
		at += size
	}
	out.WriteString(s[kept:])
	return out.String()
}

// asciiLower has the length of s, byte for byte.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// joined is Append and Prepend; null counts as nothing.
func joined(c *call, before bool) (any, error) {
	s, err := asText(c.in)
	if err != nil {
		return nil, err
	}
	other, err := c.text(0, "")
	if before {
		return other + s, err
	}
	return s + other, err
}

// titled turns the first letter of every word into a capital one and leaves the others alone.
func titled(s string) string {
	inside := false
	return strings.Map(func(r rune) rune {
		starts := !inside
		inside = r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
		if starts && inside {
			return unicode.ToUpper(r)
		}
		return r
	}, s)
}

// defaultFilter gives its argument in place of nothing and blanks.
func defaultFilter(c *call) (any, error) {
	s, err := asText(c.in)
	if err != nil || strings.TrimSpace(s) != "" {
		return s, err
	}
	return c.text(0, "")
}

func removeFilter(c *call, s string) (any, error) {
	part, err := c.text(0, "")
	if err != nil || strings.TrimSpace(s) == "" {
		return s, err
	}
	if part == "" {
		return nil, types.Throw(types.ArgumentExc, "String cannot be of zero length.")
	}
	return strings.ReplaceAll(s, part, ""), nil
}

// replacing is Replace and ReplaceFirst: at this level of DotLiquid the text to look for is a regular expression.
func replacing(c *call, s string, limit int) (any, error) {
	with, err := c.text(1, "")
	if err != nil {
		return nil, err
	}
	return replaced(c, s, limit, with)
}

func replaced(c *call, s string, limit int, with string) (any, error) {
	pattern, err := c.text(0, "")
	if err != nil || s == "" || pattern == "" {
		return s, err
	}
	return lib.ReplacePattern(c.env, s, pattern, with, limit)
}

// splitFilter leaves empty parts out; an empty separator gives the characters.
func splitFilter(c *call, s string) (any, error) {
	by, err := c.text(0, "")
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(s) == "" {
		return []any{s}, nil
	}
	if by == "" {
		out, _ := enumerate(s)
		return out, nil
	}
	if err := c.env.Charge(32 * strings.Count(s, by)); err != nil {
		return nil, err
	}
	out := []any{}
	for part := range strings.SplitSeq(s, by) {
		if part != "" {
			out = append(out, part)
		}
	}
	return out, nil
}

func truncateFilter(c *call, s string) (any, error) {
	length, err := c.number(0, 50)
	if err != nil {
		return nil, err
	}
	end, err := c.text(1, "...")
	switch {
	case err != nil || s == "":
		return s, err
	case length < 0:
		return end, nil
	case types.Len(s) <= length:
		return s, nil
	}
	return types.Sub(s, 0, max(length-types.Len(end), 0)) + end, nil
}

func truncateWords(c *call, s string) (any, error) {
	count, err := c.number(0, 15)
	if err != nil {
		return nil, err
	}
	end, err := c.text(1, "...")
	if err != nil || s == "" {
		return s, err
	}
	if count <= 0 {
		return end, nil
	}
	if words := strings.SplitN(s, " ", count+1); len(words) > count {
		return strings.Join(words[:count], " ") + end, nil
	}
	return s, nil
}
