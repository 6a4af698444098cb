package apim

import (
	"regexp"

	"github.com/atelier-apim/atelier/internal/kind"
)

// Rules of names. Source: path parameters of the official clients and the service's tighter check for identifiers (rest-behaviour.md 11).

const identifierWords = "Use letters, digits and hyphens (also dots and underscores inside); the first and last character must be a letter or digit."

var identifier = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$`)

func named(maxLength int) kind.Names {
	return kind.Names{Min: 1, Max: maxLength, Pattern: identifier, Words: identifierWords}
}

var resourceName = regexp.MustCompile(`^[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$`)

func resourceNamed(maxLength int) kind.Names {
	return kind.Names{
		Min: 1, Max: maxLength, Pattern: resourceName,
		Words: "Use letters, digits and hyphens, starting with a letter and ending with a letter or digit.",
	}
}
