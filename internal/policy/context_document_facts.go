package policy

import "time"

// The facts of a context document.

type apiDocument struct {
	ID, Name, Path, Revision, Version string
	IsCurrentRevision                 *bool
	ServiceURL                        string
	Protocols                         []string
	SubscriptionKeyParameterNames     struct{ Header, Query string }
	Workspace                         *Workspace
}

type productDocument struct {
	ID, Name, State      string
	ApprovalRequired     bool
	SubscriptionRequired *bool
	SubscriptionsLimit   *int
	Groups               []Group
	APIs                 []*apiDocument `json:"apis"`
	Workspace            *Workspace
}

type subscriptionDocument struct {
	ID, Name, Key, PrimaryKey, SecondaryKey string
	CreatedDate, StartDate, EndDate         *time.Time
}

type userDocument struct {
	ID, Email, FirstName, LastName, Note string
	RegistrationDate                     *time.Time
	Groups                               []Group
	Identities                           []Identity
}

type deploymentDocument struct {
	Region, ServiceName, ServiceID string
	GatewayID                      *string
	Gateway                        struct {
		ID, InstanceID *string
		IsManaged      *bool
	}
	Certificates map[string]struct {
		PFX, CER []byte
		Password string
	}
}

// facts fills what is read only.
func (d *contextDocument) facts(x *Exchange) {
	api := d.API
	if api == nil {
		api = &apiDocument{}
	}
	x.API, x.Product, x.Deployment = api.api(), d.Product.product(), d.Deployment.deployment()
	if o := d.Operation; o != nil {
		x.Operation = &Operation{ID: o.ID, Name: o.Name, Method: o.Method, URLTemplate: o.URLTemplate}
	}
	if s := d.Subscription; s != nil {
		x.Subscription = &Subscription{ID: s.ID, Name: s.Name, Key: s.Key, PrimaryKey: s.PrimaryKey, SecondaryKey: s.SecondaryKey, Created: instant(s.CreatedDate), Start: s.StartDate, End: s.EndDate}
	}
	if u := d.User; u != nil {
		x.User = &User{ID: u.ID, Email: u.Email, FirstName: u.FirstName, LastName: u.LastName, Note: u.Note, Registered: instant(u.RegistrationDate), Groups: u.Groups, Identities: u.Identities}
	}
	if b := d.Backend; b != nil {
		x.Backend.Backend = &Backend{ID: b.ID, Pool: b.Type == "Pool", Region: b.AzureRegion}
	}
	if e := d.LastError; e != nil {
		x.LastError = &Error{Source: e.Source, Reason: e.Reason, Message: e.Message, Scope: e.Scope, Section: e.Section, Path: e.Path, PolicyID: e.PolicyID, Status: e.HTTPErrorCode}
	}
}

func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

func (d *apiDocument) api() *API {
	a := &API{
		ID: d.ID, Name: d.Name, Path: d.Path, Revision: or(d.Revision, "1"), Version: d.Version, IsCurrentRevision: d.IsCurrentRevision == nil || *d.IsCurrentRevision,
		ServiceURL: d.ServiceURL, Protocols: d.Protocols, Workspace: d.Workspace,
		KeyHeader: d.SubscriptionKeyParameterNames.Header, KeyQuery: d.SubscriptionKeyParameterNames.Query,
	}
	if a.Protocols == nil {
		a.Protocols = []string{"https"}
	}
	return a
}

func (d *productDocument) product() *Product {
	if d == nil {
		return nil
	}
	p := &Product{
		ID: d.ID, Name: d.Name, Published: or(d.State, "Published") == "Published", ApprovalRequired: d.ApprovalRequired,
		SubscriptionRequired: d.SubscriptionRequired == nil || *d.SubscriptionRequired, SubscriptionsLimit: d.SubscriptionsLimit, Groups: d.Groups, Workspace: d.Workspace,
	}
	for _, a := range d.APIs {
		p.APIs = append(p.APIs, a.api())
	}
	return p
}

func (d *deploymentDocument) deployment() *Deployment {
	out := &Deployment{GatewayID: "managed", InstanceID: "managed", Managed: true}
	if d == nil {
		return out
	}
	out.Region, out.ServiceName, out.ServiceID = d.Region, d.ServiceName, d.ServiceID
	for _, id := range []*string{d.Gateway.ID, d.GatewayID} {
		if id != nil {
			out.GatewayID = *id
		}
	}
	if d.Gateway.InstanceID != nil {
		out.InstanceID = *d.Gateway.InstanceID
	}
	if d.Gateway.IsManaged != nil {
		out.Managed = *d.Gateway.IsManaged
	}
	for id, c := range d.Certificates {
		if out.Certificates == nil {
			out.Certificates = map[string]Certificate{}
		}
		out.Certificates[id] = Certificate{PFX: c.PFX, Password: c.Password, DER: c.CER}
	}
	return out
}
