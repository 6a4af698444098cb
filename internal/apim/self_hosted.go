package apim

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// SelfHosted is a self-hosted gateway of a service, as the older management API knows it: keys, and what it serves. Workspace gateways are
// Gateway.
type SelfHosted struct {
	Description  string        `json:"description,omitempty" rule:"max=1000"`
	LocationData *LocationData `json:"locationData,omitempty"`
	PrimaryKey   string        `json:"atelierPrimary,omitempty"`
	SecondaryKey string        `json:"atelierSecondary,omitempty"`
}

// LocationData says where a gateway stands.
type LocationData struct {
	Name            string `json:"name" rule:"required,max=256"`
	City            string `json:"city,omitempty" rule:"max=256"`
	District        string `json:"district,omitempty" rule:"max=256"`
	CountryOrRegion string `json:"countryOrRegion,omitempty" rule:"max=256"`
}

const (
	selfHostedType = kind.Service + "/gateways"
	maxTokenLife   = 30 * 24 * time.Hour
)

func selfHosted() *kind.Kind {
	return kind.Entity[SelfHosted]{
		Type: "gateways", Noun: "Self-hosted gateway", Under: []string{kind.Service}, Names: named(80), Filters: "name region description",
		View:    kind.View{One: "Self-hosted gateway", Many: "Self-hosted gateways", Summary: "Gateways that run elsewhere.", Columns: []string{"description", "locationData.name"}},
		Secrets: func(v *SelfHosted) []*string { return []*string{&v.PrimaryKey, &v.SecondaryKey} },
		Actions: []kind.Action{
			{Name: "listKeys", Do: func(c *kind.ActionCall) (any, error) {
				g := c.Value.(*SelfHosted)
				return map[string]string{"primary": g.PrimaryKey, "secondary": g.SecondaryKey}, nil
			}},
			{Name: "regenerateKey", Mutates: true, Status: http.StatusNoContent, Do: regenerateGatewayKey},
			{Name: "generateToken", Do: gatewayToken},
			{Name: "listDebugCredentials", Do: noTraces},
			{Name: "listTrace", Do: noTraces},
			{Name: "invalidateDebugCredentials", Status: http.StatusNoContent, Do: nothing}, // none are ever valid
		},
		Default: func(w *kind.Typed[SelfHosted]) error {
			g := w.New
			g.PrimaryKey, g.SecondaryKey = "", "" // not for callers to say
			if w.Old != nil {
				g.PrimaryKey, g.SecondaryKey = w.Old.PrimaryKey, w.Old.SecondaryKey
			}
			g.PrimaryKey, g.SecondaryKey = cmp.Or(g.PrimaryKey, newKey()), cmp.Or(g.SecondaryKey, newKey())
			return nil
		},
		Validate: func(w *kind.Typed[SelfHosted]) error { return tierRefuses(w.Lookup, w.ID, tiersWithSelfHosted) },
	}.Kind()
}

// keyRequest is a body that names one of two keys, and for tokens how long they hold.
type keyRequest struct {
	KeyType string    `json:"keyType"`
	Expiry  time.Time `json:"expiry"`
}

func (r keyRequest) check(expires bool) error {
	switch {
	case r.KeyType != "primary" && r.KeyType != "secondary":
		return arm.InvalidField("keyType", "keyType must be primary or secondary.")
	case expires && r.Expiry.IsZero():
		return arm.InvalidField("expiry", "expiry is required, for example 2026-01-31T00:00:00Z.")
	case expires && (time.Until(r.Expiry) <= 0 || time.Until(r.Expiry) > maxTokenLife):
		return arm.InvalidField("expiry", "expiry must lie in the next 30 days.")
	}
	return nil
}

// either is the key that the request names.
func (r keyRequest) either(primary, secondary string) string {
	if r.KeyType == "secondary" {
		return secondary
	}
	return primary
}

func regenerateGatewayKey(c *kind.ActionCall) (any, error) {
	var r keyRequest
	if err := arm.DecodeJSON(c.Body, &r); err != nil {
		return nil, err
	}
	if err := r.check(false); err != nil {
		return nil, err
	}
	g := c.Value.(*SelfHosted)
	if r.KeyType == "primary" {
		g.PrimaryKey = newKey()
	} else {
		g.SecondaryKey = newKey()
	}
	return nil, nil
}

func gatewayToken(c *kind.ActionCall) (any, error) {
	var r keyRequest
	if err := arm.DecodeJSON(c.Body, &r); err != nil {
		return nil, err
	}
	if err := r.check(true); err != nil {
		return nil, err
	}
	g := c.Value.(*SelfHosted)
	return map[string]string{"value": sharedToken(c.ID.Name(), r.Expiry, r.either(g.PrimaryKey, g.SecondaryKey))}, nil
}

