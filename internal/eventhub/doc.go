// Package eventhub sends messages to Azure Event Hubs and to Kafka brokers, over the protocol of Kafka, which both speak.
//
// Sending never waits and never fails: a message is taken into bounded memory and goes out later, and what could not be delivered is told to whoever
// made the sender. It knows nothing of policies and gateways; connections are dialled by a function that is handed in. Start with sender.go.
package eventhub
