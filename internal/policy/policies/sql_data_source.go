package policies

import (
	"context"
	"errors"
	"fmt"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/sqldata"
)

// Whom tokens for databases are for.
const (
	sqlServerResource = "https://database.windows.net"
	postgresResource  = "https://ossrdbms-aad.database.windows.net"
)

// SQLDataSource is the policy of a GraphQL resolver whose data is in a database (policies.md 7.13).
func SQLDataSource(env Env) policy.Spec {
	return policy.Spec{
		Name:     "sql-data-source",
		Doc:      "Gets the data of a field of a GraphQL API from SQL Server, Azure SQL or PostgreSQL.",
		Resolves: true,
		Shape: policy.Element(
			policy.Child("connection-info",
				policy.Child("connection-string",
					policy.Attr("use-managed-identity", policy.Bool).Default("false").Expr().Doc("Whether the service's managed identity signs in, in place of a user and password."),
					policy.Content(policy.Text).Required().Expr().Doc("Server=tcp:host,1433;Database=…;User ID=…;Password=… for SQL Server; Host=…;Username=…;Password=… or postgres://… for PostgreSQL."),
				).Required(),
				policy.Slot("include-fragment", 0),
				policy.Slot("authentication-certificate", 1),
			).Required().Doc("The database."),
			policy.Slot("include-fragment", 0),
			policy.Child("request",
				policy.Attr("single-result", policy.Bool).Default("false").Expr().Doc("Whether there is one row at most, which is the data then."),
				policy.Slot("include-fragment", 0),
				policy.Slot("set-body", 1),
				policy.Child("sql-statement", policy.Content(policy.Text).Required().Doc("One or several statements with parameters as @name; the last result counts.")).Required(),
				policy.Child("parameters",
					policy.Children("parameter", policy.Object,
						policy.Attr("name", policy.Text).Required().Doc("Name as in the statement: @name."),
						policy.Attr("sql-type", policy.Text).Doc("Type of the value in SQL: int, nvarchar, date, …; the server decides when left out."),
					).Expr(),
				).Doc("Values of the statement."),
			).Required().Doc("What is asked."),
			policy.Child("response",
				policy.Slot("include-fragment", 0),
				policy.Slot("set-body", 1),
				policy.Slot("publish-event", 1),
			).Doc("What makes data of the rows, which are the property items of an object; the rows are the data when left out."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileSQLDataSource(a, env) },
	}
}

// sqlSource is one use.
type sqlSource struct {
	env        Env
	home       *policy.Home
	connection policy.TextValue
	identity   policy.BoolValue
	target     *sqldata.Target // of a connection that is known at once; nil for others

	statement             string
	parameters            []sqldata.Parameter
	values                []policy.ObjectValue
	single                policy.BoolValue
	connect, before, asks policy.Block
	last                  dataResponse
}

func compileSQLDataSource(a *policy.Args, env Env) (policy.Step, error) {
	info, request := a.One("connection-info"), a.One("request")
	connection, statement := info.One("connection-string"), request.One("sql-statement")
	s := &sqlSource{
		env: env, home: a.Home(), connection: connection.Content(), identity: connection.Bool("use-managed-identity"), single: request.Bool("single-result"),
		connect: info.Slots(), before: a.Slots(), asks: request.Slots(), last: compileDataResponse(a.One("response")),
	}
	s.statement, _ = statement.Content().Literal()
	if p := request.One("parameters"); p != nil {
		if err := s.declare(p.All("parameter")); err != nil {
			return nil, err
		}
	}
	text, known := s.connection.Literal()
	tokens, certain := s.identity.Literal()
	if known && certain {
		t, err := sqldata.Read(text, tokens)
		if err != nil {
			return nil, connection.Errorf("%s", err)
		}
		s.target = &t
		q := sqldata.Query{Target: t, Statement: s.statement, Parameters: s.parameters}
		if err := q.Check(); err != nil {
			return nil, statement.Errorf("%s", err)
		}
	}
	return s.run, nil
}

func (s *sqlSource) declare(all []*policy.Args) error {
	for _, one := range all {
		name, err := sqldata.ParameterName(one.Literal("name"))
		if err != nil {
			return one.Errorf("%s", err)
		}
		p := sqldata.Parameter{Name: name}
		if one.Set("sql-type") {
			if p.Type, err = sqldata.TypeName(one.Literal("sql-type")); err != nil {
				return one.Errorf("%s", err)
			}
		}
		s.parameters, s.values = append(s.parameters, p), append(s.values, one.ContentObject())
	}
	return nil
}

func (s *sqlSource) run(x *policy.Exchange) error {
	beginData(x)
	for _, b := range []policy.Block{s.connect, s.before, s.asks} {
		if err := b.Run(x); err != nil {
			return err
		}
	}
	single, err := s.single.Get(x)
	if err != nil {
		return err
	}
	q, err := s.query(x)
	if err != nil {
		return err
	}
	result, err := s.ask(x, q)
	if err != nil {
		return err
	}
	if !single {
		return answerData(x, 200, nil, itemsOf(x, result.JSON, s.last), s.last)
	}
	row, err := result.Object()
	if err != nil {
		return sqlError(err)
	}
	return answerData(x, 200, nil, row, s.last)
}

func (s *sqlSource) query(x *policy.Exchange) (q sqldata.Query, err error) {
	q = sqldata.Query{Home: s.home.ID, Statement: s.statement, Parameters: append([]sqldata.Parameter(nil), s.parameters...)}
	tokens, err := s.identity.Get(x)
	if err != nil {
		return q, err
	}
	if s.target != nil {
		q.Target = *s.target
	} else {
		text, err := s.connection.Get(x)
		if err != nil {
			return q, err
		}
		if q.Target, err = sqldata.Read(text, tokens); err != nil {
			return q, err
		}
	}
	for i, v := range s.values {
		if q.Parameters[i].JSON, err = asJSON(x, v); err != nil {
			return q, err
		}
	}
	if tokens {
		r := IdentityRequest{Resource: sqlServerResource}
		if q.Target.Engine == sqldata.PostgreSQL {
			r.Resource = postgresResource
		}
		if q.Token, err = tokenFor(x, s.env.Identity, s.home.Workspace, r); err != nil {
			return q, err
		}
	}
	if c := x.Backend.Certificate; c != nil {
		q.Certificate, q.CertificateID = &c.TLS, c.Identity
	}
	return q, nil
}

// ask runs the query while others have their turn.
func (s *sqlSource) ask(x *policy.Exchange, q sqldata.Query) (r *sqldata.Result, err error) {
	if s.env.SQL == nil {
		return nil, errors.New("this gateway reaches no databases")
	}
	if gone := x.Away(func(ctx context.Context) { r, err = s.env.SQL(ctx, q) }); gone != nil {
		return nil, gone
	}
	if err != nil {
		return nil, sqlError(err)
	}
	return r, nil
}

// sqlError is what on-error and logs get of a failed query; what a server has said goes to no caller.
func sqlError(err error) error {
	var e *sqldata.Error
	if !errors.As(err, &e) {
		return err
	}
	out := &policy.Error{Message: e.Message, Status: 500, Cause: e}
	switch e.Kind {
	case sqldata.Unreachable:
		out.Reason = "BackendConnectionFailure"
	case sqldata.TooLate:
		out.Reason = "Timeout"
	case sqldata.TooLarge:
		out.Reason, out.Public = "SqlResultTooLarge", fmt.Sprintf("The data source has more than %d rows or %d MiB for this field.", sqldata.MaxRows, sqldata.MaxResult>>20)
	case sqldata.TooMany:
		out.Reason, out.Public = "SqlTooManyQueries", "The data source has too many queries of this API under way; try again later."
	default:
		out.Reason, out.Public = "SqlStatementFailed", "The data source refused the query."
	}
	return out
}
