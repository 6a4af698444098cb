package policy

// What a document is compiled in and into; the compiler itself is in engine.go, compile.go and read.go.

// Home is where a document lives: the service or one workspace. References in it resolve here and nowhere else.
type Home struct {
	ID           string                     // full resource id of the service or workspace, lower case
	Workspace    string                     // name of the workspace, "" at service level; isolates counters, cache keys and concurrency keys
	NamedValues  map[string]string          // display name to value
	Secrets      map[string]bool            // display names of named values that are secret, where somebody checks a document
	Fragments    map[string]*Document       // id to parsed fragment
	Backends     map[string]*Backend        // id to backend
	Certificates map[string]*Certificate    // id to certificate
	Schemas      map[string]*SchemaDocument // id in lower case to schema; those that documents name
	Loggers      map[string]*Logger         // id to logger
	// Connections are those that documents name, by ConnectionKey; nil where names are not held against them: for documents of the service, and at gateways,
	// which look with every call.
	Connections map[string]bool
	// Unknown says that nothing is known of the home, as for a file on somebody's disk: references that resolve nowhere are no problem.
	Unknown bool
}

// Source is one document with its place: compiled plans are made of up to five of them.
type Source struct {
	Scope Scope
	Doc   *Document
	Home  *Home
}

// Place says where a step comes from, for errors and traces.
type Place struct {
	Element  string // "set-header"
	Scope    Scope
	Section  Section
	Path     string // "choose[3]/when[2]/set-header[1]"
	PolicyID string // id attribute of the element, "" without one
	// DocumentID is the resource id of the document, for traces and as the identity of counters.
	DocumentID string
	Line       int
	Column     int
}

// Step is one compiled policy. It returns nil to go on, ErrReplied (through Exchange.Reply) to end the pipeline, an *Error or any other error
// to fail it.
type Step func(*Exchange) error

// Instruction is a step and its place.
type Instruction struct {
	Run   Step
	Place *Place
	// Preflight is set for cors: it answers a preflight request or says that it doesn't match by returning nil without a reply.
	Preflight Step
	// PolicyFile is set for cross-domain: it answers a request for the policy file of the host.
	PolicyFile Step
	// Stores says that the step is a cache-store or holds one.
	Stores bool
}

// Block is a list of instructions that run one after another.
type Block []Instruction

// Run runs them until one replies or fails; the error is as Plan.Run's.
func (b Block) Run(x *Exchange) error {
	for i := range b {
		if err := b[i].Run(x); err != nil {
			return located(err, b[i].Place)
		}
	}
	return nil
}

// Plan is the policy of one operation (or of an API, when only that matched), flat and ready to run. It is immutable.
type Plan struct {
	Sections          [sections]Block
	ReadsRequestBody  bool // some step reads the request's body: it may be buffered
	ReadsResponseBody bool
}

// Run runs one section. The error is nil, ErrReplied, or an *Error whose place is filled in.
func (p *Plan) Run(x *Exchange, s Section) error {
	x.Section = s
	if x.served && s != OnError {
		return p.served(x, s)
	}
	if s == Outbound {
		if err := x.answered(); err != nil {
			return err
		}
	}
	err := p.Sections[s].Run(x)
	if isServed(x, s, err) {
		return nil
	}
	return err
}

// Preflight lets the cors elements of the inbound section answer a preflight request, and nothing else run (policies.md 7.9).
func (p *Plan) Preflight(x *Exchange) error {
	x.Section = Inbound
	for i := range p.Sections[Inbound] {
		in := &p.Sections[Inbound][i]
		if in.Preflight == nil {
			continue
		}
		if err := in.Preflight(x); err != nil {
			return located(err, in.Place)
		}
	}
	return nil
}

// policyFile is where Flash and Silverlight look for what a host allows.
const policyFile = "/crossdomain.xml"

// AsksPolicyFile says whether the request is for the policy file of the host.
func (x *Exchange) AsksPolicyFile() bool {
	return x.Request.URL.Path == policyFile && (x.Request.Method == "GET" || x.Request.Method == "HEAD")
}

// PolicyFile lets cross-domain answer a request for the policy file of the host, and nothing else run: no API is asked, and no key.
func (p *Plan) PolicyFile(x *Exchange) error {
	x.Section = Inbound
	for i := range p.Sections[Inbound] {
		if in := &p.Sections[Inbound][i]; in.PolicyFile != nil {
			if err := in.PolicyFile(x); err != nil {
				return located(err, in.Place)
			}
		}
	}
	return nil
}
