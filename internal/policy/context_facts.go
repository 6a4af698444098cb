package policy

import "github.com/atelier-apim/atelier/internal/expr/types"

// The facts of an installation as expressions see them. Ids are the entities' own names, not their resource ids.

var (
	apiType          = types.Interface("IApi")
	keyNamesType     = types.Interface("ISubscriptionKeyParameterNames")
	operationType    = types.Interface("IOperation")
	productType      = types.Interface("IProduct")
	productState     = types.EnumOf("ProductState", "NotPublished", "Published")
	groupType        = types.Interface("IGroup")
	subscriptionType = types.Interface("ISubscription")
	userType         = types.Interface("IUser")
	identityType     = types.Interface("IUserIdentity")
	workspaceType    = types.Interface("IWorkspace")
)

// keyNames are the names of an API's key parameters.
type keyNames API

// NetType of the facts.
func (*API) NetType() *types.Type          { return apiType }
func (*keyNames) NetType() *types.Type     { return keyNamesType }
func (*Operation) NetType() *types.Type    { return operationType }
func (*Product) NetType() *types.Type      { return productType }
func (*Group) NetType() *types.Type        { return groupType }
func (*Subscription) NetType() *types.Type { return subscriptionType }
func (*User) NetType() *types.Type         { return userType }
func (*Identity) NetType() *types.Type     { return identityType }
func (*Workspace) NetType() *types.Type    { return workspaceType }

func apiDecl() types.Decl {
	return types.Decl{Type: apiType, Doc: "An API.", Members: []types.Member{
		{Sig: "string Id { get; }", Do: types.Fn1(func(a *API) types.Value { return textOrNull(shortName(a.ID)) }), Doc: "Its name in addresses of the management API."},
		{Sig: "string Name { get; }", Do: types.Fn1(func(a *API) types.Value { return textOrNull(a.Name) }), Doc: "Its display name."},
		{Sig: "string Path { get; }", Do: types.Fn1(func(a *API) types.Value { return textOrNull(a.Path) }), Doc: "Its path below the gateway's address."},
		{Sig: "string Revision { get; }", Do: types.Fn1(func(a *API) types.Value { return textOrNull(a.Revision) }), Doc: "Its revision."},
		{Sig: "string Version { get; }", Do: types.Fn1(func(a *API) types.Value { return textOrNull(a.Version) }), Doc: "Its version; null without one."},
		{Sig: "bool IsCurrentRevision { get; }", Do: types.Fn1(func(a *API) bool { return a.IsCurrentRevision }), Doc: "Whether the revision is the current one."},
		{Sig: "IUrl ServiceUrl { get; }", Do: types.Fn1(func(a *API) *URL { return parseURL(a.ServiceURL) }), Doc: "The address of its backend."},
		{Sig: "IEnumerable<string> Protocols { get; }", Do: types.Do(func(c *types.Call) (types.Value, error) { return types.Strings(c.This.(*API).Protocols), nil }), Doc: "The protocols it is served on."},
		{Sig: "ISubscriptionKeyParameterNames SubscriptionKeyParameterNames { get; }", Do: types.Fn1(func(a *API) *keyNames { return (*keyNames)(a) }), Doc: "Where its key is looked for."},
		{Sig: "IWorkspace Workspace { get; }", Do: types.Fn1(func(a *API) *Workspace { return a.Workspace }), Doc: "Its workspace; null at service level."},
	}}
}

func keyNamesDecl() types.Decl {
	return types.Decl{Type: keyNamesType, Doc: "Names of the parameters that carry a key.", Members: []types.Member{
		{Sig: "string Header { get; }", Do: types.Fn1(func(k *keyNames) types.Value { return textOrNull(k.KeyHeader) }), Doc: "The header."},
		{Sig: "string Query { get; }", Do: types.Fn1(func(k *keyNames) types.Value { return textOrNull(k.KeyQuery) }), Doc: "The query parameter."},
	}}
}

