package seal

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Source says where the master key is. Text and File exclude each other; without both, Default is read.
type Source struct {
	Text    string // base64 of 32 bytes (ATELIER_KEY)
	File    string // a file that holds the same (--key-file, ATELIER_KEY_FILE); it must exist
	Default string // DIR/master.key
	Make    bool   // Default may be made when it is missing. Not to be set when a database exists already: its secrets would never open again
}

// maxKeyFile bounds what is read of a file that is no key.
const maxKeyFile = 4096

// Key finds the master key. Its errors name the source and never what it holds.
func (s Source) Key() ([]byte, error) {
	switch {
	case s.Text != "" && s.File != "":
		return nil, errors.New("the master key is given twice, as ATELIER_KEY and as a key file: choose one")
	case s.Text != "":
		key, err := decode(s.Text)
		if err != nil {
			return nil, fmt.Errorf("ATELIER_KEY: %w", err)
		}
		return key, nil
	case s.File != "":
		return readKey(s.File)
	}
	key, err := readKey(s.Default)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if !s.Make {
		return nil, fmt.Errorf("the master key %s is missing, and the secrets of this database open with no other: put the file back, or name it with --key-file", s.Default)
	}
	return makeKey(s.Default)
}

func readKey(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	key, err := decode(string(text))
	if err != nil {
		return nil, fmt.Errorf("master key %s: %w", path, err)
	}
	return key, nil
}

func decode(text string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != KeySize {
		return nil, fmt.Errorf("want the base64 text of %d random bytes, as `openssl rand -base64 %d` prints it", KeySize, KeySize)
	}
	return key, nil
}

// makeKey writes a new key, durably, readable by its owner alone. Of two processes that start at once one makes it and both use it.
func makeKey(path string) ([]byte, error) {
	key := make([]byte, KeySize)
	_, _ = rand.Read(key) // never fails: the process ends when the system has no randomness
	temporary, err := os.CreateTemp(filepath.Dir(path), ".master.key-*")
	if err != nil {
		return nil, fmt.Errorf("make the master key: %w", err)
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return nil, fmt.Errorf("make the master key: %w", err)
	}
	// A link, unlike a rename, never replaces a key that another process has made meanwhile.
	if err := os.Link(temporary.Name(), path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return readKey(path)
		}
		return nil, fmt.Errorf("make the master key: %w", err)
	}
	return key, syncDir(filepath.Dir(path))
}

// syncDir makes the name of a new file durable: secrets sealed under a key whose file is lost are lost as well.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("make the master key: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("make the master key: %w", err)
	}
	return nil
}
