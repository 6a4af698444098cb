package main

import (
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"
)

// tour is what atelier dev prints: addresses, the sign-in, and commands that work when they are pasted into a shell in the same folder.
var tour = template.Must(template.New("tour").Parse(`
Atelier is running ({{.Took}} after start). Stop it with Ctrl-C; {{.Data}} keeps everything.

  Console            {{.URLs.Management}}/console/     platform team
  Developer portal   {{.URLs.Portal}}/             consumers
  Gateway            {{.URLs.Gateway}}   (Host: {{.Host}})   {{.URLs.GatewayTLS}}
  Browsers ask about the certificate until they trust {{.Data}}/ca.pem

  Sign in to the console as
    administrator      {{.Admin.Username}}   {{.Admin.Password}}
    payments team      {{.Sample.Payments.Person.Username}}   {{.Sample.Payments.Person.Password}}
    catalog team       {{.Sample.Catalog.Person.Username}}   {{.Sample.Catalog.Person.Password}}
  and to the developer portal as
    consumer           {{.Sample.Consumer.Email}}   {{.Sample.Consumer.Password}}

A tour, to be pasted into another shell in this folder:

  export KEY={{.Sample.Payments.SubscriptionKey}} SVC={{.Service}}
  export ARM={{.URLs.Management}} DATA={{.Data}}

  # 1. A call that succeeds
  curl -s -i -H 'Host: {{.Host}}' -H "Ocp-Apim-Subscription-Key: $KEY" {{.URLs.Gateway}}/payments/payments

  # 2. Without a key: 401
  curl -s -i -H 'Host: {{.Host}}' {{.URLs.Gateway}}/payments/payments

  # 3. Over the limit of five calls in 30 s that the product has: 429 with Retry-After
  for i in 1 2 3 4 5 6; do curl -s -o /dev/null -D - -H 'Host: {{.Host}}' -H "Ocp-Apim-Subscription-Key: $KEY" {{.URLs.Gateway}}/payments/payments | grep -iE '^(HTTP|retry-after|x-calls-left)'; done

  # 4. A policy edit by the program of the catalog team, in force when its PUT is answered: the next call carries X-Edited
  printf '%s' '{"properties":{"format":"rawxml","value":"<policies><inbound><base /><return-response><set-status code=\"200\" reason=\"OK\" /><set-header name=\"X-Edited\"><value>@(context.Workspace.Id + \" \" + context.Operation.Id)</value></set-header></return-response></inbound></policies>"}}' |
    {{.Atelier}} rest PUT "$SVC/workspaces/catalog/apis/catalog/operations/{{.Operation}}/policies/policy" --data $DATA --as catalog --body -
  curl -s -i -H 'Host: {{.Host}}' -H 'Ocp-Apim-Subscription-Key: {{.Sample.Catalog.SubscriptionKey}}' {{.URLs.Gateway}}/catalog/categories

  # 5. The payments team may neither see nor touch the API of the catalog team: 403
  curl -s -i --cacert $DATA/ca.pem -H "Authorization: Bearer $({{.Atelier}} token --data $DATA --as payments)" "$ARM$SVC/workspaces/catalog/apis/catalog?api-version=2024-05-01"

  # 6. A new gateway for the catalog workspace, answering on its own host name
  RG=${SVC%/providers/*}/providers/Microsoft.ApiManagement/gateways/edge
  echo '{"location":"local","sku":{"name":"WorkspaceGatewayPremium","capacity":1},"properties":{"backend":{},"virtualNetworkType":"None"}}' | {{.Atelier}} rest PUT $RG --data $DATA --body -
  echo "{\"properties\":{\"sourceId\":\"$SVC/workspaces/catalog\"}}" | {{.Atelier}} rest PUT $RG/configConnections/catalog --data $DATA --body -
  curl -s -i -H 'Host: {{.EdgeHost}}' -H 'Ocp-Apim-Subscription-Key: {{.Sample.Catalog.SubscriptionKey}}' {{.URLs.Gateway}}/catalog/products

`))

type tourFacts struct {
	Took      string
	Data      string
	Atelier   string // how the commands are called from here
	URLs      endpoints
	Admin     adminFile
	Sample    *sampleFile
	Service   string
	Host      string
	EdgeHost  string
	Operation string
}

func (s *server) printTour(took time.Duration) error {
	f := tourFacts{
		Took: took.Round(time.Millisecond).String(), Data: s.config.data, Atelier: commandName(), URLs: s.urls, Service: s.sampleService(),
		Host: "contoso." + s.config.domain, EdgeHost: s.edgeHost(), Operation: "list-categories",
	}
	if err := readJSON(s.config.path("admin.json"), &f.Admin); err != nil {
		return err
	}
	var err error
	if f.Sample, err = readSample(s.config.path("sample.json")); err != nil {
		return err
	}
	return tour.Execute(os.Stdout, f)
}

// commandName is how this binary was called, relative to here when that is shorter.
func commandName() string {
	exe, err := os.Executable()
	if err != nil {
		return "atelier"
	}
	here, err := os.Getwd()
	if err != nil {
		return exe
	}
	if rel, err := filepath.Rel(here, exe); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	return exe
}
