package policytest

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// The words of a script. "!" before a word that asserts turns it round. Words that hold blanks stand in single quotes.
//
//	policy SCOPE FILE [xml]           installs a document (rawxml unless xml is said)
//	workspace NAME                    what follows lives in a workspace
//	named-value NAME VALUE            secret-value NAME VALUE       fragment NAME FILE
//	backend NAME URL                  ! warning TEXT (none besides those that were named)
//	subscription ID | -               caller IP
//	operation METHOD TEMPLATE         param NAME VALUE              variable NAME VALUE
//	schema ID FILE [json|xml]         of the home                   api-schema ID FILE [json|xml]   contract FILE (JSON)
//	example STATUS CONTENT-TYPE FILE  sample STATUS CONTENT-TYPE FILE
//	certificate NAME FILE             document URL FILE | -         (what a policy fetches; - fails)
//	client-certificate FILE | -       (the caller's, in PEM, with those that it sends beside its own and its key)
//	authority FILE [CertificateAuthority]                that the service trusts (as a root unless said otherwise)
//	backend-certificate NAME | -      (common name of the certificate that the backend could see)
//	identity RESOURCE TOKEN           (a token of the service's identity; without any there is none)
//	connection PROVIDER/NAME TOKEN [DURATION | CLAIMS-FILE | fault=TEXT …]   of the home, in the credential manager; - has no token; it ends after the duration
//	access PROVIDER/NAME OBJECT [TENANT [APP …]]         who may use it; - for any
//	principal ID                      issuer URL         (the service's identity; who signs tokens of the installation's principals)
//	identity-for WORKSPACES           (who may use it)
//	token NAME ALG KEY CLAIMS [MEMBER=VALUE …]           ${NAME} in a request is a token, signed with a secret in base64 or a file
//	sealed NAME ALG ENC KEY CONTENT [MEMBER=VALUE …]     an encrypted one, of another token or a file
//	logger NAME TYPE                  event LOGGER TEXT [key=KEY | partition=N]   (the next message; ! event - for none)
//	backend-reply FILE                backend-fails REASON
//	host URL FILE… | - | never | hangs another host that policies call: its answers, one after another; - can't be reached, never is no answer in time
//	together N                        calls to hosts are answered when N are under way at once
//	proxy URL                         an HTTP proxy                 host-proxy, backend-proxy 'URL [USER:PASSWORD]' | -
//	host-saw N                        host-request 'METHOD URL'     host-header 'Name: value'    host-body TEXT|FILE
//	clock DURATION                    send FILE                     preflight FILE
//	reply STATUS ['Name: value' …]    reply-header 'Name: value'    reply-body TEXT|FILE
//	backend-saw N                     backend-request 'METHOD URL'  fetched N
//	backend-header 'Name: value'      backend-body TEXT|FILE
//	definition CONTENT-TYPE FILE      that describes the API
//	resolver FILE                     checks the policy of a GraphQL resolver
//	resolve ARGUMENTS PARENT [list]   runs it, for a field that takes a list or not; the reply is then the data
//	published FIELD…                  what it got is an event of these subscriptions, and of no others
//	database FILE                     statements that make what is in the database, where there is a real one
//	rows FILE | KIND                  what the database answers where there is none: rows in JSON, or an error (refused, unreachable, too-large, too-late, too-many)
//	queried HOST [statement=TEXT|FILE] [@NAME[:TYPE]=JSON] [user=NAME] [token=TOKEN] [engine=NAME] [certificate=NAME]   what it was asked last; - for nothing
//	last-error SOURCE REASON [TEXT]   trace SEVERITY SOURCE TEXT    is NAME VALUE (a variable)
//	answer URL FILE [TEXT]            what services that policies call by themselves answer below an address, to bodies that hold the text; the latest counts
//	asked URL N                       asked-body URL TEXT|FILE      asked-header URL 'Name: value'
//	metric NAMESPACE NAME VALUE [NAME=VALUE …]           was emitted with these dimensions
//	problem [LINE:COLUMN] TEXT        warning TEXT
func (c *Case) words() map[string]func(yes bool, args []string) error {
	return map[string]func(bool, []string) error{
		"policy": func(_ bool, a []string) error {
			if len(a) == 3 {
				return c.policy(a[0], a[1], a[2])
			}
			return c.policy(a[0], a[1], "rawxml")
		},
		"workspace": func(_ bool, a []string) error {
			c.home = newHome("/service/workspaces/"+a[0], a[0])
			c.exchange.workspace = &policy.Workspace{ID: c.home.ID, Name: a[0]}
			return nil
		},
		"named-value": func(_ bool, a []string) error { c.home.NamedValues[a[0]] = a[1]; return nil },
		"secret-value": func(_ bool, a []string) error {
			c.home.NamedValues[a[0]] = a[1]
			c.home.Secrets[a[0]] = true
			return nil
		},
		"fragment":   c.fragment,
		"definition": c.definition,
		"resolver":   c.resolver,
		"resolve":    c.resolve,
		"published":  c.published,
		"backend": func(_ bool, a []string) error {
			c.home.Backends[a[0]] = &policy.Backend{ID: a[0], URL: a[1]}
			return nil
		},
		"certificate":         c.certificate,
		"client-certificate":  c.clientCertificate,
		"authority":           c.authority,
		"backend-certificate": c.backendCertificate,
		"identity-for":        func(_ bool, a []string) error { c.exchange.identityFor = a[0]; return nil },
		"connection":          func(_ bool, a []string) error { return c.connection(a) },
		"access":              func(_ bool, a []string) error { return c.connections.Access(c.home.ID, a) },
		"principal":           func(_ bool, a []string) error { c.connections.Principal = a[0]; return nil },
		"issuer":              func(_ bool, a []string) error { c.connections.Issuer = a[0]; return nil },
		"subscription":        func(_ bool, a []string) error { c.exchange.subscription = a[0]; return nil },
		"caller":              func(_ bool, a []string) error { c.exchange.caller = a[0]; return nil },
		"operation":           func(_ bool, a []string) error { c.exchange.method, c.exchange.template = a[0], a[1]; return nil },
		"logger":              c.logger,
		"event":               c.event,
		"param": func(_ bool, a []string) error {
			c.exchange.params = append(c.exchange.params, policy.Param{Name: a[0], Value: a[1]})
			return nil
		},
		"variable": func(_ bool, a []string) error {
			c.exchange.variables = append(c.exchange.variables, policy.Param{Name: a[0], Value: a[1]})
			return nil
		},
		"schema":          func(_ bool, a []string) error { return c.schema(a) },
		"api-schema":      func(_ bool, a []string) error { return c.apiSchema(a) },
		"contract":        func(_ bool, a []string) error { return c.contract(a[0]) },
		"example":         func(_ bool, a []string) error { return c.documented(a, true) },
		"sample":          func(_ bool, a []string) error { return c.documented(a, false) },
		"backend-reply":   func(_ bool, a []string) (err error) { c.backend.reply, err = c.file(a[0]); return err },
		"backend-fails":   func(_ bool, a []string) error { c.backend.fails = a[0]; return nil },
		"clock":           c.clock,
		"send":            func(_ bool, a []string) error { return c.send(a[0], false) },
		"preflight":       func(_ bool, a []string) error { return c.send(a[0], true) },
		"reply":           c.reply,
		"reply-header":    func(yes bool, a []string) error { return header(yes, c.answer().Header, a[0]) },
		"reply-body":      func(yes bool, a []string) error { return c.text(yes, "body", bodyText(c.answer().Body), a[0]) },
		"backend-saw":     c.backendSaw,
		"backend-request": func(yes bool, a []string) error { return c.text(yes, "request", c.backend.seen().line, a[0]) },
		"backend-header":  func(yes bool, a []string) error { return header(yes, c.backend.seen().header, a[0]) },
		"backend-body":    func(yes bool, a []string) error { return c.text(yes, "body", c.backend.seen().body, a[0]) },
		"last-error":      c.lastError,
		"trace":           c.trace,
		"metric":          c.metric,
		"is":              c.variable,
		"problem":         func(_ bool, a []string) error { return c.problem(policy.SeverityError, a) },
		"warning": func(yes bool, a []string) error {
			if !yes {
				return c.noWarning(a[len(a)-1])
			}
			return c.problem(policy.SeverityWarning, a)
		},
	}
}

