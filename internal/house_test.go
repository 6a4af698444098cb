package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module is where our packages begin.
const module = "github.com/atelier-apim/atelier/"

// rooms is the plan of the house: what each room may import of ours besides its own sub-rooms that are listed, and outside modules beside the standard
// library. A room that isn't here may not exist. Files of tests are free, except that the three walls hold for them too.
var rooms = map[string]struct {
	ours    []string // rooms; "x/..." covers what is below x
	outside []string // modules, by prefix
}{
	"arm":                       {},
	"kind":                      {ours: []string{"arm"}},
	"authz":                     {ours: []string{"arm", "authz/condition"}},
	"authz/condition":           {},
	"access":                    {ours: []string{"arm", "authz", "kind", "store"}},
	"expr/syntax":               {},
	"expr/types":                {},
	"expr/lib":                  {ours: []string{"expr/types"}, outside: []string{"github.com/dlclark/regexp2", "software.sslmate.com/src/go-pkcs12"}},
	"expr/check":                {ours: []string{"expr/syntax", "expr/types"}},
	"expr/eval":                 {ours: []string{"expr/check", "expr/types", "expr/syntax"}},
	"expr":                      {ours: []string{"expr/..."}},
	"policy":                    {ours: []string{"expr", "expr/types", "expr/lib", "expr/syntax"}},
	"liquid":                    {ours: []string{"expr/types", "expr/lib"}},
	"jsonxml":                   {ours: []string{"expr/types", "expr/lib"}},
	"jsonschema":                {ours: []string{"expr/types", "expr/lib"}, outside: []string{"github.com/santhosh-tekuri/jsonschema", "golang.org/x/text"}},
	"policy/policies":           {ours: []string{"policy", "expr", "expr/types", "expr/lib", "liquid", "jsonxml", "jsonschema", "counter", "cache", "token", "graphql", "odata", "libxml", "certfile", "llm", "vector", "sqldata", "cosmos", "ascii"}},
	"policy/policytest":         {ours: []string{"policy", "policy/policies", "counter", "counter/memory", "cache/memory", "vector", "sqldata", "expr/...", "token"}, outside: []string{"github.com/rogpeppe/go-internal", "github.com/go-jose/go-jose"}},
	"policy/editor":             {ours: []string{"policy"}},
	"policy/lsp":                {ours: []string{"policy", "policy/editor"}},
	"policy/eval":               {ours: []string{"policy", "expr/..."}},
	"snapshot":                  {},
	"route":                     {},
	"gateway":                   {ours: []string{"snapshot", "route", "certfile", "eventhub", "graphql", "sqldata", "policy", "policy/policies", "expr", "counter", "counter/memory", "cache", "cache/memory", "vector", "gateway/h1", "usage", "token"}, outside: []string{"github.com/google/uuid", "golang.org/x/net", "github.com/coder/websocket"}},
	"gateway/h1":                {},
	"counter":                   {},
	"counter/memory":            {ours: []string{"counter"}},
	"counter/countertest":       {ours: []string{"counter"}},
	"cache":                     {},
	"cache/memory":              {ours: []string{"cache"}},
	"vector":                    {},
	"cache/cachetest":           {ours: []string{"cache"}},
	"store":                     {ours: []string{"arm"}},
	"store/sqlite":              {ours: []string{"arm", "store"}, outside: []string{"modernc.org/sqlite"}},
	"store/storetest":           {ours: []string{"arm", "store"}, outside: []string{"github.com/google/go-cmp"}},
	"seal":                      {},
	"directory":                 {ours: []string{"store", "arm", "seal"}, outside: []string{"golang.org/x/crypto", "github.com/google/uuid"}},
	"localca":                   {},
	"authn":                     {ours: []string{"arm", "store", "directory", "seal", "page"}, outside: []string{"github.com/go-jose/go-jose", "github.com/google/uuid"}},
	"oas":                       {},
	"proto":                     {outside: []string{"github.com/bufbuild/protocompile", "google.golang.org/protobuf"}},
	"oas/xmltree":               {},
	"oas/wsdl":                  {ours: []string{"oas", "oas/xmltree"}},
	"oas/wadl":                  {ours: []string{"oas", "oas/xmltree"}},
	"odata":                     {},
	"graphql":                   {outside: []string{"github.com/vektah/gqlparser"}},
	"llm":                       {outside: []string{"github.com/tiktoken-go/tokenizer"}},
	"libxml":                    {outside: []string{"github.com/tetratelabs/wazero"}},
	"certfile":                  {outside: []string{"software.sslmate.com/src/go-pkcs12"}},
	"apim":                      {ours: []string{"certfile", "credential", "kind", "arm", "oas", "oas/wsdl", "oas/wadl", "oas/xmltree", "proto", "graphql", "odata", "route", "policy", "usage"}},
	"control":                   {ours: []string{"kind", "arm", "authz", "store"}, outside: []string{"github.com/google/uuid"}},
	"publish":                   {ours: []string{"apim", "store", "snapshot", "authn", "kind", "arm"}},
	"armhttp":                   {ours: []string{"control", "authn", "arm", "kind"}, outside: []string{"github.com/google/uuid"}},
	"portal":                    {ours: []string{"control", "authn", "arm", "kind", "apim"}},
	"sample":                    {},
	"egress":                    {},
	"s3":                        {},
	"credential":                {},
	"credential/credentialtest": {},
	"keeper":                    {ours: []string{"apim", "arm", "control", "credential", "kind", "page", "store"}},
	"page":                      {},
	"ascii":                     {},
	"cosmos":                    {ours: []string{"ascii"}},
	"sqldata":                   {ours: []string{"certfile"}, outside: []string{"github.com/jackc/pgx", "github.com/microsoft/go-mssqldb"}},
	"sqldata/sqldatatest":       {},
	"eventhub":                  {outside: []string{"github.com/twmb/franz-go"}},
	"reach":                     {},
	"usage":                     {},
	"usage/sqlite":              {ours: []string{"usage"}, outside: []string{"modernc.org/sqlite"}},
	"usage/usagetest":           {ours: []string{"usage"}},
	"activity":                  {ours: []string{"arm", "kind", "store"}},
	"parity":                    {},
	"identity":                  {},
	"token":                     {ours: []string{"certfile"}, outside: []string{"github.com/go-jose/go-jose"}},
}

