package condition

import (
	"errors"
	"strings"
	"testing"
	"time"
)

const (
	write  = "microsoft.authorization/roleassignments/write"
	remove = "microsoft.authorization/roleassignments/delete"
	reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
	owner  = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
	sales  = "86951b8b-723a-407b-a74a-1bca3f0c95d0"
)

// prefixes is the pattern language of the tests: text, or text that ends with a star.
func prefixes(text string) (func(string) bool, error) {
	if text == "" {
		return nil, errors.New("an action may not be empty")
	}
	lower := strings.ToLower(text)
	return func(action string) bool {
		stem, open := strings.CutSuffix(lower, "*")
		return action == lower || open && strings.HasPrefix(action, stem)
	}, nil
}

func compile(t testing.TB, text string) *Condition {
	t.Helper()
	c, err := Compile(text, prefixes)
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	return c
}

// asked are the facts of a role assignment that is about to be written.
func asked(role, principal, kind string) *Facts {
	return &Facts{
		Now:     func() time.Time { return time.Date(2027, 1, 31, 12, 0, 0, 0, time.UTC) },
		Request: map[string]string{RoleDefinitionID: role, PrincipalID: principal, PrincipalType: kind},
	}
}

func TestConditionsAreMetAsAzureSays(t *testing.T) {
	t.Parallel()
	const (
		role = "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] "
		kind = "@Request[Microsoft.Authorization/roleAssignments:PrincipalType] "
		none = "@Resource[Microsoft.Authorization/roleAssignments:PrincipalType] "
	)
	f := asked(reader, sales, "Group")
	for text, want := range map[string]bool{
		"ActionMatches{'Microsoft.Authorization/roleAssignments/write'}":           true,
		"ActionMatches{'Microsoft.Authorization/roleAssignments/*'}":               true,
		"ActionMatches{'Microsoft.Authorization/roleDefinitions/*'}":               false,
		"ActionMatches{'a', 'microsoft.authorization/*'}":                          true,
		"SubOperationMatches{'Blob.List'}":                                         false,
		"!(ActionMatches{'Microsoft.*'} AND SubOperationMatches{'B'})":             true,
		role + "GuidEquals " + reader:                                              true,
		role + "GuidEquals '" + strings.ToUpper(reader) + "'":                      true,
		role + "GuidNotEquals " + reader:                                           false,
		role + "ForAnyOfAnyValues:GuidEquals {" + owner + "," + reader + "}":       true,
		role + "ForAnyOfAllValues:GuidNotEquals {" + owner + "}":                   true,
		role + "ForAnyOfAllValues:GuidNotEquals {" + owner + ", " + reader + "}":   false,
		role + "ForAnyOfAnyValues:GuidNotEquals {" + owner + ", " + reader + "}":   true,
		kind + "StringEquals 'Group'":                                              true,
		kind + "StringEquals 'group'":                                              false,
		kind + "StringEqualsIgnoreCase 'group'":                                    true,
		kind + "StringNotEquals 'User'":                                            true,
		kind + "StringStartsWith 'Gr'":                                             true,
		kind + "StringNotStartsWithIgnoreCase 'gr'":                                false,
		kind + "StringLike 'G*?p'":                                                 true,
		kind + "StringLike 'Gr'":                                                   false,
		kind + "StringLikeIgnoreCase 'g*P'":                                        true,
		kind + "StringNotLike '*\\*'":                                              true,
		kind + "forallofanyvalues:stringequals {'User', 'Group'}":                  true,
		"'abcd' StringLike 'a*c?'":                                                 true,
		"'abcd' StringLike 'A*C?'":                                                 false,
		"'abcd' StringLike 'a*c'":                                                  false,
		"'a*' StringLike 'a\\*'":                                                   true,
		"'ab' StringLike 'a\\*'":                                                   false,
		"'it\\'s' StringEquals 'it\\'s'":                                           true,
		"{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'blue', 'green'}":         true,
		"{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'orange', 'green'}":       false,
		"{'red', 'blue'} ForAllOfAnyValues:StringEquals {'orange', 'red', 'blue'}": true,
		"{'red', 'blue'} ForAllOfAnyValues:StringEquals {'red', 'green'}":          false,
		"{10, 20} ForAnyOfAllValues:NumericLessThan {15, 18}":                      true,
		"{10, 20} ForAllOfAllValues:NumericLessThan {5, 15, 18}":                   false,
		"{10, 20} ForAllOfAllValues:NumericLessThan {25, 30}":                      true,
		"{10, 20} ForAllOfAllValues:NumericLessThan {15, 25, 30}":                  false,
		"-3 NumericLessThanEquals -3":                                              true,
		"4 NumericGreaterThan 4":                                                   false,
		"4 NumericGreaterThanEquals 4":                                             true,
		"4 NumericNotEquals 4":                                                     false,
		"true BoolEquals TRUE":                                                     true,
		"true BoolNotEquals false":                                                 true,
		"@Environment[UtcNow] DateTimeLessThan '2027-02-01T00:00:00.0Z'":           true,
		"@environment[utcNow] DateTimeGreaterThan '2027-02-01T00:00:00Z'":          false,
		"@Environment[UtcNow] DateTimeEquals '2027-01-31T13:00:00+01:00'":          true,
		"Exists " + kind:     true,
		"Exists " + none:     false,
		"NOT Exists " + none: true,
		"1 NumericEquals 1 AND 2 NumericEquals 2 && 3 NumericEquals 4":   false,
		"1 NumericEquals 2 or 2 NumericEquals 2 || 3 NumericEquals 4":    true,
		"(1 NumericEquals 2 AND 1 NumericEquals 1) OR 1 NumericEquals 1": true,
		"1 NumericEquals 2 AND (1 NumericEquals 1 OR 1 NumericEquals 1)": false,
		"!!(1 NumericEquals 1)":        true,
		"'Group' StringEquals " + kind: true,
	} {
		if got := compile(t, text).Judge(write, f).Met; got != want {
			t.Errorf("%s\nis met: %v, want %v", text, got, want)
		}
	}
}

