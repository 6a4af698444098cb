package apim

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// typeRules are what the types of APIs that can be served ask of an API.
var typeRules = map[string]func(*API) error{
	"http":        validateRequests,
	grpcType:      validateRequests,
	websocketType: validateWebSocket,
}

// validateType checks an API against its type, which stays as it is.
func validateType(w *kind.Typed[API]) error {
	rules, ok := typeRules[strings.ToLower(w.New.Type)]
	switch {
	case !ok:
		return arm.InvalidField("type", "type: APIs of type '%s' are not supported yet; use http, websocket or grpc.", w.New.Type)
	case w.Old != nil && w.Old.Type != "" && !strings.EqualFold(w.Old.Type, w.New.Type):
		return arm.InvalidField("type", "type: the API is of type '%s', which can't be changed. Make another API.", w.Old.Type)
	}
	if from, ok := w.Scratch.(*imported); ok && (isWebSocket(w.New) || from.proto != strings.EqualFold(w.New.Type, grpcType)) {
		return arm.InvalidField("format", "format: an API of type '%s' can't be made from a document in this format.", w.New.Type)
	}
	return rules(w.New)
}

// validateRequests checks an API whose calls are requests with an answer each.
func validateRequests(a *API) error {
	for _, p := range a.Protocols {
		if strings.EqualFold(p, "ws") || strings.EqualFold(p, "wss") {
			return arm.InvalidField("protocols", "protocols: '%s' is for APIs of type websocket; use http and https.", p)
		}
	}
	if scheme, _, _ := strings.Cut(strings.ToLower(a.ServiceURL), "://"); scheme == "ws" || scheme == "wss" {
		return arm.InvalidField("serviceUrl", "serviceUrl: '%s' is for APIs of type websocket; use an http or https address.", a.ServiceURL)
	}
	return nil
}

// typeOf is the type of an API as its body says it: some clients write apiType alone, which otherwise says what a document is imported as.
func typeOf(a *API) string {
	if t := strings.ToLower(a.APIType); a.Type == "" && (t == websocketType || t == grpcType) {
		return t
	}
	return a.Type
}

// defaultProtocols are those of an API that names none (design 5).
func defaultProtocols(a *API) []string {
	if isWebSocket(a) {
		return []string{"wss"}
	}
	return []string{"https"}
}
