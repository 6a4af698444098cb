package parity

import (
	"slices"
	"testing"
)

// TestTheLedgerNamesEveryOperationOnce: the table of api-version 2024-05-01 has 613 operations.
func TestTheLedgerNamesEveryOperationOnce(t *testing.T) {
	t.Parallel()
	l := Read()
	if len(l.Rows) != 613 {
		t.Errorf("the ledger has %d operations", len(l.Rows))
	}
	seen, sum := map[string]bool{}, 0
	for _, r := range l.Rows {
		if seen[r.Operation] {
			t.Errorf("%s stands twice", r.Operation)
		}
		seen[r.Operation] = true
		if !slices.Contains([]string{"works", "refused", "missing", "fails"}, r.Status) {
			t.Errorf("%s: status %q", r.Operation, r.Status)
		}
		if r.Status == "refused" && (r.Code == "" || r.Reason == "") {
			t.Errorf("%s is refused without a code or a reason", r.Operation)
		}
	}
	for _, n := range l.Totals {
		sum += n
	}
	if sum != len(l.Rows) {
		t.Errorf("the totals sum to %d", sum)
	}
}
