package directory

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Cost of a password hash: argon2id with 19 MiB, two passes, one lane. One hash at a time, so that a flood of sign-ins takes 19 MiB and
// one core, and no more.
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2
	argonThreads = 1
	argonKey     = 32
	argonSalt    = 16
	maxWaiting   = 32 // further checks are refused as busy
)

// Bounds of a password, in characters. The upper one bounds what is hashed.
const (
	minPassword = 8
	maxPassword = 256
)

// passwords hashes and checks, one at a time.
type passwords struct {
	turn    chan struct{}
	waiting chan struct{}
}

func newPasswords() *passwords {
	return &passwords{turn: make(chan struct{}, 1), waiting: make(chan struct{}, maxWaiting)}
}

// key computes the hash when it is this call's turn.
func (p *passwords) key(ctx context.Context, c phc, password string) ([]byte, error) {
	select {
	case p.waiting <- struct{}{}:
		defer func() { <-p.waiting }()
	default:
		return nil, ErrBusy
	}
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), c.salt, c.time, c.memory, argonThreads, argonKey), nil
}

// hash makes the PHC text of a new password.
func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword {
		return "", badRequest("The specified password does not comply with password complexity requirements: it needs %d to %d characters.", minPassword, maxPassword)
	}
	c := phc{time: argonTime, memory: argonMemory, salt: make([]byte, argonSalt)}
	_, _ = rand.Read(c.salt) // never fails: the process ends when the system has no randomness
	var err error
	if c.key, err = p.key(ctx, c, password); err != nil {
		return "", err
	}
	return c.String(), nil
}

// check compares a password with a PHC text. The empty text stands for a person who does not exist: it takes as long and is never right.
func (p *passwords) check(ctx context.Context, text, password string) (bool, error) {
	nobody := text == ""
	c := phc{time: argonTime, memory: argonMemory, salt: make([]byte, argonSalt), key: make([]byte, argonKey)}
	if !nobody {
		var err error
		if c, err = parsePHC(text); err != nil {
			return false, err
		}
	}
	if len(password) > maxPassword*utf8.UTFMax {
		password = "" // no password is so long
	}
	key, err := p.key(ctx, c, password)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, c.key) == 1 && !nobody, nil
}

// phc is a password hash in the text form of the Password Hashing Competition: $argon2id$v=19$m=19456,t=2,p=1$salt$key.
type phc struct {
	memory, time uint32
	salt, key    []byte
}

var errPHC = errors.New("directory: a stored password hash is damaged")

func (c phc) String() string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, argonThreads, b.EncodeToString(c.salt), b.EncodeToString(c.key))
}

func parsePHC(text string) (phc, error) {
	var c phc
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, errPHC
	}
	var threads int
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &threads); n != 3 || err != nil || threads != argonThreads {
		return c, errPHC
	}
	var err1, err2 error
	c.salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	c.key, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	// The cost is bounded: what is stored must not be able to stop the process.
	if err1 != nil || err2 != nil || len(c.salt) < 8 || len(c.key) != argonKey || c.time < 1 || c.time > 10 || c.memory < 8 || c.memory > 256*1024 {
		return c, errPHC
	}
	return c, nil
}
