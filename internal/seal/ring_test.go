package seal_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/seal"
)

// counting is the master key 00 01 02 … 1f.
func counting() []byte {
	b := make([]byte, seal.KeySize)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

func ring(t testing.TB, master []byte, older ...[]byte) *seal.Ring {
	t.Helper()
	r, err := seal.NewRing(master, older...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The known answers were computed with another implementation (Python's cryptography and hmac): what is stored today must open for ever.
const (
	knownSealed = "sealed:v1:9c2c7e33f2167514:ZGVmZ2hpamtsbW5vg80++cxVnvRC3eA5XBwfhATUw36L7NA"
	knownDigest = "774252bd09a08ce8976067f4ca98617cc444ecb959b2fe9cbf88db89b825acaf"
)

func TestKnownAnswers(t *testing.T) {
	t.Parallel()
	r := ring(t, counting())
	if got, err := r.Open(knownSealed, seal.AAD("/Subscriptions/s/X", "properties.value")); err != nil || got != "grüße" {
		t.Errorf("open: %q, %v", got, err)
	}
	if got := r.Digest("client secret", "s3cret"); got != knownDigest {
		t.Errorf("digest: %s, want %s", got, knownDigest)
	}
	if got := r.KeyID(); got != "9c2c7e33f2167514" {
		t.Errorf("key id: %s", got)
	}
}

func TestSealedOpensOnlyWhereItBelongs(t *testing.T) {
	t.Parallel()
	r := ring(t, counting())
	for _, plain := range []string{"", "x", "sealed:v1:a:b", strings.Repeat("é", 5000)} {
		aad := seal.AAD("/a/b", "properties.value")
		sealed := r.Seal(plain, aad)
		if !seal.IsSealed(sealed) || len(plain) > 1 && strings.Contains(sealed, plain) {
			t.Errorf("%.20q became %.40q", plain, sealed)
		}
		if got, err := r.Open(sealed, aad); err != nil || got != plain {
			t.Errorf("%.20q came back as %.20q, %v", plain, got, err)
		}
		for _, other := range []string{seal.AAD("/a/c", "properties.value"), seal.AAD("/a/b", "properties.key"), ""} {
			if _, err := r.Open(sealed, other); !errors.Is(err, seal.ErrOpen) {
				t.Errorf("opened for %q: %v", other, err)
			}
		}
		if again := r.Seal(plain, aad); again == sealed {
			t.Error("two seals of one secret are alike")
		}
	}
}

func TestEveryAlteredByteIsFound(t *testing.T) {
	t.Parallel()
	r := ring(t, counting())
	aad := seal.AAD("/Subscriptions/s/X", "properties.value")
	for i := len("sealed:v1:9c2c7e33f2167514:"); i < len(knownSealed); i++ {
		altered := []byte(knownSealed)
		altered[i] ^= 4
		if bytes.Equal(altered, []byte(knownSealed)) {
			t.Fatal("nothing altered")
		}
		if got, err := r.Open(string(altered), aad); err == nil && string(altered) != knownSealed {
			t.Errorf("byte %d altered: opened as %q", i, got)
		}
	}
	for _, s := range []string{"", "grüße", "sealed:v1:", "sealed:v1:9c2c7e33f2167514", "sealed:v1::AAAA", "sealed:v1:9c2c7e33f2167514:AAAA", "sealed:v2:9c2c7e33f2167514:AAAA", "sealed:v1:9c2c7e33f2167514:!"} {
		if _, err := r.Open(s, aad); err == nil {
			t.Errorf("%q opened", s)
		}
	}
}

func TestKeysAreExchangedWhileSecretsStay(t *testing.T) {
	t.Parallel()
	old, next := counting(), bytes.Repeat([]byte{7}, seal.KeySize)
	before, after := ring(t, old), ring(t, next, old)
	sealed := before.Seal("s", "a")
	if got, err := after.Open(sealed, "a"); err != nil || got != "s" || !after.Stale(sealed) {
		t.Errorf("under the older key: %q, %v, stale %v", got, err, after.Stale(sealed))
	}
	again := after.Seal("s", "a")
	if after.Stale(again) {
		t.Error("sealed anew and stale at once")
	}
	if _, err := before.Open(again, "a"); err == nil || !strings.Contains(err.Error(), after.KeyID()) || !strings.Contains(err.Error(), "--key-file") {
		t.Errorf("the wrong key: %v", err)
	}
	if got := after.Digests("p", "s"); len(got) != 2 || got[0] != after.Digest("p", "s") || got[1] != before.Digest("p", "s") {
		t.Errorf("digests: %v", got)
	}
}

func TestDigestsKeepUsesApart(t *testing.T) {
	t.Parallel()
	r := ring(t, counting())
	seen := map[string]string{}
	for _, c := range [][2]string{{"a", "b"}, {"b", "a"}, {"ab", ""}, {"", "ab"}, {"a", "bc"}, {"ab", "c"}} {
		d := r.Digest(c[0], c[1])
		if other, twice := seen[d]; twice {
			t.Errorf("%v has the digest of %s", c, other)
		}
		seen[d] = c[0] + "/" + c[1]
	}
	if !seal.Equal(r.Digest("a", "b"), r.Digest("a", "b")) || seal.Equal(r.Digest("a", "b"), r.Digest("a", "c")) || seal.Equal("", "x") {
		t.Error("digests compare wrongly")
	}
}

func TestMasterKeyHas32Bytes(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 16, 31, 33} {
		if _, err := seal.NewRing(make([]byte, n)); err == nil {
			t.Errorf("a key of %d bytes was accepted", n)
		}
	}
}

func TestNewSecretsDiffer(t *testing.T) {
	t.Parallel()
	a, b := seal.NewSecret(), seal.NewSecret()
	if a == b || len(a) != 43 || strings.ContainsAny(a+b, "+/=&% ") {
		t.Errorf("%q, %q", a, b)
	}
}

func FuzzOpen(f *testing.F) {
	r := ring(f, counting())
	f.Add(knownSealed)
	f.Add("sealed:v1:9c2c7e33f2167514:AAAA")
	f.Fuzz(func(t *testing.T, s string) {
		// Nobody without the key makes a text that opens.
		if _, err := r.Open(s, "fuzz"); err == nil {
			t.Errorf("%q opened", s)
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	r := ring(b, counting())
	aad := seal.AAD("/Subscriptions/s/X", "properties.value")
	for b.Loop() {
		if _, err := r.Open(knownSealed, aad); err != nil {
			b.Fatal(err)
		}
	}
}
