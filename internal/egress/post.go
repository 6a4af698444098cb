package egress

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// maxAnswer bounds what is read of an answer to a form.
const maxAnswer = 1 << 20

// NewPost returns a function that sends a form to an https URL under the rules of New, but follows no redirect: what a form holds is meant for one
// address. User and password go in a Basic header unless user is empty. It answers with the status and the body, whatever the status; its error is
// for the person who gave the URL.
func NewPost(allow []netip.Prefix) func(ctx context.Context, address string, form url.Values, user, password string) (int, []byte, error) {
	client := clientOf(allow)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return func(ctx context.Context, address string, form url.Values, user, password string) (int, []byte, error) {
		return post(ctx, client, address, form, user, password)
	}
}

// NewPostHere is NewPost that also takes http when the host is written as this machine (localhost, 127.0.0.1, [::1]). The rules of New hold for it like for
// any other: it is reached where the operator lets links reach it.
func NewPostHere(allow []netip.Prefix) func(ctx context.Context, address string, form url.Values, user, password string) (int, []byte, error) {
	client := clientOf(allow)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return func(ctx context.Context, address string, form url.Values, user, password string) (int, []byte, error) {
		if u, err := url.Parse(address); err == nil && u.Scheme == "http" && here(u.Hostname()) {
			return submit(ctx, client, u, form, user, password)
		}
		return post(ctx, client, address, form, user, password)
	}
}

// here says whether a host is written as this machine.
func here(host string) bool {
	a, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && a.IsLoopback()
}

func post(ctx context.Context, client *http.Client, address string, form url.Values, user, password string) (int, []byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" {
		return 0, nil, errors.New("it is not a URL with https")
	}
	return submit(ctx, client, u, form, user, password)
}

func submit(ctx context.Context, client *http.Client, u *url.URL, form url.Values, user, password string) (int, []byte, error) {
	if err := checkURL(u); err != nil {
		return 0, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, errors.New("it is not a URL")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	if user != "" {
		req.SetBasicAuth(url.QueryEscape(user), url.QueryEscape(password)) // RFC 6749 2.3.1 encodes both as form values
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, reason(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return 0, nil, errors.New("it could not be read to its end in time")
	case len(body) > maxAnswer:
		return 0, nil, fmt.Errorf("its answer is larger than %d MiB", maxAnswer>>20)
	}
	return res.StatusCode, body, nil
}
