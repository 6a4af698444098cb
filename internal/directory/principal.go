package directory

import "time"

// Kind is what a principal is, in the words of role assignments.
type Kind string

// The kinds of principals.
const (
	User             Kind = "User"
	Group            Kind = "Group"
	ServicePrincipal Kind = "ServicePrincipal"
)

// Principal is whoever can hold a role. It is a value: nobody's copy changes the directory.
type Principal struct {
	ObjectID    string
	Kind        Kind
	DisplayName string
	Enabled     bool // groups always are
	Created     time.Time

	UserPrincipalName string    // people: the name to sign in with
	MailNickname      string    // people and groups
	PasswordChanged   time.Time // people: sessions that began before it are over

	AppID string // service principals: the client id

	Description string // groups
}

// Name is how the principal is called in logs and messages: the sign-in name of a person, otherwise the display name.
func (p Principal) Name() string {
	if p.UserPrincipalName != "" {
		return p.UserPrincipalName
	}
	return p.DisplayName
}

// Application is what a service principal stands for: the client id and its secrets.
type Application struct {
	ObjectID    string
	AppID       string
	DisplayName string
	Created     time.Time
	Credentials []Credential
	Keys        []KeyCredential
}

// Credential is one client secret as far as it may be told.
type Credential struct {
	KeyID       string    `json:"keyId"`
	DisplayName string    `json:"displayName,omitempty"`
	Hint        string    `json:"hint,omitempty"` // its first three characters
	Start       time.Time `json:"startDateTime"`
	End         time.Time `json:"endDateTime"`
}
