package egress

import (
	"net/http"
	"net/netip"
	"time"
)

// NewClient is a client for longer work than New's: it dials what is public or allowed, follows no redirect, and ends a request after the given time.
// Its errors name addresses: show Reason of them instead.
func NewClient(allow []netip.Prefix, whole time.Duration) *http.Client {
	client := clientOf(allow)
	client.Timeout = whole
	if t, ok := client.Transport.(*http.Transport); ok {
		t.ResponseHeaderTimeout = whole
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client
}

// Reason is what the giver of an address may know of a failure to reach it.
func Reason(err error) error { return reason(err) }
