package main

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/samples"
)

// The sample organisation is made as a customer would make it: through the REST API.

// samplePolicies are documents at every scope; each leaves a visible trace.
const (
	servicePolicy = `<policies>
    <!-- The platform team's part: it applies to every API of the service, those of workspaces included. -->
    <inbound>
        <set-header name="X-Correlation-Id" exists-action="skip">
            <value>@(context.RequestId.ToString())</value>
        </set-header>
    </inbound>
    <backend>
        <forward-request timeout="20" />
    </backend>
    <outbound>
        <set-header name="X-Served-By" exists-action="override">
            <value>contoso</value>
        </set-header>
    </outbound>
    <on-error />
</policies>`

	workspacePolicy = `<policies>
    <inbound>
        <base />
        <set-header name="X-Team" exists-action="override">
            <value>@(context.Workspace.Id)</value>
        </set-header>
    </inbound>
    <backend>
        <base />
    </backend>
    <outbound>
        <base />
    </outbound>
    <on-error>
        <base />
    </on-error>
</policies>`

	productPolicy = `<policies>
    <inbound>
        <base />
        <rate-limit calls="5" renewal-period="30" remaining-calls-header-name="X-Calls-Left" />
    </inbound>
    <backend>
        <base />
    </backend>
    <outbound>
        <base />
    </outbound>
    <on-error>
        <base />
    </on-error>
</policies>`

	apiPolicy = `<policies>
    <inbound>
        <base />
        <cors>
            <allowed-origins>
                <origin>https://shop.example</origin>
            </allowed-origins>
            <allowed-methods>
                <method>GET</method>
                <method>POST</method>
            </allowed-methods>
            <allowed-headers>
                <header>*</header>
            </allowed-headers>
        </cors>
        <set-header name="X-Consumer" exists-action="override">
            <value>@(context.Subscription == null ? "nobody" : context.Subscription.Name)</value>
        </set-header>
    </inbound>
    <backend>
        <base />
    </backend>
    <outbound>
        <base />
        <set-header name="X-Powered-By" exists-action="delete" />
    </outbound>
    <on-error>
        <base />
    </on-error>
</policies>`

	operationPolicy = `<policies>
    <inbound>
        <base />
        <set-query-parameter name="limit" exists-action="skip">
            <value>{{page-size}}</value>
        </set-query-parameter>
    </inbound>
    <backend>
        <base />
    </backend>
    <outbound>
        <base />
        <choose>
            <when condition="@(context.Response.StatusCode == 200)">
                <set-header name="Cache-Control" exists-action="override">
                    <value>private, max-age=5</value>
                </set-header>
            </when>
        </choose>
    </outbound>
    <on-error>
        <base />
    </on-error>
</policies>`
)

// team is a workspace of the sample organisation.
type team struct {
	name, title, description string
	document                 []byte
	listOperation            string // gets the operation policy
}

func sampleTeams() []team {
	return []team{
		{"payments", "Payments", "Takes and returns money.", samples.Payments, "list-payments"},
		{"catalog", "Catalog", "What the shop sells.", samples.Catalog, "list-products"},
	}
}

// makeSamples makes the organisation and returns what sample.json holds.
func (s *server) makeSamples(ctx context.Context) (*sampleFile, error) {
	c, err := s.client(ctx)
	if err != nil {
		return nil, err
	}
	m := &sampling{server: s, c: c, service: s.sampleService()}
	group := "/subscriptions/" + s.subscriptionID() + "/resourceGroups/contoso"
	m.put(ctx, group, map[string]any{"location": "local"})
	m.put(ctx, m.service, document(map[string]string{"publisherName": "Contoso", "publisherEmail": "api@contoso.example"},
		"location", "local", "sku", map[string]any{"name": "Premium", "capacity": 1}))
	m.policy(ctx, m.service, servicePolicy)
	out := &sampleFile{Consumer: sampleConsumer{Email: "consumer@shop.example", Password: rand.Text()}}
	m.put(ctx, m.service+"/users/consumer", document(map[string]string{"email": out.Consumer.Email, "firstName": "Casey", "lastName": "Consumer", "password": out.Consumer.Password}))
	for _, t := range sampleTeams() {
		made := m.team(ctx, t)
		if t.name == "payments" {
			out.Payments = made
		} else {
			out.Catalog = made
		}
	}
	return out, m.err
}

