package authn

import "net/http"

// openIDConfiguration answers with the configuration.
func (s *Service) openIDConfiguration(w http.ResponseWriter, _ *http.Request) {
	publish(w, s.configuration())
}

// configuration names our endpoints. The names never depend on the Host of a request: the issuer is one.
func (s *Service) configuration() map[string]any {
	tenant := s.base + "/" + s.tenant
	return map[string]any{
		"issuer":                                s.Issuer(),
		"authorization_endpoint":                tenant + "/oauth2/v2.0/authorize",
		"token_endpoint":                        tenant + "/oauth2/v2.0/token",
		"end_session_endpoint":                  tenant + "/oauth2/v2.0/logout",
		"revocation_endpoint":                   tenant + "/oauth2/v2.0/token/revoke",
		"jwks_uri":                              tenant + "/discovery/v2.0/keys",
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query", "fragment"},
		"grant_types_supported":                 []string{"authorization_code", "client_credentials", "refresh_token"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic", "private_key_jwt", "none"},
		"code_challenge_methods_supported":      []string{"S256"},
		"scopes_supported":                      []string{"openid", "profile", "offline_access"},
		"claims_supported":                      []string{"sub", "iss", "aud", "exp", "iat", "nbf", "oid", "tid", "ver", "name", "preferred_username", "nonce"},
		"request_uri_parameter_supported":       false,
		"http_logout_supported":                 false,
	}
}

func (s *Service) keysDocument(w http.ResponseWriter, _ *http.Request) { publish(w, s.keySet()) }

// publish sends a document that anyone may read from anywhere and keep for a few minutes.
func publish(w http.ResponseWriter, body any) {
	w.Header().Set("Cache-Control", "public, max-age=300")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	writeJSON(w, http.StatusOK, body)
}

// arrayVersion is the last api-version of the metadata that Azure answers as a list of clouds; api-versions compare as text.
const arrayVersion = "2019-05-01"

// metadata describes the installation as a cloud of its own. Terraform and the Azure CLI configure themselves by it.
func (s *Service) metadata(w http.ResponseWriter, r *http.Request) {
	version := r.URL.Query().Get("api-version")
	if version == "" {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": map[string]string{
			"code": "MissingApiVersionParameter", "message": "The api-version query parameter (?api-version=) is required for all requests.",
		}})
		return
	}
	cloud := map[string]any{
		"name":   "Atelier",
		"portal": s.portal,
		"authentication": map[string]any{
			"loginEndpoint": s.base, "audiences": []string{s.base, s.base + "/", "https://management.azure.com/", "https://management.core.windows.net/"},
			"tenant": "common", "identityProvider": "AAD", // clients take other values of these two for Azure Stack and refuse
		},
		"resourceManager":                       s.base,
		"microsoftGraphResourceId":              s.graph,
		"graph":                                 s.graph,
		"graphAudience":                         s.graph,
		"media":                                 s.base,
		"batch":                                 s.base,
		"sqlManagement":                         s.base,
		"gallery":                               s.base,
		"vmImageAliasDoc":                       s.base,
		"activeDirectoryDataLake":               s.base,
		"ossrdbmsResourceId":                    s.base,
		"logAnalyticsResourceId":                s.base,
		"appInsightsResourceId":                 s.base,
		"appInsightsTelemetryChannelResourceId": s.base,
		"suffixes": map[string]string{ // clients build authorizers from them and never call
			"storage": "storage.invalid", "keyVaultDns": "vault.invalid", "sqlServerHostname": "database.invalid", "acrLoginServer": "registry.invalid",
		},
	}
	if version <= arrayVersion {
		publish(w, []any{cloud})
		return
	}
	publish(w, cloud)
}
