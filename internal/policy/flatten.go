package policy

import (
	"slices"
	"strings"
)

// FlatLine is one line of what runs for an operation, with the place that it comes from.
type FlatLine struct {
	Text     string `json:"text"`
	Scope    string `json:"scope"`
	Document string `json:"document,omitempty"` // resource id; "" for a document without one, and for the default of the service
	Fragment string `json:"fragment,omitempty"` // name of the fragment that the line stands in
	Line     int    `json:"line"`               // in the document or fragment
}

// Flatten is the text of the four sections as they run, in the order of Section: every <base/> replaced, fragments in place of their inclusions.
// Named values stay references, whose values may be secrets. Sources are those of Compile. A document that includes a fragment many times is as long as
// all of that: beyond maxFlatLines and maxFlatBytes the rest is left out, and the last line says so.
func Flatten(sources []Source) (out [sections][]FlatLine) {
	layers := slices.Clone(sources)
	if !slices.ContainsFunc(layers, func(s Source) bool { return s.Scope == Global }) {
		layers = append(layers, Source{Scope: Global, Doc: defaultGlobal()})
	}
	slices.SortStableFunc(layers, func(a, b Source) int { return int(a.Scope) - int(b.Scope) })
	left := flatRoom{maxFlatLines, maxFlatBytes}
	for s := range Section(sections) {
		inherit(
			layers,
			func(l Source) ([]*Node, bool) {
				n := l.Doc.Section(s)
				if n == nil {
					return nil, false
				}
				return n.Children, true
			},
			func(n *Node) bool { return n.Name == "base" },
			func(l Source, n *Node) {
				f := flattening{src: l, left: &left}
				f.element(n, 0)
				out[s] = append(out[s], f.lines...)
			},
		)
	}
	return out
}

// Bounds of what Flatten writes, all sections together.
const (
	maxFlatLines = 20_000
	maxFlatBytes = 4 << 20
)

// flatRoom is how much may still be written; negative lines say that it was told that there is more.
type flatRoom struct{ lines, bytes int }

// flattening writes elements of one document.
type flattening struct {
	src      Source
	left     *flatRoom
	fragment string
	lines    []FlatLine
}

const indentation = "    "

func (f *flattening) element(n *Node, depth int) {
	switch {
	case n.Name == includeFragment.Name && f.fragment == "":
		f.include(n, depth)
	case f.fragment == "" && slices.ContainsFunc(n.Children, includes):
		f.text(n.doc, n.from, n.start, depth)
		for _, c := range n.Children {
			f.element(c, depth+1)
		}
		f.text(n.doc, n.end, n.to, depth)
	default:
		f.text(n.doc, n.from, n.to, depth)
	}
}

func includes(n *Node) bool {
	return n.Name == includeFragment.Name || slices.ContainsFunc(n.Children, includes)
}

func (f *flattening) include(n *Node, depth int) {
	id := n.Attr("fragment-id")
	var doc *Document
	if id != nil && f.src.Home != nil {
		doc = lookup(f.src.Home.Fragments, id.Value.Text())
	}
	if doc == nil {
		f.text(n.doc, n.from, n.to, depth)
		return
	}
	f.fragment = id.Value.Text()
	for _, c := range doc.Root.Children {
		f.element(c, depth)
	}
	f.fragment = ""
}

// text adds a piece of a document. Lines but the first lose the white space that they share, so that the piece stands at its new depth as it stood at
// its old one.
func (f *flattening) text(doc *Document, from, to, depth int) {
	if f.full() {
		return
	}
	first, _ := doc.position(from)
	lines := strings.Split(doc.source[from:to], "\n")
	shared := sharedIndent(lines[1:])
	for i, line := range lines {
		if f.full() {
			return
		}
		line = strings.TrimRight(line, "\r")
		if i > 0 {
			line = strings.TrimPrefix(line, shared)
		}
		if line != "" {
			line = strings.Repeat(indentation, depth) + line
		}
		f.lines = append(f.lines, FlatLine{Text: line, Scope: f.src.Scope.String(), Document: f.src.Doc.ID, Fragment: f.fragment, Line: first + i})
		f.left.lines--
		f.left.bytes -= len(line)
	}
}

// full says whether nothing more may be written, and writes so the first time.
func (f *flattening) full() bool {
	if f.left.lines > 0 && f.left.bytes > 0 {
		return false
	}
	if f.left.lines >= 0 {
		f.left.lines = -1
		f.lines = append(f.lines, FlatLine{Text: "<!-- what runs is longer than can be shown; the rest is left out -->", Scope: f.src.Scope.String()})
	}
	return true
}

// sharedIndent is the white space that all lines that hold something begin with.
func sharedIndent(lines []string) string {
	shared, any := "", false
	for _, line := range lines {
		rest := strings.TrimLeft(line, " \t")
		if strings.TrimSpace(rest) == "" {
			continue
		}
		indent := line[:len(line)-len(rest)]
		if !any {
			shared, any = indent, true
		}
		for !strings.HasPrefix(indent, shared) {
			shared = shared[:len(shared)-1]
		}
	}
	return shared
}
