package gateway

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// maxKey is the longest subscription key that is looked up.
const maxKey = 256

// digest is a keyed hash of a subscription key: nothing about a key can be learnt from how long a look-up takes.
type digest [sha256.Size]byte

func digestOf(secret *[32]byte, key string) digest {
	var buffer [len(secret) + maxKey]byte
	n := copy(buffer[:], secret[:])
	n += copy(buffer[n:], key)
	return sha256.Sum256(buffer[:n])
}

// subscription is a subscription that requests may name by one of its keys.
type subscription struct {
	source             *snapshot.Subscription
	primary, secondary digest
	facts              policy.Subscription
	user               *policy.User
	product            string // lower case, "" when the scope is no product
}

// keyIndex are the keys of one home.
type keyIndex struct {
	byDigest map[digest]*subscription
	bySource map[*snapshot.Subscription]*subscription
}

// newKeys makes the index of a home's subscriptions; previous saves hashing those that are known.
func newKeys(secret *[32]byte, s *snapshot.Shard, previous *keyIndex) *keyIndex {
	n := s.Subscriptions.Len()
	ix := &keyIndex{make(map[digest]*subscription, 2*n), make(map[*snapshot.Subscription]*subscription, n)}
	users := make(map[string]*policy.User, len(s.Users))
	for _, u := range s.Users {
		users[strings.ToLower(u.ID)] = userFacts(u)
	}
	for src := range s.Subscriptions.All() {
		sub := &subscription{source: src, user: users[strings.ToLower(src.Owner)], product: strings.ToLower(src.Scope.Product)}
		if old := previous.of(src); old != nil {
			sub.primary, sub.secondary = old.primary, old.secondary
		} else {
			sub.primary, sub.secondary = digestOf(secret, src.PrimaryKey), digestOf(secret, src.SecondaryKey)
		}
		sub.facts = policy.Subscription{
			ID: src.Name, Name: src.DisplayName, PrimaryKey: src.PrimaryKey, SecondaryKey: src.SecondaryKey,
			Created: src.Created, Start: src.Start, End: src.End,
		}
		ix.bySource[src] = sub
		if src.PrimaryKey != "" {
			ix.byDigest[sub.primary] = sub
		}
		if src.SecondaryKey != "" {
			ix.byDigest[sub.secondary] = sub
		}
	}
	return ix
}

func (ix *keyIndex) of(src *snapshot.Subscription) *subscription {
	if ix == nil {
		return nil
	}
	return ix.bySource[src]
}

// find returns the subscription that has the key, nil when none has.
func (ix *keyIndex) find(d digest) *subscription {
	s := ix.byDigest[d]
	if s == nil {
		return nil
	}
	if subtle.ConstantTimeCompare(s.primary[:], d[:])|subtle.ConstantTimeCompare(s.secondary[:], d[:]) != 1 {
		return nil
	}
	return s
}

// active says whether the subscription is in its time.
func (s *subscription) active(now time.Time) bool {
	return (s.source.Start == nil || !now.Before(*s.source.Start)) && (s.source.End == nil || now.Before(*s.source.End))
}

func userFacts(u *snapshot.User) *policy.User {
	f := &policy.User{
		ID: u.Name, Email: u.Email, FirstName: u.FirstName, LastName: u.LastName, Note: u.Note, Registered: u.Registered,
		Groups: groups(u.Groups),
	}
	for _, i := range u.Identities {
		f.Identities = append(f.Identities, policy.Identity{ID: i.ID, Provider: i.Name})
	}
	return f
}
