package policytest

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	cachememory "github.com/atelier-apim/atelier/internal/cache/memory"
	"github.com/atelier-apim/atelier/internal/counter/memory"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
	"github.com/atelier-apim/atelier/internal/vector"
)

// Case is one archive in work.
type Case struct {
	files   map[string]string
	engine  *policy.Engine
	home    *policy.Home // of the workspace when there is one
	service *policy.Home
	sources map[policy.Scope]policy.Source
	source  *policy.Resolver // of the last resolver; nil when it has problems
	plan    *policy.Plan     // nil when a document has changed since

	clocks   sync.Mutex // branches of a wait ask for the time
	now      time.Time
	backend  fakeBackend
	hosts    hosts
	database database
	exchange exchangeFacts
	tokens   *Tokens
	shared   map[string]func(yes bool, args []string) error // words of tokens and services

	connections *Connections
	events      []policies.Event // that the script has not named

	dir      string                      // of files that the archive doesn't hold; "" for none
	coverage *policy.Coverage            // nil: nobody asks
	names    map[*policy.Document]string // of documents, for the tally

	last     *policy.Exchange // the last exchange, done
	problems []policy.Problem // of documents that were checked
	asserted int              // problems that the script has named
}

// Start is the time at which every case begins.
var Start = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// Options are what a caller may ask for beside the run.
type Options struct {
	Name  string // of the archive in the tally
	Dir   string // folder of files that the script names and the archive doesn't hold; "" for none
	Tally *Tally // takes what ran of the documents; nil for none
}

// Run runs an archive. The error names the line of the script and says what was wanted and what happened.
func Run(archive *txtar.Archive) error { return RunWith(archive, Options{}) }

// RunWith is Run with options.
func RunWith(archive *txtar.Archive, o Options) error {
	c := &Case{files: map[string]string{}, sources: map[policy.Scope]policy.Source{}, now: Start, dir: o.Dir}
	c.tokens, c.connections = NewTokens(c.file), NewConnections(c.file)
	for _, f := range archive.Files {
		c.files[f.Name] = strings.TrimSuffix(string(f.Data), "\n")
	}
	c.service = newHome("/service", "")
	c.home = c.service
	c.exchange = defaultFacts()
	c.backend = fakeBackend{reply: "HTTP/1.1 200 OK\n"}
	c.shared = c.tokens.Words()
	maps.Copy(c.shared, c.backend.services.Words(c.file))
	clock := c.Now
	counters, err := memory.New(clock)
	if err != nil {
		return err
	}
	kept, err := cachememory.New(clock, 16<<20)
	if err != nil {
		return err
	}
	env := policies.Env{
		Counters: counters, Cache: kept, Wait: c.wait, Fetch: c.tokens.fetch, Identity: c.tokens.Identity, Metrics: c, Call: c.call,
		Vectors: vector.NewMemory(clock, 16<<20), Events: c.take, Dapr: "http://localhost:3500",
		SQL: c.queryDatabase,
	}
	engine, err := policy.NewEngine(policies.Table(env))
	if err != nil {
		return err
	}
	c.engine = engine
	if o.Tally != nil {
		c.coverage, c.names = &policy.Coverage{}, map[*policy.Document]string{}
		c.engine = engine.Observed(c.coverage)
		defer func() { o.Tally.add(o.Name, c) }()
	}
	for i, line := range strings.Split(string(archive.Comment), "\n") {
		if err := c.line(line); err != nil {
			return fmt.Errorf("line %d: %s: %w", i+1, strings.TrimSpace(line), err)
		}
	}
	for _, p := range c.problems[c.asserted:] {
		if p.Severity == policy.SeverityError {
			return fmt.Errorf("a policy has a problem that the case doesn't name: %w", p)
		}
	}
	return nil
}

// wait lets a policy's wait pass at once.
func (c *Case) wait(ctx context.Context, d time.Duration) error {
	c.clocks.Lock()
	defer c.clocks.Unlock()
	c.now = c.now.Add(d)
	return ctx.Err()
}

func newHome(id, workspace string) *policy.Home {
	h := &policy.Home{
		ID: id, Workspace: workspace, NamedValues: map[string]string{}, Secrets: map[string]bool{}, Fragments: map[string]*policy.Document{},
		Backends: map[string]*policy.Backend{}, Certificates: map[string]*policy.Certificate{}, Schemas: map[string]*policy.SchemaDocument{}, Loggers: map[string]*policy.Logger{},
	}
	if workspace != "" {
		h.Connections = map[string]bool{}
	}
	return h
}

// file returns a file of the archive.
func (c *Case) file(name string) (string, error) {
	if text, ok := c.files[name]; ok {
		return text, nil
	}
	if c.dir != "" {
		text, err := os.ReadFile(filepath.Join(c.dir, name))
		if err == nil {
			return string(text), nil
		}
	}
	return "", fmt.Errorf("the archive has no file %s", name)
}

var scopes = map[string]policy.Scope{
	"global": policy.Global, "workspace": policy.WorkspaceScope, "product": policy.ProductScope, "api": policy.APIScope, "operation": policy.OperationScope,
}

// policy installs a document at a scope, or keeps its problems.
func (c *Case) policy(scopeName, fileName, format string) error {
	scope, ok := scopes[scopeName]
	if !ok {
		return fmt.Errorf("%s is not a scope", scopeName)
	}
	doc, err := c.parse(fileName, format)
	if err != nil || doc == nil {
		return err
	}
	doc.ID = "/policies/" + scopeName
	home := c.home
	if scope == policy.Global {
		home = c.service
	}
	problems := c.engine.Check(doc, scope, home)
	c.problems = append(c.problems, problems...)
	c.named(doc, fileName, problems)
	c.sources[scope] = policy.Source{Scope: scope, Doc: doc, Home: home}
	c.plan = nil
	return nil
}

// named notes the file of a document that may run, for the tally.
func (c *Case) named(doc *policy.Document, file string, problems []policy.Problem) {
	wrong := func(p policy.Problem) bool { return p.Severity == policy.SeverityError }
	if c.names != nil && !slices.ContainsFunc(problems, wrong) {
		c.names[doc] = file
	}
}

// parse reads a file as a document; nil when it doesn't parse, which is a problem.
func (c *Case) parse(fileName, format string) (*policy.Document, error) {
	text, err := c.file(fileName)
	if err != nil {
		return nil, err
	}
	doc, err := policy.Parse(text, policy.Format(format))
	if bad, ok := err.(*policy.SyntaxError); ok {
		c.problems = append(c.problems, bad.Problem())
		return nil, nil
	}
	return doc, err
}

// compiled is the plan of the documents as they are now.
func (c *Case) compiled() (*policy.Plan, error) {
	if c.plan != nil {
		return c.plan, nil
	}
	var sources []policy.Source
	for _, src := range c.sources {
		sources = append(sources, src)
	}
	plan, err := c.engine.Compile(sources)
	c.plan = plan
	return plan, err
}
