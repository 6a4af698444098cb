package rest

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"github.com/rogpeppe/go-internal/txtar"
)

// TestARoleIsNeverDeletedWhileItIsBeingAssigned gives and deletes roles at the same moment. Whoever comes second is refused: an assignment without
// its role would grant nothing now and keep the next start from reading its rights.
func TestARoleIsNeverDeletedWhileItIsBeingAssigned(t *testing.T) {
	t.Parallel()
	const rounds = 40
	in := start(t)
	r := newRun(t, in, "race", &txtar.Archive{})
	who, err := in.as("racer")
	if err != nil {
		t.Fatal(err)
	}
	for i := range rounds {
		role := r.vars["ws"] + "/providers/Microsoft.Authorization/roleDefinitions/" + uuid.NewString()
		assignment := r.vars["ws"] + "/providers/Microsoft.Authorization/roleAssignments/" + uuid.NewString()
		body := fmt.Sprintf(`{"properties":{"roleName":"race %d","assignableScopes":[%q],"permissions":[{"actions":["*/read"]}]}}`, i, r.vars["ws"])
		if err := r.send("PUT", role, body, nil); err != nil || r.status != http.StatusCreated {
			t.Fatalf("PUT role: %d %s %v", r.status, r.body, err)
		}
		both := [2]*run{{t: t, in: in, who: "admin"}, {t: t, in: in, who: "admin"}}
		var wg sync.WaitGroup
		wg.Go(func() {
			body := fmt.Sprintf(`{"properties":{"roleDefinitionId":%q,"principalId":%q}}`, role, who.ObjectID)
			if err := both[0].send("PUT", assignment, body, nil); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if err := both[1].send("DELETE", role, "", nil); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		if assigned, deleted := both[0].status == http.StatusCreated, both[1].status == http.StatusOK; assigned == deleted {
			t.Fatalf("round %d: the assignment is answered %d, the deletion of its role %d\n%s\n%s", i, both[0].status, both[1].status, both[0].body, both[1].body)
		}
	}
	if log := in.log.String(); strings.Contains(log, "could not be put in force") {
		t.Errorf("a change was stored and is not in force:\n%s", log)
	}
	if err := in.stop(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := in.run(); err != nil {
		t.Fatalf("it does not start again: %v", err)
	}
}
