package lib

import (
	"crypto/x509"
	"encoding/asn1"

	"github.com/atelier-apim/atelier/internal/expr/types"
	"software.sslmate.com/src/go-pkcs12"
)

// This file alone knows the PKCS #12 reader.

// maxIterations bounds the key derivation an archive may ask for.
const maxIterations = 2_000_000

// openArchive reads the first certificate of a PKCS #12 archive with its key.
func openArchive(env *types.Env, der []byte, password string) (*x509.Certificate, any, error) {
	n := iterations(der, 0)
	if n > maxIterations {
		return nil, nil, cryptographic("The archive asks for too many iterations of its key derivation.")
	}
	if err := env.Step(n / 10); err != nil {
		return nil, nil, err
	}
	key, cert, _, err := pkcs12.DecodeChain(der, password)
	if err != nil {
		return nil, nil, cryptographic("The specified network password is not correct, or the archive cannot be read: " + err.Error())
	}
	return cert, key, nil
}

// iterations sums the small integers of an archive outside certificates, among
// which are all iteration counts. Octet strings hold further structures two
// levels deep; the third holds certificates.
func iterations(der []byte, level int) int64 {
	total := int64(0)
	for len(der) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil {
			return total
		}
		switch {
		case v.IsCompound:
			total += iterations(v.Bytes, level)
		case v.Class == asn1.ClassUniversal && v.Tag == asn1.TagOctetString && level < 2:
			total += iterations(v.Bytes, level+1)
		case v.Class == asn1.ClassUniversal && v.Tag == asn1.TagInteger && len(v.Bytes) <= 8:
			n := int64(0)
			for _, b := range v.Bytes {
				n = n<<8 | int64(b)
			}
			if n < 0 || n > maxIterations {
				return maxIterations + 1
			}
			total += n
		}
		der = rest
	}
	return total
}
