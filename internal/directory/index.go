package directory

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// index is the directory in memory. Object ids, names and client ids are keys in lower case.
type index struct {
	principals map[string]Principal
	apps       map[string]applicationDoc      // by object id of the application
	byName     map[string]string              // user principal name → object id
	byApp      map[string]string              // client id → object id of the service principal
	appObject  map[string]string              // client id → object id of the application
	members    map[string]map[string]struct{} // group → members
	memberOf   map[string]map[string]struct{} // principal → groups, directly
	admins     map[string]struct{}
	issuers    map[string]Issuer // by object id
	tenant     string

	// transitive remembers answers of groups; it is dropped whole whenever a membership changes.
	mu         sync.Mutex
	transitive map[string][]string
}

func newIndex() *index {
	return &index{
		principals: map[string]Principal{}, apps: map[string]applicationDoc{},
		byName: map[string]string{}, byApp: map[string]string{}, appObject: map[string]string{},
		members: map[string]map[string]struct{}{}, memberOf: map[string]map[string]struct{}{},
		admins: map[string]struct{}{}, issuers: map[string]Issuer{}, transitive: map[string][]string{},
	}
}

// apply follows one change. Changes of other namespaces cost a comparison.
func (x *index) apply(c store.Change) error {
	const prefix = "/providers/" + namespace + "/"
	if len(c.ID) < len(prefix) || !strings.EqualFold(c.ID[:len(prefix)], prefix) {
		return nil
	}
	at, err := arm.ParseID(c.ID)
	if err != nil {
		return fmt.Errorf("directory: change %d: %w", c.Seq, err)
	}
	if c.Verb == store.VerbDelete {
		x.remove(at)
		return nil
	}
	if err := x.put(at, c.Body); err != nil {
		return fmt.Errorf("directory: change %d: %w", c.Seq, err)
	}
	return nil
}

// put takes one row into the index.
func (x *index) put(at arm.ID, body []byte) error {
	segs := at.Segments()[2:] // after providers/Microsoft.Graph
	collection, object := strings.ToLower(segs[0]), strings.ToLower(at.Segments()[3])
	if len(segs) == 4 {
		x.join(collection, object, strings.ToLower(segs[3])) // …/members/{id}
		return nil
	}
	p, err := decode(collection, body)
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	switch collection {
	case applications:
		var a applicationDoc
		if err := json.Unmarshal(body, &a); err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		x.apps[object] = a
		x.appObject[strings.ToLower(a.AppID)] = object
	case organization:
		x.tenant = at.Name()
	case strings.ToLower(identityProviders):
		var i Issuer
		if err := json.Unmarshal(body, &i); err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		x.issuers[object] = i
	}
	if p.Kind != "" {
		x.forgetNames(object)
		p.ObjectID = at.Name()
		x.principals[object] = p
		if p.UserPrincipalName != "" {
			x.byName[strings.ToLower(p.UserPrincipalName)] = object
		}
		if p.AppID != "" {
			x.byApp[strings.ToLower(p.AppID)] = object
		}
	}
	return nil
}

// decode reads the document of a principal; the zero Principal for documents of other collections.
func decode(collection string, body []byte) (Principal, error) {
	switch collection {
	case users:
		var u userDoc
		err := json.Unmarshal(body, &u)
		return Principal{
			Kind: User, DisplayName: u.DisplayName, Enabled: u.AccountEnabled, Created: u.Created,
			UserPrincipalName: u.UserPrincipalName, MailNickname: u.MailNickname, PasswordChanged: u.PasswordChanged,
		}, err
	case groups:
		var g groupDoc
		err := json.Unmarshal(body, &g)
		return Principal{Kind: Group, DisplayName: g.DisplayName, Enabled: true, Created: g.Created, MailNickname: g.MailNickname, Description: g.Description}, err
	case strings.ToLower(servicePrincipals):
		var s servicePrincipalDoc
		err := json.Unmarshal(body, &s)
		return Principal{Kind: ServicePrincipal, DisplayName: s.DisplayName, Enabled: s.AccountEnabled, Created: s.Created, AppID: s.AppID}, err
	}
	return Principal{}, nil
}

func (x *index) remove(at arm.ID) {
	segs := at.Segments()[2:]
	collection, object := strings.ToLower(segs[0]), strings.ToLower(segs[1])
	switch {
	case len(segs) == 4:
		x.leave(collection, object, strings.ToLower(segs[3]))
	case collection == applications:
		delete(x.appObject, strings.ToLower(x.apps[object].AppID))
		delete(x.apps, object)
	case collection == organization:
		x.tenant = ""
	case collection == strings.ToLower(identityProviders):
		delete(x.issuers, object)
	default:
		x.forgetNames(object)
		delete(x.principals, object)
		// Rows of memberships go by cascade and are logged; a group takes those below it along unlogged.
		for m := range x.members[object] {
			x.leave(groups, object, m)
		}
	}
}

func (x *index) forgetNames(object string) {
	old, ok := x.principals[object]
	if !ok {
		return
	}
	delete(x.byName, strings.ToLower(old.UserPrincipalName))
	delete(x.byApp, strings.ToLower(old.AppID))
}

func (x *index) join(collection, of, member string) {
	if collection == strings.ToLower(directoryRoles) {
		x.admins[member] = struct{}{}
		return
	}
	add(x.members, of, member)
	add(x.memberOf, member, of)
	clear(x.transitive)
}

func (x *index) leave(collection, of, member string) {
	if collection == strings.ToLower(directoryRoles) {
		delete(x.admins, member)
		return
	}
	drop(x.members, of, member)
	drop(x.memberOf, member, of)
	clear(x.transitive)
}

func add(m map[string]map[string]struct{}, k, v string) {
	if m[k] == nil {
		m[k] = map[string]struct{}{}
	}
	m[k][v] = struct{}{}
}

func drop(m map[string]map[string]struct{}, k, v string) {
	delete(m[k], v)
	if len(m[k]) == 0 {
		delete(m, k)
	}
}

// groups are the object ids of all groups that hold the principal, directly or through other groups, sorted. Circles are harmless. The
// caller must not change the slice.
func (x *index) groups(object string) []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	if known, ok := x.transitive[object]; ok {
		return known
	}
	seen := map[string]struct{}{}
	list := []string{}
	todo := []string{object}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for g := range x.memberOf[at] {
			if _, twice := seen[g]; !twice {
				seen[g] = struct{}{}
				list = append(list, g)
				todo = append(todo, g)
			}
		}
	}
	slices.Sort(list)
	if len(x.transitive) >= maxTransitive {
		clear(x.transitive)
	}
	x.transitive[object] = list
	return list
}

// maxTransitive bounds the remembered answers; object ids come from tokens that were verified, but there may be many.
const maxTransitive = 50_000
