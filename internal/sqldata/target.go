package sqldata

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Engine is a kind of database server.
type Engine uint8

// The engines.
const (
	SQLServer Engine = iota
	PostgreSQL
)

func (e Engine) String() string { return [...]string{"SQL Server", "PostgreSQL"}[e] }

// Secrecy is how a connection is protected.
type Secrecy uint8

// From nothing to all.
const (
	Clear     Secrecy = iota
	Tried             // TLS where the server has it, its certificate not looked at
	Encrypted         // TLS, the certificate not looked at
	Chained           // TLS, the certificate of an authority that is trusted
	Verified          // TLS, the certificate of such an authority for the name of the server
)

// Bounds of times that a connection string sets.
const (
	standardConnect = 15 * time.Second
	standardCommand = 30 * time.Second
	longest         = 60 * time.Second
)

// Target is where a statement goes, as a connection string says it. It is comparable.
type Target struct {
	Engine         Engine
	Host           string
	Port           uint16
	Database       string
	User, Password string
	Secrecy        Secrecy
	Strict         bool   // SQL Server: TLS from the first byte on (TDS 8)
	NameInCert     string // whose name the certificate bears, "" for the host's
	Application    string
	SearchPath     string // PostgreSQL
	ReadOnly       bool   // SQL Server: ApplicationIntent=ReadOnly
	Connect        time.Duration
	Command        time.Duration
}

// Read reads a connection string: that of ADO.NET for SQL Server ("Server=tcp:host,1433;Database=…"), that of Npgsql ("Host=…;Username=…") or a URL
// (postgres://…) for PostgreSQL. tokens says that the service's identity signs in. Settings that it doesn't know are refused; its errors show no values.
func Read(s string, tokens bool) (t Target, err error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return t, errors.New("the connection string is empty")
	case len(s) > maxString:
		return t, fmt.Errorf("the connection string has more than %d KiB", maxString>>10)
	case strings.ContainsRune(s, 0):
		return t, errors.New("the connection string holds a NUL character")
	case strings.HasPrefix(s, "postgres://"), strings.HasPrefix(s, "postgresql://"):
		t, err = readPostgresURL(s, tokens)
	default:
		var p pairs
		if p, err = readPairs(s); err != nil {
			break
		}
		if _, named := p["host"]; named {
			t, err = readPostgres(p, tokens)
		} else {
			t, err = readSQLServer(p, tokens)
		}
	}
	if err == nil {
		err = t.check(tokens)
	}
	if err != nil {
		return Target{}, fmt.Errorf("the connection string can't be used: %w", err)
	}
	return t, nil
}

// hostName is a name that resolves to addresses: no path of a socket, no pipe, no list.
var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})$`)

func (t *Target) check(tokens bool) error {
	if _, err := netip.ParseAddr(t.Host); err != nil && !hostName.MatchString(t.Host) {
		return errors.New("the server is not a host name or address; sockets, pipes, named instances and lists of servers are not supported")
	}
	if !tokens && t.User == "" {
		return errors.New("it names no user; integrated security is not supported, use-managed-identity signs in as the service")
	}
	if tokens && t.Secrecy < Encrypted {
		return errors.New("the service's identity signs in over TLS alone")
	}
	if t.Connect == 0 {
		t.Connect = standardConnect
	}
	if t.Command == 0 {
		t.Command = standardCommand
	}
	return nil
}

// rest refuses what is left of the settings but for those that mean nothing here.
func (p pairs) rest(ignored ...string) error {
	for _, n := range ignored {
		delete(p, n)
	}
	names := make([]string, 0, len(p))
	for n := range p {
		names = append(names, fmt.Sprintf("'%.40s'", n))
	}
	if len(names) == 0 {
		return nil
	}
	sort.Strings(names)
	return fmt.Errorf("the settings %s are not supported", strings.Join(names, ", "))
}

// seconds reads a time; zero, which stands for no end, is the longest.
func (p pairs) seconds(names ...string) (time.Duration, error) {
	v, err := p.take(names...)
	if err != nil || v == "" {
		return 0, err
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("'%s' is not a number of seconds", names[0])
	}
	d := min(time.Duration(min(n, 3600))*time.Second, longest)
	if d == 0 {
		d = longest
	}
	return d, nil
}

func (p pairs) flag(names ...string) (on, set bool, err error) {
	v, err := p.take(names...)
	if err != nil || v == "" {
		return false, false, err
	}
	switch strings.ToLower(v) {
	case "true", "yes":
		return true, true, nil
	case "false", "no":
		return false, true, nil
	}
	return false, false, fmt.Errorf("'%s' is neither true nor false", names[0])
}

func readPort(s string) (uint16, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 16)
	if err != nil || n == 0 {
		return 0, errors.New("the port is not a number from 1 to 65535")
	}
	return uint16(n), nil
}

// fields takes several texts.
func (p pairs) fields(into map[*string][]string) error {
	for to, names := range into {
		v, err := p.take(names...)
		if err != nil {
			return err
		}
		*to = v
	}
	return nil
}
