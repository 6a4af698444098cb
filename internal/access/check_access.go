package access

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
)

// maxChecked is how many actions one checkAccess may ask about.
const maxChecked = 500

// AccessQuestion is the body of POST {scope}/providers/Microsoft.Authorization/checkAccess, in the form in which Azure's decision point is asked. Without a
// subject it is about the caller, without a resource about the scope of the path.
type AccessQuestion struct {
	Subject struct {
		Attributes struct {
			ObjectID string   `json:"objectId"`
			Groups   []string `json:"groups"` // besides those that the directory knows
		} `json:"attributes"`
	} `json:"subject"`
	// Attributes are what conditions ask about, by name: @Request of an action, @Resource of the resource.
	Actions []struct {
		ID         string            `json:"id"`
		Attributes map[string]string `json:"attributes"`
	} `json:"actions"`
	Resource struct {
		ID         string            `json:"id"`
		Attributes map[string]string `json:"attributes"`
	} `json:"resource"`
}

// AccessAnswer is the answer about one action: the decision, what decided it in Azure's form, and an explanation for people.
type AccessAnswer struct {
	ActionID       string              `json:"actionId"`
	IsDataAction   bool                `json:"isDataAction"`
	AccessDecision string              `json:"accessDecision"` // Allowed, NotAllowed, Denied
	RoleAssignment *assignmentBrief    `json:"roleAssignment,omitempty"`
	DenyAssignment *denyBrief          `json:"denyAssignment,omitempty"`
	Explanation    explanationOfAccess `json:"explanation"`
}

type assignmentBrief struct {
	ID               string `json:"id"`
	RoleDefinitionID string `json:"roleDefinitionId"`
	PrincipalID      string `json:"principalId"`
	PrincipalType    string `json:"principalType"`
	Scope            string `json:"scope"`
	RoleName         string `json:"roleName"`
	Pattern          string `json:"pattern"`
	Condition        string `json:"condition,omitempty"`
	Unmet            string `json:"unmet,omitempty"` // the part of the condition that refuses
}

type denyBrief struct {
	ID      string `json:"id"`
	Name    string `json:"denyAssignmentName"`
	Scope   string `json:"scope"`
	Pattern string `json:"pattern"`
}

type explanationOfAccess struct {
	Text        string            `json:"text"`
	Assignments []assignmentBrief `json:"assignments"`         // every one that allows the action
	Withheld    []assignmentBrief `json:"withheld,omitempty"`  // every one that would allow it, were its condition met
	LeastRole   *roleBrief        `json:"leastRole,omitempty"` // the smallest that would allow it at this scope
	OtherRoles  []roleBrief       `json:"otherRoles,omitempty"`
}

type roleBrief struct {
	ID       string `json:"id"`
	RoleName string `json:"roleName"`
}

// CheckAccess answers a question about access at a scope. Everybody may ask about themselves; about others, who may read role assignments there.
func CheckAccess(live *authz.Live, d Directory, by kind.Caller, scope arm.ID, body []byte) (any, error) {
	q, at, err := readQuestion(scope, body)
	if err != nil {
		return nil, err
	}
	x := live.Load()
	subject := q.Subject.Attributes
	own := subject.ObjectID == "" || strings.EqualFold(subject.ObjectID, by.ObjectID)
	if own {
		subject.ObjectID = by.ObjectID
	}
	asked := len(subject.Groups) > 0
	if own {
		subject.Groups = slices.Concat(subject.Groups, by.Groups)
	}
	if !own || asked {
		p := principalOf(d.Groups, by)
		if decision := x.Decide(p, roleAssignmentType+"/read", at); !decision.Allowed {
			return nil, decision.Refusal(by.Name, p, roleAssignmentType+"/read", at)
		}
	}
	p := authz.Principal{ID: subject.ObjectID, Groups: slices.Concat(subject.Groups, d.Groups(subject.ObjectID))}
	answers := make([]AccessAnswer, len(q.Actions))
	for i, a := range q.Actions {
		p.Facts = &authz.Facts{Now: time.Now, Request: authz.NamedFacts(a.Attributes), Resource: authz.NamedFacts(q.Resource.Attributes)}
		answers[i] = answerOf(x.Explain(p, a.ID, at), a.ID, at, p)
	}
	return map[string]any{"value": answers}, nil
}

