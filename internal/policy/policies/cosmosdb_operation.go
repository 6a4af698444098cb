package policies

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/atelier-apim/atelier/internal/cosmos"
	"github.com/atelier-apim/atelier/internal/policy"
)

// cosmosOperation is one of the four requests.
type cosmosOperation interface {
	run(x *policy.Exchange, c *cosmosConnection) error
}

func compileCosmosOperation(name string, a *policy.Args) (cosmosOperation, error) {
	if name == "query-request" {
		return compileCosmosQuery(a)
	}
	return compileCosmosItem(name, a)
}

// cosmosKey is the partition key of a request; nil value where it says none.
type cosmosKey struct {
	kind string
	text *dataText
}

func compileCosmosKey(a *policy.Args) (k cosmosKey, err error) {
	if a == nil {
		return k, nil
	}
	k.kind = a.Literal("data-type")
	k.text, err = compileDataText(a)
	return k, err
}

func (k cosmosKey) get(x *policy.Exchange) (string, error) {
	text, err := k.text.get(x)
	if err != nil {
		return "", err
	}
	return cosmos.PartitionKey(k.kind, text)
}

// cosmosQuery asks for items.
type cosmosQuery struct {
	statement    string
	names        []string
	values       []policy.ObjectValue
	key          cosmosKey
	lowPrecision *bool
	size, token  *dataText // of a page; nil for all items
}

func compileCosmosQuery(a *policy.Args) (_ *cosmosQuery, err error) {
	q := &cosmosQuery{statement: "SELECT * FROM c"}
	if s := a.One("sql-statement"); s != nil && s.HasContent() {
		q.statement, _ = s.Content().Literal()
	}
	if a.Set("enable-low-precision-order-by") {
		low := a.Literal("enable-low-precision-order-by") == "true"
		q.lowPrecision = &low
	}
	if p := a.One("parameters"); p != nil {
		for _, one := range p.All("parameter") {
			if err := cosmos.CheckName(one.Literal("name")); err != nil {
				return nil, one.Errorf("%s", err)
			}
			q.names, q.values = append(q.names, one.Literal("name")), append(q.values, one.ContentObject())
		}
	}
	if q.key, err = compileCosmosKey(a.One("partition-key")); err != nil {
		return nil, err
	}
	if p := a.One("paging"); p != nil {
		if q.size, err = compileDataText(p.One("max-item-count")); err != nil {
			return nil, err
		}
		if q.token, err = compileDataText(p.One("continuation-token")); err != nil {
			return nil, err
		}
	}
	return q, nil
}

func (q *cosmosQuery) run(x *policy.Exchange, c *cosmosConnection) error {
	ask, err := q.question(x)
	if err != nil {
		return err
	}
	items := []byte{'['}
	for count := 0; ; {
		call, err := c.container.Query(ask)
		if err != nil {
			return err
		}
		r, body, err := c.send(x, call)
		if err != nil {
			return err
		}
		if r.Status != 200 {
			return c.answer(x, r, body)
		}
		page, err := cosmos.Items(body)
		if err != nil {
			return err
		}
		for _, item := range page {
			if count++; count > 1 {
				items = append(items, ',')
			}
			items = append(items, item...)
		}
		if count > cosmosItems || len(items) > cosmosBytes {
			public := fmt.Sprintf("The data source has more than %d items or %d MiB for this field.", cosmosItems, cosmosBytes>>20)
			return &policy.Error{Reason: "CosmosResultTooLarge", Message: "the query brings too much; ask for pages", Public: public, Status: 500}
		}
		ask.Continuation = r.Header.Get("x-ms-continuation")
		if q.size != nil {
			return q.page(x, c, r, append(items, ']'), ask.Continuation)
		}
		if ask.Continuation == "" {
			return answerData(x, 200, r.Header, itemsOf(x, append(items, ']'), c.source.last), c.source.last)
		}
	}
}

// page is an answer that tells how to go on.
func (q *cosmosQuery) page(x *policy.Exchange, c *cosmosConnection, r *policy.Response, items []byte, token string) error {
	data := itemsOf(x, items, c.source.last)
	if data[0] == '{' {
		next := []byte("null")
		if token != "" {
			var err error
			if next, err = json.Marshal(token); err != nil {
				return err
			}
		}
		data = append(append(append(data[:len(data)-1], `,"continuationToken":`...), next...), '}')
	}
	return answerData(x, 200, r.Header, data, c.source.last)
}

