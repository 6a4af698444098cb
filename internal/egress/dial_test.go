package egress_test

import (
	"net"
	"testing"

	"github.com/atelier-apim/atelier/internal/egress"
)

func TestDialReachesOnlyWhatIsAllowed(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	if err := egress.NewDial(nil)(t.Context(), l.Addr().String()); err == nil {
		t.Error("a loopback address was reached although no network is opened")
	}
	loopback, err := egress.ParseAllow("127.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	if err := egress.NewDial(loopback)(t.Context(), l.Addr().String()); err != nil {
		t.Errorf("an allowed address can't be reached: %v", err)
	}
}
