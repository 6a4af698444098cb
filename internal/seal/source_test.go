package seal_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/atelier-apim/atelier/internal/seal"
)

func TestKeyIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "master.key")
	var mu sync.Mutex
	keys := map[string]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			key, err := seal.Source{Default: path, Make: true}.Key()
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			keys[string(key)] = true
		})
	}
	wg.Wait()
	if len(keys) != 1 {
		t.Errorf("%d keys were made", len(keys))
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
		t.Errorf("left behind: %v", files)
	}
}

func TestKeySources(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := base64.StdEncoding.EncodeToString(counting())
	good, bad, absent := filepath.Join(dir, "good"), filepath.Join(dir, "bad"), filepath.Join(dir, "absent")
	for path, content := range map[string]string{good: text + "\n", bad: "c2hvcnQ="} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name   string
		source seal.Source
		want   string // part of the error, "" when the key is found
	}{
		{"text", seal.Source{Text: text, Default: absent}, ""},
		{"file", seal.Source{File: good, Default: absent}, ""},
		{"default", seal.Source{Default: good}, ""},
		{"text and file", seal.Source{Text: text, File: good}, "given twice"},
		{"text that is no key", seal.Source{Text: "c2hvcnQ="}, "openssl rand -base64 32"},
		{"file that is no key", seal.Source{File: bad}, bad},
		{"default that is no key is not replaced", seal.Source{Default: bad, Make: true}, bad},
		{"file that is not there", seal.Source{File: absent, Make: true}, absent},
		{"default that is gone although a database exists", seal.Source{Default: absent}, "put the file back"},
		{"default in a folder that is not there", seal.Source{Default: filepath.Join(absent, "k"), Make: true}, "make the master key"},
	} {
		got, err := c.source.Key()
		switch {
		case c.want == "":
			if err != nil || !bytes.Equal(got, counting()) {
				t.Errorf("%s: %x, %v", c.name, got, err)
			}
		case err == nil || !strings.Contains(err.Error(), c.want):
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		case strings.Contains(err.Error(), "c2hvcnQ"):
			t.Errorf("%s: the error tells the key: %v", c.name, err)
		}
	}
}
