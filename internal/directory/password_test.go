package directory

import (
	"strings"
	"testing"
)

func TestPasswordHashesCarryTheirCost(t *testing.T) {
	t.Parallel()
	p := newPasswords()
	text, err := p.hash(t.Context(), "correct horse")
	if err != nil || !strings.HasPrefix(text, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %v", text, err)
	}
	again, err := p.hash(t.Context(), "correct horse")
	if err != nil || again == text {
		t.Errorf("two hashes of one password are alike, %v", err)
	}
	for password, want := range map[string]bool{"correct horse": true, "Correct horse": false, "": false, "correct horse ": false} {
		if got, err := p.check(t.Context(), text, password); err != nil || got != want {
			t.Errorf("%q: %v, %v", password, got, err)
		}
	}
	if got, err := p.check(t.Context(), "", strings.Repeat("\x00", 32)); err != nil || got {
		t.Errorf("nobody has a password: %v, %v", got, err)
	}
}

func TestDamagedHashesAreErrorsAndCostNothing(t *testing.T) {
	t.Parallel()
	const salt, key = "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	p := newPasswords()
	for _, text := range []string{
		"x", "$argon2id$v=19$m=19456,t=2,p=1$" + salt, "$argon2i$v=19$m=19456,t=2,p=1$" + salt + "$" + key, "$argon2id$v=16$m=19456,t=2,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=4000000,t=2,p=1$" + salt + "$" + key, "$argon2id$v=19$m=19456,t=0,p=1$" + salt + "$" + key, "$argon2id$v=19$m=19456,t=1000,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=19456,t=2,p=4$" + salt + "$" + key, "$argon2id$v=19$m=19456,t=2,p=1$!$" + key, "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$AAAA", "$argon2id$v=19$m=19456,t=2,p=1$AA$" + key,
	} {
		if got, err := p.check(t.Context(), text, "x"); err == nil || got {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=99999999999,t=2,p=1$$")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parsePHC(text)
		if err != nil {
			return
		}
		// Whatever is accepted costs a bounded amount, and is written as it was read.
		if c.memory > 256*1024 || c.time > 10 || len(c.key) != argonKey {
			t.Errorf("%q is accepted: %+v", text, c)
		}
		if again, err := parsePHC(c.String()); err != nil || again.String() != c.String() {
			t.Errorf("%q becomes %q, %v", text, c.String(), err)
		}
	})
}
