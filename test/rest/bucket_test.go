package rest

import (
	"encoding/pem"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rclone/gofakes3"
	"github.com/rclone/gofakes3/s3mem"
	"github.com/rogpeppe/go-internal/txtar"
)

// A service is backed up to a bucket of an S3-compatible server (rclone's, which checks signatures) and comes back from there; what lies there is of no
// use to others, and what others put there is not taken.
func TestServicesAreBackedUpToBuckets(t *testing.T) {
	t.Parallel()
	backend := s3mem.New()
	if err := backend.CreateBucket(t.Context(), "nightly"); err != nil {
		t.Fatal(err)
	}
	storage := httptest.NewTLSServer(gofakes3.New(backend, gofakes3.WithV4Auth(map[string]string{"KEYID": "key-secret"})).Server())
	t.Cleanup(storage.Close)
	trusted := filepath.Join(t.TempDir(), "storage.pem")
	if err := os.WriteFile(trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: storage.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	in := &installation{data: t.TempDir(), programs: map[string]*program{}, env: []string{"SSL_CERT_FILE=" + trusted}}
	if err := in.run(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.stop(syscall.SIGTERM) })
	r := newRun(t, in, "b1", &txtar.Archive{})
	ask := func(method, path, body string, status int, words ...string) {
		t.Helper()
		if err := r.send(method, r.replace(path), body, nil); err != nil || r.status != status {
			t.Fatalf("%s %s: %d %v, want %d\n%s", method, path, r.status, err, status, r.body)
		}
		for _, word := range words {
			if !strings.Contains(r.body, word) {
				t.Errorf("%s %s lacks %q:\n%s", method, path, word, r.body)
			}
		}
		if strings.Contains(r.body, "key-secret") {
			t.Errorf("the answer holds the key: %s", r.body)
		}
	}
	to := func(account, key, name string) string {
		return fmt.Sprintf(`{"storageAccount":%q,"accessType":"AccessKey","accessKey":%q,"containerName":"apim","backupName":%q}`, account, key, name)
	}
	bucket := storage.URL + "/nightly/contoso"
	where := to(bucket, "KEYID:key-secret", "monday")

	ask("PUT", "$svc/namedValues/n", `{"properties":{"displayName":"n","value":"hidden-word","secret":true}}`, 201)
	ask("POST", "$svc/backup", where, 200, `"provisioningState":"Succeeded"`)
	ask("POST", "$svc/backup", where, 200) // again, over the first
	object, err := backend.GetObject(t.Context(), "nightly", "contoso/apim/monday.atelier", nil)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := io.ReadAll(object.Contents)
	if err != nil || len(sealed) == 0 || strings.Contains(string(sealed), "namedValues") || strings.Contains(string(sealed), "hidden-word") {
		t.Errorf("%v, what lies in the bucket can be read: %.80s", err, sealed)
	}
	ask("DELETE", "$svc/namedValues/n", "", 204)
	ask("POST", "$svc/restore", where, 200)
	ask("POST", "$svc/namedValues/n/listValue", "", 200, "hidden-word")

	// Another service takes neither the name nor, without the right to the first one, its content.
	ask("PUT", "$rg/providers/Microsoft.ApiManagement/service/b2", `{"location":"local","sku":{"name":"Premium","capacity":1},"properties":{"publisherName":"P","publisherEmail":"p@example.org"}}`, 201)
	ask("POST", "$rg/providers/Microsoft.ApiManagement/service/b2/backup", where, 409, "BackupNameTaken")
	if err := r.grant("thief", "service-contributor", r.replace("$rg/providers/Microsoft.ApiManagement/service/b2")); err != nil {
		t.Fatal(err)
	}
	r.who = "thief"
	ask("POST", "$rg/providers/Microsoft.ApiManagement/service/b2/restore", where, 403, "AuthorizationFailed")
	ask("POST", "$svc/backup", where, 403, "AuthorizationFailed")
	r.who = "admin"

	// What isn't ours, or is ours under another name, is neither taken nor overwritten.
	put := func(key, text string) {
		t.Helper()
		if _, err := backend.PutObject(t.Context(), "nightly", key, nil, strings.NewReader(text), int64(len(text))); err != nil {
			t.Fatal(err)
		}
	}
	put("contoso/apim/foreign.atelier", `{"scope":"/","rows":[]}`)
	put("contoso/apim/tuesday.atelier", string(sealed))
	for _, name := range []string{"foreign", "tuesday"} {
		ask("POST", "$svc/restore", to(bucket, "KEYID:key-secret", name), 409, "BackupUnreadable")
		ask("POST", "$svc/backup", to(bucket, "KEYID:key-secret", name), 409, "BackupUnreadable")
	}
	ask("POST", "$svc/restore", to(bucket, "KEYID:key-secret", "never"), 400, "BackupNotFound")

	// The store's refusals, and addresses and keys that are none.
	ask("POST", "$svc/backup", to(bucket, "KEYID:wrong", "monday"), 400, "BackupStorageFailed", "403 SignatureDoesNotMatch")
	ask("POST", "$svc/backup", to(storage.URL+"/weekly", "KEYID:key-secret", "monday"), 400, "BackupStorageFailed", "404 NoSuchBucket")
	ask("POST", "$svc/backup", to("https://10.255.255.1/nightly", "KEYID:key-secret", "monday"), 400, "BackupStorageFailed", "not one that links may reach")
	ask("POST", "$svc/backup", to("https://[::ffff:169.254.169.254]/nightly", "KEYID:key-secret", "monday"), 400, "BackupStorageFailed", "not one that links may reach")
	for _, account := range []string{"http://host/b", "ftp://host/b", "https:///b", "https://a:b@host/b", "https://host/b#x", "https://host/b?x=1", "https://host/b?region=A", "https://host/../b", "https://host//b", "://"} {
		ask("POST", "$svc/backup", to(account, "KEYID:key-secret", "monday"), 400, "ValidationError")
	}
	for _, key := range []string{"", "KEYID", ":s", "KEYID:", "a/b:s", "a b:s", "KEYID:" + strings.Repeat("s", 512), "KEY\nID:s"} {
		ask("POST", "$svc/backup", to(bucket, key, "monday"), 400, "ValidationError")
	}
	ask("POST", "$svc/backup", fmt.Sprintf(`{"storageAccount":%q,"accessType":"SystemAssignedManagedIdentity","containerName":"apim","backupName":"x"}`, bucket), 400, "NotSupported")
	ask("POST", "$svc/backup", fmt.Sprintf(`{"storageAccount":%q,"accessKey":"KEYID:key-secret","clientId":"x","containerName":"apim","backupName":"x"}`, bucket), 400, "ValidationError")
	if strings.Contains(in.log.String(), "key-secret") {
		t.Error("the log holds the key")
	}
}
