package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/policy"
)

func parsed(t *testing.T, id, text string) *policy.Document {
	t.Helper()
	d, err := policy.Parse(text, policy.FormatRaw)
	if err != nil {
		t.Fatal(err)
	}
	d.ID = id
	return d
}

// What Flatten shows is what Compile joins: every base replaced, a missing section inherited, an empty one not, fragments in place.
func TestFlattenShowsWhatRunsAndWhereItComesFrom(t *testing.T) {
	t.Parallel()
	home := &policy.Home{Fragments: map[string]*policy.Document{"shared": parsed(t, "", "<fragment>\n<set-method>PUT</set-method>\n</fragment>")}}
	sources := []policy.Source{
		{Scope: policy.OperationScope, Home: home, Doc: parsed(t, "op", `<policies>
  <inbound>
    <base />
    <choose>
      <when condition="@(true)">
        <include-fragment fragment-id="shared" />
      </when>
    </choose>
  </inbound>
  <outbound />
</policies>`)},
		{Scope: policy.Global, Doc: parsed(t, "all", `<policies><inbound><ip-filter action="allow">
    <address>::1</address>
</ip-filter></inbound><outbound><jsonp callback-parameter-name="c"/></outbound></policies>`)},
	}
	var got strings.Builder
	for s, lines := range policy.Flatten(sources) {
		fmt.Fprintln(&got, policy.Section(s))
		for _, l := range lines {
			fmt.Fprintf(&got, "%s %s %s:%d|%s\n", l.Scope, l.Document, l.Fragment, l.Line, l.Text)
		}
	}
	want := `inbound
global all :1|<ip-filter action="allow">
global all :2|    <address>::1</address>
global all :3|</ip-filter>
operation op :4|<choose>
operation op :5|    <when condition="@(true)">
operation op shared:2|        <set-method>PUT</set-method>
operation op :7|    </when>
operation op :8|</choose>
backend
outbound
on-error
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
	if lines := policy.Flatten(nil)[1]; len(lines) != 1 || lines[0].Text != "<forward-request />" || lines[0].Document != "" {
		t.Errorf("without a document the backend section is %+v", lines)
	}
}

// Fragments multiply: a document of 2,000 inclusions of a fragment of 100,000 lines would fill the memory of the process that shows it.
func TestFlattenIsBounded(t *testing.T) {
	t.Parallel()
	for name, filler := range map[string]string{"lines": "\n", "text": "<!-- x -->"} {
		home := &policy.Home{Fragments: map[string]*policy.Document{
			"fat": parsed(t, "", `<fragment><choose><when condition="@(true)">`+strings.Repeat(filler, 100_000/len(filler))+`</when></choose></fragment>`),
		}}
		sections := policy.Flatten([]policy.Source{{Scope: policy.Global, Home: home, Doc: parsed(t, "all",
			`<policies><inbound>`+strings.Repeat(`<include-fragment fragment-id="fat"/>`, 2000)+`</inbound></policies>`)}})
		lines, size := 0, 0
		for _, section := range sections {
			for _, l := range section {
				lines++
				size += len(l.Text)
			}
		}
		if lines > 20_001 || size > 5<<20 {
			t.Errorf("%s: %d lines of %d bytes are shown", name, lines, size)
		}
		if last := sections[policy.Inbound][len(sections[policy.Inbound])-1]; !strings.Contains(last.Text, "left out") || last.Document != "" {
			t.Errorf("%s: the last line is %+v, which does not say that more is left out", name, last)
		}
	}
}
