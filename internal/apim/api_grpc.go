package apim

import (
	"cmp"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/oas"
	"github.com/atelier-apim/atelier/internal/proto"
)

// An API of type grpc is made from a .proto document: each method becomes an operation, the document itself the API's schema.

const (
	grpcType = "grpc"
	// protobufType is the content type of the schema of a gRPC API.
	protobufType = "text/protobuf"
)

var grpcFormats = map[string]format{"grpc": {read: readProto}, "grpc-link": {link: true, read: readProto}}

// readProto is the reader of .proto documents.
func readProto(from source, a *API) (reading, error) {
	doc, err := proto.Read(from.text)
	if err != nil {
		return nil, arm.InvalidField("value", "value: %s.", err)
	}
	if err := fewEnough(len(doc.Methods)); err != nil {
		return nil, err
	}
	a.DisplayName = cmp.Or(a.DisplayName, clipRunes(doc.Package, 300))
	return &imported{api: modelOfProto(doc), source: from.text, proto: true}, nil
}

func modelOfProto(doc *proto.Document) *oas.API {
	m := &oas.API{Title: doc.Package}
	for i := range doc.Methods {
		rpc := &doc.Methods[i]
		m.Operations = append(m.Operations, oas.Operation{
			ID: nameOfMethod(rpc), DisplayName: rpc.ShortService() + "." + rpc.Name, Description: streamsOf(rpc), Method: "POST", URLTemplate: rpc.Path(),
			Request:   oas.Request{Representations: []oas.Representation{{ContentType: "application/grpc", TypeName: rpc.Input}}},
			Responses: []oas.Response{{StatusCode: 200, Representations: []oas.Representation{{ContentType: "application/grpc", TypeName: rpc.Output}}}},
		})
	}
	return m
}

// nameOfMethod is what the operation of a method is called; names of operations neither begin nor end with an underscore.
func nameOfMethod(m *proto.Method) string {
	return strings.Trim(clipRunes(strings.Trim(m.ShortService(), "_")+"-"+strings.Trim(m.Name, "_"), 80), "_-")
}

// streamsOf says in which directions a method streams.
func streamsOf(m *proto.Method) string {
	switch {
	case m.ClientStreams && m.ServerStreams:
		return "Streams in both directions."
	case m.ClientStreams:
		return "Streams from the client."
	case m.ServerStreams:
		return "Streams from the server."
	}
	return ""
}

// protoSchema is the document as the API's schema.
func protoSchema(text []byte) *Schema {
	return &Schema{ContentType: protobufType, Document: &SchemaDocument{Value: string(text)}, ProvisioningState: "Succeeded"}
}

// exportProto gives the document out as it came.
func exportProto(r *kind.Rendering, _ *API, format string) (*kind.Export, error) {
	format = strings.ToLower(format)
	f, ok := grpcFormats[format]
	if !ok {
		return nil, arm.InvalidField("format", "format: a gRPC API can't be exported as '%s'; use grpc-link, or grpc for the document itself.", format)
	}
	for _, s := range r.Lookup.Children(r.ID, "schemas") {
		if v, ok := s.Value.(*Schema); ok && v.ContentType == protobufType && v.Document != nil {
			return &kind.Export{Format: format, Link: f.link, Body: []byte(v.Document.Value), Type: protobufType, File: withoutRevision(r.ID).Name() + ".proto"}, nil
		}
	}
	return nil, arm.InvalidField("format", "format: the API has no .proto document; import one first, with format grpc.")
}