// arity is how many arguments a word needs at least, where that is more than one.
var arity = map[string]int{
	"definition": 2, "resolver": 1, "resolve": 2, "host": 2,
	"policy": 2, "named-value": 2, "secret-value": 2, "fragment": 2, "backend": 2, "operation": 2, "param": 2, "variable": 2, "example": 3, "sample": 3,
	"last-error": 2, "trace": 3, "metric": 3, "answer": 2, "asked": 2, "asked-body": 2, "asked-header": 2, "is": 2, "certificate": 2, "document": 2, "token": 4, "identity": 2, "sealed": 5, "schema": 2, "api-schema": 2, "logger": 2,
}

// line runs one line of the script.
func (c *Case) line(line string) error {
	args, err := Split(line)
	if err != nil || len(args) == 0 {
		return err
	}
	yes := args[0] != "!"
	if !yes {
		args = args[1:]
	}
	if len(args) == 0 {
		return errors.New("a word is expected after the exclamation mark")
	}
	word := c.words()[args[0]]
	if word == nil {
		word = c.tokens.Words()[args[0]]
	}
	if word == nil {
		word = c.hostWords()[args[0]]
	}
	if word == nil {
		word = c.databaseWords()[args[0]]
	}
	if word == nil {
		word = c.backend.services.Words(c.file)[args[0]]
	}
	if word == nil {
		return fmt.Errorf("%s is not a word of scripts", args[0])
	}
	if want := max(arity[args[0]], 1); len(args)-1 < want {
		return fmt.Errorf("%s needs %d arguments", args[0], want)
	}
	return word(yes, args[1:])
}

