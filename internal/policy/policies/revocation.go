package policies

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/certfile"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/token"
)

// revocationLists are the lists of revoked certificates that authorities publish. Only certificates that a trusted authority vouches for are looked up:
// where is looked says the authority, not the caller. A certificate whose authority names no list is not looked up; one whose list can't be had is
// refused.
type revocationLists struct {
	fetch token.Fetch

	mu    sync.Mutex
	known map[string]*revocationList
}

// revocationList is one list, or why it could not be had. Who looks first gets it; others wait.
type revocationList struct {
	mu    sync.Mutex
	until time.Time // when it is asked for again
	list  *x509.RevocationList
	gone  map[string]bool // serial numbers
	err   error
}

const (
	maxLists    = 128
	listAge     = time.Hour   // at most, however long it says it is good
	listRetry   = time.Minute // after a failure
	maxLocation = 3           // addresses of one certificate that are tried
)

func newRevocationLists(fetch token.Fetch) *revocationLists {
	return &revocationLists{fetch: fetch, known: map[string]*revocationList{}}
}

// check looks every certificate of a chain up, but the authority at its end, which answers for itself. It says what is wrong, "" when nothing is.
func (r *revocationLists) check(ctx context.Context, chain []*x509.Certificate, now time.Time) string {
	for i := 0; i+1 < len(chain); i++ {
		c, issuer := chain[i], chain[i+1]
		if len(c.CRLDistributionPoints) == 0 {
			continue
		}
		revoked, err := r.revoked(ctx, c, issuer, now)
		switch {
		case err != nil:
			return fmt.Sprintf("Whether the certificate with the serial number %X is revoked can't be found out: %v.", c.SerialNumber, err)
		case revoked:
			return fmt.Sprintf("The certificate with the serial number %X is revoked.", c.SerialNumber)
		}
	}
	return ""
}

func (r *revocationLists) revoked(ctx context.Context, c, issuer *x509.Certificate, now time.Time) (bool, error) {
	err := errors.New("its list has no http address")
	tried := 0
	for _, address := range c.CRLDistributionPoints {
		u, parseErr := url.Parse(address)
		if parseErr != nil || u.Scheme != "http" && u.Scheme != "https" || tried == maxLocation {
			continue
		}
		tried++
		var l *revocationList
		if l, err = r.get(ctx, address, now); err != nil {
			continue
		}
		if signErr := l.list.CheckSignatureFrom(issuer); signErr != nil {
			err = fmt.Errorf("the list at %s is not its issuer's", address)
			continue
		}
		return l.gone[c.SerialNumber.String()], nil
	}
	return false, err
}

// get finds a list. The one that is returned doesn't change any more.
func (r *revocationLists) get(ctx context.Context, address string, now time.Time) (*revocationList, error) {
	r.mu.Lock()
	l := r.known[address]
	if l == nil {
		if len(r.known) >= maxLists {
			clear(r.known)
		}
		l = &revocationList{}
		r.known[address] = l
	}
	r.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.After(l.until) {
		l.read(r.load(ctx, address), now, address)
	}
	if l.err != nil {
		return nil, l.err
	}
	return &revocationList{list: l.list, gone: l.gone}, nil
}

type loaded struct {
	data []byte
	err  error
}

func (r *revocationLists) load(ctx context.Context, address string) loaded {
	if r.fetch == nil {
		return loaded{err: errors.New("nothing can be fetched here")}
	}
	data, err := r.fetch(context.WithoutCancel(ctx), address) // others wait for it, too; it has a time limit of its own
	return loaded{data, err}
}

func (l *revocationList) read(from loaded, now time.Time, address string) {
	if from.err != nil && l.list != nil && now.Before(l.list.NextUpdate) {
		l.until = now.Add(listRetry) // what is there still counts
		return
	}
	l.list, l.gone, l.err, l.until = nil, nil, nil, now.Add(listRetry)
	if from.err != nil {
		l.err = fmt.Errorf("the list at %s: %w", address, from.err)
		return
	}
	data := from.data
	if block, _ := pem.Decode(data); block != nil {
		data = block.Bytes
	}
	list, err := x509.ParseRevocationList(data)
	switch {
	case err != nil:
		l.err = fmt.Errorf("the list at %s can't be read", address)
		return
	case !list.NextUpdate.IsZero() && now.After(list.NextUpdate):
		l.err = fmt.Errorf("the list at %s is out of date", address)
		return
	}
	l.list, l.gone, l.until = list, make(map[string]bool, len(list.RevokedCertificateEntries)), now.Add(listAge)
	if !list.NextUpdate.IsZero() && list.NextUpdate.Before(l.until) {
		l.until = list.NextUpdate
	}
	for _, e := range list.RevokedCertificateEntries {
		l.gone[e.SerialNumber.String()] = true
	}
}

// leafOf is the certificate of an uploaded file.
func leafOf(c *policy.Certificate) (*x509.Certificate, error) {
	read, err := certfile.Read(c.Data(), c.Password)
	if err != nil {
		return nil, err
	}
	return read.Leaf, nil
}
