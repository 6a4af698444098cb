package publish

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"testing"
	"time"
)

// The authorities of a service and whether it negotiates client certificates reach all of its gateways, and a change of one alone does, too.
func TestAuthoritiesReachGateways(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	text := base64.StdEncoding.EncodeToString(der)
	w := newWorld(t)
	w.put(rg+"/gateways/edge", `{}`)
	w.put(rg+"/gateways/edge/configConnections/c", `{"sourceId":"`+pay+`"}`)
	w.put(svc, `{"certificates":[{"storeName":"Root","encodedCertificate":"`+text+`"},{"storeName":"CertificateAuthority","encodedCertificate":"`+text+`"},{"storeName":"Root","encodedCertificate":"damaged"}]}`)
	for name, s := range w.given {
		if len(s.Authorities) != 2 || string(s.Authorities[0].DER) != string(der) || !s.Authorities[0].Root || s.Authorities[1].Root {
			t.Errorf("%s: the authorities are %+v", name, s.Authorities)
		}
		if s.Gateway.AsksForCertificate {
			t.Errorf("%s asks for certificates though no host name negotiates them", name)
		}
	}
	w.put(svc, `{"hostnameConfigurations":[{"type":"Proxy","hostName":"a","negotiateClientCertificate":true},{"type":"Portal","hostName":"b"}]}`)
	for name, s := range w.given {
		if !s.Gateway.AsksForCertificate || len(s.Authorities) != 0 {
			t.Errorf("%s after the change: asks %v, authorities %+v", name, s.Gateway.AsksForCertificate, s.Authorities)
		}
	}
	w.put(svc, `{"hostnameConfigurations":[{"type":"Portal","hostName":"b","negotiateClientCertificate":true}]}`)
	if w.given["managed"].Gateway.AsksForCertificate {
		t.Error("the portal's host name makes gateways ask")
	}
}