// walls are denials that hold for tests as well, each with its reason.
var walls = []struct{ room, denied, why string }{
	{"gateway", "apim", "a gateway knows what it serves from snapshots alone, so that it can run far from the control plane"},
	{"gateway", "control", "a gateway never calls the control plane on the request path"},
	{"gateway", "store", "a gateway never reads the database"},
	{"gateway", "authz", "roles govern management, keys govern calls; a gateway that knew roles would mix them"},
	{"control", "gateway", "writes must not depend on who serves; cmd brings both together"},
	{"expr", "policy", "expressions are useful alone, and policy declares what they see"},
}

func TestRoomsImportWhatThePlanAllows(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	eachFile(t, func(room, file string, imports []string) {
		plan, known := rooms[room]
		if !known {
			t.Errorf("%s: there is no room %q in the plan; add it to rooms with what it may import", file, room)
			return
		}
		seen[room] = true
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		for _, path := range imports {
			if !allowed(plan.ours, plan.outside, room, path) {
				t.Errorf("%s imports %s, which the plan does not allow to room %q", file, path, room)
			}
		}
	})
	for room := range rooms {
		if !seen[room] {
			t.Errorf("the plan has a room %q that does not exist", room)
		}
	}
}

func TestWallsHoldInTestsToo(t *testing.T) {
	t.Parallel()
	eachFile(t, func(room, file string, imports []string) {
		for _, w := range walls {
			if room != w.room && !strings.HasPrefix(room, w.room+"/") {
				continue
			}
			for _, path := range imports {
				if path == module+"internal/"+w.denied || strings.HasPrefix(path, module+"internal/"+w.denied+"/") {
					t.Errorf("%s imports %s: %s", file, path, w.why)
				}
			}
		}
	})
}

func TestEveryRoomSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for room := range rooms {
		if _, err := os.Stat(filepath.Join(room, "doc.go")); err != nil {
			t.Errorf("room %q has no doc.go that says what it is, what it is not, and where to start", room)
		}
	}
}

func TestFilesAndFunctionsKeepTheirSize(t *testing.T) {
	t.Parallel()
	const most = 500
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		if n := strings.Count(string(b), "\n"); n > most {
			t.Errorf("%s has %d lines, more than %d: which noun is hiding inside?", path, n, most)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func allowed(ours, outside []string, room, path string) bool {
	inner, isOurs := strings.CutPrefix(path, module+"internal/")
	switch {
	case isOurs:
		return inner == room || slices.ContainsFunc(ours, func(o string) bool {
			below, all := strings.CutSuffix(o, "/...")
			return inner == o || all && (inner == below || strings.HasPrefix(inner, below+"/"))
		})
	case !strings.Contains(strings.SplitN(path, "/", 2)[0], "."):
		return true // standard library
	}
	return slices.ContainsFunc(outside, func(m string) bool { return path == m || strings.HasPrefix(path, m+"/") })
}

// eachFile reads the imports of every Go file below internal.
func eachFile(t *testing.T, f func(room, file string, imports []string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || filepath.Dir(path) == "." {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imports []string
		for _, i := range parsed.Imports {
			imports = append(imports, strings.Trim(i.Path.Value, `"`))
		}
		f(filepath.ToSlash(filepath.Dir(path)), path, imports)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
