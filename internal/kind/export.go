package kind

// Export is a resource in another form, which GET …?export=true&format=… asks for.
type Export struct {
	Format string // as the answer names it
	Type   string // content type of Body
	File   string // name of a file to keep Body in
	Body   []byte
	Link   bool // the caller asked for a link to Body, which works for a while without a token
}

// Exports says whether the kind has other forms.
func (k *Kind) Exports() bool { return k.export != nil }

// Export makes the form that the query of r asks for. An unknown form is an *arm.Error.
func (k *Kind) Export(r *Rendering, v any) (*Export, error) { return k.export(r, v) }
