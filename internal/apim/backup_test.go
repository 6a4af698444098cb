package apim

import "testing"

func TestTheRegionOfABucketIsSaidOrFollowsFromItsHost(t *testing.T) {
	t.Parallel()
	for account, want := range map[string]string{
		"https://minio.example:9000/nightly":                  "us-east-1",
		"https://minio.example/nightly?region=home-1":         "home-1",
		"https://s3.eu-central-1.amazonaws.com/nightly":       "eu-central-1",
		"https://nightly.S3.eu-west-3.amazonaws.com/contoso":  "eu-west-3",
		"https://s3-ap-south-1.amazonaws.com/nightly":         "ap-south-1",
		"https://nightly.s3.cn-north-1.amazonaws.com.cn/":     "cn-north-1",
		"https://s3.amazonaws.com/nightly":                    "us-east-1",
		"https://s3.eu-west-3.amazonaws.com.evil.example/x":   "us-east-1",
		"https://s3.eu-west-3.amazonaws.com/x?region=other-2": "other-2",
	} {
		b, err := backupRequest{StorageAccount: account, AccessKey: "ID:a:b"}.bucket()
		if err != nil {
			t.Errorf("%s: %v", account, err)
			continue
		}
		if b.Region != want || b.KeyID != "ID" || b.Secret != "a:b" || b.Address.RawQuery != "" {
			t.Errorf("%s: %+v, want the region %s", account, b, want)
		}
	}
}
