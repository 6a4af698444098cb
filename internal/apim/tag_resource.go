package apim

import (
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// TagResource is one tag on one API, operation or product; without tag it is something that carries none. Ids in it are relative to the service.
type TagResource struct {
	Tag       *TagRef          `json:"tag,omitempty"`
	API       *TagRefAPI       `json:"api,omitempty"`
	Operation *TagRefOperation `json:"operation,omitempty"`
	Product   *TagRefProduct   `json:"product,omitempty"`
}

// TagRef names a tag.
type TagRef struct {
	ID   string `json:"id"`
	Name string `json:"name"` // display name
}

// TagRefAPI is an API that carries a tag.
type TagRefAPI struct {
	ID                   string `json:"id"`
	Name                 string `json:"name"` // display name
	Description          string `json:"description,omitempty"`
	Path                 string `json:"path"`
	ServiceURL           string `json:"serviceUrl,omitempty"`
	APIRevision          string `json:"apiRevision,omitempty"`
	APIVersion           string `json:"apiVersion,omitempty"`
	IsCurrent            *bool  `json:"isCurrent,omitempty"`
	SubscriptionRequired *bool  `json:"subscriptionRequired,omitempty"`
	Type                 string `json:"type,omitempty"`
}

// TagRefOperation is an operation that carries a tag.
type TagRefOperation struct {
	ID          string `json:"id"`
	Name        string `json:"name"` // display name
	APIName     string `json:"apiName"`
	APIRevision string `json:"apiRevision,omitempty"`
	APIVersion  string `json:"apiVersion,omitempty"`
	Description string `json:"description,omitempty"`
	Method      string `json:"method"`
	URLTemplate string `json:"urlTemplate"`
}

// TagRefProduct is a product that carries a tag.
type TagRefProduct struct {
	ID                   string `json:"id"`
	Name                 string `json:"name"` // display name
	Description          string `json:"description,omitempty"`
	Terms                string `json:"terms,omitempty"`
	SubscriptionRequired *bool  `json:"subscriptionRequired,omitempty"`
	ApprovalRequired     *bool  `json:"approvalRequired,omitempty"`
	SubscriptionsLimit   *int   `json:"subscriptionsLimit,omitempty"`
	State                string `json:"state,omitempty"`
}

// tagged declares a list of what carries tags.
func tagged(typ, parent, filters, untagged string, what ...string) *kind.Kind {
	return kind.Entity[TagResource]{
		Type: typ, Noun: "Tag resource", Under: []string{parent}, ReadOnly: true, Mirror: true, Bare: true, Filters: filters,
		Virtual: taggedThings{typ, untagged, what},
	}.Kind()
}

func taggedLists() []*kind.Kind {
	return []*kind.Kind{
		tagged("apisByTags", kind.Service, "name displayName apiRevision path description serviceUrl isCurrent", "includeNotTaggedApis", "apis"),
		tagged("operationsByTags", kind.Service+"/apis", "name displayName apiName description method urlTemplate", "includeNotTaggedOperations", "operations"),
		tagged("productsByTags", kind.Service, "name displayName description terms state", "includeNotTaggedProducts", "products"),
		tagged("tagResources", kind.Service, "aid name displayName apiName apiRevision path description serviceUrl method urlTemplate terms state isCurrent", "",
			"apis", "operations", "products"),
	}
}

type taggedThings struct {
	typ      string
	untagged string // query parameter that asks for what carries no tag as well
	what     []string
}

// Get finds nothing: the entries are pairs and have no address.
func (taggedThings) Get(kind.Lookup, arm.ID) (*kind.Resource, bool) { return nil, false }

// linksOf are the collections of links below tags, and the link's target.
var linksOf = map[string]string{"apis": "apiLinks", "operations": "operationLinks", "products": "productLinks"}

func (t taggedThings) List(l kind.Lookup, scope arm.ID, q kind.ListQuery) []kind.Listed {
	service, within := serviceOf(scope), withoutRevision(scope)
	seen := map[string]bool{}
	var out []kind.Listed
	add := func(tag *kind.Resource, id arm.ID) {
		if !id.Within(within) || isWorkspace(id) {
			return
		}
		if e, ok := t.entry(l, service, tag, id); ok {
			seen[id.Key()] = true
			out = append(out, e)
		}
	}
	for _, tag := range l.Children(service, "tags") {
		for _, word := range t.what {
			for _, link := range l.Children(tag.ID, linksOf[word]) {
				add(tag, linkTarget(link.Value))
			}
		}
	}
	if t.untagged != "" && strings.EqualFold(q.Query.Get(t.untagged), "true") {
		for _, r := range l.Children(within, t.what[0]) {
			if !seen[r.ID.Key()] {
				add(nil, r.ID)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b kind.Listed) int { return strings.Compare(a.ID.Key(), b.ID.Key()) })
	return out
}

// linkTarget is what a link of a tag points at.
func linkTarget(link any) arm.ID {
	switch v := link.(type) {
	case *TagAPILink:
		return withoutRevision(idOf(v.APIID))
	case *TagOperationLink:
		return withoutRevision(idOf(v.OperationID))
	case *TagProductLink:
		return idOf(v.ProductID)
	}
	return arm.Root
}

// entry is a thing with a tag, and the fields by which it is filtered. tag is nil for a thing without.
func (t taggedThings) entry(l kind.Lookup, service arm.ID, tag *kind.Resource, id arm.ID) (kind.Listed, bool) {
	r, ok := l.Get(id)
	if !ok {
		return kind.Listed{}, false
	}
	relative := r.ID.String()[len(service.String()):]
	out := &TagResource{}
	fields := map[string]any{"name": r.ID.Name(), "aid": relative}
	switch v := r.Value.(type) {
	case *API:
		out.API = &TagRefAPI{
			ID: relative, Name: v.DisplayName, Description: v.Description, Path: v.Path, ServiceURL: v.ServiceURL,
			APIRevision: v.APIRevision, APIVersion: v.APIVersion, IsCurrent: v.IsCurrent, SubscriptionRequired: v.SubscriptionRequired, Type: v.Type,
		}
		fill(fields, "displayname", v.DisplayName, "description", v.Description, "path", v.Path, "serviceurl", v.ServiceURL, "apirevision", v.APIRevision)
		fields["iscurrent"] = v.IsCurrent == nil || *v.IsCurrent
	case *Operation:
		out.Operation = &TagRefOperation{ID: relative, Name: v.DisplayName, Description: v.Description, Method: v.Method, URLTemplate: v.URLTemplate}
		if a, ok := kind.Of[API](l, id.Parent()); ok {
			out.Operation.APIName, out.Operation.APIRevision, out.Operation.APIVersion = a.DisplayName, a.APIRevision, a.APIVersion
		}
		fill(fields, "displayname", v.DisplayName, "description", v.Description, "method", v.Method, "urltemplate", v.URLTemplate, "apiname", out.Operation.APIName)
	case *Product:
		out.Product = &TagRefProduct{
			ID: relative, Name: v.DisplayName, Description: v.Description, Terms: v.Terms, SubscriptionRequired: v.SubscriptionRequired,
			ApprovalRequired: v.ApprovalRequired, SubscriptionsLimit: v.SubscriptionsLimit, State: v.State,
		}
		fill(fields, "displayname", v.DisplayName, "description", v.Description, "terms", v.Terms, "state", v.State)
	default:
		return kind.Listed{}, false
	}
	order := "-"
	if tag != nil {
		out.Tag = &TagRef{ID: "/tags/" + tag.ID.Name()}
		if v, ok := tag.Value.(*Tag); ok {
			out.Tag.Name = v.DisplayName
		}
		order = tag.ID.Name()
	}
	return kind.Listed{Resource: &kind.Resource{ID: service.Child(t.typ, order+relative[strings.LastIndexByte(relative, '/')+1:]), Value: out}, Fields: fields}, true
}

func fill(fields map[string]any, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		fields[pairs[i]] = pairs[i+1]
	}
}
