package xmltree

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestNamesAreResolvedAndAPartMeansTheSameAlone(t *testing.T) {
	t.Parallel()
	root, err := Read([]byte(`<?xml version="1.0" encoding="utf-16"?>
		<w:a xmlns:w="urn:w" xmlns="urn:d" xmlns:t="urn:t" xmlns:unused="urn:u"><b x="t:Type"><!-- c --><c>1 &lt; 2</c></b></w:a>`))
	if err != nil {
		t.Fatal(err)
	}
	b := root.First("urn:d", "b")
	if b == nil {
		t.Fatal("the element of the default namespace is not found")
	}
	if name, err := b.Resolve(b.Get("x")); err != nil || name != (Name{"urn:t", "Type"}) {
		t.Errorf("the value is %v, %v", name, err)
	}
	if _, err := b.Resolve("no:Type"); err == nil {
		t.Error("a prefix that nobody declares was taken")
	}
	alone := string(b.Append(nil, 0))
	want := "<b x=\"t:Type\" xmlns=\"urn:d\" xmlns:t=\"urn:t\">\n  <c>1 &lt; 2</c>\n</b>"
	if alone != want {
		t.Errorf("the part alone is\n%s\nwant\n%s", alone, want)
	}
	again, err := Read([]byte(alone))
	if err != nil || again.Name != b.Name || again.First("urn:d", "c").Content() != "1 < 2" {
		t.Errorf("read again it is %v, %v", again, err)
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	text := "<?xml version='1.0' encoding='UTF-16'?><a>Größe</a>"
	units := utf16.Encode([]rune("\ufeff" + text))
	var little, big bytes.Buffer
	_ = binary.Write(&little, binary.LittleEndian, units)
	_ = binary.Write(&big, binary.BigEndian, units)
	for name, doc := range map[string][]byte{
		"utf-16 little": little.Bytes(), "utf-16 big": big.Bytes(), "utf-8": []byte("\ufeff<a>Größe</a>"),
		"latin": []byte("<?xml version='1.0' encoding='ISO-8859-1'?><a>Gr\xf6\xdfe</a>"),
	} {
		root, err := Read(doc)
		if err != nil || root.Content() != "Größe" {
			t.Errorf("%s: %v, %v", name, root.Content(), err)
		}
	}
}

func TestHostileDocumentsAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ doc, says string }{
		"a document type":     {`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, "document type"},
		"an entity":           {`<a>&x;</a>`, "well-formed"},
		"an open element":     {`<a><b></b>`, "ends inside"},
		"crossed elements":    {`<a><b></a></b>`, "has no beginning"},
		"two roots":           {`<a/><b/>`, "second element"},
		"text outside":        {`<a/>x`, "outside"},
		"an unknown prefix":   {`<p:a/>`, "not declared"},
		"one attribute twice": {`<a x="1" x="2"/>`, "twice"},
		"a strange encoding":  {`<?xml version="1.0" encoding="ebcdic"?><a/>`, "encoding"},
		"nothing":             {" \n", "empty"},
		"no element":          {"<!-- c -->", "no element"},
		"too deep":            {strings.Repeat("<a>", 200) + strings.Repeat("</a>", 200), "deeper"},
		"too many parts":      {"<a>" + strings.Repeat("<b/>", 310_000) + "</a>", "more than"},
		"too large":           {"<a>" + strings.Repeat(" ", MaxBytes) + "</a>", "bytes"},
		"half a character":    {"\xff\xfe<", "cut off"},
		"too many namespaces": {strings.Repeat("<a "+declarations(150)+">", 3) + strings.Repeat("</a>", 3), "declarations"},
		"too many attributes": {"<a " + attributes(300) + "/>", "attributes"},
	} {
		_, err := Read([]byte(c.doc))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat("x", i+1) + `="" `)
	}
	return b.String()
}

func declarations(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("xmlns:p" + strings.Repeat("x", i) + `="u" `)
	}
	return b.String()
}

// FuzzRead: whatever is read can be written and read again.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`<w:a xmlns:w="urn:w"><b x="w:y">t</b></w:a>`))
	f.Add([]byte(`<!DOCTYPE a><a/>`))
	f.Add([]byte(`<a xmlns="u" xmlns:x="v"><x:b x:c="&#9;">&amp;</x:b></a>`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		root, err := Read(doc)
		if err != nil {
			return
		}
		text := root.Append(nil, 0)
		again, err := Read(text)
		if err != nil {
			if len(text) > MaxBytes {
				return // escapes are longer
			}
			t.Fatalf("%q was written as %q: %v", doc, text, err)
		}
		if again.Name != root.Name || again.Content() != root.Content() {
			t.Fatalf("%q was written as %q", doc, text)
		}
	})
}
