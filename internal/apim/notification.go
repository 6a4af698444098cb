package apim

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Notification is one sort of mail that administrators get. Which there are is fixed; who gets them is below.
type Notification struct {
	Title       string      `json:"title"`
	Description string      `json:"description,omitempty"`
	Recipients  *Recipients `json:"recipients,omitempty"`
}

// Recipients are who gets a notification.
type Recipients struct {
	Emails []string `json:"emails"`
	Users  []string `json:"users"` // full ids
}

// notificationKinds are the notifications of every service and workspace: name, title, and when it is sent.
var notificationKinds = [][3]string{
	{"RequestPublisherNotificationMessage", "Subscription requests (requiring approval)", "Sent when somebody asks for a subscription to a product that needs approval."},
	{"PurchasePublisherNotificationMessage", "New subscriptions", "Sent when a subscription to a product becomes active."},
	{"NewApplicationNotificationMessage", "Application gallery requests", "Sent when a new application is submitted to the gallery."},
	{"BCC", "BCC", "Gets a blind copy of every mail that is sent to users of the developer portal."},
	{"NewIssuePublisherNotificationMessage", "New issue or comment", "Sent when a user of the developer portal reports an issue or comments on one."},
	{"AccountClosedPublisher", "Close account message", "Sent when a user of the developer portal closes the account."},
	{"QuotaLimitApproachingPublisherNotificationMessage", "Approaching subscription quota limit", "Sent when a subscription comes near to its quota."},
}

func notification() *kind.Kind {
	return kind.Entity[Notification]{
		Type: "notifications", Noun: "Notification", Under: serviceAndWorkspaces, PutOnly: true, Permanent: true, CreateStatus: http.StatusOK, Virtual: notifications{},
		Names: kind.Names{Pattern: notificationName(), Words: "There is no such notification."},
		View:  kind.View{One: "Notification", Many: "Notifications", Summary: "Who gets mail about what.", Columns: []string{"title", "description"}},
		Default: func(w *kind.Typed[Notification]) error {
			*w.New = Notification{Title: w.ID.Name()} // a PUT says nothing: what there is is fixed, and recipients are resources of their own
			return nil
		},
	}.Kind()
}

func notificationName() *regexp.Regexp {
	var names []string
	for _, n := range notificationKinds {
		names = append(names, n[0])
	}
	return regexp.MustCompile(`(?i)^(` + strings.Join(names, "|") + `)$`)
}

type notifications struct{}

func (notifications) Get(l kind.Lookup, id arm.ID) (*kind.Resource, bool) {
	for _, n := range notificationKinds {
		if strings.EqualFold(n[0], id.Name()) {
			return notificationOf(l, id.Parent(), n), true
		}
	}
	return nil, false
}

func (notifications) List(l kind.Lookup, scope arm.ID, _ kind.ListQuery) []kind.Listed {
	var out []kind.Listed
	for _, n := range notificationKinds {
		out = append(out, kind.Listed{Resource: notificationOf(l, scope, n)})
	}
	return out
}

func notificationOf(l kind.Lookup, home arm.ID, n [3]string) *kind.Resource {
	id := home.Child("notifications", n[0])
	to := &Recipients{Emails: []string{}, Users: []string{}}
	for _, r := range l.Children(id, "recipientEmails") {
		to.Emails = append(to.Emails, r.ID.Name())
	}
	for _, r := range l.Children(id, "recipientUsers") {
		to.Users = append(to.Users, serviceOf(id).Child("users", r.ID.Name()).String())
	}
	return &kind.Resource{ID: id, Value: &Notification{Title: n[1], Description: n[2], Recipients: to}}
}

// RecipientEmail is an address that gets a notification; it is also its name.
type RecipientEmail struct {
	Email string `json:"email"`
}

func recipientEmail() *kind.Kind {
	return kind.Entity[RecipientEmail]{
		Type: "recipientEmails", Noun: "Recipient", Under: []string{"notifications"}, Shape: kind.Link, PutOnly: true, HeadStatus: http.StatusNoContent,
		Names: kind.Names{Min: 3, Max: 254, Pattern: regexp.MustCompile(`^[^@\s<>,;]+@[^@\s<>,;]+$`), Words: "Use an e-mail address."},
		Default: func(w *kind.Typed[RecipientEmail]) error {
			w.New.Email = w.ID.Name()
			return nil
		},
	}.Kind()
}

// RecipientUser is a user of the service who gets a notification.
type RecipientUser struct {
	UserID string `json:"userId"`
}

func recipientUser() *kind.Kind {
	return kind.Entity[RecipientUser]{
		Type: "recipientUsers", Noun: "Recipient", Under: []string{"notifications"}, Shape: kind.Link, PutOnly: true, HeadStatus: http.StatusNoContent,
		Names: kind.Names{Max: 80},
		Default: func(w *kind.Typed[RecipientUser]) error {
			w.New.UserID = serviceOf(w.ID).Child("users", w.ID.Name()).String()
			return nil
		},
		Refs: func(w *kind.Typed[RecipientUser]) []kind.Ref {
			return []kind.Ref{{To: serviceOf(w.ID).Child("users", w.ID.Name()), Field: "userId", Cascade: true}}
		},
	}.Kind()
}
