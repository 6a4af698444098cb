package gateway_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

type text = wrapperspb.StringValue

// speech is a service with a method of each form. It is declared by hand: nothing here depends on generated code.
var speech = grpc.ServiceDesc{
	ServiceName: "test.Speech", HandlerType: (*any)(nil),
	Methods: []grpc.MethodDesc{{MethodName: "Say", Handler: say1}},
	Streams: []grpc.StreamDesc{
		{StreamName: "Count", ServerStreams: true, Handler: count},
		{StreamName: "Join", ClientStreams: true, Handler: join},
		{StreamName: "Talk", ServerStreams: true, ClientStreams: true, Handler: talk},
		{StreamName: "Sleep", ServerStreams: true, Handler: func(_ any, s grpc.ServerStream) error { <-s.Context().Done(); return s.Context().Err() }},
	},
}

func say1(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	var in text
	if err := decode(&in); err != nil {
		return nil, err
	}
	md, _ := metadata.FromIncomingContext(ctx)
	_ = grpc.SetHeader(ctx, metadata.Pairs("x-head", "of "+in.Value))
	_ = grpc.SetTrailer(ctx, metadata.Pairs("x-tail", "of "+in.Value, "x-caller", strings.Join(md.Get("x-caller"), ",")))
	if in.Value == "fail" {
		return nil, status.Error(codes.FailedPrecondition, "50 % of them: ünusable")
	}
	return &text{Value: "you said " + in.Value}, nil
}

// count sends numbers; it goes on to the next when the test has read one.
func count(_ any, s grpc.ServerStream) error {
	var in text
	if err := s.RecvMsg(&in); err != nil {
		return err
	}
	for i := range 3 {
		if err := s.SendMsg(&text{Value: fmt.Sprint(in.Value, i)}); err != nil {
			return err
		}
	}
	s.SetTrailer(metadata.Pairs("x-tail", "counted"))
	return nil
}

func join(_ any, s grpc.ServerStream) error {
	var all []string
	for {
		var in text
		err := s.RecvMsg(&in)
		if errors.Is(err, io.EOF) {
			return s.SendMsg(&text{Value: strings.Join(all, "+")})
		}
		if err != nil {
			return err
		}
		all = append(all, in.Value)
	}
}

func talk(_ any, s grpc.ServerStream) error {
	for {
		var in text
		if err := s.RecvMsg(&in); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := s.SendMsg(&text{Value: "re: " + in.Value}); err != nil {
			return err
		}
	}
}

// speaker starts the service, in the clear or with TLS.
func speaker(t *testing.T, o ...grpc.ServerOption) (address string) {
	t.Helper()
	s := grpc.NewServer(o...)
	s.RegisterService(&speech, new(any))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l) //nolint:errcheck // the test ends it
	t.Cleanup(s.Stop)
	return l.Addr().String()
}

// callAPI is a snapshot with the service as a gRPC API at the gateway's root, open to everybody unless a key is given.
func callAPI(backend, policy, key string) *snapshot.Snapshot {
	s := oneAPI(backend, "", policy)
	ws := s.Others[0]
	a := ws.APIs[0][0]
	a.Type, a.Path, a.SubscriptionRequired, a.Operations = "grpc", "", key != "", nil
	for _, m := range []string{"Say", "Count", "Join", "Talk", "Sleep"} {
		a.Operations = append(a.Operations, &snapshot.Operation{ID: a.ID + "/operations/" + m, Name: m, Method: "POST", URLTemplate: "/test.Speech/" + m})
	}
	if key != "" {
		ws.Subscriptions = snapshot.ListOf(&snapshot.Subscription{ID: ws.ID + "/subscriptions/s", Name: "s", PrimaryKey: key, Scope: snapshot.Scope{All: true}})
	}
	return s
}

