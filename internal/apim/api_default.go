package apim

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// defaultAPI fills what the body leaves out: from the source of a copy, from the API's current revision, from what was there, and from the usual.
func defaultAPI(w *kind.Typed[API]) error {
	a := w.New
	a.Path = strings.Trim(a.Path, "/")
	if a.VersionSet != nil {
		if a.APIVersionSetID = cmp.Or(a.APIVersionSetID, a.VersionSet.ID); a.APIVersionSetID == "" {
			return arm.InvalidField("apiVersionSet", "apiVersionSet has no id: make the version set first, with PUT %s/apiVersionSets/{id}, and name it in apiVersionSetId.", homeOf(w.ID))
		}
		a.VersionSet = nil
	}
	a.promote = isRevision(w.ID) && w.Supplied["isCurrent"] && a.IsCurrent != nil && *a.IsCurrent
	a.Type = cmp.Or(a.Type, a.APIType) // some clients write apiType alone
	if w.Old == nil {
		if err := startAPI(w); err != nil {
			return err
		}
	} else {
		keepAPI(w)
	}
	if id, ok := fullID(w.ID, a.APIVersionSetID); ok {
		a.APIVersionSetID = id.String()
	}
	if a.SubscriptionRequired == nil {
		a.SubscriptionRequired = ptr(true)
	}
	names := KeyNames{Header: DefaultKeyHeader, Query: DefaultKeyQuery}
	if a.KeyNames != nil {
		names = KeyNames{cmp.Or(a.KeyNames.Header, names.Header), cmp.Or(a.KeyNames.Query, names.Query)}
	}
	a.KeyNames = &names
	a.IsCurrent, a.ProvisioningState = ptr(!isRevision(w.ID)), "Succeeded"
	if a.IsOnline == nil {
		a.IsOnline = ptr(true)
	}
	a.Type = cmp.Or(a.Type, "http")
	if len(a.Protocols) == 0 {
		a.Protocols = defaultProtocols(a)
	}
	a.DisplayName = cmp.Or(a.DisplayName, withoutRevision(w.ID).Name())
	// What an API was made from is not part of it.
	a.Format, a.Value, a.APIType, a.SourceAPIID, a.TranslateParams, a.EffectivePath = "", "", "", "", "", ""
	a.WSDLSelector = nil
	return nil
}

// keepAPI keeps, on a write of what is there, what bodies often leave out.
func keepAPI(w *kind.Typed[API]) {
	a, old := w.New, w.Old
	a.APIRevision = old.APIRevision
	a.ServiceURL = cmp.Or(a.ServiceURL, old.ServiceURL)
	a.Type = cmp.Or(a.Type, old.Type)
	if a.Protocols == nil {
		a.Protocols = old.Protocols
	}
	if a.IsOnline == nil {
		a.IsOnline = old.IsOnline
	}
	if !w.Supplied["path"] {
		a.Path = old.Path
	}
	a.Type = cmp.Or(a.Type, cmp.Or(a.APIType, old.Type))
	if isRevision(w.ID) {
		shareAPI(w)
	}
}

// startAPI is the beginning of a new API or revision: a copy of its source when it has one, with what the body says laid over it.
func startAPI(w *kind.Typed[API]) error {
	source, err := sourceOfAPI(w)
	if err != nil {
		return err
	}
	description, supplied := w.New.APIRevisionDescription, w.New.APIRevision
	if source != nil {
		w.New.from = source.ID
		if err := overlay(w, source.Value); err != nil {
			return err
		}
	}
	a := w.New
	a.APIRevisionDescription = description // says what this revision is for
	if _, revision, ok := cutRevision(w.Asked); ok {
		a.APIRevision = revision
	} else {
		a.APIRevision = cmp.Or(supplied, "1")
	}
	if isRevision(w.ID) {
		shareAPI(w)
	}
	return nil
}

// sourceOfAPI is what a write copies: sourceApiId, which may be in any form that clients write; nil for nothing.
func sourceOfAPI(w *kind.Typed[API]) (*kind.Resource, error) {
	if w.New.SourceAPIID == "" {
		return nil, nil
	}
	id, ok := fullID(w.ID, w.New.SourceAPIID)
	if !ok || !strings.EqualFold(lastWord(id.Type()), "apis") {
		return nil, arm.InvalidField("sourceApiId", "sourceApiId must be the id of an API or of one of its revisions.")
	}
	r, there := w.Lookup.Get(ResolveRevision(w.Lookup, id))
	if !there || !homeOf(id).Equal(homeOf(w.ID)) { // never tell of another workspace
		return nil, arm.InvalidField("sourceApiId", "sourceApiId points at '%s', which does not exist.", id)
	}
	return r, nil
}

// overlay makes w.New the source's value with what the body says laid over it.
func overlay(w *kind.Typed[API], source any) error {
	base, err := membersOf(source)
	if err != nil {
		return err
	}
	said, err := membersOf(w.New)
	if err != nil {
		return err
	}
	for name := range w.Supplied {
		delete(base, name)
	}
	for _, own := range []string{"isCurrent", "apiRevision", "apiRevisionDescription", "provisioningState"} {
		delete(base, own)
	}
	for name, v := range said {
		if name != "path" || w.Supplied["path"] { // path is always there; it may be empty
			base[name] = v
		}
	}
	b, err := json.Marshal(base)
	if err != nil {
		return err
	}
	out := API{promote: w.New.promote, from: w.New.from}
	if err := json.Unmarshal(b, &out); err != nil {
		return err
	}
	*w.New = out
	return nil
}

func membersOf(v any) (map[string]json.RawMessage, error) {
	out := map[string]json.RawMessage{}
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	return out, err
}

// shareAPI gives a revision that is not current what all revisions of an API have in common, unless its body says something about it.
func shareAPI(w *kind.Typed[API]) {
	current, ok := kind.Of[API](w.Lookup, withoutRevision(w.ID))
	if !ok {
		return
	}
	a := w.New
	if !w.Supplied["path"] {
		a.Path = current.Path
	}
	if !w.Supplied["apiVersion"] {
		a.APIVersion = current.APIVersion
	}
	if !w.Supplied["apiVersionSetId"] && !w.Supplied["apiVersionSet"] {
		a.APIVersionSetID = current.APIVersionSetID
	}
	a.Type = cmp.Or(a.Type, current.Type)
	a.DisplayName = cmp.Or(a.DisplayName, current.DisplayName)
}

// fullID reads an id in the forms that clients write: full, or beginning in the home of the entity that names it ("/apis/x;rev=2").
func fullID(of arm.ID, text string) (arm.ID, bool) {
	if text == "" {
		return arm.Root, false
	}
	if !strings.HasPrefix(strings.ToLower(text), "/subscriptions/") {
		text = homeOf(of).String() + "/" + strings.TrimPrefix(text, "/")
	}
	id, err := arm.ParseID(text)
	return id, err == nil
}
