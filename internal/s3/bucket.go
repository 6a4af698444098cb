package s3

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxFault bounds what is read of an answer that says what went wrong.
const maxFault = 8 << 10

// Bucket is a place for objects and the key that opens it.
type Bucket struct {
	// Client reaches the store. It must follow no redirect: what is signed is meant for one address.
	Client *http.Client
	// Address is the bucket's own: https://host/bucket, or a host name of its own, and what the names of objects begin with.
	Address *url.URL
	Region  string
	KeyID   string
	Secret  string
	// Limit bounds an object, in bytes.
	Limit int64
	Now   func() time.Time // time.Now
}

// Fault is what the store answered instead of doing what it was asked.
type Fault struct {
	Status int
	Code   string // S3's own word, such as AccessDenied; "" when there is none
}

func (f *Fault) Error() string {
	switch {
	case f.Status/100 == 3:
		return fmt.Sprintf("it redirects (%d), which is not followed: give the address of the bucket in its region", f.Status)
	case f.Code == "":
		return fmt.Sprintf("it answers %d", f.Status)
	}
	return fmt.Sprintf("it answers %d %s", f.Status, f.Code)
}

// Put stores an object whole; an older one of the name is replaced.
func (b Bucket) Put(ctx context.Context, name, body string) error {
	if int64(len(body)) > b.Limit {
		return fmt.Errorf("it would have %d MiB; %d are allowed", len(body)>>20, b.Limit>>20)
	}
	res, err := b.send(ctx, http.MethodPut, name, body)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return faultOf(res)
	}
	return nil
}

// Get reads an object; false when there is none. That the bucket itself isn't there is an error.
func (b Bucket) Get(ctx context.Context, name string) (string, bool, error) {
	res, err := b.send(ctx, http.MethodGet, name, "")
	if err != nil {
		return "", false, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		fault := faultOf(res)
		if fault.Status == http.StatusNotFound && fault.Code == "NoSuchKey" {
			return "", false, nil
		}
		return "", false, fault
	}
	if res.ContentLength > b.Limit {
		return "", false, b.tooLarge()
	}
	var text strings.Builder
	text.Grow(int(max(res.ContentLength, 0)))
	n, err := io.Copy(&text, io.LimitReader(res.Body, b.Limit+1))
	switch {
	case err != nil:
		return "", false, errors.New("it could not be read to its end")
	case n > b.Limit:
		return "", false, b.tooLarge()
	}
	return text.String(), true, nil
}

func (b Bucket) tooLarge() error { return fmt.Errorf("it is larger than %d MiB", b.Limit>>20) }

func (b Bucket) send(ctx context.Context, method, name, body string) (*http.Response, error) {
	address := b.Address.Scheme + "://" + b.Address.Host + encoded(strings.TrimSuffix(b.Address.Path, "/")+"/"+name)
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return nil, errors.New("it is not a URL")
	}
	req.Header.Set("Accept-Encoding", "identity") // what is stored is what comes back, and counts as it is
	if method == http.MethodPut {
		req.Header.Set("Content-Type", "application/octet-stream")
	}
	now := time.Now
	if b.Now != nil {
		now = b.Now
	}
	b.sign(req, hashOf(body), now())
	return b.Client.Do(req)
}

// faultOf reads S3's error document, as far as it is one.
func faultOf(res *http.Response) *Fault {
	f := &Fault{Status: res.StatusCode}
	var said struct{ Code string }
	if xml.NewDecoder(io.LimitReader(res.Body, maxFault)).Decode(&said) == nil && isWord(said.Code) {
		f.Code = said.Code
	}
	return f
}

// isWord says whether a code is one that may be shown: what a store says is not ours.
func isWord(s string) bool {
	return len(s) <= 64 && !strings.ContainsFunc(s, func(c rune) bool { return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') })
}
