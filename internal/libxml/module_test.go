package libxml

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"strings"
	"testing"
)

// The committed module is the one that the written sources and compilers gave: whoever changes module.c or swaps the module has to say so.
func TestModuleIsTheOneThatSourcesTxtDescribes(t *testing.T) {
	t.Parallel()
	list, err := os.Open("module/sources.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = list.Close() }()
	checked := map[string]bool{}
	for lines := bufio.NewScanner(list); lines.Scan(); {
		f := strings.Fields(lines.Text())
		if len(f) != 3 {
			continue
		}
		var content []byte
		switch f[0] {
		case "file":
			content, err = os.ReadFile("module/" + f[1])
		case "module":
			var z *gzip.Reader
			if z, err = gzip.NewReader(bytes.NewReader(packed)); err == nil {
				content, err = io.ReadAll(z)
			}
		default:
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		checked[f[1]] = true
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != f[2] {
			t.Errorf("%s is not the file that module/sources.txt describes; run `make xml` to build the module from its sources (Debian bookworm, half a minute)", f[1])
		}
	}
	for _, name := range []string{"module.c", "libxml.wasm", "libxml.wasm.gz"} {
		if !checked[name] {
			t.Errorf("module/sources.txt says nothing about %s", name)
		}
	}
}

// The module reaches nothing outside of its memory: no file, network, clock or environment, because it imports no function at all.
func TestModuleImportsNothing(t *testing.T) {
	t.Parallel()
	l, err := Shared().load()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range l.module.ImportedFunctions() {
		module, name, _ := f.Import()
		t.Errorf("the module imports %s of %s", name, module)
	}
	if len(l.module.ImportedMemories()) > 0 {
		t.Error("the module imports its memory")
	}
}

func TestImagesKeepToTheirBound(t *testing.T) {
	t.Parallel()
	c := newImages(250)
	key := func(i byte) digest { return digest{i} }
	for i := range byte(3) {
		c.put(key(i), &image{bytes: 100})
		c.get(key(0)) // the first is used again and again
	}
	if c.get(key(0)) == nil || c.get(key(2)) == nil {
		t.Error("an image that was used lately is gone")
	}
	if c.get(key(1)) != nil {
		t.Error("the image that was used longest ago is kept beyond the bound")
	}
	if c.put(key(9), &image{bytes: 251}); c.get(key(9)) != nil || c.bytes > 250 {
		t.Errorf("%d bytes are kept", c.bytes)
	}
}
