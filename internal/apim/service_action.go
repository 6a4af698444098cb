package apim

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// serviceActions are the POST words of a service.
func (c *Catalogue) serviceActions() []kind.Action {
	return []kind.Action{
		// There is no network of a cloud to apply anything to: what the service's gateways listen on is the process's own configuration.
		{Name: "applynetworkconfigurationupdates", Shows: true, Do: nothing},
		// There are no platform generations: the service runs on what the operator started.
		{Name: "migrateToStv2", Shows: true, Do: nothing},
		{Name: "getssotoken", Do: func(*kind.ActionCall) (any, error) { return map[string]string{"redirectUri": c.PortalURL}, nil }},
		{Name: "connectivityCheck", Reach: c.checkConnectivity},
		{Name: "backup", Shows: true, Reach: c.backup},
		{Name: "restore", Shows: true, Reach: c.restore},
	}
}

func nothing(*kind.ActionCall) (any, error) { return nil, nil }

// Backups keep what services are backed up to.
type Backups interface {
	// Write keeps a document, encrypted, under a container and a name; an older one of the same name is replaced.
	Write(ctx context.Context, container, name string, document []byte) error
	// Read returns what Write kept; false when there is none.
	Read(ctx context.Context, container, name string) ([]byte, bool, error)
}

// backupRequest is the body of backup and restore. The account is not used: where backups lie is the operator's to say.
type backupRequest struct {
	StorageAccount string `json:"storageAccount"`
	ContainerName  string `json:"containerName"`
	BackupName     string `json:"backupName"`
}

func (c *Catalogue) backupRequest(body []byte) (backupRequest, error) {
	var r backupRequest
	if err := arm.DecodeJSON(body, &r); err != nil {
		return r, err
	}
	for _, f := range []struct{ name, value string }{{"storageAccount", r.StorageAccount}, {"containerName", r.ContainerName}, {"backupName", r.BackupName}} {
		switch {
		case f.value == "":
			return r, arm.InvalidField(f.name, "%s is required.", f.name)
		case f.name != "storageAccount" && (len(f.value) > 128 || !identifier.MatchString(f.value)):
			return r, arm.InvalidField(f.name, "%s: at most 128 characters. %s", f.name, identifierWords)
		}
	}
	if c.Backups == nil {
		return r, arm.Errorf(http.StatusBadRequest, "NotSupported", "This process has no place for backups.")
	}
	return r, nil
}

func (c *Catalogue) backup(ctx context.Context, a *kind.ActionCall) (any, error) {
	r, err := c.backupRequest(a.Body)
	if err != nil {
		return nil, err
	}
	if err := c.backupFree(ctx, r, a.ID); err != nil {
		return nil, err
	}
	document, err := a.State.Dump(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	return nil, c.Backups.Write(ctx, r.ContainerName, r.BackupName, document)
}

// backupFree refuses a name under which another service is kept: containers belong to the whole installation.
func (c *Catalogue) backupFree(ctx context.Context, r backupRequest, service arm.ID) error {
	old, there, err := c.Backups.Read(ctx, r.ContainerName, r.BackupName)
	if err != nil || !there {
		return err
	}
	var of struct{ Scope string }
	if err := json.Unmarshal(old, &of); err != nil || !idOf(of.Scope).Equal(service) {
		return arm.Conflict("BackupNameTaken", "The container '%s' has a backup '%s' of another service; choose another name.", r.ContainerName, r.BackupName)
	}
	return nil
}

func (c *Catalogue) restore(ctx context.Context, a *kind.ActionCall) (any, error) {
	r, err := c.backupRequest(a.Body)
	if err != nil {
		return nil, err
	}
	document, ok, err := c.Backups.Read(ctx, r.ContainerName, r.BackupName)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, arm.Errorf(http.StatusBadRequest, "BackupNotFound", "There is no backup '%s' in the container '%s'.", r.BackupName, r.ContainerName)
	}
	return nil, a.State.Reinstate(ctx, a.ID, document)
}
