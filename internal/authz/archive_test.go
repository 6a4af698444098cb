package authz

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/atelier-apim/atelier/internal/arm"
)

// TestArchives runs testdata/*.txtar: one behaviour a file. The first line says it in words; then come commands:
//
//	role FILE                     a custom role, as the body of its PUT, from the archive
//	deny FILE                     a deny assignment, likewise
//	assign WHO ROLE SCOPE         gives a role (by name, quoted) to a person or group
//	bind WHO ROLE SCOPE FILE      gives it under the condition in the file; <Role name> stands for the GUID of a role
//	request ROLE WHO TYPE         what the next checks ask for: a role assignment that is about to be written
//	resource ROLE WHO TYPE        what the next checks are about: a role assignment that is there
//	clock TIME                    what time it is; without it, or with "unknown", nobody knows
//	open WHO ACTION SCOPE         the decision waits for what the request says
//	unassign WHO ROLE SCOPE       takes it away again
//	member WHO GROUP…             who belongs to which groups, through others included
//	place CHILD GROUP             a subscription or management group lies in a management group
//	can WHO ACTION SCOPE          the decision is Allowed
//	cannot WHO ACTION SCOPE       the decision is NotAllowed
//	denied WHO ACTION SCOPE       the decision is Denied
//	can-own, cannot-own, denied-own  the same with the rule for members of a workspace
//	within, not-within WHO SCOPE  whether an assignment is held at the scope or beneath it
//
// A scope may begin with a name in braces, and an action with "service/" or "gateways/" belongs to Microsoft.ApiManagement.
func TestArchives(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := newStage(t, archive)
			checks := 0
			for i, line := range strings.Split(string(archive.Comment), "\n") {
				words := splitWords(line)
				if len(words) == 0 {
					continue
				}
				if s.check(fmt.Sprintf("%s:%d", file, i+1), words) {
					checks++
				}
			}
			if checks == 0 {
				t.Error("the archive checks nothing")
			}
		})
	}
}

var scopeNames = map[string]string{
	"{sub}":   "/subscriptions/11111111-1111-1111-1111-111111111111",
	"{other}": "/subscriptions/22222222-2222-2222-2222-222222222222",
	"{mg}":    "/providers/Microsoft.Management/managementGroups/apis",
	"{corp}":  "/providers/Microsoft.Management/managementGroups/corp",
	"{rg}":    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/contoso",
	"{svc}":   "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/contoso/providers/Microsoft.ApiManagement/service/contoso",
	"{gw}":    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/contoso/providers/Microsoft.ApiManagement/gateways/gw",
}

func scope(text string) arm.ID {
	for name, full := range scopeNames {
		text = strings.Replace(text, name, full, 1)
	}
	return arm.MustID(text)
}

func action(text string) string {
	if strings.HasPrefix(text, "service/") || strings.HasPrefix(text, "gateways/") {
		return "Microsoft.ApiManagement/" + text
	}
	return text
}

// stage is the index of one archive and who belongs where.
type stage struct {
	*testing.T
	files  map[string][]byte
	index  *Index
	groups map[string][]string
	facts  Facts
}

func newStage(t *testing.T, archive *txtar.Archive) *stage {
	x, err := New(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range archive.Files {
		files[f.Name] = []byte(strings.NewReplacer(slices.Concat(pairs(scopeNames))...).Replace(string(f.Data)))
	}
	return &stage{T: t, files: files, index: x, groups: map[string][]string{}}
}

func pairs(m map[string]string) (list []string) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		list = append(list, k, m[k])
	}
	return list
}

func (s *stage) principal(name string) Principal {
	return Principal{ID: name, Groups: s.groups[name], Facts: &s.facts}
}

