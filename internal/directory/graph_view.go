package directory

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
)

// Page sizes of lists: Graph's own.
const (
	defaultPage = 100
	maxPage     = 999
)

// view is a principal as the caller may see it: administrators see all, everyone else id, names and kind.
func (c *call) view(p Principal) map[string]any {
	m := map[string]any{"@odata.type": odataType(p.Kind), "id": p.ObjectID, "displayName": p.DisplayName}
	switch p.Kind {
	case User:
		m["userPrincipalName"] = p.UserPrincipalName
	case ServicePrincipal:
		m["appId"] = p.AppID
		m["servicePrincipalType"] = "Application"
	}
	if !c.admin {
		return m
	}
	m["createdDateTime"] = p.Created
	switch p.Kind {
	case User:
		m["accountEnabled"], m["mailNickname"], m["lastPasswordChangeDateTime"] = p.Enabled, p.MailNickname, p.PasswordChanged
	case ServicePrincipal:
		m["accountEnabled"], m["appDisplayName"] = p.Enabled, p.DisplayName
	case Group:
		m["description"], m["mailNickname"] = p.Description, p.MailNickname
		m["securityEnabled"], m["mailEnabled"], m["groupTypes"] = true, false, []string{}
	}
	return m
}

func odataType(k Kind) string {
	return map[Kind]string{User: "#microsoft.graph.user", Group: "#microsoft.graph.group", ServicePrincipal: "#microsoft.graph.servicePrincipal"}[k]
}

func viewApplication(a Application) map[string]any {
	secrets := a.Credentials
	if secrets == nil {
		secrets = []Credential{}
	}
	return map[string]any{
		"id": a.ObjectID, "appId": a.AppID, "displayName": a.DisplayName, "createdDateTime": a.Created,
		"signInAudience": "AzureADMyOrg", "passwordCredentials": secrets, "keyCredentials": a.Keys,
	}
}

// filterable is what $filter may compare.
var filterable = []string{"id", "displayName", "userPrincipalName", "appId", "mailNickname"}

// field reads a principal for a filter. What the caller may not see can't be found out by filtering either.
func (c *call) field(p Principal) func(string) arm.Field {
	return func(name string) arm.Field {
		v := ""
		switch strings.ToLower(name) {
		case "id":
			v = p.ObjectID
		case "displayname":
			v = p.DisplayName
		case "userprincipalname":
			v = p.UserPrincipalName
		case "appid":
			v = p.AppID
		case "mailnickname":
			if c.admin {
				v = p.MailNickname
			}
		}
		if v == "" {
			return nil
		}
		return v
	}
}

// matcher reads $filter and $search.
func (c *call) matcher() (func(Principal) bool, error) {
	q := c.URL.Query()
	match := func(Principal) bool { return true }
	if text := q.Get("$filter"); text != "" {
		f, err := arm.ParseFilter(text, filterable)
		if err != nil {
			return nil, badRequest("Invalid filter clause: %s", err.Message)
		}
		match = func(p Principal) bool { return f.Match(c.field(p)) }
	}
	if text := q.Get("$search"); text != "" {
		// "displayName:ann", the only form there is for names; a bare word means the same.
		word := strings.ToLower(strings.Trim(text, `"`))
		if field, after, ok := strings.Cut(word, ":"); ok {
			if field != "displayname" && field != "userprincipalname" {
				return nil, badRequest("$search looks in displayName and userPrincipalName.")
			}
			word = after
		}
		filtered := match
		match = func(p Principal) bool {
			return filtered(p) && (strings.Contains(strings.ToLower(p.DisplayName), word) || strings.Contains(strings.ToLower(p.UserPrincipalName), word))
		}
	}
	return match, nil
}

// page cuts a sorted list by $top and $skiptoken.
func (c *call) page(list []Principal) (*reply, error) {
	q := c.URL.Query()
	size := defaultPage
	if text := q.Get("$top"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxPage {
			return nil, badRequest("Invalid page size specified: '%s'. Must be between 1 and %d inclusive.", clip(text), maxPage)
		}
		size = n
	}
	if token := q.Get("$skiptoken"); token != "" {
		after, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			return nil, badRequest("The $skiptoken is not one of ours.")
		}
		list = list[sort.Search(len(list), func(i int) bool { return sortKey(list[i]) > string(after) }):]
	}
	body := map[string]any{}
	if len(list) > size {
		list = list[:size]
		q.Set("$skiptoken", base64.RawURLEncoding.EncodeToString([]byte(sortKey(list[size-1]))))
		next := url.URL{Scheme: "https", Host: c.Host, Path: c.URL.Path, RawQuery: q.Encode()}
		body["@odata.nextLink"] = next.String()
	}
	values := make([]map[string]any, len(list))
	for i, p := range list {
		values[i] = c.view(p)
	}
	body["value"] = values
	return &reply{http.StatusOK, body}, nil
}

// reference is the body of POST …/$ref.
type reference struct {
	ID string `json:"@odata.id"`
}

// objectID takes the object id out of a link to a directory object.
func (r reference) objectID() (string, error) {
	segs := strings.Split(strings.TrimRight(r.ID, "/"), "/")
	if len(segs) >= 2 {
		switch segs[len(segs)-2] {
		case "directoryObjects", users, groups, servicePrincipals:
			return segs[len(segs)-1], nil
		}
	}
	return "", badRequest("The value of @odata.id must be a link like https://{host}/v1.0/directoryObjects/{id}.")
}

// parseEnd reads an optional date.
func parseEnd(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, badRequest("endDateTime must be a date like 2027-01-31T00:00:00Z.")
	}
	return t, nil
}
