package sqldata_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/atelier-apim/atelier/internal/sqldata"
)

// standIn speaks as much of SQL Server's protocol (MS-TDS) as a client needs that signs in and asks one thing after another.
type standIn struct {
	listener net.Listener
	answer   []byte // to every query
	login    []byte // what answers a sign-in beside its acknowledgement
	endless  bool   // the answer goes on with its last row

	mu    sync.Mutex
	asked [][]byte // messages of the client: its sign-in, and queries
	shown int      // certificates of the last client that signed in
}

func newStandIn(t *testing.T, encrypted bool, answer ...[]byte) (*standIn, sqldata.Target) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := uint16(l.Addr().(*net.TCPAddr).Port) //nolint:gosec // a port
	if encrypted {
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{selfSigned(t)}, NextProtos: []string{"tds/8.0"}, MinVersion: tls.VersionTLS12, ClientAuth: tls.RequestClientCert})
	}
	s := &standIn{listener: l, answer: bytes.Join(answer, nil)}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	target, err := sqldata.Read("Server=127.0.0.1;User ID=app;Password=secret;Encrypt=optional;Connect Timeout=5", false)
	if err != nil {
		t.Fatal(err)
	}
	target.Port = port
	return s, target
}

func selfSigned(t *testing.T) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func (s *standIn) serve(c net.Conn) {
	defer c.Close()
	for {
		kind, message, err := readMessage(c)
		if err != nil {
			return
		}
		var reply []byte
		switch kind {
		case 0x12: // PRELOGIN: no encryption; an identity may sign in
			reply = []byte{0, 0, 16, 0, 6, 1, 0, 22, 0, 1, 6, 0, 23, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 2, 1}
		case 0x10: // LOGIN7
			s.note(message)
			if t, ok := c.(*tls.Conn); ok {
				s.mu.Lock()
				s.shown = len(t.ConnectionState().PeerCertificates)
				s.mu.Unlock()
			}
			reply = append(append(loginAck(), s.login...), done(0xfd, 0)...)
		default:
			s.note(message)
			reply = s.answer
		}
		endless := s.endless && kind != 0x12 && kind != 0x10
		if endless {
			err = writePacket(c, reply, false)
		} else {
			err = writeMessage(c, reply)
		}
		if err != nil {
			return
		}
		for endless {
			if err := writePacket(c, row(nvarchar(strings.Repeat("x", 1000))), false); err != nil {
				return
			}
		}
	}
}

func (s *standIn) note(message []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, message)
}

// said says whether a message of the client holds a text.
func (s *standIn) said(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.asked {
		if bytes.Contains(m, wide(text)) {
			return true
		}
	}
	return false
}

func readMessage(c net.Conn) (kind byte, message []byte, err error) {
	head := make([]byte, 8)
	for {
		if _, err := io.ReadFull(c, head); err != nil {
			return 0, nil, err
		}
		body := make([]byte, int(binary.BigEndian.Uint16(head[2:]))-8)
		if _, err := io.ReadFull(c, body); err != nil {
			return 0, nil, err
		}
		if message = append(message, body...); head[1]&1 == 1 {
			return head[0], message, nil
		}
	}
}

func writeMessage(c net.Conn, b []byte) error {
	for len(b) > 4000 {
		if err := writePacket(c, b[:4000], false); err != nil {
			return err
		}
		b = b[4000:]
	}
	return writePacket(c, b, true)
}

func writePacket(c net.Conn, b []byte, last bool) error {
	head := []byte{4, 0, 0, 0, 0, 0, 1, 0}
	if last {
		head[1] = 1
	}
	binary.BigEndian.PutUint16(head[2:], uint16(len(b)+8)) //nolint:gosec // short
	_, err := c.Write(append(head, b...))
	return err
}

