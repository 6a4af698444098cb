package s3

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rclone/gofakes3"
	"github.com/rclone/gofakes3/s3mem"
)

// newStore is an S3-compatible server (rclone's) that checks every signature, with the bucket "nightly".
func newStore(t *testing.T) (*httptest.Server, Bucket) {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket(t.Context(), "nightly"); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewTLSServer(gofakes3.New(backend, gofakes3.WithV4Auth(map[string]string{"KEYID": "a/secret+of=some"})).Server())
	t.Cleanup(s.Close)
	return s, bucketOf(t, s, "/nightly/deep er/päth")
}

func bucketOf(t *testing.T, s *httptest.Server, path string) Bucket {
	t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = path
	client := *s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return Bucket{Client: &client, Address: u, Region: "us-east-1", KeyID: "KEYID", Secret: "a/secret+of=some", Limit: 1 << 20}
}

func TestObjectsComeBackAsTheyWentIn(t *testing.T) {
	t.Parallel()
	_, b := newStore(t)
	if _, there, err := b.Get(t.Context(), "c/monday.atelier"); there || err != nil {
		t.Errorf("before: %v %v", there, err)
	}
	for _, body := range []string{"", "one", strings.Repeat("\x00ü%&", 100_000)} {
		if err := b.Put(t.Context(), "c/monday.atelier", body); err != nil {
			t.Fatalf("%d bytes: %v", len(body), err)
		}
		if got, there, err := b.Get(t.Context(), "c/monday.atelier"); got != body || !there || err != nil {
			t.Errorf("%d bytes came back as %d: %v %v", len(body), len(got), there, err)
		}
	}
	b.Address.Path += "/" // a slash more makes no difference
	if _, there, err := b.Get(t.Context(), "c/monday.atelier"); !there || err != nil {
		t.Errorf("with a slash at the end: %v %v", there, err)
	}
}

func TestRefusalsOfTheStoreAreSaidInItsWord(t *testing.T) {
	t.Parallel()
	s, b := newStore(t)
	for name, c := range map[string]struct {
		change func(*Bucket)
		want   string
	}{
		"another secret": {func(b *Bucket) { b.Secret = "wrong" }, "403 SignatureDoesNotMatch"},
		"another key":    {func(b *Bucket) { b.KeyID = "OTHER" }, "403 InvalidAccessKeyId"},
		"no such bucket": {func(b *Bucket) { *b = bucketOf(t, s, "/weekly") }, "404 NoSuchBucket"},
		"a wrong clock":  {func(b *Bucket) { b.Now = func() time.Time { return time.Now().Add(-time.Hour) } }, "403 RequestTimeTooSkewed"},
	} {
		wrong := b
		c.change(&wrong)
		if err := wrong.Put(t.Context(), "x", "y"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("PUT with %s: %v, want %s", name, err, c.want)
		}
		if _, there, err := wrong.Get(t.Context(), "x"); there || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("GET with %s: %v %v, want %s", name, there, err, c.want)
		}
	}
}

func TestObjectsAreBounded(t *testing.T) {
	t.Parallel()
	_, b := newStore(t)
	if err := b.Put(t.Context(), "x", strings.Repeat("x", 1<<20)); err != nil {
		t.Fatal(err)
	}
	b.Limit--
	if err := b.Put(t.Context(), "y", strings.Repeat("x", 1<<20)); err == nil {
		t.Error("a large object is sent")
	}
	if _, _, err := b.Get(t.Context(), "x"); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("a large object is read: %v", err)
	}
}

// What pretends to be a store gets nothing out of us: no second address, no endless answer, no words of its own to show.
func TestHostileStoresGetNowhere(t *testing.T) {
	t.Parallel()
	elsewhere := 0
	other := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	t.Cleanup(other.Close)
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"a redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		}, "it redirects (307), which is not followed"},
		"an endless fault": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(500)
			_, _ = io.WriteString(w, "<Error><Message>"+strings.Repeat("x", 1<<20))
		}, "it answers 500"},
		"words of its own": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(403)
			_, _ = io.WriteString(w, "<Error><Code>&lt;script&gt;</Code></Error>")
		}, "it answers 403"},
		"a page": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(404)
			_, _ = io.WriteString(w, "<html>nothing</html>")
		}, "it answers 404"},
		"an endless object": {func(w http.ResponseWriter, _ *http.Request) {
			for range 40 {
				_, _ = w.Write(make([]byte, 64<<10))
			}
		}, "larger than 1 MiB"},
		"a half object": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "half")
		}, "could not be read to its end"},
		"a created status": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) }, "it answers 201"},
	} {
		s := httptest.NewTLSServer(c.answer)
		t.Cleanup(s.Close)
		b := bucketOf(t, s, "/nightly")
		if _, there, err := b.Get(t.Context(), "x"); there || err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "script") {
			t.Errorf("%s: %v %v, want %s", name, there, err, c.want)
		}
		if name == "a redirect" {
			var fault *Fault
			if err := b.Put(t.Context(), "x", "secret"); !errors.As(err, &fault) || fault.Status != 307 {
				t.Errorf("PUT: %v", err)
			}
		}
	}
	if elsewhere != 0 {
		t.Errorf("%d requests went elsewhere", elsewhere)
	}
}

// TestSignaturesAreThoseOfAWS holds the examples of Amazon's documentation of Signature Version 4.
func TestSignaturesAreThoseOfAWS(t *testing.T) {
	t.Parallel()
	at := time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)
	b := Bucket{Region: "us-east-1", KeyID: "AKIAIOSFODNN7EXAMPLE", Secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
	for address, c := range map[string]struct{ header, want string }{
		"https://examplebucket.s3.amazonaws.com/test.txt":             {"bytes=0-9", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
		"https://examplebucket.s3.amazonaws.com/?lifecycle":           {"", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
		"https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J": {"", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
	} {
		req, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.header != "" {
			req.Header.Set("Range", c.header)
		}
		b.sign(req, hashOf(""), at)
		if got := req.Header.Get("Authorization"); !strings.HasSuffix(got, "Signature="+c.want) {
			t.Errorf("%s: %s, want %s", address, got, c.want)
		}
	}
}