// question is the query for this request.
func (q *cosmosQuery) question(x *policy.Exchange) (ask cosmos.Query, err error) {
	ask = cosmos.Query{Statement: q.statement, LowPrecision: q.lowPrecision}
	for i, v := range q.values {
		value, err := asJSON(x, v)
		if err != nil {
			return ask, err
		}
		ask.Parameters = append(ask.Parameters, cosmos.Parameter{Name: q.names[i], Value: value})
	}
	if q.key.text != nil {
		if ask.PartitionKey, err = q.key.get(x); err != nil {
			return ask, err
		}
	}
	if q.size == nil {
		return ask, nil
	}
	text, err := q.size.get(x)
	if err != nil {
		return ask, err
	}
	if text != "" {
		if ask.MaxItems, err = strconv.Atoi(text); err != nil || ask.MaxItems == 0 || ask.MaxItems < -1 || ask.MaxItems > cosmosItems {
			return ask, fmt.Errorf("max-item-count '%.20s' is neither -1 nor a number from 1 to %d", text, cosmosItems)
		}
	}
	if q.token != nil {
		ask.Continuation, err = q.token.get(x)
	}
	return ask, err
}

// cosmosItem reads, deletes or writes an item.
type cosmosItem struct {
	request string // name of the element
	kind    string // of a write
	id      *dataText
	key     cosmosKey
	etag    *dataText
	differs bool // the etag has to be another
	options cosmos.Options
	body    policy.Block
}

func compileCosmosItem(request string, a *policy.Args) (_ *cosmosItem, err error) {
	i := &cosmosItem{request: request}
	if i.id, err = compileDataText(a.One("id")); err != nil {
		return nil, err
	}
	if i.key, err = compileCosmosKey(a.One("partition-key")); err != nil {
		return nil, err
	}
	if request == "read-request" {
		return i, nil
	}
	i.options = cosmos.Options{Consistency: a.Literal("consistency-level"), PreTrigger: a.Literal("pre-trigger"), PostTrigger: a.Literal("post-trigger")}
	if e := a.One("etag"); e != nil {
		i.differs = e.Literal("type") == "no-match"
		if i.etag, err = compileDataText(e); err != nil {
			return nil, err
		}
	}
	if request == "delete-request" {
		return i, nil
	}
	i.kind, i.options.IndexingDirective, i.body = a.Literal("type"), a.Literal("indexing-directive"), a.Slots()
	if i.kind == "replace" && i.id == nil {
		return nil, a.Errorf("The element 'write-request' is incomplete; a child element 'id' is required to replace an item")
	}
	return i, nil
}

func (i *cosmosItem) run(x *policy.Exchange, c *cosmosConnection) error {
	id, o, err := i.said(x)
	if err != nil {
		return err
	}
	item, err := i.written(x, id)
	if err != nil {
		return err
	}
	if i.key.text == nil { // it is the one that the item has
		if o.PartitionKey, err = c.keyOf(x, item); err != nil {
			return err
		}
	}
	call, err := i.call(c.container, id, item, o)
	if err != nil {
		return err
	}
	r, body, err := c.send(x, call)
	if err != nil {
		return err
	}
	if i.request == "read-request" && r.Status == 404 && isMissing(r) {
		return answerData(x, 404, r.Header, []byte("null"), c.source.last)
	}
	return c.answer(x, r, body)
}

// isMissing says that it is the item that is not there, and not its container or the state that was asked for.
func isMissing(r *policy.Response) bool {
	sub := r.Header.Get("x-ms-substatus")
	return sub == "" || sub == "0"
}

// said is what the elements say, before set-body takes the place of the arguments.
func (i *cosmosItem) said(x *policy.Exchange) (id string, o cosmos.Options, err error) {
	o = i.options
	if i.id != nil {
		if id, err = i.id.get(x); err != nil {
			return id, o, err
		}
	}
	if i.etag != nil {
		tag, err := i.etag.get(x)
		if err != nil {
			return id, o, err
		}
		if i.differs {
			o.IfNoneMatch = tag
		} else {
			o.IfMatch = tag
		}
	}
	if i.key.text != nil {
		o.PartitionKey, err = i.key.get(x)
	}
	return id, o, err
}

// written is the text of a write; of another request what is known of the item.
func (i *cosmosItem) written(x *policy.Exchange, id string) ([]byte, error) {
	switch {
	case i.request != "write-request":
		return json.Marshal(map[string]string{"id": id})
	case len(i.body) == 0 && x.GraphQL != nil:
		return cosmos.Item(x.GraphQL.Arguments.JSON, id)
	}
	if err := i.body.Run(x); err != nil {
		return nil, err
	}
	text, err := x.Request.Body.Bytes(true)
	if err != nil {
		return nil, err
	}
	return cosmos.Item(text, id)
}

func (i *cosmosItem) call(c cosmos.Container, id string, item []byte, o cosmos.Options) (*cosmos.Call, error) {
	switch {
	case i.request == "read-request":
		return c.Get(id, o)
	case i.request == "delete-request":
		return c.Delete(id, o)
	case i.kind == "replace":
		return c.Replace(id, item, o)
	}
	return c.Insert(item, i.kind == "upsert", o), nil
}
