// Package localca is the certificate authority of an installation without certificates of its own: it signs the certificates of the
// management address, the portal and the gateways, so that everything is HTTPS from the first start.
//
// It works on bytes and knows no store: who calls it keeps the authority's key sealed and publishes its certificate (ca.pem). It is a
// leaf, standard library only. It is no public authority: it revokes nothing and asks nobody for proof.
//
// Start with Authority (authority.go), then Leaves (leaf.go).
package localca
