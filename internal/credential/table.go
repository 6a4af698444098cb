package credential

// both are the grants of providers that have them all.
var both = []Grant{AuthorizationCode, ClientCredentials}

// code is the grant of providers whose users give their consent.
var code = []Grant{AuthorizationCode}

// endpoints are the settings of the generic providers, which name every address themselves.
func endpoints() []Setting {
	return []Setting{
		{Name: "authorizationUrl", Form: URL, Grants: code, Unused: []Grant{ClientCredentials}},
		{Name: "tokenUrl", Form: URL, Grants: both},
		{Name: "refreshUrl", Form: URL, Unused: []Grant{ClientCredentials}},
	}
}

// entra are the settings of Microsoft Entra ID by its first version, which knows resources.
func entra() []Setting {
	return []Setting{
		{Name: "loginUri", Form: URL, Default: "https://login.microsoftonline.com"},
		{Name: "tenantId", Form: Label, Default: "common"},
		{Name: "resourceUri", Grants: both},
	}
}

const (
	entraAuthorize = "{loginUri}/{tenantId}/oauth2/authorize"
	entraToken     = "{loginUri}/{tenantId}/oauth2/token"
)

// providers is the table. Addresses and parameters are those that the providers document for developers.
var providers = []Provider{
	{
		Name: "aad", Title: "Microsoft Entra ID", Authorize: entraAuthorize, Token: entraToken, Settings: entra(), Grants: both,
		AuthorizeWith: map[string]string{"resource": "{resourceUri}"}, TokenWith: map[string]string{"resource": "{resourceUri}"},
	},
	{
		Name: "aadv1", Title: "Microsoft Entra ID", Authorize: entraAuthorize, Token: entraToken, Settings: entra(), Grants: both,
		AuthorizeWith: map[string]string{"resource": "{resourceUri}"}, TokenWith: map[string]string{"resource": "{resourceUri}"},
	},
	{
		Name: "dynamics365", Title: "Dynamics 365", Authorize: entraAuthorize, Token: entraToken, Settings: entra(), Grants: both,
		AuthorizeWith: map[string]string{"resource": "{resourceUri}"}, TokenWith: map[string]string{"resource": "{resourceUri}"},
	},
	{
		Name: "atlassian", Title: "Atlassian", Authorize: "https://auth.atlassian.com/authorize", Token: "https://auth.atlassian.com/oauth/token", Grants: code,
		AuthorizeWith: map[string]string{"audience": "api.atlassian.com", "prompt": "consent"},
	},
	{Name: "bitbucket", Title: "Bitbucket", Authorize: "https://bitbucket.org/site/oauth2/authorize", Token: "https://bitbucket.org/site/oauth2/access_token", Grants: both, Basic: true},
	{Name: "box", Title: "Box", Authorize: "https://account.box.com/api/oauth2/authorize", Token: "https://api.box.com/oauth2/token", Grants: code},
	{
		Name: "dropbox", Title: "Dropbox", Authorize: "https://www.dropbox.com/oauth2/authorize", Token: "https://api.dropboxapi.com/oauth2/token", Grants: code,
		AuthorizeWith: map[string]string{"token_access_type": "offline"},
	},
	{Name: "facebook", Title: "Facebook", Authorize: "https://www.facebook.com/dialog/oauth", Token: "https://graph.facebook.com/oauth/access_token", Grants: both},
	{Name: "github", Title: "GitHub", Authorize: "https://github.com/login/oauth/authorize", Token: "https://github.com/login/oauth/access_token", Grants: code, PKCE: true},
	{Name: "gitlab", Title: "GitLab", Authorize: "https://gitlab.com/oauth/authorize", Token: "https://gitlab.com/oauth/token", Grants: code, PKCE: true},
	{
		Name: "google", Title: "Google", Authorize: "https://accounts.google.com/o/oauth2/v2/auth", Token: "https://oauth2.googleapis.com/token", Grants: code, PKCE: true,
		AuthorizeWith: map[string]string{"access_type": "offline", "prompt": "consent"},
	},
	{Name: "linkedin", Title: "LinkedIn", Authorize: "https://www.linkedin.com/oauth/v2/authorization", Token: "https://www.linkedin.com/oauth/v2/accessToken", Grants: both},
	{
		Name: "salesforce", Title: "Salesforce", Authorize: "{loginUri}/services/oauth2/authorize", Token: "{loginUri}/services/oauth2/token", Grants: both, PKCE: true,
		Settings: []Setting{{Name: "loginUri", Form: URL, Default: "https://login.salesforce.com"}},
	},
	{
		Name: "servicenow", Title: "ServiceNow", Authorize: "https://{instanceName}.service-now.com/oauth_auth.do", Token: "https://{instanceName}.service-now.com/oauth_token.do", Grants: both,
		Settings: []Setting{{Name: "instanceName", Form: Label, Grants: both}},
	},
	{Name: "spotify", Title: "Spotify", Authorize: "https://accounts.spotify.com/authorize", Token: "https://accounts.spotify.com/api/token", Grants: both, PKCE: true, Basic: true},
	{Name: "stripe", Title: "Stripe", Authorize: "https://connect.stripe.com/oauth/authorize", Token: "https://connect.stripe.com/oauth/token", Grants: code},
	{Name: "teamviewer", Title: "TeamViewer", Authorize: "https://login.teamviewer.com/oauth2/authorize", Token: "https://webapi.teamviewer.com/api/v1/oauth2/token", Grants: code},
	{Name: "xero", Title: "Xero", Authorize: "https://login.xero.com/identity/connect/authorize", Token: "https://identity.xero.com/connect/token", Grants: both, PKCE: true, Basic: true},
	{
		Name: "zendesk", Title: "Zendesk", Authorize: "https://{subdomain}.zendesk.com/oauth/authorizations/new", Token: "https://{subdomain}.zendesk.com/oauth/tokens", Grants: both, PKCE: true,
		Settings: []Setting{{Name: "subdomain", Form: Label, Grants: both}},
	},
	{Name: "oauth2", Title: "OAuth 2.0", Authorize: "{authorizationUrl}", Token: "{tokenUrl}", Refresh: "{refreshUrl}", Settings: endpoints(), Grants: both, Either: true},
	{Name: "oauth2pkce", Title: "OAuth 2.0 with PKCE", Authorize: "{authorizationUrl}", Token: "{tokenUrl}", Refresh: "{refreshUrl}", Settings: endpoints(), Grants: both, Either: true, PKCE: true},
}
