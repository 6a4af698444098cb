package compat

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	apim "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/apimanagement/armapimanagement/v3"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/authorization/armauthorization/v2"
)

const (
	group                = "rg"
	service              = "contoso"
	workspaceContributor = "0c34c906-8d99-4cb7-8bb7-33f5b0a1a799"
)

// party is who acts: the platform team, or a team's program.
type party struct {
	in      *installation
	factory *apim.ClientFactory
	roles   *armauthorization.RoleAssignmentsClient
}

func (in *installation) party(clientID, secret string) *party {
	in.t.Helper()
	cred, options := in.signIn(clientID, secret)
	factory, err := apim.NewClientFactory(in.admin.SubscriptionID, cred, options)
	if err != nil {
		in.t.Fatal(err)
	}
	roles, err := armauthorization.NewRoleAssignmentsClient(in.admin.SubscriptionID, cred, options)
	if err != nil {
		in.t.Fatal(err)
	}
	return &party{in, factory, roles}
}

// done fails the test when a step of the story does.
func done[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func finished[T any](t *testing.T, ctx context.Context, p *runtime.Poller[T], err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	v, err := p.PollUntilDone(ctx, &runtime.PollUntilDoneOptions{Frequency: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func refused(err error, status int, code string) bool {
	var e *azcore.ResponseError
	return errors.As(err, &e) && e.StatusCode == status && e.ErrorCode == code
}

// TestAPlatformTeamAndTwoAPITeams is the main job from end to end, by the official SDKs alone: a workspace and its roles, an imported API, a
// policy, a product, a key, a call through a gateway, and another team that can neither see nor touch any of it.
func TestAPlatformTeamAndTwoAPITeams(t *testing.T) {
	t.Parallel()
	ctx, in := context.Background(), start(t)
	platform := in.party(in.admin.ClientID, in.admin.ClientSecret)
	platform.makeService(ctx)
	for _, w := range []string{"payments", "catalog"} {
		done[apim.WorkspaceClientCreateOrUpdateResponse](t)(platform.factory.NewWorkspaceClient().CreateOrUpdate(ctx, group, service, w,
			apim.WorkspaceContract{Properties: &apim.WorkspaceContractProperties{DisplayName: to.Ptr(strings.ToUpper(w[:1]) + w[1:])}}, nil))
	}
	payments, catalog := platform.team(ctx, "payments"), platform.team(ctx, "catalog")

	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s for %s", r.Method, r.URL, r.Header.Get("X-Consumer"))
	}))
	t.Cleanup(backend.Close)
	key := payments.publish(ctx, "payments", backend.URL)

	host := service + ".localhost"
	if status, _, body := in.call(host, "/payments/payments", "Ocp-Apim-Subscription-Key", key); status != 200 || !strings.Contains(body, "GET /payments for first") {
		t.Errorf("a call with the key: %d %s", status, body)
	}
	if status, h, body := in.call(host, "/payments/payments"); status != 401 || !strings.Contains(body, "missing subscription key") || h.Get("WWW-Authenticate") == "" {
		t.Errorf("a call without a key: %d %s", status, body)
	}
	if status, _, _ := in.call(host, "/payments/payments", "Ocp-Apim-Subscription-Key", "wrong"); status != 401 {
		t.Errorf("a call with a wrong key: %d", status)
	}

	t.Run("the other team", func(t *testing.T) { catalog.cannotTouch(ctx, t, "payments") })
	t.Run("a gateway of its own", func(t *testing.T) { platform.gatewayFor(ctx, t, "payments", key) })
	t.Run("the end", func(t *testing.T) { platform.deleteWorkspace(ctx, t, "payments", key) })
}

// makeService makes the resource group, by a plain request since its client is another package, and the service.
func (p *party) makeService(ctx context.Context) {
	t := p.in.t
	cred, options := p.in.signIn(p.in.admin.ClientID, p.in.admin.ClientSecret)
	token, err := cred.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{p.in.endpoints.Management + "/.default"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = options
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, p.in.endpoints.Management+"/subscriptions/"+p.in.admin.SubscriptionID+"/resourcegroups/"+group+"?api-version=2021-04-01", strings.NewReader(`{"location":"local"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token.Token)
	res, err := p.in.client.Do(req)
	if err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("resource group: %v %v", res, err)
	}
	_ = res.Body.Close()
	poller, err := p.factory.NewServiceClient().BeginCreateOrUpdate(ctx, group, service, apim.ServiceResource{
		Location: to.Ptr("local"), SKU: &apim.ServiceSKUProperties{Name: to.Ptr(apim.SKUTypePremium), Capacity: to.Ptr[int32](1)},
		Properties: &apim.ServiceProperties{PublisherName: to.Ptr("Contoso"), PublisherEmail: to.Ptr("api@contoso.example")},
	}, nil)
	made := finished(t, ctx, poller, err)
	if *made.Properties.ProvisioningState != "Succeeded" {
		t.Errorf("the service is %s", *made.Properties.ProvisioningState)
	}
}

// team makes a group with a program in it and gives the group the contributor role at its workspace.
func (p *party) team(ctx context.Context, workspace string) *party {
	t := p.in.t
	var program struct{ ObjectID, ClientID, ClientSecret string }
	var members struct{ ObjectID string }
	var nothing struct{}
	p.in.command(&program, "principal", "create", "--kind", "serviceprincipal", "--name", workspace+"-pipeline")
	p.in.command(&members, "group", "create", "--name", workspace+"-team")
	p.in.command(&nothing, "group", "add-member", "--group", members.ObjectID, "--member", program.ObjectID)
	scope := p.workspaceID(workspace)
	done[armauthorization.RoleAssignmentsClientCreateResponse](t)(p.roles.Create(ctx, scope, guid(workspace), armauthorization.RoleAssignmentCreateParameters{
		Properties: &armauthorization.RoleAssignmentProperties{
			PrincipalID: to.Ptr(members.ObjectID), PrincipalType: to.Ptr(armauthorization.PrincipalTypeGroup),
			RoleDefinitionID: to.Ptr("/subscriptions/" + p.in.admin.SubscriptionID + "/providers/Microsoft.Authorization/roleDefinitions/" + workspaceContributor),
		},
	}, nil))
	return p.in.party(program.ClientID, program.ClientSecret)
}

// guid is a name for an assignment, the same each time.
func guid(s string) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", len(s), []byte(s)[:6]) }

func (p *party) serviceID() string {
	return "/subscriptions/" + p.in.admin.SubscriptionID + "/resourceGroups/" + group + "/providers/Microsoft.ApiManagement/service/" + service
}

func (p *party) workspaceID(w string) string { return p.serviceID() + "/workspaces/" + w }

// publish imports an API, gives it a policy, publishes it in a product and returns a consumer's key.
func (p *party) publish(ctx context.Context, w, backend string) string {
	t := p.in.t
	doc, err := os.ReadFile("../../samples/" + w + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	poller, err := p.factory.NewWorkspaceAPIClient().BeginCreateOrUpdate(ctx, group, service, w, w, apim.APICreateOrUpdateParameter{
		Properties: &apim.APICreateOrUpdateProperties{
			Path: to.Ptr(w), Format: to.Ptr(apim.ContentFormatOpenapi), Value: to.Ptr(string(doc)), ServiceURL: to.Ptr(backend),
			Protocols: []*apim.Protocol{to.Ptr(apim.ProtocolHTTP), to.Ptr(apim.ProtocolHTTPS)},
		},
	}, nil)
	api := finished(t, ctx, poller, err)
	operations := 0
	for pager := p.factory.NewWorkspaceAPIOperationClient().NewListByAPIPager(group, service, w, w, nil); pager.More(); {
		page := done[apim.WorkspaceAPIOperationClientListByAPIResponse](t)(pager.NextPage(ctx))
		operations += len(page.Value)
	}
	if operations < 3 {
		t.Errorf("the import made %d operations", operations)
	}
	done[apim.WorkspaceAPIPolicyClientCreateOrUpdateResponse](t)(p.factory.NewWorkspaceAPIPolicyClient().CreateOrUpdate(ctx, group, service, w, w, apim.PolicyIDNamePolicy, apim.PolicyContract{
		Properties: &apim.PolicyContractProperties{
			Format: to.Ptr(apim.PolicyContentFormatRawxml),
			Value:  to.Ptr(`<policies><inbound><base /><set-header name="X-Consumer" exists-action="override"><value>@(context.Subscription.Name)</value></set-header></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`),
		},
	}, nil))
	product := w + "-starter"
	done[apim.WorkspaceProductClientCreateOrUpdateResponse](t)(p.factory.NewWorkspaceProductClient().CreateOrUpdate(ctx, group, service, w, product, apim.ProductContract{
		Properties: &apim.ProductContractProperties{DisplayName: to.Ptr("Starter"), State: to.Ptr(apim.ProductStatePublished), SubscriptionRequired: to.Ptr(true)},
	}, nil))
	done[apim.WorkspaceProductAPILinkClientCreateOrUpdateResponse](t)(p.factory.NewWorkspaceProductAPILinkClient().CreateOrUpdate(ctx, group, service, w, product, "link", apim.ProductAPILinkContract{
		Properties: &apim.ProductAPILinkContractProperties{APIID: api.ID},
	}, nil))
	subscriptions := p.factory.NewWorkspaceSubscriptionClient()
	done[apim.WorkspaceSubscriptionClientCreateOrUpdateResponse](t)(subscriptions.CreateOrUpdate(ctx, group, service, w, "first", apim.SubscriptionCreateParameters{
		Properties: &apim.SubscriptionCreateParameterProperties{DisplayName: to.Ptr("first"), Scope: to.Ptr(p.workspaceID(w) + "/products/" + product)},
	}, nil))
	keys := done[apim.WorkspaceSubscriptionClientListSecretsResponse](t)(subscriptions.ListSecrets(ctx, group, service, w, "first", nil))
	return *keys.PrimaryKey
}

// cannotTouch tries every way into another team's workspace.
func (p *party) cannotTouch(ctx context.Context, t *testing.T, other string) {
	apis, policies, subscriptions := p.factory.NewWorkspaceAPIClient(), p.factory.NewWorkspaceAPIPolicyClient(), p.factory.NewWorkspaceSubscriptionClient()
	_, read := apis.Get(ctx, group, service, other, other, nil)
	_, absent := apis.Get(ctx, group, service, other, "no-such-api", nil)
	_, write := policies.CreateOrUpdate(ctx, group, service, other, other, apim.PolicyIDNamePolicy, apim.PolicyContract{Properties: &apim.PolicyContractProperties{Value: to.Ptr("<policies/>")}}, nil)
	_, remove := apis.Delete(ctx, group, service, other, other, "*", nil)
	_, list := apis.NewListByServicePager(group, service, other, nil).NextPage(ctx)
	_, keys := subscriptions.ListSecrets(ctx, group, service, other, "first", nil)
	_, workspace := p.factory.NewWorkspaceClient().Get(ctx, group, service, other, nil)
	_, foreign := p.factory.NewServiceClient().Get(ctx, group, service, nil)
	for what, err := range map[string]error{
		"read": read, "read of what isn't there": absent, "write": write, "delete": remove, "list": list, "keys": keys, "the workspace": workspace, "the service": foreign,
	} {
		if !refused(err, http.StatusForbidden, "AuthorizationFailed") {
			t.Errorf("%s: %v; want 403 AuthorizationFailed", what, err)
		}
	}
	// Its own workspace it may read, though no built-in workspace role names that action, and it alone is in the list.
	if _, err := p.factory.NewWorkspaceClient().Get(ctx, group, service, "catalog", nil); err != nil {
		t.Errorf("the team's own workspace: %v", err)
	}
	page, err := p.factory.NewWorkspaceClient().NewListByServicePager(group, service, nil).NextPage(ctx)
	if err != nil || len(page.Value) != 1 || *page.Value[0].Name != "catalog" {
		t.Errorf("the list of workspaces shows %d (%v); want catalog alone", len(page.Value), err)
	}
	// A product can't take in another workspace's API, and the answer doesn't tell whether there is one.
	products := p.factory.NewWorkspaceProductClient()
	if _, err := products.CreateOrUpdate(ctx, group, service, "catalog", "own", apim.ProductContract{Properties: &apim.ProductContractProperties{DisplayName: to.Ptr("Own")}}, nil); err != nil {
		t.Fatal(err)
	}
	for _, api := range []string{other, "no-such-api"} {
		_, err := p.factory.NewWorkspaceProductAPILinkClient().CreateOrUpdate(ctx, group, service, "catalog", "own", "x", apim.ProductAPILinkContract{
			Properties: &apim.ProductAPILinkContractProperties{APIID: to.Ptr(p.workspaceID(other) + "/apis/" + api)},
		}, nil)
		if !refused(err, http.StatusBadRequest, "ValidationError") {
			t.Errorf("a link to %s of another workspace: %v; want 400 ValidationError", api, err)
		}
	}
}

// gatewayFor makes a workspace gateway, connects the workspace, and calls through its own host name within a second of the connection.
func (p *party) gatewayFor(ctx context.Context, t *testing.T, w, key string) {
	poller, err := p.factory.NewAPIGatewayClient().BeginCreateOrUpdate(ctx, group, "edge", apim.GatewayResource{
		Location: to.Ptr("local"), SKU: &apim.GatewaySKUProperties{Name: to.Ptr(apim.APIGatewaySKUTypeWorkspaceGatewayPremium), Capacity: to.Ptr[int32](1)},
		Properties: &apim.GatewayProperties{VirtualNetworkType: to.Ptr(apim.VirtualNetworkTypeNone), Backend: &apim.BackendConfiguration{}},
	}, nil)
	edge := finished(t, ctx, poller, err)
	connection, err := p.factory.NewAPIGatewayConfigConnectionClient().BeginCreateOrUpdate(ctx, group, "edge", "c1", apim.GatewayConfigConnectionResource{
		Properties: &apim.GatewayConfigConnectionBaseProperties{SourceID: to.Ptr(p.workspaceID(w))},
	}, nil)
	finished(t, ctx, connection, err)
	host := *edge.Properties.Frontend.DefaultHostname
	if status, _, body := p.in.call(host, "/payments/payments", "Ocp-Apim-Subscription-Key", key); status != 200 {
		t.Errorf("the call through %s: %d %s", host, status, body)
	}
	if status, _, _ := p.in.call(service+".localhost", "/payments/payments", "Ocp-Apim-Subscription-Key", key); status != 404 {
		t.Errorf("the managed gateway still serves a connected workspace: %d", status)
	}
	if _, err := p.factory.NewServiceClient().BeginDelete(ctx, group, service, nil); !refused(err, http.StatusConflict, "ServiceHasGateways") {
		t.Errorf("deleting the service under a connected gateway: %v", err)
	}
}

// deleteWorkspace takes everything of the team with it.
func (p *party) deleteWorkspace(ctx context.Context, t *testing.T, w, key string) {
	if _, err := p.factory.NewWorkspaceClient().Delete(ctx, group, service, w, "*", nil); err != nil {
		t.Fatal(err)
	}
	_, err := p.factory.NewWorkspaceAPIClient().Get(ctx, group, service, w, w, nil)
	if !refused(err, http.StatusNotFound, "ResourceNotFound") {
		t.Errorf("an API of the deleted workspace: %v", err)
	}
	for _, host := range []string{service + ".localhost"} {
		if status, _, _ := p.in.call(host, "/payments/payments", "Ocp-Apim-Subscription-Key", key); status != 404 {
			t.Errorf("%s still answers %d", host, status)
		}
	}
	held := 0
	for pager := p.roles.NewListForScopePager(p.workspaceID(w), nil); pager.More(); {
		page, err := pager.NextPage(ctx)
		if err != nil {
			break // the scope is gone
		}
		for _, a := range page.Value {
			if strings.EqualFold(*a.Properties.Scope, p.workspaceID(w)) {
				held++
			}
		}
	}
	if held != 0 {
		t.Errorf("%d assignments outlive their workspace", held)
	}
}
