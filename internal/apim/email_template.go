package apim

import (
	"cmp"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// EmailTemplate is the text of one of the messages that people get. Each has a first form, which DELETE brings back.
type EmailTemplate struct {
	Title       string          `json:"title,omitempty"`
	Description string          `json:"description,omitempty"`
	Subject     string          `json:"subject" rule:"min=1,max=1000"`
	Body        string          `json:"body" rule:"min=1,max=65536"`
	Parameters  []TemplateField `json:"parameters,omitempty" rule:"max=50"`
	IsDefault   bool            `json:"isDefault"`
}

// TemplateField is a word that a template may use as $name.
type TemplateField struct {
	Name        string `json:"name" rule:"min=1,max=256" pattern:"^[A-Za-z0-9._-]+$" said:"Use letters, digits, dots, hyphens and underscores."`
	Title       string `json:"title,omitempty" rule:"max=4096"`
	Description string `json:"description,omitempty" rule:"max=256"`
}

// messages are the first forms, by name. Fields are those that every message has, and the ones named.
var messages = []struct{ name, title, subject, body, fields string }{
	{"accountClosedDeveloper", "Account closed", "Your $OrganizationName account is closed", "Your account was closed and your subscriptions have ended.", ""},
	{"applicationApprovedNotificationMessage", "Application submitted", "Your application $AppName is listed", "Your application $AppName was approved and is now listed.", "AppName"},
	{"confirmSignUpIdentityDefault", "Sign-up confirmation", "Confirm your $OrganizationName account", "Follow this link to finish signing up: $ConfirmUrl", "ConfirmUrl"},
	{"emailChangeIdentityDefault", "E-mail change", "Confirm your new e-mail address", "Follow this link to confirm the change of your address: $ConfirmUrl", "ConfirmUrl"},
	{"inviteUserNotificationMessage", "Invitation", "You are invited to $OrganizationName", "An account was made for you. Follow this link to set it up: $ConfirmUrl", "ConfirmUrl"},
	{"newCommentNotificationMessage", "New comment", "$IssueName has a new comment", "$CommenterFirstName $CommenterLastName wrote: $CommentText", "IssueName CommenterFirstName CommenterLastName CommentText"},
	{"newDeveloperNotificationMessage", "Welcome", "Welcome to $OrganizationName", "Your account is ready. Start at $DevPortalUrl", ""},
	{"newIssueNotificationMessage", "New issue", "Your issue $IssueName was received", "We received your issue about $ApiName and will answer it there.", "IssueName ApiName"},
	{"passwordResetByAdminNotificationMessage", "Password reset by an administrator", "Set a new password for $OrganizationName", "An administrator reset your password. Set a new one here: $ConfirmUrl", "ConfirmUrl"},
	{"passwordResetIdentityDefault", "Password reset", "Set a new password for $OrganizationName", "Somebody asked to reset your password. If it was you, set a new one here: $ConfirmUrl", "ConfirmUrl"},
	{"purchaseDeveloperNotificationMessage", "New subscription", "Your subscription to $ProdName", "Your subscription to $ProdName is active.", "ProdName SubscriptionName"},
	{"quotaLimitApproachingDeveloperNotificationMessage", "Quota nearly used", "Your subscription to $ProdName nears its quota", "You have used most of the quota of your subscription to $ProdName.", "ProdName SubscriptionName"},
	{"rejectDeveloperNotificationMessage", "Subscription declined", "Your request for $ProdName was declined", "Your request for a subscription to $ProdName was declined.", "ProdName"},
	{"requestDeveloperNotificationMessage", "Subscription requested", "Your request for $ProdName was received", "Your request for a subscription to $ProdName waits for approval.", "ProdName"},
}

const everyField = "OrganizationName DevPortalUrl DevFirstName DevLastName"

func emailTemplate() *kind.Kind {
	var names []string
	for _, m := range messages {
		names = append(names, m.name)
	}
	return kind.Entity[EmailTemplate]{
		Type: "templates", Noun: "E-mail template", Under: []string{kind.Service}, Names: kind.Names{Among: names}, Filters: "name title",
		View:     kind.View{One: "E-mail template", Many: "E-mail templates", Summary: "The text of the messages that people get.", Columns: []string{"title", "subject", "isDefault"}},
		Standing: standingTemplate,
		Default: func(w *kind.Typed[EmailTemplate]) error {
			t := w.New
			if w.Old != nil {
				t.Title, t.Description = cmp.Or(t.Title, w.Old.Title), cmp.Or(t.Description, w.Old.Description)
				t.Subject, t.Body = cmp.Or(t.Subject, w.Old.Subject), cmp.Or(t.Body, w.Old.Body)
				if !w.Supplied["parameters"] {
					t.Parameters = w.Old.Parameters
				}
			}
			t.IsDefault = false
			return nil
		},
	}.Kind()
}

func standingTemplate(id arm.ID) *EmailTemplate {
	for _, m := range messages {
		if !strings.EqualFold(m.name, id.Name()) {
			continue
		}
		t := &EmailTemplate{Title: m.title, Subject: m.subject, Body: "<p>Dear $DevFirstName $DevLastName,</p>\n<p>" + m.body + "</p>\n<p>$OrganizationName</p>", IsDefault: true}
		for _, f := range strings.Fields(everyField + " " + m.fields) {
			t.Parameters = append(t.Parameters, TemplateField{Name: f, Title: f})
		}
		return t
	}
	return nil
}
