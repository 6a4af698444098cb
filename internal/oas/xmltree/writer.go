package xmltree

// Writer writes a document element by element, each on a line of its own. Pairs are names and values of attributes, of which those without a value are
// left out.
type Writer struct {
	B     []byte
	Depth int // of the element that is open
}

// Declare begins the document.
func (w *Writer) Declare() { w.B = append(w.B, `<?xml version="1.0" encoding="utf-8"?>`...) }

// Open begins an element, which End ends.
func (w *Writer) Open(name string, pairs ...string) {
	w.start(name, pairs)
	w.B = append(w.B, '>')
	w.Depth++
}

// Empty writes an element without content.
func (w *Writer) Empty(name string, pairs ...string) {
	w.start(name, pairs)
	w.B = append(w.B, "/>"...)
}

// Leaf writes an element that holds text.
func (w *Writer) Leaf(name, text string, pairs ...string) {
	w.start(name, pairs)
	w.B = AppendText(append(w.B, '>'), text)
	w.close(name)
}

// End ends the element that was opened last.
func (w *Writer) End(name string) {
	w.Depth--
	w.B = Indent(w.B, w.Depth)
	w.close(name)
}

func (w *Writer) start(name string, pairs []string) {
	w.B = append(append(Indent(w.B, w.Depth), '<'), name...)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			w.B = append(append(append(w.B, ' '), pairs[i]...), `="`...)
			w.B = append(AppendText(w.B, pairs[i+1]), '"')
		}
	}
}

func (w *Writer) close(name string) {
	w.B = append(append(append(w.B, "</"...), name...), '>')
}
