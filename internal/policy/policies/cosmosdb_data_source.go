package policies

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/cosmos"
	"github.com/atelier-apim/atelier/internal/policy"
)

// CosmosDBDataSource is the policy of a GraphQL resolver whose data are items of Azure Cosmos DB (policies.md 7.13).
func CosmosDBDataSource(env Env) policy.Spec {
	return policy.Spec{
		Name:     "cosmosdb-data-source",
		Doc:      "Gets the data of a field of a GraphQL API from a container of Azure Cosmos DB, or writes there.",
		Resolves: true,
		Shape: policy.Element(
			policy.Child("connection-info",
				policy.Child("connection-string",
					policy.Attr("use-managed-identity", policy.Bool).Default("false").Doc("Whether the service's managed identity signs in, in place of the key."),
					policy.Content(policy.Text).Required().Expr().Doc("AccountEndpoint=https://…;AccountKey=…;"),
				).Required(),
				policy.Child("database-name", policy.Content(policy.Text).Required().Expr()).Required(),
				policy.Child("container-name", policy.Content(policy.Text).Required().Expr()).Required(),
			).Required().Doc("The container."),
			policy.Child("query-request",
				policy.Attr("enable-low-precision-order-by", policy.Bool).Doc("Query option of the service."),
				policy.Child("sql-statement", policy.Content(policy.Text).Doc("Query with parameters as @name; all items when left out.")),
				policy.Child("parameters",
					policy.Children("parameter", policy.Object, policy.Attr("name", policy.Text).Required().Doc("Name as in the statement: @name.")).Expr(),
				).Doc("Values of the query."),
				partitionKey(),
				policy.Child("paging",
					policy.Child("max-item-count", templated(), dataContent()).Required().Doc("Items of a page at most; -1 leaves it to the service."),
					policy.Child("continuation-token", templated(), dataContent()).Doc("Where the page before has ended; empty for the first."),
				).Doc("One page in place of all items."),
			).Doc("Asks for items."),
			policy.Child("read-request", itemID().Required(), partitionKey()).Doc("Reads one item; null when there is none."),
			policy.Child("delete-request", withOptions(itemETag(), itemID().Required(), partitionKey())...).Doc("Deletes an item."),
			policy.Child("write-request", withOptions(
				policy.Attr("type", policy.OneOf("insert", "replace", "upsert")).Default("upsert").Doc("Whether there may be an item with the id, or must."),
				policy.Attr("indexing-directive", policy.OneOf("default", "include", "exclude")).Default("default").Doc("Whether the item is indexed."),
				itemID(), partitionKey(), itemETag(), policy.Slot("set-body", 1),
			)...).Doc("Writes an item: what set-body makes, the arguments of the field without it."),
			policy.Child("response", policy.Slot("set-body", 1), policy.Slot("publish-event", 1)).Doc("What makes data of the answer; the item is the data when left out, and the items of a query."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileCosmos(a, env) },
	}
}

func dataContent() *policy.ContentShape {
	return policy.Content(policy.Text).Expr().Template("template", "liquid")
}

func itemID() *policy.ElementShape {
	return policy.Child("id", templated(), dataContent()).Doc("Id of the item.")
}

func itemETag() *policy.ElementShape {
	return policy.Child("etag", policy.Attr("type", policy.OneOf("match", "no-match")).Default("match").Doc("Whether the item's etag has to be this one, or another."), templated(), dataContent()).
		Doc("Entity tag that the item has.")
}

func partitionKey() *policy.ElementShape {
	return policy.Child("partition-key",
		policy.Attr("data-type", policy.OneOf("string", "number", "bool", "none", "null")).Default("string").Doc("What the value is."), templated(), dataContent(),
	).Doc("Value of the container's partition key.")
}

func withOptions(parts ...policy.Part) []policy.Part {
	return append([]policy.Part{
		policy.Attr("consistency-level", policy.OneOf("bounded-staleness", "consistent-prefix", "eventual", "session", "strong")).Doc("Consistency that the request asks for."),
		policy.Attr("pre-trigger", policy.Text).Doc("Trigger of the container that runs before."),
		policy.Attr("post-trigger", policy.Text).Doc("Trigger of the container that runs after."),
	}, parts...)
}

// cosmosSource is one use.
type cosmosSource struct {
	env                 Env
	pause               func(context.Context, time.Duration) error
	workspace           string
	connection          policy.TextValue
	tokens              bool
	database, container policy.TextValue
	request             string // name of the element
	operation           cosmosOperation
	last                dataResponse
	paths               definitions
}

// cosmosRequests are the elements of which one says what is asked.
var cosmosRequests = [...]string{"query-request", "read-request", "delete-request", "write-request"}

func compileCosmos(a *policy.Args, env Env) (policy.Step, error) {
	info := a.One("connection-info")
	connection := info.One("connection-string")
	s := &cosmosSource{
		env: env, pause: env.Wait, workspace: a.Home().Workspace, connection: connection.Content(), tokens: connection.Literal("use-managed-identity") == "true",
		database: info.One("database-name").Content(), container: info.One("container-name").Content(),
	}
	if s.pause == nil {
		s.pause = pause
	}
	if text, literal := s.connection.Literal(); literal {
		if _, err := cosmos.Read(text, s.tokens); err != nil {
			return nil, connection.Errorf("%s", err)
		}
	}
	database, literal1 := s.database.Literal()
	container, literal2 := s.container.Literal()
	if literal1 && literal2 {
		if err := (cosmos.Container{Database: database, Name: container}).Check(); err != nil {
			return nil, info.Errorf("%s", err)
		}
	}
	var request *policy.Args
	for _, name := range cosmosRequests {
		one := a.One(name)
		if one == nil {
			continue
		}
		if request != nil {
			return nil, one.Errorf("exactly one of %s says what is asked", strings.Join(cosmosRequests[:], ", "))
		}
		request, s.request = one, name
	}
	if request == nil {
		return nil, errors.New("one of " + strings.Join(cosmosRequests[:], ", ") + " is required")
	}
	s.last = compileDataResponse(a.One("response"))
	var err error
	if s.operation, err = compileCosmosOperation(s.request, request); err != nil {
		return nil, err
	}
	return s.run, nil
}

func (s *cosmosSource) run(x *policy.Exchange) error {
	beginData(x)
	c, err := s.connect(x)
	if err != nil {
		return err
	}
	return s.operation.run(x, c)
}

// connect reads the connection for this request.
func (s *cosmosSource) connect(x *policy.Exchange) (*cosmosConnection, error) {
	text, err := s.connection.Get(x)
	if err != nil {
		return nil, err
	}
	c := &cosmosConnection{source: s}
	if c.container.Account, err = cosmos.Read(text, s.tokens); err != nil {
		return nil, err
	}
	if c.container.Database, err = s.database.Get(x); err != nil {
		return nil, err
	}
	if c.container.Name, err = s.container.Get(x); err != nil {
		return nil, err
	}
	return c, c.container.Check()
}
