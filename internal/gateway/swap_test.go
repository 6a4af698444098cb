package gateway_test

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/atelier-apim/atelier/internal/gateway"
)

// Two snapshots differ in the policies of two scopes and in the backend; a request that saw parts of both would show.
func TestNoRequestSeesHalfOfTwoSnapshots(t *testing.T) {
	t.Parallel()
	backend := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Backend", r.Header.Get("X-Service")+r.Header.Get("X-Api")+r.URL.Path[1:2])
	})
	set := func(name, value string) string {
		h := fmt.Sprintf(`<set-header name=%q exists-action="override"><value>%s</value></set-header>`, name, value)
		return `<policies><inbound><base/>` + h + `</inbound><backend><forward-request/></backend><outbound><base/>` + h + `</outbound></policies>`
	}
	a := oneAPI(backend+"/A", set("X-Service", "A"), set("X-Api", "A"))
	b := oneAPI(backend+"/B", set("X-Service", "B"), set("X-Api", "B"))
	in := serve(t, a, gateway.Limits{})
	var stop atomic.Bool
	var calls [2]atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for !stop.Load() {
				res, err := in.client.Get(in.url + "/api/x")
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				all := res.Header.Get("X-Service") + res.Header.Get("X-Api") + res.Header.Get("X-Backend")
				if all != "AAAAA" && all != "BBBBB" {
					t.Errorf("one request saw %q (%s)", all, res.Status)
					return
				}
				calls[all[0]-'A'].Add(1)
			}
		})
	}
	for i := 0; calls[0].Load() < 200 || calls[1].Load() < 200; i++ {
		s := *a
		if i%2 == 0 {
			s = *b
		}
		s.Version = uint64(i + 2)
		in.gateway.Apply(&s)
		if t.Failed() {
			break
		}
	}
	stop.Store(true)
	wg.Wait()
}

func TestApplyIsInForceWhenItReturns(t *testing.T) {
	t.Parallel()
	in := serve(t, oneAPI("http://127.0.0.1:1", "", ""), gateway.Limits{})
	for i := range 50 {
		text := fmt.Sprintf(`<policies><inbound><return-response><set-status code="%d"/></return-response></inbound></policies>`, 200+i)
		in.gateway.Apply(oneAPI("http://127.0.0.1:1", "", text))
		res, err := in.client.Get(in.url + "/api/x")
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != 200+i {
			t.Fatalf("after the snapshot that answers %d: %s", 200+i, res.Status)
		}
	}
}
