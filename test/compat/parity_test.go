package compat

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the parity ledger from this run")

const (
	ledgerData = "../../internal/parity/ledger.tsv"
	ledgerPage = "../../docs/parity.md"
	provenBy   = "test/compat TestParityGolden"
)

// TestParityGolden drives every operation of the management API with the official SDK and compares what it sees with the committed ledger: a row
// that claims more than the run shows fails, and so does one that claims less.
func TestParityGolden(t *testing.T) {
	t.Parallel()
	d := newDriver(t, newWorld(t, start(t)))
	why, used := refusals(t), map[string]bool{}
	rows := operations(t)
	got := make([]outcome, len(rows))
	for i, r := range rows {
		got[i] = d.drive(r)
		if got[i].Status == "fails" {
			if reason, ok := why[r.Operation+" "+got[i].Code]; ok {
				got[i].Status, got[i].text = "refused", reason
				used[r.Operation+" "+got[i].Code] = true
			} else if os.Getenv("PARITY_VERBOSE") != "" {
				t.Logf("%s %s (%s): %s %s", r.Method, r.Path, r.Operation, got[i].Code, oneLine(got[i].text))
			}
		}
	}
	for key := range why {
		if !used[key] && !strings.HasPrefix(key, "operation ") {
			t.Errorf("testdata/refusals.tsv explains a refusal that the run did not meet: %s", key)
		}
	}
	t.Log("\n" + totals(rows, got))
	data := ledger(rows, got)
	if *update {
		write(t, ledgerData, data)
		write(t, ledgerPage, page(rows, got))
		return
	}
	compare(t, ledgerData, data)
	compare(t, ledgerPage, page(rows, got))
}

// TestTheLedgerIsServed: whoever has signed in can ask what a server has; a page of its release, not of its installation.
func TestTheLedgerIsServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start(t))
	status, body := w.send(http.MethodGet, "/providers/Atelier/parity", "")
	var served struct {
		Totals map[string]int
		Rows   []struct{ Operation, Status, Test string }
	}
	if err := json.Unmarshal([]byte(body), &served); err != nil || status != http.StatusOK || len(served.Rows) != len(operations(t)) || served.Totals["works"] == 0 {
		t.Errorf("GET /providers/Atelier/parity: %d, %d rows, %v, %v", status, len(served.Rows), served.Totals, err)
	}
	w.token = "none"
	if status, body := w.send(http.MethodGet, "/providers/Atelier/parity", ""); status != http.StatusUnauthorized {
		t.Errorf("without a token: %d %s", status, body)
	}
}

// refusals are the errors that are meant, with their reasons: testdata/refusals.tsv.
func refusals(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile("testdata/refusals.tsv")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for line := range strings.SplitSeq(strings.TrimSpace(string(b)), "\n") {
		if c := strings.Split(line, "\t"); len(c) == 3 {
			out[c[0]+" "+c[1]] = c[2]
		}
	}
	return out
}

// ledger is the data form: one line per operation, in the order of the table.
func ledger(rows []row, got []outcome) []byte {
	var b bytes.Buffer
	b.WriteString("method\tpath\toperation\tlevel\tarea\tstatus\tcode\treason\ttest\n")
	for i, r := range rows {
		reason := ""
		if got[i].Status == "refused" {
			reason = got[i].text
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Method, r.Path, r.Operation, r.level(), r.area(), got[i].Status, got[i].Code, reason, provenBy)
	}
	return b.Bytes()
}

// count is how many operations of an area have which status.
type count struct {
	area string
	n    map[string]int
}

func (c count) total() int {
	n := 0
	for v := range maps.Values(c.n) {
		n += v
	}
	return n
}

var statuses = []string{"works", "refused", "missing", "fails"}

func byArea(rows []row, got []outcome) (areas []count, all count) {
	by := map[string]map[string]int{}
	all = count{"all", map[string]int{}}
	for i, r := range rows {
		a := r.area()
		if by[a] == nil {
			by[a] = map[string]int{}
		}
		by[a][got[i].Status]++
		all.n[got[i].Status]++
	}
	for a, n := range by {
		areas = append(areas, count{a, n})
	}
	slices.SortFunc(areas, func(a, b count) int { return cmp.Compare(strings.ToLower(a.area), strings.ToLower(b.area)) })
	return areas, all
}

func totals(rows []row, got []outcome) string {
	var b strings.Builder
	areas, all := byArea(rows, got)
	fmt.Fprintf(&b, "| area | operations | %s |\n|---|---:|%s\n", strings.Join(statuses, " | "), strings.Repeat("---:|", len(statuses)))
	for _, c := range append(areas, all) {
		fmt.Fprintf(&b, "| %s | %d |", c.area, c.total())
		for _, s := range statuses {
			fmt.Fprintf(&b, " %d |", c.n[s])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// page is the form for people.
func page(rows []row, got []outcome) []byte {
	var b bytes.Buffer
	b.WriteString(`# Parity with Azure API Management's REST API

Every operation of api-version 2024-05-01, called with the official Go SDK (armapimanagement 3.0.0) against a started server by ` + "`" + provenBy + "`" + `.
This page and internal/parity/ledger.tsv, which the server answers at ` + "`GET /providers/Atelier/parity`" + `, are written by ` + "`make golden`" + ` from what that run saw;
` + "`make test`" + ` fails when they claim more or less.

- **works**: answers a status of Azure's table, the SDK decodes it into an entity with id, name and type, what was written is read back and listed, what was deleted is not, and HEAD and GET have one tag
- **refused**: answers an error that is meant, with the reason beside it
- **missing**: there is no such resource type or action yet (404 ` + "`InvalidResourceType`" + ` or 405)
- **fails**: anything else, with the error that the SDK saw; each is a defect

## Totals

`)
	b.WriteString(totals(rows, got))
	b.WriteString("\n## Operations\n\n| operation | request | status | |\n|---|---|---|---|\n")
	for i, r := range rows {
		note := got[i].Code
		if got[i].Status == "refused" {
			note += ": " + got[i].text
		}
		fmt.Fprintf(&b, "| %s | %s `%s` | %s | %s |\n", r.Operation, r.Method, strings.Replace(r.Path, "{rg}/service/{serviceName}", "…", 1), got[i].Status, note)
	}
	return b.Bytes()
}

func write(t *testing.T, file string, b []byte) {
	t.Helper()
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

// compare says which lines of a committed file differ from the run.
func compare(t *testing.T, file string, got []byte) {
	t.Helper()
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(want, got) {
		return
	}
	said := map[string]bool{}
	for line := range strings.SplitSeq(string(want), "\n") {
		said[line] = true
	}
	n := 0
	for line := range strings.SplitSeq(string(got), "\n") {
		if !said[line] && n < 20 {
			n++
			t.Errorf("%s does not say what the run showed; `make golden` rewrites it: %s", file, line)
		}
	}
	if n == 0 {
		t.Errorf("%s claims more than the run showed; `make golden` rewrites it", file)
	}
}

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return s[max(0, len(s)-420):]
}
