package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/seal"
	"github.com/atelier-apim/atelier/internal/store"
)

// authorityBody is how the local authority lies in the store.
type authorityBody struct {
	Properties struct {
		Certificate string `json:"certificate"` // PEM
		Key         string `json:"key"`         // PEM, sealed
	} `json:"properties"`
}

func authorityRow(id arm.ID, cert, key []byte, ring *seal.Ring, now time.Time) (store.Row, error) {
	var b authorityBody
	b.Properties.Certificate = string(cert)
	b.Properties.Key = ring.Seal(string(key), seal.AAD(id.Key(), "key"))
	body, err := json.Marshal(b)
	return store.Row{ID: id, Kind: id.Type(), Body: body, ETag: "1", Created: now, Modified: now}, err
}

func readAuthority(row store.Row, ring *seal.Ring) (cert, key []byte, err error) {
	var b authorityBody
	if err := json.Unmarshal(row.Body, &b); err != nil {
		return nil, nil, fmt.Errorf("local certificate authority: %w", err)
	}
	plain, err := ring.Open(b.Properties.Key, seal.AAD(row.ID.Key(), "key"))
	if err != nil {
		return nil, nil, fmt.Errorf("local certificate authority: %w; is this the master key that the database was made with?", err)
	}
	return []byte(b.Properties.Certificate), []byte(plain), nil
}
