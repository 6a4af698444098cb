package gateway_test

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestArchives runs testdata/*.txtar: each builds an installation, starts its gateways on real listeners before a real backend, and says what
// callers and the backend see. The commands are in world_test.go and entity_world_test.go (what there is), caller_test.go (what is sent and answered) and
// backend_test.go (what the backend got).
func TestArchives(t *testing.T) {
	t.Parallel()
	commands := map[string]func(*testscript.TestScript, bool, []string){}
	for _, set := range []map[string]func(*world, *testscript.TestScript, []string){worldCommands, graphCommands, entityCommands, callerCommands, backendCommands} {
		for name, run := range set {
			commands[name] = func(ts *testscript.TestScript, neg bool, args []string) {
				if neg {
					ts.Fatalf("%s can't be negated", name)
				}
				run(ts.Value(worldKey{}).(*world), ts, args)
			}
		}
	}
	testscript.Run(t, testscript.Params{
		Dir:  "testdata",
		Cmds: commands,
		Setup: func(env *testscript.Env) error {
			w, err := newWorld()
			if err != nil {
				return err
			}
			env.Values[worldKey{}] = w
			env.Defer(w.stop)
			return nil
		},
	})
}

type worldKey struct{}
