package apim

import (
	"net/http"
	"regexp"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// AzureSubscription is the part of Microsoft.Resources/subscriptions that SDKs and Terraform read.
type AzureSubscription struct {
	SubscriptionID string `json:"subscriptionId"`
	TenantID       string `json:"tenantId,omitempty"`
	DisplayName    string `json:"displayName,omitempty"`
	State          string `json:"state,omitempty"`
}

func subscriptionOfAzure() *kind.Kind {
	return kind.Entity[AzureSubscription]{
		Namespace: "Microsoft.Resources", Type: "subscriptions", Noun: "Subscription",
		Names: kind.Names{Min: 36, Max: 36}, Guarded: true, ReadOnly: true, Filters: "displayName subscriptionId",
		View: kind.View{One: "Subscription", Many: "Subscriptions", Summary: "The root of an installation's resource groups.", Columns: []string{"displayName"}},
	}.Kind()
}

// ResourceGroup is Microsoft.Resources/subscriptions/resourceGroups.
type ResourceGroup struct {
	ProvisioningState string `json:"provisioningState,omitempty"`
}

func resourceGroup() *kind.Kind {
	return kind.Entity[ResourceGroup]{
		Namespace: "Microsoft.Resources", Type: "subscriptions/resourceGroups", Noun: "Resource group", Under: []string{arm.TypeSubscription},
		Names:   kind.Names{Min: 1, Max: 90, Pattern: regexp.MustCompile(`^[\p{L}\p{N}_().-]*[\p{L}\p{N}_()-]$`), Words: "Use letters, digits, _ ( ) - and dots, not ending with a dot."},
		Tracked: true, Guarded: true, Deleted: true, Filters: "name",
		View: kind.View{One: "Resource group", Many: "Resource groups", Summary: "Holds services and gateways that are managed together."},
		Default: func(w *kind.Typed[ResourceGroup]) error {
			w.New.ProvisioningState = "Succeeded"
			return nil
		},
		Remove: func(w *kind.Typed[ResourceGroup]) error {
			for _, t := range []string{kind.Service, gatewayType} {
				if left := w.Lookup.Below(w.ID, t); len(left) > 0 {
					return arm.Errorf(http.StatusConflict, "ResourceGroupNotEmpty", "Resource group '%s' still holds '%s'; delete what it holds first.", w.ID.Name(), left[0].ID)
				}
			}
			return nil
		},
	}.Kind()
}
