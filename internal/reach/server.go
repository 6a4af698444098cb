package reach

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/smtp"
	"net/url"
	"strings"
)

// longestAnswer is the most that is read of a server.
const longestAnswer = 64 << 10

// Server is a mail server or a cache as an operator names it: a scheme, a host, a port, and perhaps credentials.
type Server struct {
	Host, Port string
	TLS        bool
	password   string
	user       string
}

// ParseServer reads "scheme://user:password@host:port". secure is the scheme of the same over TLS; port and securePort stand where the address has none.
func ParseServer(text, plain, port, secure, securePort string) (Server, error) {
	u, err := url.Parse(text)
	if err != nil {
		return Server{}, errors.New("it is not an address") // the parser's error repeats the password
	}
	s := Server{Host: u.Hostname(), Port: u.Port(), user: u.User.Username()}
	s.password, _ = u.User.Password()
	switch u.Scheme {
	case plain:
	case secure:
		s.TLS, port = true, securePort
	default:
		return s, fmt.Errorf("it begins with neither %s:// nor %s://", plain, secure)
	}
	if s.Port == "" {
		s.Port = port
	}
	if s.Host == "" {
		return s, errors.New("it names no host")
	}
	return s, nil
}

// Address is the server's host and port, without credentials.
func (s Server) Address() string { return net.JoinHostPort(s.Host, s.Port) }

// dial connects, with TLS where that is asked for; the connection ends with the context.
func (s Server) dial(ctx context.Context) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.Address())
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if end, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(end) // a connection that takes no deadline is one that fails at once
	}
	if !s.TLS {
		return conn, nil
	}
	secure := tls.Client(conn, &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12})
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close() // the handshake's error is the one to tell
		return nil, fmt.Errorf("tls: %w", err)
	}
	return secure, nil
}

// bounded reads no more of a connection than it may.
type bounded struct {
	net.Conn
	left io.Reader
}

func bound(c net.Conn) net.Conn              { return bounded{c, io.LimitReader(c, longestAnswer)} }
func (b bounded) Read(p []byte) (int, error) { return b.left.Read(p) }

// Mail greets a mail server, over TLS where it offers that. It neither signs in nor sends anything.
func (s Server) Mail(ctx context.Context) error {
	conn, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // only whether it answered matters
	c, err := smtp.NewClient(bound(conn), s.Host)
	if err != nil {
		return fmt.Errorf("greeting: %w", err)
	}
	if err := c.Hello("localhost"); err != nil {
		return fmt.Errorf("EHLO: %w", err)
	}
	if offered, _ := c.Extension("STARTTLS"); offered && !s.TLS {
		if err := c.StartTLS(&tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}); err != nil {
			return fmt.Errorf("STARTTLS: %w", err)
		}
	}
	_ = c.Quit() // it has answered
	return nil
}

// Redis asks a Redis or Valkey server whether it is there.
func (s Server) Redis(ctx context.Context) error {
	conn, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // only whether it answered matters
	r := bufio.NewReader(bound(conn))
	ask := func(words ...string) (string, error) {
		var b strings.Builder
		fmt.Fprintf(&b, "*%d\r\n", len(words))
		for _, w := range words {
			fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(w), w)
		}
		if _, err := io.WriteString(conn, b.String()); err != nil {
			return "", fmt.Errorf("send: %w", err)
		}
		line, err := r.ReadString('\n')
		if err != nil {
			return "", fmt.Errorf("answer: %w", err)
		}
		return strings.TrimSpace(line), nil
	}
	if s.password != "" {
		words := []string{"AUTH", s.password}
		if s.user != "" {
			words = []string{"AUTH", s.user, s.password}
		}
		if answer, err := ask(words...); err != nil || answer != "+OK" {
			return errors.Join(errors.New("AUTH: the server does not take the credentials"), err)
		}
	}
	answer, err := ask("PING")
	if err == nil && answer != "+PONG" {
		err = errors.New("PING: the server answered something else than PONG")
	}
	return err
}
