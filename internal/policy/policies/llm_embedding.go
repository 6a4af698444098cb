package policies

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// A call of an embeddings model: what it is asked for where the address names no deployment, and its bounds.
const (
	embeddingModel   = "text-embedding-3-small"
	embeddingVersion = "api-version=2024-10-21"
	embeddingTime    = 10 * time.Second
	embeddingAnswer  = 1 << 20
)

// embedding is the vector of a text, made by the backend.
func embedding(env Env, x *policy.Exchange, workspace string, b *policy.Backend, text string) ([]float32, error) {
	asked := map[string]string{"input": text}
	query := ""
	if strings.Contains(b.URL, "/deployments/") {
		if !strings.Contains(b.URL, "api-version=") {
			query = embeddingVersion
		}
	} else {
		asked["model"] = embeddingModel
	}
	body, err := json.Marshal(asked)
	if err != nil {
		return nil, err
	}
	a, err := callAI(env, x, workspace, b, BackendCall{Query: query, Body: body, Timeout: embeddingTime, MaxAnswer: embeddingAnswer})
	switch {
	case err != nil:
		return nil, err
	case a.Status != 200:
		return nil, fmt.Errorf("the embeddings backend answered with status %d", a.Status)
	}
	var told struct {
		Data []struct{ Embedding []float32 }
	}
	if err := json.Unmarshal(a.Body, &told); err != nil {
		return nil, err
	}
	if len(told.Data) == 0 || len(told.Data[0].Embedding) == 0 {
		return nil, errors.New("the embeddings backend told no vector")
	}
	return told.Data[0].Embedding, nil
}
