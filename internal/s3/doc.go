// Package s3 keeps documents as objects of a bucket in any store that speaks S3: one signed PUT, one signed GET.
//
// It is no client of everything S3 can do: no listings, no parts, no retries. Which addresses may be reached is the http.Client's care, handed in.
// Start with Bucket (bucket.go); sign.go is AWS Signature Version 4.
package s3
