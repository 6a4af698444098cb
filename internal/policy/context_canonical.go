package policy

// Objects of the context have no text of their own. The canonical form of results names their type and shows nothing of them, least of all a
// password or a token; an address shows itself.

// CanonicalForm implements types.Canonical, here and below.
func (*Exchange) CanonicalForm() (typeName, text string)         { return "IContext", "" }
func (*Request) CanonicalForm() (typeName, text string)          { return "IRequest", "" }
func (*Response) CanonicalForm() (typeName, text string)         { return "IResponse", "" }
func (*Body) CanonicalForm() (typeName, text string)             { return "IMessageBody", "" }
func (u *URL) CanonicalForm() (typeName, text string)            { return "IUrl", u.String() }
func (*API) CanonicalForm() (typeName, text string)              { return "IApi", "" }
func (*Product) CanonicalForm() (typeName, text string)          { return "IProduct", "" }
func (*Subscription) CanonicalForm() (typeName, text string)     { return "ISubscription", "" }
func (*User) CanonicalForm() (typeName, text string)             { return "IUser", "" }
func (*Jwt) CanonicalForm() (typeName, text string)              { return "Jwt", "" }
func (*BasicCredentials) CanonicalForm() (typeName, text string) { return "BasicAuthCredentials", "" }
func (*Authorization) CanonicalForm() (typeName, text string)    { return "Authorization", "" }
