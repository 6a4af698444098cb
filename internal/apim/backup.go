package apim

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Backups keep what services are backed up to.
type Backups interface {
	// Write keeps a document, encrypted, under a container and a name; an older one of the same name is replaced.
	Write(ctx context.Context, container, name string, document []byte) error
	// Read returns what Write kept; false when there is none.
	Read(ctx context.Context, container, name string) ([]byte, bool, error)
}

// Bucket is a bucket of a store that speaks S3, as a backup names it.
type Bucket struct {
	Address *url.URL // https://host/bucket, and what keys begin with
	Region  string
	KeyID   string
	Secret  string
}

// backupRequest is the body of backup and restore. An account that is a URL is a bucket; the name of an account, which Azure knows and we don't, means
// the operator's own place for backups, and its key is not used.
type backupRequest struct {
	StorageAccount string `json:"storageAccount"`
	ContainerName  string `json:"containerName"`
	BackupName     string `json:"backupName"`
	AccessType     string `json:"accessType"`
	AccessKey      string `json:"accessKey"`
	ClientID       string `json:"clientId"`
}

func (c *Catalogue) backupRequest(body []byte) (backupRequest, Backups, error) {
	var r backupRequest
	if err := arm.DecodeJSON(body, &r); err != nil {
		return r, nil, err
	}
	for _, f := range []struct{ name, value string }{{"storageAccount", r.StorageAccount}, {"containerName", r.ContainerName}, {"backupName", r.BackupName}} {
		switch {
		case f.value == "":
			return r, nil, arm.InvalidField(f.name, "%s is required.", f.name)
		case f.name != "storageAccount" && (len(f.value) > 128 || !identifier.MatchString(f.value)):
			return r, nil, arm.InvalidField(f.name, "%s: at most 128 characters. %s", f.name, identifierWords)
		}
	}
	kept := c.Backups
	if strings.Contains(r.StorageAccount, "://") {
		bucket, err := r.bucket()
		if err != nil {
			return r, nil, err
		}
		kept = nil
		if c.BucketBackups != nil {
			kept = c.BucketBackups(*bucket)
		}
	}
	if kept == nil {
		return r, nil, arm.Errorf(http.StatusBadRequest, "NotSupported", "This process has no place for backups.")
	}
	return r, kept, nil
}

// Bounds of a bucket's address and key.
const (
	maxBucketAddress = 1024
	maxAccessKey     = 512
)

var (
	regionName = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)
	awsRegion  = regexp.MustCompile(`(?:^|\.)s3[.-]([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$`)
	accessPair = regexp.MustCompile(`^[!-~]+$`)
)

// bucket reads an account that is a URL, and the key to it.
func (r backupRequest) bucket() (*Bucket, error) {
	u, err := url.Parse(r.StorageAccount)
	switch {
	case err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" || len(r.StorageAccount) > maxBucketAddress:
		return nil, arm.InvalidField("storageAccount", "A storage account that is a URL must be that of a bucket: https://host/bucket, at most %d characters.", maxBucketAddress)
	case strings.Contains(u.Path, "//") || strings.Contains(u.Path+"/", "/../") || strings.Contains(u.Path+"/", "/./"):
		return nil, arm.InvalidField("storageAccount", "The path of the bucket has an empty part, or one of dots.")
	case r.AccessType != "" && !strings.EqualFold(r.AccessType, "AccessKey"):
		return nil, arm.Errorf(http.StatusBadRequest, "NotSupported", "The access type '%.64s' is not there for buckets: this installation has no managed identity. Use AccessKey.", r.AccessType)
	case r.ClientID != "":
		return nil, arm.InvalidField("clientId", "clientId names a managed identity, which buckets don't know. Leave it out.")
	}
	query := u.Query()
	region := query.Get("region")
	if region == "" {
		region = "us-east-1"
		if m := awsRegion.FindStringSubmatch(strings.ToLower(u.Hostname())); m != nil {
			region = m[1]
		}
	}
	if len(query) > 1 || len(query) == 1 && !query.Has("region") || len(query["region"]) > 1 || !regionName.MatchString(region) {
		return nil, arm.InvalidField("storageAccount", "The URL of a bucket may have '?region=' with the name of a region, and no other parameter.")
	}
	id, secret, pair := strings.Cut(r.AccessKey, ":")
	if !pair || len(r.AccessKey) > maxAccessKey || !accessPair.MatchString(id) || strings.ContainsAny(id, "/,=") || !accessPair.MatchString(secret) {
		return nil, arm.InvalidField("accessKey", "The access key of a bucket is written ID:SECRET, at most %d characters.", maxAccessKey)
	}
	u.RawQuery = ""
	return &Bucket{Address: u, Region: region, KeyID: id, Secret: secret}, nil
}

func (c *Catalogue) backup(ctx context.Context, a *kind.ActionCall) (any, error) {
	r, kept, err := c.backupRequest(a.Body)
	if err != nil {
		return nil, err
	}
	if err := backupFree(ctx, kept, r, a.ID); err != nil {
		return nil, err
	}
	document, err := a.State.Dump(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	return nil, kept.Write(ctx, r.ContainerName, r.BackupName, document)
}

// backupFree refuses a name under which another service is kept: containers belong to the whole installation.
func backupFree(ctx context.Context, kept Backups, r backupRequest, service arm.ID) error {
	old, there, err := kept.Read(ctx, r.ContainerName, r.BackupName)
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
	r, kept, err := c.backupRequest(a.Body)
	if err != nil {
		return nil, err
	}
	document, ok, err := kept.Read(ctx, r.ContainerName, r.BackupName)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, arm.Errorf(http.StatusBadRequest, "BackupNotFound", "There is no backup '%s' in the container '%s'.", r.BackupName, r.ContainerName)
	}
	return nil, a.State.Reinstate(ctx, a.ID, document)
}