// What is not known satisfies nobody, not even who asks for its opposite.
func TestConditionsAboutTheUnknownAreNotMet(t *testing.T) {
	t.Parallel()
	const kind = "@Request[Microsoft.Authorization/roleAssignments:PrincipalType] "
	for _, text := range []string{
		kind + "StringEquals 'User'", kind + "StringNotEquals 'User'", "!(" + kind + "StringEquals 'User')", kind + "ForAllOfAllValues:StringNotEquals {'User'}",
		"!(" + kind + "StringEquals 'User' AND 1 NumericEquals 1)", "@Environment[UtcNow] DateTimeGreaterThan '2000-01-01T00:00:00Z'",
		"NOT @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] GuidEquals " + owner, "Exists @Environment[UtcNow]",
	} {
		c := compile(t, text)
		for name, f := range map[string]*Facts{"nothing known": nil, "empty": {}, "a role that is no GUID": {Request: map[string]string{RoleDefinitionID: "{" + owner + "}"}}} {
			if v := c.Judge(write, f); v.Met || v.Open {
				t.Errorf("%s with %s: %+v, want neither met nor open", text, name, v)
			}
		}
	}
}

func TestConditionsStayOpenUntilTheRequestIsRead(t *testing.T) {
	t.Parallel()
	const kind = "@Request[Microsoft.Authorization/roleAssignments:PrincipalType] "
	later := &Facts{Later: true}
	for text, want := range map[string]Verdict{
		kind + "StringEquals 'User'":                                       {Open: true},
		"Exists " + kind:                                                   {Open: true},
		"NOT Exists " + kind:                                               {Open: true},
		kind + "StringEquals 'User' AND 1 NumericEquals 2":                 {},
		kind + "StringEquals 'User' OR 1 NumericEquals 1":                  {Met: true},
		"!(ActionMatches{'Microsoft.ApiManagement/*'}) OR Exists " + kind:  {Met: true},
		"!(ActionMatches{'Microsoft.Authorization/*'}) OR Exists " + kind:  {Open: true},
		"!(ActionMatches{'Microsoft.Authorization/*'}) AND Exists " + kind: {},
	} {
		if got := compile(t, text).Judge(write, later); got != want {
			t.Errorf("%s is %+v, want %+v", text, got, want)
		}
	}
}

