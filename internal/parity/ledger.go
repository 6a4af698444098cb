package parity

import (
	_ "embed" // for the ledger
	"strings"
)

//go:embed ledger.tsv
var ledger string

// Row is one operation of api-version 2024-05-01.
type Row struct {
	Method    string `json:"method"`
	Path      string `json:"path"`      // with {rg} and {sub} for the scope that the provider stands in
	Operation string `json:"operation"` // client and method of the Go SDK
	Level     string `json:"level"`     // service or workspace
	Area      string `json:"area"`      // the first word of the path below that level
	// Status is what the run showed: "works", "refused" (an error that is meant, see Reason), "missing" (no such resource type or action) or "fails".
	Status string `json:"status"`
	Code   string `json:"code,omitempty"`   // of the error, unless it works
	Reason string `json:"reason,omitempty"` // why it is refused
	Test   string `json:"test"`             // what showed it
}

// Ledger is every row, in the order of the operations table, and how many have which status.
type Ledger struct {
	Totals map[string]int `json:"totals"`
	Rows   []Row          `json:"rows"`
}

// Read returns the ledger that this binary was built with.
func Read() Ledger {
	out := Ledger{Totals: map[string]int{}}
	for i, line := range strings.Split(strings.TrimSuffix(ledger, "\n"), "\n") {
		c := strings.Split(line, "\t")
		if i == 0 || len(c) != 9 {
			continue
		}
		out.Rows = append(out.Rows, Row{c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8]})
		out.Totals[c[5]]++
	}
	return out
}