// Split cuts a line at blanks outside of single quotes; a quote is doubled inside of them. Comments begin with #.
func Split(line string) (args []string, err error) {
	var word strings.Builder
	inWord, quoted := false, false
	for i := 0; i < len(line); i++ {
		switch ch := line[i]; {
		case ch == '\'' && quoted && i+1 < len(line) && line[i+1] == '\'':
			word.WriteByte('\'')
			i++
		case ch == '\'':
			quoted, inWord = !quoted, true
		case quoted:
			word.WriteByte(ch)
		case ch == '#' && !inWord:
			return args, nil
		case ch == ' ' || ch == '\t':
			if inWord {
				args = append(args, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteByte(ch)
			inWord = true
		}
	}
	if quoted {
		return nil, errors.New("a quote is not closed")
	}
	if inWord {
		args = append(args, word.String())
	}
	return args, nil
}

func (c *Case) fragment(_ bool, a []string) error {
	doc, err := c.parse(a[1], "rawxml")
	if err != nil || doc == nil {
		return err
	}
	problems := c.engine.CheckFragment(doc, c.home)
	c.problems = append(c.problems, problems...)
	c.named(doc, a[1], problems)
	c.home.Fragments[a[0]] = doc
	return nil
}

func (c *Case) documented(a []string, example bool) error {
	status, err := strconv.Atoi(a[0])
	if err != nil {
		return err
	}
	text, err := c.file(a[2])
	if err != nil {
		return err
	}
	rep := policy.Representation{ContentType: a[1]}
	if example {
		rep.Examples = [][]byte{[]byte(text)}
	} else {
		rep.Sample = []byte(text)
	}
	c.exchange.responses = append(c.exchange.responses, policy.MockResponse{Status: status, Representations: []policy.Representation{rep}})
	return nil
}

func (c *Case) clock(_ bool, a []string) error {
	d, err := time.ParseDuration(a[0])
	c.now = c.now.Add(d)
	return err
}

func (c *Case) answer() *policy.Response {
	if c.last == nil || c.last.Response == nil {
		return &policy.Response{}
	}
	return c.last.Response
}

func (c *Case) reply(_ bool, a []string) error {
	r := c.answer()
	got := strconv.Itoa(r.Status)
	if got != a[0] {
		return fmt.Errorf("the status is %s, body %s, error %v", got, bodyText(r.Body), c.failure())
	}
	for _, want := range a[1:] {
		if strings.Contains(want, ": ") {
			if err := header(true, r.Header, want); err != nil {
				return err
			}
		} else if reason := reasonOf(r); reason != want {
			return fmt.Errorf("the reason is %s", reason)
		}
	}
	return nil
}

// failure is the error of the last exchange.
func (c *Case) failure() error {
	if c.last == nil || c.last.LastError == nil {
		return nil
	}
	return c.last.LastError
}

func reasonOf(r *policy.Response) string {
	if r.Reason != "" {
		return r.Reason
	}
	return http.StatusText(r.Status)
}

// header asserts a line "Name: value"; without a value, that the header is there.
func header(yes bool, h policy.Header, want string) error {
	name, value, hasValue := strings.Cut(want, ": ")
	found := h.Has(name)
	if hasValue {
		found = false
		for _, v := range h.Values(name) {
			found = found || v == value
		}
	}
	if found != yes {
		return fmt.Errorf("the headers are %v", h)
	}
	return nil
}

// text compares with a text or with a file of the archive.
func (c *Case) text(yes bool, what, got, want string) error {
	if file, ok := c.files[want]; ok {
		want = file
	}
	if (strings.TrimSpace(got) == strings.TrimSpace(want)) != yes {
		return fmt.Errorf("the %s is\n%s", what, got)
	}
	return nil
}

func (c *Case) backendSaw(_ bool, a []string) error {
	if got := strconv.Itoa(len(c.backend.requests)); got != a[0] {
		return fmt.Errorf("the backend saw %s requests", got)
	}
	return nil
}

func (c *Case) lastError(_ bool, a []string) error {
	if c.last == nil {
		return errors.New("nothing was sent")
	}
	e := c.last.LastError
	if e == nil {
		return errors.New("there was no error")
	}
	if e.Source != a[0] || e.Reason != a[1] || len(a) > 2 && e.Message != a[2] {
		return fmt.Errorf("the error is %s %s '%s'", e.Source, e.Reason, e.Message)
	}
	return nil
}

func (c *Case) trace(yes bool, a []string) error {
	var got []string
	for _, t := range c.backend.traces {
		line := t.Severity + " " + t.Source + " " + t.Message
		for _, m := range t.Metadata {
			line += " " + m.Name + "=" + m.Value
		}
		if line == strings.Join(a, " ") {
			got = append(got, line)
		}
	}
	if (len(got) > 0) != yes {
		return fmt.Errorf("the traces are %v", c.backend.traces)
	}
	return nil
}

func (c *Case) variable(yes bool, a []string) error {
	if c.last == nil {
		return errors.New("nothing was sent")
	}
	v, ok := c.last.Variable(a[0])
	if got := fmt.Sprint(v); (ok && got == a[1]) != yes {
		return fmt.Errorf("the variable is %v", v)
	}
	return nil
}

// noWarning insists that the documents so far have no warning with a text beside those that the script has named.
func (c *Case) noWarning(text string) error {
	for _, p := range c.problems[c.asserted:] {
		if p.Severity == policy.SeverityWarning && strings.Contains(p.Error(), text) {
			return p
		}
	}
	return nil
}

// problem asserts the next problem of the severity; a place "line:column" may stand before its text, of which a part is enough.
func (c *Case) problem(severity policy.Severity, a []string) error {
	for _, p := range c.problems[c.asserted:] {
		c.asserted++
		if p.Severity != severity {
			continue
		}
		place := fmt.Sprintf("%d:%d", p.Line, p.Column)
		if !strings.Contains(p.Error(), a[len(a)-1]) || len(a) > 1 && a[0] != place {
			return fmt.Errorf("the next problem is at %s: %w", place, p)
		}
		return nil
	}
	return errors.New("there is no such problem")
}
