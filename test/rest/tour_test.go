package rest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The tour that dev prints works when what is printed is pasted into a shell, indentation included: each step shows what its comment says.
func TestTheTourWorksAsItIsPrinted(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "sh"} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(shell)
			cmd.Stdin = strings.NewReader(printedTour(t, t.TempDir()))
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("it ends with %v", err)
			}
			rest := string(out)
			for _, shows := range []string{
				"HTTP/1.1 200 OK", "X-Calls-Left:", `"items":`, // 1
				"HTTP/1.1 401 Unauthorized", "missing subscription key", // 2
				"HTTP/1.1 429 Too Many Requests", "Retry-After: ", // 3
				"operations/list-categories/policies/policy", "HTTP/1.1 200 OK", "X-Edited: catalog list-categories", // 4
				"HTTP/2 403", "AuthorizationFailed", // 5
				"gateways/edge", "configConnections/catalog", // 6
				"HTTP/1.1 200 OK", `"items":`,
			} {
				_, after, found := strings.Cut(rest, shows)
				if !found {
					t.Fatalf("it shows no %q where it should:\n%s", shows, out)
				}
				rest = after
			}
		})
	}
}

// printedTour starts dev until the test ends, and is what it prints behind the line that says what to do with it.
func printedTour(t *testing.T, data string) string {
	t.Helper()
	cmd := exec.Command(binary, "dev", "--data", data, "--management-address", "127.0.0.1:0", "--portal-address", "127.0.0.1:0",
		"--gateway-address", "127.0.0.1:0", "--gateway-tls-address", "127.0.0.1:0", "--sample-address", "127.0.0.1:0")
	file, err := os.Create(filepath.Join(data, "printed"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = file
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("dev ended with %v", err)
		}
		_ = file.Close()
	})
	for began := time.Now(); time.Since(began) < 30*time.Second; time.Sleep(5 * time.Millisecond) {
		text, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		if _, tour, found := strings.Cut(string(text), "to be pasted into another shell in this folder:\n"); found && strings.HasSuffix(tour, "/catalog/products\n\n") {
			return tour
		}
	}
	t.Fatal("dev printed no tour")
	return ""
}
