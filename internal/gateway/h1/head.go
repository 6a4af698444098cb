package h1

import (
	"bytes"
	"errors"
	"strings"
)

// Reasons to refuse a head.
var (
	errBareLF     = errors.New("a line ends without CR")
	errLine       = errors.New("malformed request line")
	errConnect    = errors.New("CONNECT")
	errField      = errors.New("malformed header line")
	errFold       = errors.New("folded header line")
	errHost       = errors.New("not exactly one Host")
	errHostTarget = errors.New("the Host contradicts the request target")
	errLength     = errors.New("malformed or repeated Content-Length")
	errTransfer   = errors.New("Transfer-Encoding is not a single chunked")
	errBoth       = errors.New("both Content-Length and Transfer-Encoding")
)

// framing is how a message's body ends.
type framing struct {
	length  int64
	chunked bool
}

// seen counts the lines that may stand once.
type seen struct {
	host, length, transfer int
	hostValue              []byte
	framing
}

// judge reads a head, its blank line included.
func judge(b []byte) (framing, error) {
	line, rest, ok := cutLine(b)
	if !ok {
		return framing{}, errBareLF
	}
	target, old, err := requestLine(line)
	if err != nil {
		return framing{}, err
	}
	var s seen
	for {
		if line, rest, ok = cutLine(rest); !ok {
			return framing{}, errBareLF
		}
		if len(line) == 0 {
			break
		}
		if err := s.field(line); err != nil {
			return framing{}, err
		}
	}
	switch {
	case s.host > 1 || s.host == 0 && !old:
		return framing{}, errHost
	case s.length > 0 && s.transfer > 0:
		return framing{}, errBoth
	case s.transfer > 0 && old:
		return framing{}, errTransfer
	case !agrees(target, s.hostValue):
		return framing{}, errHostTarget
	}
	return s.framing, nil
}

// cutLine cuts a line that ends in CRLF and holds no other CR or LF.
func cutLine(b []byte) (line, rest []byte, ok bool) {
	i := bytes.IndexByte(b, '\n')
	if i < 1 || b[i-1] != '\r' || bytes.IndexByte(b[:i-1], '\r') >= 0 {
		return nil, nil, false
	}
	return b[:i-1], b[i+1:], true
}

// requestLine reads "METHOD target HTTP/1.x"; old says HTTP/1.0.
func requestLine(line []byte) (target []byte, old bool, err error) {
	method, rest, ok := bytes.Cut(line, []byte(" "))
	target, version, ok2 := bytes.Cut(rest, []byte(" "))
	if string(method) == "CONNECT" {
		return nil, false, errConnect
	}
	if !ok || !ok2 || !isToken(method) || !isTarget(target) {
		return nil, false, errLine
	}
	for _, c := range target {
		if c <= ' ' || c >= 0x7f {
			return nil, false, errLine
		}
	}
	switch string(version) {
	case "HTTP/1.1":
		return target, false, nil
	case "HTTP/1.0":
		return target, true, nil
	}
	return nil, false, errLine
}

// field reads one header line and notes what frames the message.
func (s *seen) field(line []byte) error {
	if line[0] == ' ' || line[0] == '\t' {
		return errFold
	}
	colon := bytes.IndexByte(line, ':')
	if colon < 0 || !isToken(line[:colon]) {
		return errField
	}
	for _, c := range line[colon+1:] {
		if c < ' ' && c != '\t' || c == 0x7f {
			return errField
		}
	}
	switch name := line[:colon]; len(name) {
	case len("Host"):
		if equalFold(name, "host") {
			s.host++
			s.hostValue = bytes.Trim(line[colon+1:], " \t")
		}
	case len("Content-Length"):
		if equalFold(name, "content-length") {
			s.length++
			return s.setLength(bytes.Trim(line[colon+1:], " \t"))
		}
	case len("Transfer-Encoding"):
		if equalFold(name, "transfer-encoding") {
			s.transfer++
			if s.transfer > 1 || !equalFold(bytes.Trim(line[colon+1:], " \t"), "chunked") {
				return errTransfer
			}
			s.chunked = true
		}
	}
	return nil
}

func (s *seen) setLength(v []byte) error {
	if s.length > 1 || len(v) == 0 || len(v) > 18 {
		return errLength
	}
	for _, c := range v {
		if c < '0' || c > '9' {
			return errLength
		}
		s.framing.length = s.framing.length*10 + int64(c-'0')
	}
	return nil
}

// isTarget says whether a request target is a path, the asterisk, or an absolute http or https URL.
func isTarget(target []byte) bool {
	if len(target) == 0 {
		return false
	}
	if target[0] == '/' || string(target) == "*" {
		return true
	}
	scheme, rest, absolute := bytes.Cut(target, []byte("://"))
	return absolute && len(rest) > 0 && (bytes.EqualFold(scheme, []byte("http")) || bytes.EqualFold(scheme, []byte("https")))
}

// agrees says whether the authority of an absolute target is the Host.
func agrees(target, host []byte) bool {
	if target[0] == '/' || target[0] == '*' {
		return true
	}
	_, rest, absolute := bytes.Cut(target, []byte("://"))
	if !absolute {
		return true // the server refuses it
	}
	if i := bytes.IndexAny(rest, "/?"); i >= 0 {
		rest = rest[:i]
	}
	return equalFold(rest, strings.ToLower(string(host)))
}

// equalFold compares ASCII text with a lower-case one, without case.
func equalFold(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

func isToken(b []byte) bool {
	for _, c := range b {
		if !token[c] {
			return false
		}
	}
	return len(b) > 0
}

var token = func() (t [256]bool) {
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = true, true
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = true
	}
	for _, c := range "!#$%&'*+-.^_`|~" {
		t[c] = true
	}
	return t
}()
