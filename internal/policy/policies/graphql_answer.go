package policies

import (
	"encoding/json"
	"strings"

	"github.com/atelier-apim/atelier/internal/graphql"
	"github.com/atelier-apim/atelier/internal/policy"
)

// refuse ends the request with its errors and no data.
func (g *graphQLGuard) refuse(x *policy.Exchange, problems []graphql.Problem) error {
	if err := g.tell(x, problems); err != nil {
		return err
	}
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.Message
	}
	return &policy.Error{Reason: "GraphQLRequestInvalid", Message: strings.Join(texts, " "), Status: 400, Body: graphql.Failure(problems)}
}

// tell puts the errors into the variables that they go to.
func (g *graphQLGuard) tell(x *policy.Exchange, problems []graphql.Problem) error {
	text, err := json.Marshal(problems)
	if err != nil {
		return err
	}
	value, err := policy.ParseJSON(x, text)
	if err != nil {
		return err
	}
	x.SetVariable(graphQLErrors, value)
	name, err := g.variable.Get(x)
	if err == nil && name != "" {
		x.SetVariable(name, value)
	}
	return err
}

// remove lets the request go on without some of its fields, and tells the caller of them beside the data.
func (g *graphQLGuard) remove(x *policy.Exchange, out *graphql.Authorized) error {
	if err := g.tell(x, out.Removed); err != nil {
		return err
	}
	if x.Request.Method == "GET" {
		query, err := out.Request.URLQuery(x.Request.URL.Query)
		if err != nil {
			return err
		}
		x.SetQuery(query)
	} else {
		body, err := out.Request.Body()
		if err != nil {
			return err
		}
		x.Request.Header.Set("Content-Type", "application/json")
		x.Request.Body = policy.NewBody(body)
		if x.Request.Header.Has("Content-Length") {
			x.Request.Header.Set("Content-Length", decimal(int64(len(body))))
		}
	}
	x.AtEnd = append(x.AtEnd, func(x *policy.Exchange) { addErrors(x.Response, out.Removed) })
	return nil
}

// addErrors adds errors to an answer that is a GraphQL answer in plain JSON; any other stays as it is.
func addErrors(r *policy.Response, problems []graphql.Problem) {
	if r == nil || r.Body == nil || r.Header.Has("Content-Encoding") || !strings.Contains(r.Header.Get("Content-Type"), "json") {
		return
	}
	body, err := r.Body.Bytes(true)
	if err != nil { // what was read of it is gone
		r.Status, r.Body = 502, policy.NewBody(graphql.Failure([]graphql.Problem{{Message: "The answer can't be read."}}))
		r.Header.Del("Content-Length")
		return
	}
	var answer map[string]json.RawMessage
	var there []json.RawMessage
	if json.Unmarshal(body, &answer) != nil || answer["data"] == nil {
		return
	}
	if given := answer["errors"]; given != nil && json.Unmarshal(given, &there) != nil {
		return
	}
	for _, p := range problems {
		if b, err := json.Marshal(p); err == nil {
			there = append(there, b)
		}
	}
	if answer["errors"], err = json.Marshal(there); err != nil {
		return
	}
	if body, err = json.Marshal(answer); err != nil {
		return
	}
	r.Body = policy.NewBody(body)
	if r.Header.Has("Content-Length") {
		r.Header.Set("Content-Length", decimal(int64(len(body))))
	}
}
