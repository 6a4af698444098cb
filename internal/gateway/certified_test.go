package gateway

import (
	"net/http"
	"testing"
	"time"
)

// Pools of certificates are bounded, the one that was used longest ago makes room, and what nobody uses is let go.
func TestCertifiedPoolsAreBounded(t *testing.T) {
	t.Parallel()
	var c certified
	m := func(n int) manner { return manner{certificate: [32]byte{byte(n), byte(n >> 8), 1}} }
	made := 0
	make := func() *http.Transport { made++; return &http.Transport{} }
	first := c.of(m(0), make)
	for n := 1; n < maxCertified; n++ {
		c.of(m(n), make)
	}
	if c.of(m(0), make) != first || made != maxCertified {
		t.Fatal("a pool in use was made again")
	}
	c.of(m(maxCertified), make)
	if len(c.pool) != maxCertified || c.pool[m(0)] == nil || c.pool[m(1)] != nil {
		t.Errorf("%d pools; the one used lately is there: %v, the oldest: %v", len(c.pool), c.pool[m(0)] != nil, c.pool[m(1)] != nil)
	}
	c.sweep(time.Now().Add(certifiedRest + time.Second))
	if len(c.pool) != 0 {
		t.Errorf("%d pools are left that nobody has used", len(c.pool))
	}
}