// sharedToken is the form in which users and gateways show who they are: name, minute of expiry, and a signature over both (rest-behaviour.md 10).
func sharedToken(name string, expiry time.Time, key string) string {
	until := expiry.UTC().Format("200601021504")
	mac := hmac.New(sha512.New, []byte(key))
	_, _ = mac.Write([]byte(name + "\n" + until)) // never fails
	return name + "&" + until + "&" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func noTraces(*kind.ActionCall) (any, error) {
	return nil, arm.Errorf(http.StatusBadRequest, "NotSupported", "Self-hosted gateways write no traces here. Traces of calls come from the gateways of this installation.")
}

// GatewayAPI lets a self-hosted gateway serve an API of its service.
type GatewayAPI struct {
	ProvisioningState string `json:"provisioningState,omitempty"`
	// What follows is shown of the API and not kept here.
	DisplayName string   `json:"displayName,omitempty"`
	Path        string   `json:"path"`
	Protocols   []string `json:"protocols,omitempty"`
	ServiceURL  string   `json:"serviceUrl,omitempty"`
}

func gatewayAPI() *kind.Kind {
	return kind.Entity[GatewayAPI]{
		Type: "apis", Noun: "API of the gateway", Under: []string{selfHostedType}, Shape: kind.Link, Mirror: true, Names: kind.Names{Max: 256}, PutOnly: true, Filters: "name displayName path",
		Default: func(w *kind.Typed[GatewayAPI]) error {
			*w.New = GatewayAPI{ProvisioningState: "created"}
			return nil
		},
		Render: func(r *kind.Rendering, v *GatewayAPI) {
			if a, ok := kind.Of[API](r.Lookup, gatewayTarget(r.ID)); ok {
				v.DisplayName, v.Path, v.Protocols, v.ServiceURL = a.DisplayName, a.Path, a.Protocols, a.ServiceURL
			}
		},
		Refs: func(w *kind.Typed[GatewayAPI]) []kind.Ref {
			return []kind.Ref{{To: gatewayTarget(w.ID), Field: "apiId", Cascade: true}}
		},
	}.Kind()
}

// gatewayTarget is the API that an entry of a gateway means.
func gatewayTarget(id arm.ID) arm.ID {
	return withoutRevision(serviceOf(id).Child("apis", id.Name()))
}

// GatewayHostname is a host name under which a self-hosted gateway answers.
type GatewayHostname struct {
	Hostname                   string `json:"hostname,omitempty" rule:"required,max=253"`
	CertificateID              string `json:"certificateId,omitempty" rule:"max=2000"`
	NegotiateClientCertificate bool   `json:"negotiateClientCertificate"`
	TLS10Enabled               bool   `json:"tls10Enabled"`
	TLS11Enabled               bool   `json:"tls11Enabled"`
	HTTP2Enabled               bool   `json:"http2Enabled"`
}

func gatewayHostname() *kind.Kind {
	return kind.Entity[GatewayHostname]{
		Type: "hostnameConfigurations", Noun: "Host name", Under: []string{selfHostedType}, Names: named(80), PutOnly: true, Filters: "name hostname",
		Validate: func(w *kind.Typed[GatewayHostname]) error {
			if w.New.CertificateID == "" {
				return nil
			}
			id := certificateOf(w.ID, w.New.CertificateID)
			if !id.Parent().Equal(serviceOf(w.ID)) || !strings.EqualFold(lastWord(id.Type()), "certificates") {
				return arm.InvalidField("certificateId", "certificateId must be the id of a certificate of the same service.")
			}
			return nil
		},
		Refs: func(w *kind.Typed[GatewayHostname]) []kind.Ref {
			if w.New.CertificateID == "" {
				return nil
			}
			return []kind.Ref{{To: certificateOf(w.ID, w.New.CertificateID), Field: "certificateId"}}
		},
	}.Kind()
}

// certificateOf reads the id of a certificate as clients write it: in full, or from "/certificates".
func certificateOf(id arm.ID, text string) arm.ID {
	if strings.HasPrefix(strings.ToLower(text), "/certificates/") {
		return serviceOf(id).Child("certificates", text[strings.LastIndexByte(text, '/')+1:])
	}
	return idOf(text)
}

// GatewayAuthority makes a certificate of the service one of a self-hosted gateway's authorities; it has the certificate's name.
type GatewayAuthority struct {
	IsTrusted bool `json:"isTrusted"`
}

func gatewayAuthority() *kind.Kind {
	return kind.Entity[GatewayAuthority]{
		Type: "certificateAuthorities", Noun: "Certificate authority", Under: []string{selfHostedType}, Names: named(80), PutOnly: true, Filters: "name isTrusted",
		Refs: func(w *kind.Typed[GatewayAuthority]) []kind.Ref {
			return []kind.Ref{{To: serviceOf(w.ID).Child("certificates", w.ID.Name()), Field: "certificateId", Cascade: true}}
		},
	}.Kind()
}
