package policy

import (
	"fmt"
	"slices"
	"strings"
)

// What may be saved and is seldom meant. Advice looks at a document as it is written, and never stands in a save's way.

// advise finds it. A fragment has no sections.
func (e *Engine) advise(src Source) []Problem {
	a := &advising{engine: e, src: src}
	root := src.Doc.Root
	if src.Doc.Fragment() {
		a.sequence(root)
		return a.problems
	}
	for _, n := range root.Children {
		if _, ok := sectionNamed(n.Name); ok {
			a.base(n)
			a.sequence(n)
		}
	}
	a.buffered()
	return a.problems
}

type advising struct {
	engine   *Engine
	src      Source
	problems []Problem
}

func (a *advising) warn(n *Node, format string, args ...any) {
	if len(a.problems) < maxProblems {
		a.problems = append(a.problems, Problem{n.Line, n.Column, n.Name, fmt.Sprintf(format, args...), SeverityWarning})
	}
}

// base looks for the one thing whose absence switches the platform's checks off. Nothing is broader than the global scope.
func (a *advising) base(section *Node) {
	if a.src.Scope == Global || section.Child("base") != nil {
		return
	}
	a.warn(section, "the section has no <base/>: no policy of a broader scope runs in it; add <base/> unless that is meant")
}

// ends are the policies that nothing in the same list runs after.
var ends = map[string]bool{"return-response": true, "mock-response": true}

// sequence looks at policies that stand one after another, and at those within them.
func (a *advising) sequence(parent *Node) {
	over := ""
	for _, n := range parent.Children {
		if over != "" {
			a.warn(n, "nothing gets here: the policy %s before it ends the request", over)
			over = ""
		}
		if ends[n.Name] {
			over = n.Name
		}
		if n.Name == "choose" {
			a.choose(n)
		}
		a.logged(n)
		if n.Name != "return-response" {
			a.sequence(n)
		}
	}
}

// choose looks for branches that are never taken.
func (a *advising) choose(n *Node) {
	always := false
	for _, branch := range n.Children {
		condition := ""
		if at := branch.Attr("condition"); at != nil {
			condition = strings.TrimSpace(at.Value.Text())
		}
		switch {
		case always:
			a.warn(branch, "this branch is never taken: the condition of one before it is always true")
		case constant(condition, "false"):
			a.warn(branch, "this branch is never taken: its condition is always false")
		case branch.Name == "when" && constant(condition, "true"):
			always = true
		}
	}
}

// constant says whether a condition is a literal value, as a literal or as an expression.
func constant(condition, value string) bool {
	inner, ok := strings.CutPrefix(condition, "@(")
	if ok {
		condition = strings.TrimSpace(strings.TrimSuffix(inner, ")"))
	}
	return condition == value
}

// logs are the policies whose texts others read.
var logs = map[string]bool{"trace": true, "log-to-eventhub": true, "emit-metric": true, "send-service-bus-message": true}

// credentials are what expressions call the secrets of a caller.
var credentials = []string{
	`Headers["Authorization"]`, `Headers.GetValueOrDefault("Authorization"`, `Headers["Ocp-Apim-Subscription-Key"]`,
	`Headers.GetValueOrDefault("Ocp-Apim-Subscription-Key"`, "Subscription.Key", "Subscription.PrimaryKey", "Subscription.SecondaryKey",
}

// logged looks for secrets in what is written to logs.
func (a *advising) logged(n *Node) {
	if !logs[n.Name] {
		return
	}
	a.secrets(n, n)
}

func (a *advising) secrets(policy, n *Node) {
	values := []Value{n.Text}
	for i := range n.Attrs {
		values = append(values, n.Attrs[i].Value)
	}
	for _, v := range values {
		if i := slices.IndexFunc(credentials, func(c string) bool { return v.Expr && strings.Contains(v.s, c) }); i >= 0 {
			a.warn(n, "%s writes %s to a log, where others may read it; leave it out or write a hash of it", policy.Name, credentials[i])
		}
		for at := 0; ; {
			_, end, name, ok := reference(v.s, at)
			if !ok {
				break
			}
			if a.src.Home != nil && a.src.Home.Secrets[name] {
				a.warn(n, "%s writes the secret named value '%s' to a log, where others may read it; leave it out", policy.Name, name)
			}
			at = end
		}
	}
	for _, c := range n.Children {
		a.secrets(policy, c)
	}
}

// buffered looks for a document that lets a response stream and reads it as a whole.
func (a *advising) buffered() {
	backend, outbound := a.src.Doc.Section(BackendSection), a.src.Doc.Section(Outbound)
	if backend == nil || outbound == nil || !streams(backend) {
		return
	}
	if reader := a.readsResponse(outbound, nil); reader != nil {
		a.warn(reader, "%s reads the whole response, which forward-request with buffer-response=\"false\" passes on as it comes: callers wait for its end after all", reader.Name)
	}
}

func streams(n *Node) bool {
	if at := n.Attr("buffer-response"); n.Name == "forward-request" && at != nil && strings.TrimSpace(at.Value.Text()) == "false" {
		return true
	}
	return slices.ContainsFunc(n.Children, streams)
}

// wholeBody are the policies that read the body of a response whatever their attributes say.
var wholeBody = map[string]bool{"find-and-replace": true, "xml-to-json": true, "json-to-xml": true, "xsl-transform": true, "validate-content": true, "jsonp": true, "cache-store": true}

// readsResponse finds a policy that reads the body of the response, in itself or in a child element; in is the policy that n belongs to.
func (a *advising) readsResponse(n, in *Node) *Node {
	if a.engine.specs[n.Name] != nil {
		in = n
	}
	reads := func(v Value) bool { return v.Expr && strings.Contains(v.s, "context.Response.Body") }
	if wholeBody[n.Name] || reads(n.Text) || slices.ContainsFunc(n.Attrs, func(at Attribute) bool { return reads(at.Value) }) {
		return in
	}
	for _, c := range n.Children {
		if found := a.readsResponse(c, in); found != nil {
			return found
		}
	}
	return nil
}