// dial connects a client of gRPC to the gateway.
func (in *installation) dial(t *testing.T, secure bool) *grpc.ClientConn {
	t.Helper()
	address, cred := strings.TrimPrefix(in.url, "http://"), insecure.NewCredentials()
	if secure {
		address, cred = strings.TrimPrefix(in.tls, "https://"), credentials.NewTLS(&tls.Config{InsecureSkipVerify: true}) //nolint:gosec // a test
	}
	c, err := grpc.NewClient(address, grpc.WithTransportCredentials(cred))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// stream opens a call that streams.
func stream(t *testing.T, c *grpc.ClientConn, method string) grpc.ClientStream {
	t.Helper()
	s, err := c.NewStream(within(t), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, "/test.Speech/"+method)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sendText(t *testing.T, s grpc.ClientStream, v string) {
	t.Helper()
	if err := s.SendMsg(&text{Value: v}); err != nil {
		t.Fatal(err)
	}
}

func wantText(t *testing.T, s grpc.ClientStream, want string) {
	t.Helper()
	var got text
	if err := s.RecvMsg(&got); err != nil || got.Value != want {
		t.Fatalf("received %q, %v; want %q", got.Value, err, want)
	}
}

func wantEnd(t *testing.T, s grpc.ClientStream) {
	t.Helper()
	if err := s.RecvMsg(new(text)); !errors.Is(err, io.EOF) {
		t.Fatalf("received %v, want the end", err)
	}
}

// The four forms of calls, in the clear and with TLS on both sides, with metadata before and after.
func TestCallsOfGRPC(t *testing.T) {
	t.Parallel()
	cert, err := selfSigned()
	if err != nil {
		t.Fatal(err)
	}
	plain, secured := speaker(t), speaker(t, grpc.Creds(credentials.NewServerTLSFromCert(cert)))
	for name, c := range map[string]struct {
		backend string
		secure  bool
	}{"in the clear": {"http://" + plain, false}, "with TLS": {"https://" + secured, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := callAPI(c.backend, `<policies><inbound><set-backend-service backend-id="b"/><set-header name="X-Caller" exists-action="override"><value>the gateway</value></set-header></inbound></policies>`, "")
			s.Others[0].Backends = append(s.Others[0].Backends, unverified(c.backend))
			in := serve(t, s, gateway.Limits{})
			conn := in.dial(t, c.secure)
			t.Run("unary", func(t *testing.T) {
				var head, tail metadata.MD
				var out text
				if err := conn.Invoke(within(t), "/test.Speech/Say", &text{Value: "hello"}, &out, grpc.Header(&head), grpc.Trailer(&tail)); err != nil || out.Value != "you said hello" {
					t.Fatalf("answered %q, %v", out.Value, err)
				}
				if fmt.Sprint(head.Get("x-head"), tail.Get("x-tail"), tail.Get("x-caller")) != "[of hello] [of hello] [the gateway]" {
					t.Errorf("the header is %v, the trailer %v", head, tail)
				}
			})
			t.Run("an error of the backend", func(t *testing.T) {
				err := conn.Invoke(within(t), "/test.Speech/Say", &text{Value: "fail"}, new(text))
				if got := status.Convert(err); got.Code() != codes.FailedPrecondition || got.Message() != "50 % of them: ünusable" {
					t.Errorf("the error is %v", err)
				}
			})
			t.Run("server stream", func(t *testing.T) {
				s := stream(t, conn, "Count")
				sendText(t, s, "n")
				_ = s.CloseSend()
				for i := range 3 {
					wantText(t, s, fmt.Sprint("n", i))
				}
				wantEnd(t, s)
				if got := s.Trailer().Get("x-tail"); len(got) != 1 || got[0] != "counted" {
					t.Errorf("the trailer is %v", s.Trailer())
				}
			})
			t.Run("client stream", func(t *testing.T) {
				s := stream(t, conn, "Join")
				for _, v := range []string{"a", "b", strings.Repeat("c", 200_000)} {
					sendText(t, s, v)
				}
				_ = s.CloseSend()
				wantText(t, s, "a+b+"+strings.Repeat("c", 200_000))
				wantEnd(t, s)
			})
			t.Run("both at once", func(t *testing.T) {
				s := stream(t, conn, "Talk")
				for _, v := range []string{"one", "two", "three"} {
					sendText(t, s, v)
					wantText(t, s, "re: "+v) // before more is sent
				}
				_ = s.CloseSend()
				wantEnd(t, s)
			})
			in.awaitLog(t, `"grpcStatus":"9"`)
			in.awaitLog(t, `"grpcStatus":"0"`)
		})
	}
}

// What the gateway itself says reaches clients of gRPC as the status that they know.
func TestErrorsOfTheGatewayInGRPC(t *testing.T) {
	t.Parallel()
	backend := "http://" + speaker(t)
	answer := func(code string) string {
		return `<policies><inbound><return-response><set-status code="` + code + `" reason="because"/></return-response></inbound></policies>`
	}
	for name, c := range map[string]struct {
		policy, key, backend, method string
		want                         codes.Code
		message                      string
	}{
		"no key":                {key: "k1", want: codes.Unauthenticated, message: "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API."},
		"no such method":        {method: "/test.Speech/Sing", want: codes.Unimplemented, message: "Resource not found"},
		"forbidden by a policy": {policy: answer("403"), want: codes.PermissionDenied, message: "because"},
		"too many calls":        {policy: `<policies><inbound><rate-limit-by-key calls="0" renewal-period="60" counter-key="k"/></inbound></policies>`, want: codes.ResourceExhausted},
		"maintenance":           {policy: answer("503"), want: codes.Unavailable, message: "because"},
		"a broken policy":       {policy: `<policies><inbound><set-variable name="x" value="@(1/int.Parse(&quot;0&quot;))"/></inbound></policies>`, want: codes.Internal},
		"no backend there":      {backend: "http://127.0.0.1:1", want: codes.Unavailable},
		"a backend without h2":  {backend: backendOfHTTP1(t), want: codes.Unavailable},
		"a timeout of a policy": {method: "/test.Speech/Sleep", policy: `<policies><backend><forward-request timeout-ms="50"/></backend></policies>`, want: codes.DeadlineExceeded},
		"an answer of a policy": {policy: `<policies><inbound><return-response><set-status code="200"/><set-header name="Content-Type"><value>application/grpc</value></set-header><set-header name="grpc-status"><value>5</value></set-header><set-header name="grpc-message"><value>own words</value></set-header></return-response></inbound></policies>`, want: codes.NotFound, message: "own words"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.backend == "" {
				c.backend = backend
			}
			if c.method == "" {
				c.method = "/test.Speech/Say"
			}
			in := serve(t, callAPI(c.backend, c.policy, c.key), gateway.Limits{})
			err := in.dial(t, false).Invoke(within(t), c.method, &text{Value: "x"}, new(text))
			got := status.Convert(err)
			if got.Code() != c.want || c.message != "" && got.Message() != c.message {
				t.Errorf("the error is %v: %q; want %v: %q", got.Code(), got.Message(), c.want, c.message)
			}
		})
	}
}

