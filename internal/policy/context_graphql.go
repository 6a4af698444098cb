package policy

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	graphQLType    = types.Interface("IGraphQL")
	dataObjectType = types.Interface("IGraphQLDataObject")
)

// GraphQL is what a resolver is asked for.
type GraphQL struct {
	Arguments, Parent *DataObject
	List              bool // the field takes a list
}

// DataObject is a JSON object of a GraphQL request. It belongs to one exchange.
type DataObject struct {
	JSON  []byte
	token types.Value // of the JSON, once somebody has asked for it
}

// NetType makes them values of expressions.
func (*GraphQL) NetType() *types.Type    { return graphQLType }
func (*DataObject) NetType() *types.Type { return dataObjectType }

// CanonicalForm implements types.Canonical.
func (*GraphQL) CanonicalForm() (typeName, text string) { return "IGraphQL", "" }

// CanonicalForm implements types.Canonical.
func (d *DataObject) CanonicalForm() (typeName, text string) {
	return "IGraphQLDataObject", string(d.JSON)
}

// NetString is the object as JSON, where an expression makes text of it.
func (d *DataObject) NetString() string { return string(d.JSON) }

func graphQLDecl() types.Decl {
	arguments := types.Fn1(func(g *GraphQL) *DataObject { return g.Arguments })
	return types.Decl{Type: graphQLType, Doc: "What a GraphQL resolver is asked for.", Members: []types.Member{
		{Sig: "IGraphQLDataObject Arguments { get; }", Do: arguments, Doc: "The arguments of the field."},
		{Sig: "IGraphQLDataObject GraphQLArguments { get; }", Do: arguments, Doc: "Older name of Arguments."},
		{Sig: "IGraphQLDataObject Parent { get; }", Do: types.Fn1(func(g *GraphQL) *DataObject { return g.Parent }), Doc: "The object that the field is of; empty for fields of a root type."},
	}}
}

func dataObjectDecl() types.Decl {
	return types.Decl{Type: dataObjectType, Doc: "An object of a GraphQL request.", Members: []types.Member{
		{Sig: "JToken this[string name] { get; }", Do: types.Do(dataItem), Doc: "The value of a field; null when there is none."},
	}}
}

// ParseJSON makes a value of expressions of JSON, for variables that policies set.
func ParseJSON(x *Exchange, text []byte) (any, error) {
	l, err := contextLibrary()
	if err != nil {
		return nil, err
	}
	env := x.Evaluation()
	env.Library = l
	env.Begin()
	defer env.End()
	return construct(&types.Call{Env: env}, "JToken", "Parse", string(text))
}

// dataItem looks a field up.
func dataItem(c *types.Call) (types.Value, error) {
	d := c.This.(*DataObject)
	if d.token == nil {
		if err := c.Env.Charge(len(d.JSON)); err != nil {
			return nil, err
		}
		token, err := construct(c, "JObject", "Parse", string(d.JSON))
		if err != nil {
			return nil, err
		}
		d.token = token
	}
	fields, ok := d.token.(types.Dictionary)
	if !ok || c.Args[0] == nil {
		return nil, types.ArgumentNull("name")
	}
	v, _ := fields.Get(c.Args[0])
	return v, nil
}
