package egress

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Limits of one fetch.
const (
	MaxBytes     = 10 << 20
	Timeout      = 5 * time.Second
	maxRedirects = 3
)

// errRefused is one text for every refusal, so that nobody can map a network by it.
var errRefused = errors.New("the address is not one that links may reach; the operator's --link-egress-allow names more")

// refusedRanges are not public though they look so: shared address space, documentation, benchmarks, NAT64, 6to4, Teredo, multicast, reserved,
// IPv4 in IPv6 of the old form, and the address at which Azure tells machines about themselves.
var refusedRanges = prefixes("100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"0.0.0.0/8", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "2001:db8::/32", "100::/64", "fec0::/10",
	"::/96", "168.63.129.16/32")

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		out[i] = netip.MustParsePrefix(t)
	}
	return out
}

// ParseAllow reads a comma-separated list of networks in CIDR form, or single addresses.
func ParseAllow(text string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if a, err := netip.ParseAddr(part); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, fmt.Errorf("%q is not a network such as 10.1.0.0/16", part)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// New returns a function that fetches an http or https URL whose host is public or in one of the allowed networks. It answers with the body of a
// 200, at most MaxBytes within Timeout and after at most three redirects; every other outcome is an error for the person who gave the URL.
func New(allow []netip.Prefix) func(ctx context.Context, address string) ([]byte, error) {
	client := followingClient(allow)
	return func(ctx context.Context, address string) ([]byte, error) {
		return fetch(ctx, client, http.MethodGet, address, nil)
	}
}

// NewAsk is New for servers that are asked with a POST of JSON, such as GraphQL servers for their schema.
func NewAsk(allow []netip.Prefix) func(ctx context.Context, address string, question []byte) ([]byte, error) {
	client := followingClient(allow)
	return func(ctx context.Context, address string, question []byte) ([]byte, error) {
		return fetch(ctx, client, http.MethodPost, address, question)
	}
}

// followingClient is a client that follows a few redirects.
func followingClient(allow []netip.Prefix) *http.Client {
	client := clientOf(allow)
	client.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects {
			return errors.New("it redirects more than three times")
		}
		return checkURL(r.URL)
	}
	return client
}

// clientOf is a client that dials what is public or allowed.
func clientOf(allow []netip.Prefix) *http.Client {
	dialer := &net.Dialer{Timeout: Timeout, Control: func(_, address string, _ syscall.RawConn) error {
		return check(address, allow)
	}}
	return &http.Client{
		Timeout:   Timeout,
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: Timeout, ResponseHeaderTimeout: Timeout, DisableKeepAlives: true},
	}
}

func fetch(ctx context.Context, client *http.Client, method, address string, question []byte) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("it is not a URL")
	}
	if err := checkURL(u); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(question))
	if err != nil {
		return nil, errors.New("it is not a URL")
	}
	if question != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json")
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, reason(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answers %d", res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, MaxBytes+1))
	switch {
	case err != nil:
		return nil, errors.New("it could not be read to its end in time")
	case len(body) > MaxBytes:
		return nil, fmt.Errorf("it is larger than %d MiB", MaxBytes>>20)
	}
	return body, nil
}

// reason is what the giver of the URL may know of a failure.
func reason(err error) error {
	switch {
	case errors.Is(err, errRefused):
		return errRefused
	case strings.Contains(err.Error(), "redirects more"):
		return errors.New("it redirects more than three times")
	}
	return errors.New("it does not answer")
}

func checkURL(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return errors.New("only http and https URLs can be fetched")
	}
	if u.User != nil {
		return errors.New("a URL with a user name or password is not fetched")
	}
	return nil
}

// check is asked with the address that is about to be dialled.
func check(address string, allow []netip.Prefix) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return errRefused
	}
	a := ap.Addr().Unmap().WithZone("")
	if slices.ContainsFunc(allow, func(p netip.Prefix) bool { return p.Contains(a) }) {
		return nil
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() || slices.ContainsFunc(refusedRanges, func(p netip.Prefix) bool { return p.Contains(a) }) {
		return errRefused
	}
	return nil
}
