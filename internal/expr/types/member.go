package types

// Decl declares what a type offers: one value per .NET type, in a file of its
// own. Names in Base, Interfaces and signatures are written as in C#, with or
// without namespace, and may use the parameters of a generic Type.
type Decl struct {
	Type       *Type
	Doc        string
	Base       string // empty: object, or what the kind implies
	Interfaces []string
	Members    []Member

	// Refused makes every use of a member an APIM0001 error; the type may still
	// be named in a cast or a local.
	Refused bool
	// Denied names members that exist in .NET but are not on the allow-list;
	// using one is an APIM0002 error.
	Denied []string

	// Format writes a value under a format string, as IFormattable does. It
	// serves ToString(format), string.Format and interpolation.
	Format func(v Value, format string) (string, error)
}

// Member is one row: a signature as C# prints it and the Go function behind it.
//
//	string PadLeft(int totalWidth, char paddingChar = ' ')   method, default value
//	static string Join<T>(string sep, IEnumerable<T> values) generic static method
//	static bool TryParse(string s, out int result)           out argument: a *Ref
//	static R Select<T, R>(this IEnumerable<T> s, Func<T, R> f) extension method
//	DateTime(int year, int month, int day)                   constructor
//	int Length { get; }   string this[int i] { get; set; }   property, indexer
//	const int MaxValue                                        constant, with Const
//	static DateTime operator +(DateTime d, TimeSpan t)       operator
//	static implicit operator JToken(string value)            conversion; or explicit
type Member struct {
	Sig   string
	Do    Fn     // the method, constructor or getter
	Set   Fn     // the setter of a property or indexer; the value is the last argument
	Const Value  // the value of a const
	Doc   string // one line
	Ex    string // "expression → canonical value", run as a test; "! ExceptionName" for a failure
	// Denied makes using this overload an APIM0002 error.
	Denied bool
}

// Form says what a Method is.
type Form uint8

// The forms of members.
const (
	FormMethod Form = iota
	FormConstructor
	FormProperty
	FormIndexer
	FormConst
	FormOperator
	FormImplicit
	FormExplicit
)

// Mode says how an argument is passed.
type Mode uint8

// The modes of parameters.
const (
	ByValue Mode = iota
	ByRef
	ByOut
)

// Param is a parameter of a Method.
type Param struct {
	Name    string
	Type    *Type
	Mode    Mode
	Params  bool // a params array
	Default *Default
}

// Default is the default value of an optional parameter.
type Default struct{ V Value }

// Method is a resolved Member.
type Method struct {
	Owner      *Type // the declaring type: a definition, or an instance after On
	Name       string
	Form       Form
	Static     bool
	Extension  bool
	Denied     bool
	TypeParams []*Type
	Params     []Param
	Result     *Type
	Row        *Member
}

// Takes reports whether the method may be called with so many arguments.
func (m *Method) Takes(n int) bool {
	least := 0
	for _, p := range m.Params {
		if p.Default == nil && !p.Params {
			least++
		}
	}
	last := len(m.Params) - 1
	return n >= least && (n <= len(m.Params) || last >= 0 && m.Params[last].Params)
}

// On is the method as seen on an instance of its generic owner.
func (m *Method) On(owner *Type) *Method {
	if len(owner.Args) == 0 || len(m.Owner.Params) == 0 {
		return m
	}
	n := m.subst(m.Owner.Params, owner.Args)
	n.Owner = owner
	return n
}

// With is the generic method with its type arguments put in; TypeParams then
// holds the arguments.
func (m *Method) With(args []*Type) *Method {
	n := m.subst(m.TypeParams, args)
	n.TypeParams = args
	return n
}

func (m *Method) subst(params, args []*Type) *Method {
	n := *m
	n.Result = m.Result.Subst(params, args)
	n.Params = make([]Param, len(m.Params))
	for i, p := range m.Params {
		p.Type = p.Type.Subst(params, args)
		n.Params[i] = p
	}
	return &n
}

// String prints the method as C# error messages do: Type.Name(params).
func (m *Method) String() string {
	s := m.Owner.String() + "."
	if m.Form == FormConstructor {
		s += ShortName(m.Owner.Name)
	} else {
		s += m.Name
	}
	if m.Form != FormMethod && m.Form != FormConstructor {
		return s
	}
	if len(m.TypeParams) > 0 {
		s += "<" + list(m.TypeParams) + ">"
	}
	s += "("
	for i, p := range m.Params {
		if i > 0 {
			s += ", "
		}
		s += [...]string{"", "ref ", "out "}[p.Mode]
		if p.Params {
			s += "params "
		}
		s += p.Type.String()
	}
	return s + ")"
}