func TestConditionsThatCanNotBeReadAreRefused(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("(", maxDepth+1) + "1 NumericEquals 1" + strings.Repeat(")", maxDepth+1)
	const kind = "@Request[Microsoft.Authorization/roleAssignments:PrincipalType] "
	for text, want := range map[string]string{
		"":                   "the condition ends where an attribute or a value is expected (at character 1)",
		"(":                  "ends where",
		"1 NumericEquals 1)": "')' stands where AND, OR or the end is expected (at character 18)",
		"(1 NumericEquals 1": "closing parenthesis",
		"1 NumericEquals 1 AND 1 NumericEquals 1 OR 1 NumericEquals 1": "AND and OR stand in one row",
		"1 Numericequal 1":                                "'Numericequal' is no operator",
		"1 ForSome:NumericEquals 1":                       "'ForSome' is no way to compare several values",
		"1 NumericEquals":                                 "ends where an attribute or a value is expected",
		"1.5 NumericEquals 1":                             "'1.5' is no value for NumericEquals, which wants a whole number",
		"99999999999999999999 NumericEquals 1":            "is no value for NumericEquals",
		"User StringEquals 'User'":                        "wants text in single quotes",
		"'a StringEquals":                                 "no closing quote",
		"{} ForAnyOfAnyValues:StringEquals {'a'}":         "'}' stands where a value is expected",
		"{'a' 'b'} ForAnyOfAnyValues:StringEquals 'a'":    "a comma or a closing brace",
		"{'a','b'} StringEquals 'a'":                      "write ForAnyOfAnyValues:StringEquals",
		"@Request[x":                                      "an attribute is written @Source[name]",
		"@Request[subOperation] StringEquals 'Blob.List'": "is never known here",
		"@Resource[Microsoft.Storage/storageAccounts:isHnsEnabled] BoolEquals true":              "is never known here",
		"@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:Team_Name] StringEquals 'a'": "keeps no custom security attributes",
		"@Environment[isPrivateLink] BoolEquals true":                                            "is never known here",
		"@Elsewhere[x] BoolEquals true":                                                          "not from '@Elsewhere'",
		kind + "GuidEquals " + owner:                                                             "is a String, which GuidEquals can't compare",
		"@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] StringNotEquals 'A'": "is a Guid, which StringNotEquals can't compare",
		"Exists 'a'":            "an attribute, written",
		"ActionMatches{7}":      "'7' is not text in single quotes",
		"ActionMatches 'a'":     "a text in braces",
		"ActionMatches{''}":     "an action may not be empty",
		"1 NumericEquals 1 ; 1": `the character ";" has no meaning here`,
		"@Environment[UtcNow] DateTimeLessThan 'tomorrow'": "wants a time such as",
		deep: "more than 32 deep",
		strings.Repeat("!", maxDepth+1) + "1 NumericEquals 1":                          "more than 32 deep",
		"1 ForAnyOfAnyValues:NumericEquals {" + strings.Repeat("1,", maxValues) + "1}": "at most 256 values",
		"'" + strings.Repeat("a", MaxLength) + "' StringEquals 'a'":                    "at most 8192 characters",
		"@Request[" + strings.Repeat("a", maxName) + "] StringEquals 'a'":              "at most 256 characters",
	} {
		_, err := Compile(text, prefixes)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s\n%v\nwant %s", text, err, want)
		}
		if bad := new(Error); err != nil && !errors.As(err, &bad) {
			t.Errorf("%.80s: %T is no *Error", text, err)
		}
	}
}

// Delegation is the condition of Azure's portal for "constrain roles and principals".
const delegation = `
(
 (
  !(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})
 )
 OR
 (
  @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {` + reader + `}
  AND
  @Request[Microsoft.Authorization/roleAssignments:PrincipalId] ForAnyOfAnyValues:GuidEquals {` + sales + `}
 )
)
AND
(
 (
  !(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})
 )
 OR
 (
  @Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {` + reader + `}
 )
)`

func TestExplanationsNameThePartThatRefuses(t *testing.T) {
	t.Parallel()
	c := compile(t, delegation)
	for _, q := range []struct {
		action     string
		facts      *Facts
		part       string
		unanswered bool
	}{
		{write, asked(reader, sales, "Group"), "", false},
		{write, asked(owner, sales, "Group"), "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {" + reader + "}", false},
		{write, asked(reader, owner, "Group"), "@Request[Microsoft.Authorization/roleAssignments:PrincipalId] ForAnyOfAnyValues:GuidEquals {" + sales + "}", false},
		{remove, asked(reader, sales, "Group"), "@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {" + reader + "}", true},
	} {
		if part, unanswered := c.Why(q.action, q.facts); part != q.part || unanswered != q.unanswered {
			t.Errorf("%s: %q %v, want %q %v", q.action, part, unanswered, q.part, q.unanswered)
		}
	}
}

// FuzzConditions holds that no text makes the reader or the judge fail, and that learning more never turns a yes or a no around.
func FuzzConditions(f *testing.F) {
	f.Add(delegation)
	f.Add("{'a','b'} ForAllOfAllValues:StringNotLikeIgnoreCase {'*?\\*'} || NOT Exists @Request[Microsoft.Authorization/roleAssignments:PrincipalType]")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Compile(text, prefixes)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		early, full := c.Judge(write, &Facts{Later: true}), c.Judge(write, asked(reader, sales, "Group"))
		if early.Met && !full.Met || !early.Met && !early.Open && full.Met && !strings.Contains(strings.ToLower(text), "utcnow") {
			t.Errorf("first %+v, then %+v", early, full)
		}
		if part, _ := c.Why(write, asked(reader, sales, "Group")); (part == "") != full.Met {
			t.Errorf("met %v, refused by %q", full.Met, part)
		}
	})
}