// backendOfHTTP1 starts a backend that knows no HTTP/2.
func backendOfHTTP1(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}
	go s.Serve(l) //nolint:errcheck // the test ends it
	t.Cleanup(func() { _ = s.Close() })
	return "http://" + l.Addr().String()
}

func TestAKeyInMetadataOpensAGRPCAPI(t *testing.T) {
	t.Parallel()
	in := serve(t, callAPI("http://"+speaker(t), "", "k1"), gateway.Limits{})
	ctx := metadata.AppendToOutgoingContext(within(t), "ocp-apim-subscription-key", "k1")
	if err := in.dial(t, false).Invoke(ctx, "/test.Speech/Say", &text{Value: "x"}, new(text)); err != nil {
		t.Error(err)
	}
}

// A deadline that passes ends the call at the backend, too, and so does a caller who leaves.
func TestTheEndOfACallEndsItAtTheBackend(t *testing.T) {
	t.Parallel()
	for name, limit := range map[string]func(ctx context.Context, begun chan struct{}) (context.Context, context.CancelFunc){
		"deadline": func(ctx context.Context, _ chan struct{}) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 2*time.Second)
		},
		"leaves": func(ctx context.Context, begun chan struct{}) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			go func() { <-begun; cancel() }()
			return ctx, cancel
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun, ended := make(chan struct{}), make(chan struct{})
			in := serve(t, callAPI(backendOf(t, func(_ http.ResponseWriter, r *http.Request) { close(begun); <-r.Context().Done(); close(ended) }), "", ""), gateway.Limits{})
			ctx, cancel := limit(within(t), begun)
			defer cancel()
			if err := in.dial(t, false).Invoke(ctx, "/test.Speech/Say", &text{Value: "x"}, new(text)); err == nil {
				t.Error("the call succeeded")
			}
			select {
			case <-ended:
			case <-time.After(5 * time.Second):
				t.Error("the backend still works on a call that has ended")
			}
		})
	}
}