// sampling makes one thing after the other and keeps the first error.
type sampling struct {
	server  *server
	c       *session
	service string
	err     error
}

func (m *sampling) put(ctx context.Context, path string, body any) {
	if m.err == nil {
		m.err = m.c.call(ctx, "PUT", path, body, nil)
	}
}

func (m *sampling) policy(ctx context.Context, scope, text string) {
	m.put(ctx, scope+"/policies/policy", document(map[string]string{"format": "rawxml", "value": text}))
}

// team makes a workspace with its people, API, policies, product and subscription.
func (m *sampling) team(ctx context.Context, t team) sampleTeam {
	w := m.service + "/workspaces/" + t.name
	m.put(ctx, w, document(map[string]string{"displayName": t.title, "description": t.description}))
	out := m.people(ctx, t, w)
	m.policy(ctx, w, workspacePolicy)
	m.put(ctx, w+"/namedValues/"+t.name+"-page-size", document(map[string]any{"displayName": "page-size", "value": "20"}))
	m.put(ctx, w+"/apis/"+t.name, document(map[string]any{
		"format": "openapi", "value": string(t.document), "path": t.name, "protocols": []string{"http", "https"},
		"serviceUrl": sampleAddress(m.server.listeners.sample) + "/" + t.name,
	}))
	m.policy(ctx, w+"/apis/"+t.name, apiPolicy)
	m.policy(ctx, w+"/apis/"+t.name+"/operations/"+t.listOperation, operationPolicy)
	product := w + "/products/" + t.name + "-starter"
	m.put(ctx, product, document(map[string]any{
		"displayName": t.title + " starter", "description": "Five calls in half a minute, for trying things out.", "subscriptionRequired": true, "approvalRequired": false, "state": "published",
	}))
	m.put(ctx, product+"/apiLinks/"+t.name, document(map[string]string{"apiId": w + "/apis/" + t.name}))
	for _, g := range []string{"developers", "guests"} {
		m.put(ctx, product+"/groupLinks/"+g, document(map[string]string{"groupId": m.service + "/groups/" + g}))
	}
	m.policy(ctx, product, productPolicy)
	subscription := w + "/subscriptions/" + t.name + "-first"
	m.put(ctx, subscription, document(map[string]string{"displayName": t.title + " first consumer", "scope": product, "ownerId": "/users/consumer"}))
	var keys struct{ PrimaryKey string }
	if m.err == nil {
		m.err = m.c.call(ctx, "POST", subscription+"/listSecrets", nil, &keys)
	}
	out.SubscriptionKey = keys.PrimaryKey
	return out
}

// people makes the team's group, a person and a program in it, and gives the group its roles: one at the workspace, its companion at the service.
func (m *sampling) people(ctx context.Context, t team, workspace string) sampleTeam {
	var out sampleTeam
	if m.err != nil {
		return out
	}
	group, err := m.c.createGroup(ctx, t.name+"-team")
	if err != nil {
		m.err = err
		return out
	}
	who, err := m.c.createPerson(ctx, t.name+"@contoso.example")
	if err != nil {
		m.err = err
		return out
	}
	what, err := m.c.createProgram(ctx, t.name+"-pipeline")
	if err != nil {
		m.err = err
		return out
	}
	for _, member := range []string{who.ObjectID, what.ObjectID} {
		if err := m.c.addMember(ctx, group, member); err != nil && m.err == nil {
			m.err = err
		}
	}
	m.assign(ctx, workspace, authz.WorkspaceContributor, group)
	m.assign(ctx, m.service, authz.ServiceWorkspaceAPIDeveloper, group)
	return sampleTeam{
		Group: group, Person: samplePerson{who.Username, who.Password}, Program: sampleProgram{what.ClientID, what.ClientSecret},
	}
}

func (m *sampling) assign(ctx context.Context, scope, role, group string) {
	path := fmt.Sprintf("%s/providers/Microsoft.Authorization/roleAssignments/%s", scope, uuid.NewString())
	m.put(ctx, path, document(map[string]string{
		"roleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/" + role, "principalId": group, "principalType": "Group",
	}))
}
