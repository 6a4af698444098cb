package apim

import (
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// AccessPolicy lets a principal use a connection.
type AccessPolicy struct {
	AppIDs   []string `json:"appIds,omitempty" rule:"max=100"`
	ObjectID string   `json:"objectId,omitempty" rule:"max=36"`
	TenantID string   `json:"tenantId,omitempty" rule:"max=36"`
}

func accessPolicy() *kind.Kind {
	return kind.Entity[AccessPolicy]{
		Type: "accessPolicies", Right: "permission", Noun: "Access policy", Under: []string{"authorizations"}, Names: named(256), PutOnly: true, Filters: "name", Publish: true,
		Validate: func(w *kind.Typed[AccessPolicy]) error {
			if w.New.ObjectID == "" && len(w.New.AppIDs) == 0 {
				return arm.InvalidField("objectId", "objectId or appIds is required: who may use the connection.")
			}
			return nil
		},
	}.Kind()
}
