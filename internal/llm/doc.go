// Package llm reads what goes to and comes from language models that speak as OpenAI's do, and counts its tokens.
//
// Its shapes are chat completions, completions, embeddings, responses, and the messages of Anthropic. It calls nobody and knows no policies. Bodies are
// hostile input: their depth is bounded, and what is counted of them as well. Start with request.go, then usage.go and stream.go for answers; tokens.go
// counts, with vocabularies that are part of the program: nothing at its start, some 6 MiB of memory (o200k) and 3 (cl100k) from their first use on.
package llm
