module github.com/atelier-apim/atelier/test/peers

go 1.26.0

require (
	github.com/atelier-apim/atelier v0.0.0
	github.com/expr-lang/expr v1.17.6
)

require (
	github.com/dlclark/regexp2/v2 v2.12.0 // indirect
	golang.org/x/crypto v0.58.0 // indirect
	software.sslmate.com/src/go-pkcs12 v0.7.4 // indirect
)

replace github.com/atelier-apim/atelier => ../..