func readQuestion(scope arm.ID, body []byte) (AccessQuestion, arm.ID, error) {
	var q AccessQuestion
	if err := arm.CheckJSON(body); err != nil {
		return q, scope, err
	}
	if err := json.Unmarshal(body, &q); err != nil {
		return q, scope, arm.Errorf(http.StatusBadRequest, "InvalidRequestContent", "The request content was invalid and could not be deserialized: %s.", err)
	}
	if n := len(q.Actions); n == 0 || n > maxChecked {
		return q, scope, arm.InvalidField("actions", "Ask about 1 to %d actions; there are %d.", maxChecked, n)
	}
	for i, a := range q.Actions {
		if _, err := authz.ParsePattern(a.ID); err != nil || strings.Contains(a.ID, "*") {
			return q, scope, arm.InvalidField(fmt.Sprintf("actions[%d].id", i), "'%.100s' is not an action. Write one out, without wildcards: Microsoft.ApiManagement/service/apis/write.", a.ID)
		}
	}
	if q.Resource.ID == "" {
		return q, scope, nil
	}
	at, err := arm.ParseID(q.Resource.ID)
	if err != nil || !at.Within(scope) {
		return q, scope, arm.InvalidField("resource.id", "The resource must be the scope '%s' of the request or lie below it.", scope)
	}
	return q, at, nil
}

func answerOf(e authz.Explanation, action string, scope arm.ID, p authz.Principal) AccessAnswer {
	a := AccessAnswer{ActionID: action, AccessDecision: e.String(), Explanation: explanationOfAccess{Assignments: []assignmentBrief{}}}
	if op, ok := authz.FindOperation(action); ok {
		a.ActionID, a.IsDataAction = op.Name, op.IsDataAction
	}
	for _, g := range e.Grants {
		a.Explanation.Assignments = append(a.Explanation.Assignments, briefOf(g))
	}
	for _, g := range e.Withheld {
		a.Explanation.Withheld = append(a.Explanation.Withheld, briefOf(g))
	}
	if e.Allowed && len(e.Grants) > 0 {
		a.RoleAssignment = &a.Explanation.Assignments[0]
	}
	if e.Deny != nil {
		a.DenyAssignment = &denyBrief{e.Deny.ID().String(), e.Deny.DisplayName, e.Deny.Scope.String(), e.DenyPattern}
	}
	for i, r := range e.Least {
		brief := roleBrief{r.ID(arm.Root).String(), r.RoleName}
		if i == 0 {
			a.Explanation.LeastRole = &brief
		} else {
			a.Explanation.OtherRoles = append(a.Explanation.OtherRoles, brief)
		}
	}
	a.Explanation.Text = textOf(e, a, scope, p)
	return a
}

func briefOf(g authz.Grant) assignmentBrief {
	return assignmentBrief{
		ID: g.Assignment.ID().String(), RoleDefinitionID: g.Assignment.RoleDefinitionID.String(), PrincipalID: g.Assignment.PrincipalID,
		PrincipalType: g.Assignment.PrincipalType, Scope: g.Assignment.Scope.String(), RoleName: g.Role.RoleName, Pattern: g.Pattern,
		Condition: g.Assignment.Condition, Unmet: g.Unmet,
	}
}

// textOf says in a sentence or two what the other members say in fields.
func textOf(e authz.Explanation, a AccessAnswer, scope arm.ID, p authz.Principal) string {
	switch {
	case e.Deny != nil:
		return fmt.Sprintf("The deny assignment '%s' at %s forbids it with the pattern '%s'. No role helps; a directory administrator can change or delete the deny assignment.",
			e.Deny.DisplayName, e.Deny.Scope, e.DenyPattern)
	case e.Allowed && len(e.Grants) == 0:
		return fmt.Sprintf("Whoever holds a role at %s or below it may read its own properties.", scope)
	case e.Allowed:
		g := e.Grants[0]
		how := ""
		if !strings.EqualFold(g.Through, p.ID) {
			how = fmt.Sprintf(" held through the group %s", g.Through)
		}
		return fmt.Sprintf("The role '%s' at %s%s allows it with the pattern '%s'.", g.Role.RoleName, g.Assignment.Scope, how, g.Pattern)
	case len(e.Withheld) > 0:
		g, why := e.Withheld[0], "is not met"
		if g.Unanswered {
			why = "asks for what the question does not say"
		}
		return fmt.Sprintf("The role '%s' at %s would allow it, but for the condition of its assignment: the part «%s» %s.", g.Role.RoleName, g.Assignment.Scope, g.Unmet, why)
	case a.Explanation.LeastRole != nil:
		return fmt.Sprintf("No role that the principal holds at %s or above allows it. The role '%s' at %s would.", scope, a.Explanation.LeastRole.RoleName, scope)
	}
	return fmt.Sprintf("No role that the principal holds at %s or above allows it, and no role that could be assigned there would.", scope)
}
