package arm

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// NamespaceAPIM is the provider namespace whose api-versions we list; every other one takes any date.
const NamespaceAPIM = "Microsoft.ApiManagement"

// APIVersions are the versions of Microsoft.ApiManagement that are accepted, all with the shape and the checks of DefaultAPIVersion.
// Source: the type index of the service (rest-behaviour.md 1).
var APIVersions = []string{
	"2014-02-14", "2015-09-15", "2016-07-07", "2016-10-10", "2017-03-01", "2018-01-01", "2018-06-01-preview", "2019-01-01",
	"2019-12-01-preview", "2019-12-01", "2020-06-01-preview", "2020-12-01", "2021-01-01-preview", "2021-04-01-preview", "2021-08-01",
	"2021-12-01-preview", "2022-04-01-preview", "2022-08-01", "2022-09-01-preview", "2023-03-01-preview", "2023-05-01-preview",
	"2023-09-01-preview", "2024-05-01", "2024-06-01-preview", "2024-10-01-preview", "2025-03-01-preview", "2025-09-01-preview",
}

// DefaultAPIVersion is the version whose shape every answer has.
const DefaultAPIVersion = "2024-05-01"

var anyVersion = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}(-[a-z]+)?$`)

// CheckAPIVersion refuses a missing or unknown api-version of a request to the provider namespace.
func CheckAPIVersion(namespace, version string) *Error {
	switch {
	case version == "":
		return Errorf(http.StatusBadRequest, "MissingApiVersionParameter",
			"The api-version query parameter (?api-version=) is required for all requests. For %s use %s.", NamespaceAPIM, DefaultAPIVersion)
	case strings.EqualFold(namespace, NamespaceAPIM):
		if slices.Contains(APIVersions, strings.ToLower(version)) {
			return nil
		}
		return Errorf(http.StatusBadRequest, "NoRegisteredProviderFound",
			"No registered resource provider found for API version '%s' of '%s'. The supported api-versions are '%s'.",
			clip(version), NamespaceAPIM, strings.Join(APIVersions, ", "))
	case !anyVersion.MatchString(strings.ToLower(version)):
		return Errorf(http.StatusBadRequest, "InvalidApiVersionParameter", "The api-version '%s' is invalid. Write it as YYYY-MM-DD, with -preview when it is one.", clip(version))
	}
	return nil
}