func operationDecl() types.Decl {
	return types.Decl{Type: operationType, Doc: "An operation.", Members: []types.Member{
		{Sig: "string Id { get; }", Do: types.Fn1(func(o *Operation) types.Value { return textOrNull(shortName(o.ID)) }), Doc: "Its name in addresses of the management API."},
		{Sig: "string Method { get; }", Do: types.Fn1(func(o *Operation) types.Value { return textOrNull(o.Method) }), Doc: "Its method."},
		{Sig: "string Name { get; }", Do: types.Fn1(func(o *Operation) types.Value { return textOrNull(o.Name) }), Doc: "Its display name."},
		{Sig: "string UrlTemplate { get; }", Do: types.Fn1(func(o *Operation) types.Value { return textOrNull(o.URLTemplate) }), Doc: "Its template."},
	}}
}

func productDecl() types.Decl {
	return types.Decl{Type: productType, Doc: "A product.", Members: []types.Member{
		{Sig: "IEnumerable<IApi> Apis { get; }", Do: types.Do(func(c *types.Call) (types.Value, error) { return listOf(apiType, c.This.(*Product).APIs), nil }), Doc: "Its APIs."},
		{Sig: "bool ApprovalRequired { get; }", Do: types.Fn1(func(p *Product) bool { return p.ApprovalRequired }), Doc: "Whether subscriptions need approval."},
		{Sig: "IEnumerable<IGroup> Groups { get; }", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return listOf(groupType, pointers(c.This.(*Product).Groups)), nil
		}), Doc: "The groups that see it."},
		{Sig: "string Id { get; }", Do: types.Fn1(func(p *Product) types.Value { return textOrNull(shortName(p.ID)) }), Doc: "Its name in addresses of the management API."},
		{Sig: "string Name { get; }", Do: types.Fn1(func(p *Product) types.Value { return textOrNull(p.Name) }), Doc: "Its display name."},
		{Sig: "ProductState State { get; }", Do: types.Fn1(func(p *Product) types.Enum {
			if p.Published {
				return types.Enum{Type: productState, N: 1}
			}
			return types.Enum{Type: productState}
		}), Doc: "Whether it is published."},
		{Sig: "int? SubscriptionLimit { get; }", Do: types.Do(subscriptionsLimit), Doc: "Older name of SubscriptionsLimit."},
		{Sig: "int? SubscriptionsLimit { get; }", Do: types.Do(subscriptionsLimit), Doc: "Subscriptions a user may have; null for no limit."},
		{Sig: "bool SubscriptionRequired { get; }", Do: types.Fn1(func(p *Product) bool { return p.SubscriptionRequired }), Doc: "Whether calls need a key."},
		{Sig: "IWorkspace Workspace { get; }", Do: types.Fn1(func(p *Product) *Workspace { return p.Workspace }), Doc: "Its workspace; null at service level."},
	}}
}

func subscriptionsLimit(c *types.Call) (types.Value, error) {
	if n := c.This.(*Product).SubscriptionsLimit; n != nil {
		return int32(*n), nil
	}
	return nil, nil
}

func productStateDecl() types.Decl {
	return types.Decl{Type: productState, Doc: "Whether a product is published."}
}

func groupDecl() types.Decl {
	return types.Decl{Type: groupType, Doc: "A group of users.", Members: []types.Member{
		{Sig: "string Id { get; }", Do: types.Fn1(func(g *Group) types.Value { return textOrNull(shortName(g.ID)) }), Doc: "Its name in addresses of the management API."},
		{Sig: "string Name { get; }", Do: types.Fn1(func(g *Group) types.Value { return textOrNull(g.Name) }), Doc: "Its display name."},
	}}
}

