package lib

import (
	"sync"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Standard is the library of the gateway. It is built once; an error is a
// defect of a table, which a test of this package catches.
var Standard = sync.OnceValues(func() (*types.Library, error) { return types.NewLibrary(nil, table()...) })

// table lists every declared type.
func table() []types.Decl {
	all := concatDecls(
		interfaces(), exceptions(), languageTypes, primitives(), textTypes, timeTypes, collectionTypes, linqTypes, jsonTypes, regexTypes, webTypes,
		tupleDecls(), xmlTypes, hashDecls(), rsaDecls(), x509Decls(), symmetricDecls(), timeZoneDecls(), refused(),
	)
	for i := range all {
		all[i].Members = append(all[i].Members, derived(&all[i])...)
	}
	return all
}

// The groups of the table, in the order of the reference page.
var (
	languageTypes   = []types.Decl{objectDecl, nullableDecl, nullableHelpers, enumDecl, arrayDecl}
	textTypes       = []types.Decl{stringDecl, stringComparisonDecl, stringSplitOptionsDecl, stringComparerDecl, stringBuilderDecl, stringReaderDecl, stringWriterDecl, encodingDecl}
	timeTypes       = []types.Decl{dateTimeDecl, dateTimeKindDecl, dayOfWeekDecl, dateTimeOffsetDecl, timeSpanDecl}
	collectionTypes = []types.Decl{iCollectionDecl, iListDecl, iDictionaryDecl, iSetDecl, iComparerDecl, iEqualityComparerDecl, listDecl, dictionaryDecl, partDecl, hashSetDecl, queueDecl, stackDecl}
	linqTypes       = []types.Decl{enumerableDecl, iOrderedDecl, iGroupingDecl, iLookupDecl}
	jsonTypes       = []types.Decl{
		jTokenDecl, jContainerDecl, jObjectDecl, jArrayDecl, jPropertyDecl, jValueDecl, jRawDecl, jConstructorDecl, jTokenTypeDecl, formattingDecl,
		iJEnumerableDecl, jsonExtensionsDecl, jsonConvertDecl, mergeArrayHandlingDecl, mergeNullHandlingDecl, jsonMergeSettingsDecl,
	}
	regexTypes = []types.Decl{regexDecl, regexOptionsDecl, captureDecl, groupDecl, matchDecl, matchCollectionDecl, groupCollectionDecl, captureCollectionDecl}
	webTypes   = []types.Decl{uriDecl, uriKindDecl, uriPartialDecl, uriHostNameTypeDecl, webUtilityDecl, ipAddressDecl, addressFamilyDecl}
	xmlTypes   = []types.Decl{
		xNameDecl, xNamespaceDecl, xObjectDecl, xNodeDecl, xContainerDecl, xElementDecl, xDocumentDecl, xAttributeDecl, xTextDecl, xCDataDecl, xCommentDecl,
		xInstructionDecl, xDocumentTypeDecl, xDeclarationDecl, xmlNodeTypeDecl, saveOptionsDecl, loadOptionsDecl, xmlExtensionsDecl, xNodeEqualityDecl, xNodeOrderDecl,
	}
)

func primitives() []types.Decl {
	return append(integerDecls(), booleanDecl, charDecl, singleDecl, doubleDecl, decimalDecl, mathDecl, midpointRoundingDecl,
		convertDecl, base64OptionsDecl, bitConverterDecl, randomDecl, guidDecl)
}

func concatDecls(groups ...[]types.Decl) []types.Decl {
	var out []types.Decl
	for _, g := range groups {
		out = append(out, g...)
	}
	return out
}

// derived gives the members that follow from a declaration: ToString(format)
// from Format, and typed Equals and CompareTo for value types that are ordered.
func derived(d *types.Decl) []types.Member {
	var out []types.Member
	name := typeWord(d.Type)
	if d.Format != nil {
		format := d.Format
		out = append(out, types.Member{Sig: "string ToString(string format)", Doc: "The value under a format.", Do: types.Fn2E(func(v, f types.Value) (string, error) {
			if s, ok := f.(string); ok && s != "" {
				return format(v, s)
			}
			return types.ToString(v), nil
		})})
	}
	comparable := d.Type.IsNumeric() || d.Type.Kind == types.KindBool || d.Type == dateTime || d.Type == dateTimeOffset || d.Type == timeSpan || d.Type == guid
	if comparable {
		out = append(out,
			types.Member{Sig: "bool Equals(" + name + " other)", Doc: "Equality.", Do: types.Fn2(types.Equal)},
			types.Member{Sig: "int CompareTo(" + name + " other)", Doc: "The order: negative, zero or positive.", Do: types.Fn2E(compareValues)},
			types.Member{Sig: "int CompareTo(object other)", Doc: "The order: negative, zero or positive.", Do: types.Do(func(c *types.Call) (types.Value, error) {
				if other := c.Args[0]; other == nil {
					return int32(1), nil
				} else if !c.Env.Library.TypeOf(other).Same(c.Env.Library.TypeOf(c.This)) {
					return nil, types.Argument("", "Object must be of type "+name+".")
				}
				return compareValues(c.This, c.Args[0])
			})})
	}
	return out
}
