package policy_test

import (
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

const untidy = `<?xml version="1.0"?>
<!-- head -->
<policies><inbound>
  <base/><!-- first -->


      <set-variable name="a" value="@{
   return "<x>";
 }"/>
 <choose><when condition="@(1 < 2)"><!-- nothing --></when>
	<otherwise></otherwise></choose>
 <set-body>
  <order> <id>7</id></order>
 </set-body>
  <set-header name="b"
      exists-action="append"><value> @("v") </value></set-header></inbound></policies>
<!-- tail -->`

const tidy = `<?xml version="1.0"?>
<!-- head -->
<policies>
    <inbound>
        <base/>
        <!-- first -->

        <set-variable name="a" value="@{
   return "<x>";
 }"/>
        <choose>
            <when condition="@(1 < 2)">
                <!-- nothing -->
            </when>
            <otherwise></otherwise>
        </choose>
        <set-body>
  <order> <id>7</id></order>
 </set-body>
        <set-header name="b"
      exists-action="append">
            <value> @("v") </value>
        </set-header>
    </inbound>
</policies>
<!-- tail -->
`

func TestIndentPutsOneElementOnALineAndTouchesNothingElse(t *testing.T) {
	t.Parallel()
	engine, err := policy.NewEngine(policies.Table(policies.Env{}))
	if err != nil {
		t.Fatal(err)
	}
	got, err := engine.Indent(untidy)
	if err != nil || got != tidy {
		t.Errorf("got %v\n%s", err, got)
	}
	again, err := engine.Indent(got)
	if err != nil || again != got {
		t.Errorf("a second time it is %v\n%s", err, again)
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	if squeeze(got) != squeeze(untidy) {
		t.Error("more than white space has changed")
	}
	if _, err := engine.Indent("<policies><inbound></policies>"); err == nil {
		t.Error("a broken document was indented")
	}
}
