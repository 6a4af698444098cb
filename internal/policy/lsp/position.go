package lsp

import (
	"strings"
	"unicode/utf8"
)

// position is a place as the protocol counts: lines from 0, and UTF-16 units of the line from 0.
type position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

type span struct {
	Start position `json:"start"`
	End   position `json:"end"`
}

// lineAt is a line of a text without its end, and where it begins.
func lineAt(text string, n int) (line string, begin int) {
	for ; n > 0; n-- {
		next := strings.IndexByte(text[begin:], '\n')
		if next < 0 {
			return "", len(text)
		}
		begin += next + 1
	}
	line, _, _ = strings.Cut(text[begin:], "\n")
	return strings.TrimSuffix(line, "\r"), begin
}

// offset is the byte that a position points at.
func offset(text string, p position) int {
	line, begin := lineAt(text, p.Line)
	units := 0
	for i, r := range line {
		if units >= p.Character {
			return begin + i
		}
		units += width(r)
	}
	return begin + len(line)
}

// at is the position of a character of a line, both from 1 as the engine counts.
func at(text string, line, column int) position {
	s, _ := lineAt(text, max(line-1, 0))
	p := position{Line: max(line-1, 0)}
	for _, r := range s {
		if column--; column <= 0 {
			break
		}
		p.Character += width(r)
	}
	return p
}

// end is the position behind the last character.
func end(text string) position {
	n := strings.Count(text, "\n")
	line, _ := lineAt(text, n)
	p := position{Line: n}
	for _, r := range line {
		p.Character += width(r)
	}
	return p
}

// width is how many UTF-16 units a character takes.
func width(r rune) int {
	if r > 0xffff && r != utf8.RuneError {
		return 2
	}
	return 1
}

// wordEnd is the position behind the word that begins at p, one character at least.
func wordEnd(text string, p position) position {
	from := offset(text, p)
	n := 0
	for _, r := range text[from:] {
		if n > 0 && strings.ContainsRune(" \t\r\n<>\"'=/().,;", r) || r == '\n' {
			break
		}
		n += width(r)
	}
	return position{p.Line, p.Character + n}
}
