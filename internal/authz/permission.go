package authz

import "fmt"

// Permission is one entry of a role: what it permits less what it takes away again. The subtraction ends at the entry: another entry, or
// another role, may grant what this one leaves out.
type Permission struct {
	Actions        []string `json:"actions"`
	NotActions     []string `json:"notActions"`
	DataActions    []string `json:"dataActions"`
	NotDataActions []string `json:"notDataActions"`
}

// Complete is the permission with empty lists in the place of absent ones, as it is shown to clients.
func (p Permission) Complete() Permission {
	for _, list := range []*[]string{&p.Actions, &p.NotActions, &p.DataActions, &p.NotDataActions} {
		if *list == nil {
			*list = []string{}
		}
	}
	return p
}

// grant is one side of a permission (control plane or data plane), compiled.
type grant struct{ some, not []Pattern }

func (g grant) allows(action string) bool {
	return anyMatches(g.some, action) && !anyMatches(g.not, action)
}

func anyMatches(patterns []Pattern, action string) bool {
	for _, p := range patterns {
		if p.matches(action) {
			return true
		}
	}
	return false
}

// rules is a list of permissions, compiled. For operations of the catalogue the answer is worked out beforehand; patterns are consulted only
// for others, so the cost of a decision does not grow with the length of a role.
type rules struct {
	control []grant
	granted []uint64 // bit n: operation number n is permitted
}

func compileRules(entries []Permission) (*rules, error) {
	r, c := &rules{}, known()
	r.granted = make([]uint64, (len(c.all)+63)/64)
	var data []grant
	for i, entry := range entries {
		control, err := compileGrant(entry.Actions, entry.NotActions)
		if err != nil {
			return nil, fmt.Errorf("permission %d: %w", i+1, err)
		}
		plane, err := compileGrant(entry.DataActions, entry.NotDataActions)
		if err != nil {
			return nil, fmt.Errorf("permission %d: %w", i+1, err)
		}
		r.control, data = append(r.control, control), append(data, plane)
	}
	for n, name := range c.lower {
		side := r.control
		if c.all[n].IsDataAction {
			side = data
		}
		if anyAllows(side, name) {
			r.granted[n/64] |= 1 << (n % 64)
		}
	}
	return r, nil
}

func compileGrant(some, not []string) (grant, error) {
	var g grant
	for _, side := range []struct {
		texts []string
		into  *[]Pattern
	}{{some, &g.some}, {not, &g.not}} {
		for _, text := range side.texts {
			p, err := ParsePattern(text)
			if err != nil {
				return grant{}, err
			}
			*side.into = append(*side.into, p)
		}
	}
	return g, nil
}

func anyAllows(grants []grant, action string) bool {
	for _, g := range grants {
		if g.allows(action) {
			return true
		}
	}
	return false
}

// wanted is an action as a decision looks for it: its number in the catalogue, or its text when it has none. An action outside the
// catalogue counts as one of the control plane.
type wanted struct {
	number int
	lower  string
}

func wantedOf(action string) wanted {
	if n := known().find(action); n >= 0 {
		return wanted{number: n}
	}
	return wanted{number: -1, lower: lower(action)}
}

// text is the action in lower case.
func (w wanted) text() string {
	if w.number >= 0 {
		return known().lower[w.number]
	}
	return w.lower
}

func (r *rules) permit(w wanted) bool {
	if w.number >= 0 {
		return r.granted[w.number/64]&(1<<(w.number%64)) != 0
	}
	return anyAllows(r.control, w.lower)
}