// A caller whose deadline is its own secret is still bound by the one it has told.
func TestADeadlineThatWasToldHolds(t *testing.T) {
	t.Parallel()
	in := serve(t, callAPI("http://"+speaker(t), "", ""), gateway.Limits{})
	h2 := client(new(http.Protocols), func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) })
	defer h2.CloseIdleConnections()
	req, _ := http.NewRequestWithContext(within(t), "POST", in.url+"/test.Speech/Sleep", strings.NewReader("\x00\x00\x00\x00\x00"))
	req.Header.Set("Content-Type", "application/grpc")
	req.Header.Set("Grpc-Timeout", "50m")
	res, err := h2.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // a test
	_, _ = io.Copy(io.Discard, res.Body)
	if got := res.Header.Get("Grpc-Status") + res.Trailer.Get("Grpc-Status"); res.StatusCode != 200 || got != "4" {
		t.Errorf("answered %s with status %q, want 4", res.Status, got)
	}
}

// Requests that are no calls get the answers of HTTP: nobody who sends them reads grpc-status.
func TestRequestsThatAreNoCalls(t *testing.T) {
	t.Parallel()
	in := serve(t, callAPI("http://"+speaker(t), "", ""), gateway.Limits{})
	h2 := client(new(http.Protocols), func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) })
	defer h2.CloseIdleConnections()
	for _, c := range []struct {
		name, contentType string
		client            *http.Client
		want              int
	}{
		{"HTTP/1.1", "application/grpc", in.client, 505},
		{"JSON", "application/json", h2, 415},
	} {
		res, err := c.client.Post(in.url+"/test.Speech/Say", c.contentType, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != c.want || res.Header.Get("Grpc-Status") != "" {
			t.Errorf("%s: answered %s, want %d", c.name, res.Status, c.want)
		}
	}
}

// A call may be silent for longer than other bodies may.
func TestASilentCallIsNotBrokenOff(t *testing.T) {
	t.Parallel()
	s := callAPI("http://"+speaker(t), "", "")
	web := oneAPI(backendOf(t, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }), "", "")
	s.Others[0].APIs = append(s.Others[0].APIs, web.Others[0].APIs...)
	web.Others[0].APIs[0][0].ID += "-web"
	in := serve(t, s, gateway.Limits{BodyIdle: 300 * time.Millisecond})
	call := stream(t, in.dial(t, false), "Talk")
	for _, v := range []string{"one", "two", "three"} {
		sendText(t, call, v)
		wantText(t, call, "re: "+v)
		in.idle(t)
	}
	_ = call.CloseSend()
	wantEnd(t, call)
}
