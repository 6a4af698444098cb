package directory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// Secrets seals what must be readable again and hashes what must only be recognised; *seal.Ring does.
type Secrets interface {
	Seal(plain, aad string) string
	Open(sealed, aad string) (string, error)
	Digest(purpose, secret string) string
	Digests(purpose, secret string) []string
}

// Options are what a caller may choose; the zero value is right for production.
type Options struct {
	Now func() time.Time // time.Now
	// Refused is told of every change that was asked for over the Graph face by who may not make it; nil for nobody.
	Refused func(ctx context.Context, actor store.Actor, method, path string)
}

// Directory is safe for concurrent use.
type Directory struct {
	store   store.Store
	secrets Secrets
	hashes  *passwords
	now     func() time.Time
	refused func(ctx context.Context, actor store.Actor, method, path string)

	mu      sync.RWMutex
	index   *index
	version uint64          // the last change that index includes
	changed <-chan struct{} // closed when there may be a later one
}

// New reads the directory that s holds.
func New(ctx context.Context, s store.Store, secrets Secrets, o Options) (*Directory, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	d := &Directory{store: s, secrets: secrets, hashes: newPasswords(), now: o.Now, refused: o.Refused}
	d.changed = s.Changed()
	err := s.View(ctx, func(r store.Reader) error {
		x, err := load(r)
		d.index, d.version = x, r.Version()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("directory: %w", err)
	}
	return d, nil
}

func load(r store.Reader) (*index, error) {
	x := newIndex()
	for _, kind := range [...]string{
		organization, users, groups, servicePrincipals, applications, identityProviders, groups + "/" + members, directoryRoles + "/" + members,
	} {
		rows, err := r.List(store.Query{Under: true, Kind: namespace + "/" + kind})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if err := x.put(row.ID, row.Body); err != nil {
				return nil, err
			}
		}
	}
	return x, nil
}

// read hands the index to f after it has followed every change whose writer was answered before. f must not keep the index.
func (d *Directory) read(f func(*index)) error {
	d.mu.RLock()
	select {
	case <-d.changed:
		d.mu.RUnlock()
	default:
		defer d.mu.RUnlock()
		f(d.index)
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.follow(); err != nil {
		return err
	}
	f(d.index)
	return nil
}

// followPage is how many changes are read at once. Fewer than that are the end of the log.
const followPage = 500

// follow reads the log to its end. On an error nothing is lost: the next read tries again.
func (d *Directory) follow() error {
	select {
	case <-d.changed:
	default:
		return nil // another reader was faster
	}
	next := d.store.Changed() // before the log is read, so that no change falls between
	for {
		list, err := d.store.Changes(context.Background(), d.version, followPage)
		if err != nil {
			return fmt.Errorf("directory: follow the change log: %w", err)
		}
		for _, c := range list {
			if err := d.index.apply(c); err != nil {
				return err
			}
			d.version = c.Seq
		}
		if len(list) < followPage {
			d.changed = next
			return nil
		}
	}
}

// Principal finds a principal by its object id. While the change log can't be read nobody is found: better nobody than somebody who was
// deleted meanwhile.
func (d *Directory) Principal(objectID string) (Principal, bool) {
	return d.lookup(func(x *index) string { return strings.ToLower(objectID) })
}

// ByUsername finds a person by the name to sign in with, without case.
func (d *Directory) ByUsername(name string) (Principal, bool) {
	return d.lookup(func(x *index) string { return x.byName[strings.ToLower(name)] })
}

// ByAppID finds a service principal by its client id.
func (d *Directory) ByAppID(appID string) (Principal, bool) {
	return d.lookup(func(x *index) string { return x.byApp[strings.ToLower(appID)] })
}

func (d *Directory) lookup(key func(*index) string) (p Principal, ok bool) {
	err := d.read(func(x *index) { p, ok = x.principals[key(x)] })
	return p, ok && err == nil
}

// Groups are the object ids, in lower case, of all groups that hold the principal, directly or through groups in groups. The slice is
// shared: don't change it.
func (d *Directory) Groups(objectID string) (list []string) {
	if err := d.read(func(x *index) { list = x.groups(strings.ToLower(objectID)) }); err != nil {
		return nil
	}
	return list
}

// Administrator says whether the principal may change the directory.
func (d *Directory) Administrator(objectID string) (yes bool) {
	err := d.read(func(x *index) { _, yes = x.admins[strings.ToLower(objectID)] })
	return yes && err == nil
}

// Administrators are the object ids of all who may change the directory.
func (d *Directory) Administrators() []string {
	var list []string
	for _, p := range d.all(func(x *index, p Principal) bool { _, yes := x.admins[strings.ToLower(p.ObjectID)]; return yes }) {
		list = append(list, p.ObjectID)
	}
	return list
}

// TenantID is the id of the organisation; "" before Bootstrap.
func (d *Directory) TenantID() (tenant string) {
	if err := d.read(func(x *index) { tenant = x.tenant }); err != nil {
		return ""
	}
	return tenant
}

// Members are the direct members of a group.
func (d *Directory) Members(group string) []Principal {
	return d.all(func(x *index, p Principal) bool {
		_, in := x.members[strings.ToLower(group)][strings.ToLower(p.ObjectID)]
		return in
	})
}

// all lists the principals that want accepts, by display name.
func (d *Directory) all(want func(*index, Principal) bool) []Principal {
	var list []Principal
	if err := d.read(func(x *index) {
		for _, p := range x.principals {
			if want(x, p) {
				list = append(list, p)
			}
		}
	}); err != nil {
		return nil
	}
	slices.SortFunc(list, func(a, b Principal) int { return cmp.Compare(sortKey(a), sortKey(b)) })
	return list
}

// sortKey orders lists and is what a page's token says.
func sortKey(p Principal) string { return strings.ToLower(p.DisplayName) + "\x00" + p.ObjectID }

// update runs f as one write of actor.
func (d *Directory) update(ctx context.Context, actor store.Actor, f func(store.Tx) error) error {
	_, err := d.store.Update(ctx, actor, f)
	return err
}

// Application finds an application by its object id.
func (d *Directory) Application(objectID string) (a Application, ok bool) {
	err := d.read(func(x *index) {
		var doc applicationDoc
		doc, ok = x.apps[strings.ToLower(objectID)]
		a = doc.public(objectID)
	})
	return a, ok && err == nil
}

// Applications lists all applications, by display name.
func (d *Directory) Applications() []Application {
	var list []Application
	if err := d.read(func(x *index) {
		for objectID, doc := range x.apps {
			list = append(list, doc.public(objectID))
		}
	}); err != nil {
		return nil
	}
	slices.SortFunc(list, func(a, b Application) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.DisplayName), strings.ToLower(b.DisplayName)), cmp.Compare(a.ObjectID, b.ObjectID))
	})
	return list
}

// ResourceID is the id under which a principal's row stands, for references to it.
func (p Principal) ResourceID() arm.ID {
	switch p.Kind {
	case User:
		return id(users, p.ObjectID)
	case Group:
		return id(groups, p.ObjectID)
	}
	return id(servicePrincipals, p.ObjectID)
}

// ResourceID is the id under which an application's row stands.
func (a Application) ResourceID() arm.ID { return id(applications, a.ObjectID) }