func subscriptionDecl() types.Decl {
	created := types.Do(func(c *types.Call) (types.Value, error) { return netTime(c, c.This.(*Subscription).Created) })
	return types.Decl{Type: subscriptionType, Doc: "A subscription.", Members: []types.Member{
		{Sig: "DateTime CreatedDate { get; }", Do: created, Doc: "When it was created."},
		{Sig: "DateTime CreatedTime { get; }", Do: created, Doc: "Older name of CreatedDate."},
		{Sig: "DateTime? EndDate { get; }", Do: types.Do(func(c *types.Call) (types.Value, error) { return netTimePtr(c, c.This.(*Subscription).End) }), Doc: "When it ends."},
		{Sig: "string Id { get; }", Do: types.Fn1(func(s *Subscription) types.Value { return textOrNull(shortName(s.ID)) }), Doc: "Its name in addresses of the management API."},
		{Sig: "string Key { get; }", Do: types.Fn1(func(s *Subscription) types.Value { return textOrNull(s.Key) }), Doc: "The key that was used."},
		{Sig: "string Name { get; }", Do: types.Fn1(func(s *Subscription) types.Value { return textOrNull(s.Name) }), Doc: "Its display name."},
		{Sig: "string PrimaryKey { get; }", Do: types.Fn1(func(s *Subscription) types.Value { return textOrNull(s.PrimaryKey) }), Doc: "Its primary key."},
		{Sig: "string SecondaryKey { get; }", Do: types.Fn1(func(s *Subscription) types.Value { return textOrNull(s.SecondaryKey) }), Doc: "Its secondary key."},
		{Sig: "DateTime? StartDate { get; }", Do: types.Do(func(c *types.Call) (types.Value, error) { return netTimePtr(c, c.This.(*Subscription).Start) }), Doc: "When it starts."},
	}}
}

func userDecl() types.Decl {
	return types.Decl{Type: userType, Doc: "The owner of a subscription.", Members: []types.Member{
		{Sig: "string Email { get; }", Do: types.Fn1(func(u *User) types.Value { return textOrNull(u.Email) }), Doc: "The mail address."},
		{Sig: "string FirstName { get; }", Do: types.Fn1(func(u *User) types.Value { return textOrNull(u.FirstName) }), Doc: "The first name."},
		{Sig: "IEnumerable<IGroup> Groups { get; }", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return listOf(groupType, pointers(c.This.(*User).Groups)), nil
		}), Doc: "The groups the user belongs to."},
		{Sig: "string Id { get; }", Do: types.Fn1(func(u *User) types.Value { return textOrNull(shortName(u.ID)) }), Doc: "The user's name in addresses of the management API."},
		{Sig: "IEnumerable<IUserIdentity> Identities { get; }", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return listOf(identityType, pointers(c.This.(*User).Identities)), nil
		}), Doc: "The user's accounts at providers."},
		{Sig: "string LastName { get; }", Do: types.Fn1(func(u *User) types.Value { return textOrNull(u.LastName) }), Doc: "The last name."},
		{Sig: "string Note { get; }", Do: types.Fn1(func(u *User) types.Value { return textOrNull(u.Note) }), Doc: "A note of the administrators."},
		{Sig: "DateTime RegistrationDate { get; }", Do: types.Do(func(c *types.Call) (types.Value, error) { return netTime(c, c.This.(*User).Registered) }), Doc: "When the user signed up."},
	}}
}

func identityDecl() types.Decl {
	return types.Decl{Type: identityType, Doc: "An account of a user at a provider.", Members: []types.Member{
		{Sig: "string Id { get; }", Do: types.Fn1(func(i *Identity) types.Value { return textOrNull(i.ID) }), Doc: "The account."},
		{Sig: "string Provider { get; }", Do: types.Fn1(func(i *Identity) types.Value { return textOrNull(i.Provider) }), Doc: "The provider."},
	}}
}

func workspaceDecl() types.Decl {
	return types.Decl{Type: workspaceType, Doc: "A workspace.", Members: []types.Member{
		{Sig: "string Id { get; }", Do: types.Fn1(func(w *Workspace) types.Value { return textOrNull(shortName(w.ID)) }), Doc: "Its name in addresses of the management API."},
		{Sig: "string Name { get; }", Do: types.Fn1(func(w *Workspace) types.Value { return textOrNull(w.Name) }), Doc: "Its display name."},
	}}
}

func textOrNull(s string) types.Value {
	if s == "" {
		return nil
	}
	return s
}

func pointers[T any](all []T) []*T {
	out := make([]*T, len(all))
	for i := range all {
		out[i] = &all[i]
	}
	return out
}

func listOf[T any](elem *types.Type, all []*T) *types.Array {
	items := make([]types.Value, len(all))
	for i, v := range all {
		items[i] = v
	}
	return &types.Array{Elem: elem, Items: items}
}