// check obeys one line and says whether it was a check.
func (s *stage) check(at string, words []string) bool {
	s.Helper()
	verb, args := words[0], words[1:]
	switch verb {
	case "within", "not-within":
		if got, want := s.index.HoldsWithin(s.principal(args[0]), scope(args[1])), verb == "within"; got != want {
			s.Errorf("%s: HoldsWithin %v = %v, want %v", at, args, got, want)
		}
		return true
	case "can", "cannot", "denied", "can-own", "cannot-own", "denied-own":
		decide := s.index.Decide
		if strings.HasSuffix(verb, "-own") {
			decide = s.index.DecideOwn
		}
		want := map[string]string{"can": "Allowed", "cannot": "NotAllowed", "denied": "Denied"}[strings.TrimSuffix(verb, "-own")]
		if got := decide(s.principal(args[0]), action(args[1]), scope(args[2])).String(); got != want {
			s.Errorf("%s: %v is %s, want %s", at, args, got, want)
		}
		return true
	}
	if verb == "open" {
		p := s.principal(args[0])
		p.Facts = &Facts{Later: true}
		if d := s.index.Decide(p, action(args[1]), scope(args[2])); d.Allowed || !d.Open {
			s.Errorf("%s: %v is %+v, want it open", at, args, d)
		}
		return true
	}
	next, err := s.change(verb, args)
	if err != nil {
		s.Fatalf("%s: %v", at, err)
	}
	s.index = next
	return false
}

func (s *stage) change(verb string, args []string) (*Index, error) {
	switch verb {
	case "member":
		s.groups[args[0]] = args[1:]
		return s.index, nil
	case "place":
		return s.index.WithPlacement(scope(args[0]), scope(args[1])), nil
	case "assign":
		return s.index.WithAssignment(Assignment{
			Name: strings.Join(args, " "), PrincipalID: args[0], RoleDefinitionID: s.role(args[1]).ID(arm.Root), Scope: scope(args[2]),
		})
	case "bind":
		text := regexp.MustCompile("<[^>]+>").ReplaceAllStringFunc(string(s.files[args[3]]), func(name string) string { return s.role(strings.Trim(name, "<>")).Name })
		a := Assignment{
			Name: strings.Join(args[:3], " "), PrincipalID: args[0], RoleDefinitionID: s.role(args[1]).ID(arm.Root), Scope: scope(args[2]), Condition: text,
		}
		if bad := checkCondition(a); bad != nil {
			return nil, bad
		}
		return s.index.WithAssignment(a)
	case "request":
		s.facts.Request = Assignment{RoleDefinitionID: s.role(args[0]).ID(arm.Root), PrincipalID: args[1], PrincipalType: args[2]}.Facts("")
		return s.index, nil
	case "resource":
		s.facts.Resource = Assignment{RoleDefinitionID: s.role(args[0]).ID(arm.Root), PrincipalID: args[1], PrincipalType: args[2]}.Facts("")
		return s.index, nil
	case "clock":
		s.facts.Now = nil
		if args[0] != "unknown" {
			now, err := time.Parse(time.RFC3339, args[0])
			if err != nil {
				return nil, err
			}
			s.facts.Now = func() time.Time { return now }
		}
		return s.index, nil
	case "unassign":
		return s.index.WithoutAssignment(strings.Join(args, " ")), nil
	case "role":
		var body struct {
			Name       string
			Properties RoleDefinition
		}
		if err := json.Unmarshal(s.files[args[0]], &body); err != nil {
			return nil, err
		}
		body.Properties.Name = body.Name
		if err := CheckRole(s.index, body.Properties); err != nil {
			return nil, err
		}
		return s.index.WithRole(body.Properties)
	case "deny":
		var body struct{ Properties DenyAssignment }
		if err := json.Unmarshal(s.files[args[0]], &body); err != nil {
			return nil, err
		}
		body.Properties.Name = args[0]
		return s.index.WithDeny(body.Properties)
	}
	return nil, fmt.Errorf("unknown command %q", verb)
}

func (s *stage) role(name string) RoleDefinition {
	for d := range s.index.Roles() {
		if d.RoleName == name {
			return d
		}
	}
	s.Fatalf("no role %q", name)
	return RoleDefinition{}
}

// splitWords cuts a line at spaces, keeping 'quoted words' together; # begins a comment.
func splitWords(line string) (words []string) {
	for line = strings.TrimSpace(line); line != "" && line[0] != '#'; line = strings.TrimSpace(line) {
		var word string
		if line[0] == '\'' {
			word, line, _ = strings.Cut(line[1:], "'")
		} else {
			word, line, _ = strings.Cut(line, " ")
		}
		words = append(words, word)
	}
	return words
}
