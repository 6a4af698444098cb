package arm

import (
	"encoding/json"
	"time"
)

// Envelope is what surrounds the properties of a resource on the wire (rest-behaviour.md 2).
type Envelope struct {
	ID         string            `json:"id"`
	Type       string            `json:"type"`
	Name       string            `json:"name"`
	Location   string            `json:"location,omitempty"`
	Tags       map[string]string `json:"tags,omitempty"`
	SKU        *SKU              `json:"sku,omitempty"`
	Identity   json.RawMessage   `json:"identity,omitempty"`
	Zones      []string          `json:"zones,omitempty"`
	ETag       string            `json:"etag,omitempty"`
	SystemData *SystemData       `json:"systemData,omitempty"`
	ManagedBy  string            `json:"managedBy,omitempty"`
	Properties json.RawMessage   `json:"properties,omitempty"`
}

// SKU is the pricing tier of a tracked resource and its scale units.
type SKU struct {
	Name     string `json:"name"`
	Tier     string `json:"tier,omitempty"`
	Capacity int    `json:"capacity"`
}

// SystemData says who made a tracked resource and when.
type SystemData struct {
	CreatedBy      string    `json:"createdBy,omitempty"`
	CreatedByType  string    `json:"createdByType,omitempty"`
	CreatedAt      time.Time `json:"createdAt"`
	LastModifiedAt time.Time `json:"lastModifiedAt"`
}

// Page is one page of a collection. Count is the total over all pages.
type Page struct {
	Value    []json.RawMessage `json:"value"`
	Count    *int64            `json:"count,omitempty"`
	NextLink string            `json:"nextLink,omitempty"`
}

// Page sizes: what a list returns without $top, and the most it returns whatever $top says.
const (
	DefaultPage = 100
	MaxPage     = 1000
)
