// Package cosmos puts requests for items of Azure Cosmos DB together, as its REST interface takes them, and reads the answers. It calls nobody: whoever
// uses it sends what it makes.
//
// Facts are those of Microsoft's pages on the REST interface of the API for NoSQL. Start with item.go.
package cosmos