func wide(s string) (b []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func short(s string) []byte { return append([]byte{byte(len(s))}, wide(s)...) }

func token(kind byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(binary.LittleEndian.AppendUint16([]byte{kind}, uint16(len(body))), body...) //nolint:gosec // short
}

func loginAck() []byte {
	return token(0xad, []byte{1, 0x74, 0, 0, 4}, short("stand-in"), []byte{16, 0, 0, 0})
}

func done(kind byte, status uint16) []byte {
	return append(binary.LittleEndian.AppendUint16([]byte{kind}, status), make([]byte, 10)...)
}

// columns are names with types.
func columns(pairs ...any) []byte {
	b := binary.LittleEndian.AppendUint16([]byte{0x81}, uint16(len(pairs)/2)) //nolint:gosec // few
	for i := 0; i < len(pairs); i += 2 {
		b = append(append(append(b, 0, 0, 0, 0, 1, 0), pairs[i+1].([]byte)...), short(pairs[i].(string))...)
	}
	return b
}

func row(values ...[]byte) []byte { return append([]byte{0xd1}, bytes.Join(values, nil)...) }

func nvarchar(s string) []byte {
	return append(binary.LittleEndian.AppendUint16(nil, uint16(2*len(utf16.Encode([]rune(s))))), wide(s)...) //nolint:gosec // short
}

var (
	typeBigInt   = []byte{0x26, 8}
	typeNVarChar = []byte{0xe7, 0xa0, 0x0f, 9, 4, 0xd0, 0, 0x34}
	typeBit      = []byte{0x68, 1}
	typeGUID     = []byte{0x24, 16}
	typeDecimal  = []byte{0x6a, 9, 18, 2}
	typeDateTime = []byte{0x2a, 7}
	typeBinary   = []byte{0xa5, 0x40, 0x1f}
	typeFloat    = []byte{0x6d, 8}
)

func ask(t *testing.T, target sqldata.Target, q sqldata.Query) (string, error) {
	t.Helper()
	c := sqldata.New(new(net.Dialer).DialContext)
	t.Cleanup(c.Close)
	q.Target, q.Home = target, "/service"
	r, err := c.Query(t.Context(), q)
	if err != nil {
		return "", err
	}
	return string(r.JSON), nil
}

func TestValuesOfSQLServerAreJSONAndTheLastResultCounts(t *testing.T) {
	t.Parallel()
	s, target := newStandIn(t, false,
		columns("n", typeBigInt), row([]byte{8, 9, 0, 0, 0, 0, 0, 0, 0}), done(0xff, 1),
		columns("id", typeBigInt, "name", typeNVarChar, "ok", typeBit, "guid", typeGUID, "price", typeDecimal, "at", typeDateTime, "raw", typeBinary, "f", typeFloat, "", typeBigInt),
		row(
			[]byte{8, 7, 0, 0, 0, 0, 0, 0, 0}, nvarchar("Zoë"), []byte{1, 1}, []byte{16, 0xff, 0x19, 0x96, 0x6f, 0x86, 0x8b, 0x11, 0xd0, 0xb4, 0x2d, 0, 0xc0, 0x4f, 0xc9, 0x64, 0xff},
			[]byte{9, 1, 150, 0, 0, 0, 0, 0, 0, 0}, []byte{8, 0x00, 0x50, 0x39, 0x27, 0x55, 0x8c, 0x49, 0x0b}, []byte{2, 0, 0, 255}, []byte{8, 0, 0, 0, 0, 0, 0, 0xd0, 0x3f}, []byte{0},
		),
		done(0xff, 0x11), []byte{0x79, 0, 0, 0, 0}, done(0xfe, 0),
	)
	got, err := ask(t, target, sqldata.Query{Statement: "SELECT 9 AS n; SELECT * FROM t WHERE id = @id AND name = @name AND code = @code", Parameters: []sqldata.Parameter{
		value("id", `7`), value("name", `"O'Hara; DROP TABLE t"`), typed("code", "varchar", `"x"`), value("none", `null`), typed("b", "varbinary", `"AP8="`), value("yes", `true`), value("list", `[1,2]`),
	}})
	if err != nil || !strings.HasPrefix(got, `[{"id":7,"name":"Zoë","ok":true,"guid":"6f9619ff-8b86-d011-b42d-00c04fc964ff","price":1.50,"at":"20`) || !strings.HasSuffix(got, `","raw":"AP8=","f":0.25,"column9":null}]`) {
		t.Errorf("%s, %v", got, err)
	}
	for _, text := range []string{
		"SELECT 9 AS n; SELECT * FROM t WHERE id = @id AND name = @name AND code = @code", "@id bigint,@name nvarchar(20),@code varchar(1),@none nvarchar(1),@b varbinary(2),@yes bit,@list nvarchar(5)",
		"O'Hara; DROP TABLE t", "[1,2]",
	} {
		if !s.said(text) {
			t.Errorf("the server was not told %q", text)
		}
	}
}

func TestWhatSQLServerRefusesIsAnError(t *testing.T) {
	t.Parallel()
	refusal := token(0xaa, []byte{208, 0, 0, 0, 1, 16}, binary.LittleEndian.AppendUint16(nil, 21), wide("Invalid object name x"), short("s"), short(""), []byte{1, 0, 0, 0})
	_, target := newStandIn(t, false, refusal, done(0xfd, 2))
	if _, err := ask(t, target, sqldata.Query{Statement: "SELECT * FROM x"}); kindOf(err) != "refused" || !strings.Contains(err.Error(), "Invalid object name x (208)") {
		t.Errorf("%v", err)
	}
	for name, p := range map[string]sqldata.Parameter{"whole": typed("a", "int", `"x"`), "bit": typed("a", "bit", `"x"`), "float": typed("a", "float", `"x"`), "binary": typed("a", "image", `1`)} {
		if _, err := ask(t, target, sqldata.Query{Statement: "SELECT @a", Parameters: []sqldata.Parameter{p}}); kindOf(err) != "refused" || !strings.Contains(err.Error(), "@a is no") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAServerThatNeverEndsIsLeft(t *testing.T) {
	t.Parallel()
	s, target := newStandIn(t, false, columns("v", typeNVarChar))
	s.endless = true
	if _, err := ask(t, target, sqldata.Query{Statement: "SELECT v FROM t"}); kindOf(err) != "too large" {
		t.Errorf("%v", err)
	}
}

// TestAServerThatSendsClientsOnIsFollowedUnderTheSameRules: Azure SQL sends clients on to where a database is.
func TestAServerThatSendsClientsOnIsFollowedUnderTheSameRules(t *testing.T) {
	t.Parallel()
	s, target := newStandIn(t, false)
	to := append(binary.LittleEndian.AppendUint16([]byte{0}, 80), binary.LittleEndian.AppendUint16(nil, 15)...)
	to = append(to, wide("169.254.169.254")...)
	s.login = token(0xe3, []byte{20}, binary.LittleEndian.AppendUint16(nil, uint16(len(to))), to, []byte{0, 0}) //nolint:gosec // short
	var dialled []string
	c := sqldata.New(func(ctx context.Context, network, address string) (net.Conn, error) {
		dialled = append(dialled, address)
		if strings.HasPrefix(address, "169.254.") {
			return nil, refusal{}
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	})
	defer c.Close()
	_, err := c.Query(t.Context(), sqldata.Query{Home: "/service", Target: target, Statement: "SELECT 1"})
	if kindOf(err) != "unreachable" || !strings.Contains(err.Error(), "that address is refused") || len(dialled) != 2 || dialled[1] != "169.254.169.254:80" {
		t.Errorf("%v, dialled %v", err, dialled)
	}
}

type refusal struct{}

func (refusal) Error() string   { return "no" }
func (refusal) Refusal() string { return "that address is refused" }

func TestTheServicesIdentitySignsInWithItsTokenOverTLS(t *testing.T) {
	t.Parallel()
	s, target := newStandIn(t, true, columns("v", typeBigInt), row([]byte{8, 1, 0, 0, 0, 0, 0, 0, 0}), done(0xfd, 0x10))
	s.login = []byte{0xae, 2, 0, 0, 0, 0, 0xff}
	target.Strict, target.Secrecy, target.User, target.Password = true, sqldata.Encrypted, "", ""
	got, err := ask(t, target, sqldata.Query{Statement: "SELECT 1 AS v", Token: "token-of-the-service"})
	if err != nil || got != `[{"v":1}]` || !s.said("token-of-the-service") {
		t.Errorf("%s, %v", got, err)
	}
	own := selfSigned(t)
	if _, err := ask(t, target, sqldata.Query{Statement: "SELECT 1 AS v", Token: "t", Certificate: &own, CertificateID: [32]byte{1}}); err != nil || s.shown != 1 {
		t.Errorf("a certificate of its own: %v, %d shown", err, s.shown)
	}
	target.Secrecy = sqldata.Verified
	if _, err := ask(t, target, sqldata.Query{Statement: "SELECT 1", Token: "t"}); kindOf(err) != "unreachable" || !strings.Contains(err.Error(), "is not trusted") {
		t.Errorf("a certificate that nobody trusts: %v", err)
	}
}

func TestAServerThatSpeaksSomethingElseIsAnError(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write(bytes.Repeat([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"), 100))
			_ = c.Close()
		}
	}()
	port := uint16(l.Addr().(*net.TCPAddr).Port) //nolint:gosec // a port
	for _, text := range []string{"Server=127.0.0.1;User=a;Password=secret", "Server=127.0.0.1;User=a;Password=secret;Encrypt=false", "Host=127.0.0.1;Username=a;Password=secret", "Host=127.0.0.1;Username=a;Password=secret;SSL Mode=Disable"} {
		target, err := sqldata.Read(text, false)
		if err != nil {
			t.Fatal(err)
		}
		target.Port = port
		_, err = ask(t, target, sqldata.Query{Statement: "SELECT 1"})
		if kindOf(err) != "unreachable" || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
