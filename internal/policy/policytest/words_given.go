package policytest

import (
	"strconv"

	"github.com/atelier-apim/atelier/internal/policy"
)

var documentWords = []word{
	{"policy", "SCOPE FILE [xml]", "Installs a document at `global`, `workspace`, `product`, `api` or `operation`; its format is `rawxml` unless `xml` is said.", func(c *Case, _ bool, a []string) error {
		if len(a) == 3 {
			return c.policy(a[0], a[1], a[2])
		}
		return c.policy(a[0], a[1], "rawxml")
	}},
	{"resolver", "FILE", "Installs the document of a GraphQL resolver.", (*Case).resolver},
	{"fragment", "NAME FILE", "A policy fragment.", (*Case).fragment},
	{"workspace", "NAME", "What follows lives in this workspace; the document at `global` stays the service's.", func(c *Case, _ bool, a []string) error {
		c.home = newHome("/service/workspaces/"+a[0], a[0])
		c.exchange.workspace = &policy.Workspace{ID: c.home.ID, Name: a[0]}
		return nil
	}},
	{"named-value", "NAME VALUE", "A named value.", func(c *Case, _ bool, a []string) error { c.home.NamedValues[a[0]] = a[1]; return nil }},
	{"secret-value", "NAME VALUE", "A named value that is a secret.", func(c *Case, _ bool, a []string) error {
		c.home.NamedValues[a[0]] = a[1]
		c.home.Secrets[a[0]] = true
		return nil
	}},
	{"backend", "NAME URL", "A backend.", func(c *Case, _ bool, a []string) error {
		c.home.Backends[a[0]] = &policy.Backend{ID: a[0], URL: a[1]}
		return nil
	}},
	{"certificate", "NAME FILE", "A certificate, in PEM, with its key or without.", (*Case).certificate},
	{"schema", "ID FILE [json|xml]", "A schema of the service or workspace.", func(c *Case, _ bool, a []string) error { return c.schema(a) }},
	{"logger", "NAME TYPE", "A logger.", (*Case).logger},
	{"authority", "FILE [CertificateAuthority]", "A certificate that the service trusts, as a root unless said otherwise.", (*Case).authority},
}

var callWords = []word{
	{"operation", "METHOD TEMPLATE", "The operation of the call, as `context.Operation` tells it.", func(c *Case, _ bool, a []string) error {
		c.exchange.method, c.exchange.template = a[0], a[1]
		return nil
	}},
	{"param", "NAME VALUE", "A parameter that the template has matched.", func(c *Case, _ bool, a []string) error {
		c.exchange.params = append(c.exchange.params, policy.Param{Name: a[0], Value: a[1]})
		return nil
	}},
	{"variable", "NAME VALUE", "A variable that is there from the start, a text.", func(c *Case, _ bool, a []string) error {
		c.exchange.variables = append(c.exchange.variables, policy.Param{Name: a[0], Value: a[1]})
		return nil
	}},
	{"subscription", "ID | -", "The subscription of the call; `-` for none.", func(c *Case, _ bool, a []string) error { c.exchange.subscription = a[0]; return nil }},
	{"caller", "IP", "The caller's address.", func(c *Case, _ bool, a []string) error { c.exchange.caller = a[0]; return nil }},
	{"client-certificate", "FILE | -", "The caller's certificate, in PEM, with those that it sends beside its own, and its key.", (*Case).clientCertificate},
	{"definition", "CONTENT-TYPE FILE", "The document that describes the API.", (*Case).definition},
	{"contract", "FILE", "Parameters and representations of the operation, in JSON.", func(c *Case, _ bool, a []string) error { return c.contract(a[0]) }},
	{"api-schema", "ID FILE [json|xml]", "A schema of the API.", func(c *Case, _ bool, a []string) error { return c.apiSchema(a) }},
	{"example", "STATUS CONTENT-TYPE FILE", "An example of an answer of the operation.", func(c *Case, _ bool, a []string) error { return c.documented(a, true) }},
	{"sample", "STATUS CONTENT-TYPE FILE", "The same, made from its schema.", func(c *Case, _ bool, a []string) error { return c.documented(a, false) }},
}

var identityWords = []word{
	{"identity", "RESOURCE TOKEN", "The token that the service's identity gets for a resource; behind a blank in RESOURCE stands a client id. Without any there is no identity.", nil},
	{"identity-for", "WORKSPACES", "The workspaces that may use it.", func(c *Case, _ bool, a []string) error { c.exchange.identityFor = a[0]; return nil }},
	{"principal", "ID", "The object id of the service's identity.", func(c *Case, _ bool, a []string) error { c.connections.Principal = a[0]; return nil }},
	{"issuer", "URL", "Who signs the tokens of the installation's principals.", func(c *Case, _ bool, a []string) error { c.connections.Issuer = a[0]; return nil }},
	{"token", "NAME ALGORITHM KEY CLAIMS [MEMBER=VALUE …]", "Makes a token of the claims in a file, signed with a secret in base64 or a key in a file, with further members of its header; `${NAME}` in a request stands for it.", nil},
	{"sealed", "NAME ALGORITHM ENCRYPTION KEY CONTENT [MEMBER=VALUE …]", "Makes an encrypted token, of another token or a file.", nil},
	{"document", "URL FILE | -", "A document that policies fetch, such as an issuer's keys; `-` answers nothing.", nil},
	{"connection", "PROVIDER/NAME TOKEN | - [DURATION | CLAIMS-FILE | fault=TEXT …]", "A connection of the credential manager, of the service or workspace: its token, when that ends, its claims; `-` has no token, because of the fault.", (*Case).connection},
	{"access", "PROVIDER/NAME OBJECT [TENANT [APP …]]", "Who may use it; `-` for any.", func(c *Case, _ bool, a []string) error { return c.connections.Access(c.home.ID, a) }},
}

var answerWords = []word{
	{"backend-reply", "FILE", "What the backend answers from now on: a status line, headers, a blank line, the body. It is an empty 200 at first.", func(c *Case, _ bool, a []string) (err error) {
		c.backend.reply, err = c.file(a[0])
		return err
	}},
	{"backend-fails", "REASON", "The backend doesn't answer: `BackendConnectionFailure`, `Timeout`.", func(c *Case, _ bool, a []string) error { c.backend.fails = a[0]; return nil }},
	{"host", "URL FILE… | - | never | hangs", "What another host answers that policies call, one after another; `-` can't be reached, `never` is no answer in time, `hangs` waits until the call is broken off.", (*Case).host},
	{"proxy", "URL", "An HTTP proxy that is there.", func(*Case, bool, []string) error { return nil }}, // for drivers that need a real one
	{"together", "N", "Calls to hosts are answered when N are under way at once.", func(c *Case, _ bool, a []string) (err error) {
		c.hosts.together, err = strconv.Atoi(a[0])
		c.hosts.met = make(chan struct{})
		return err
	}},
	{"answer", "URL FILE [TEXT]", "What services answer that policies call by themselves (AI services, content safety), below an address, to bodies that hold the text; the latest counts.", nil},
	{"database", "FILE", "Statements that make what is in the database, for a driver that has a real one.", func(*Case, bool, []string) error { return nil }},
	{"rows", "FILE | KIND", "What the database answers where there is none: rows in JSON, or an error (`refused`, `unreachable`, `too-large`, `too-late`, `too-many`).", (*Case).rows},
}
