package apim

import "github.com/atelier-apim/atelier/internal/kind"

// entityKinds are content and configuration that is stored under rules, and the classic associations that show it from other ends.
func (c *Catalogue) entityKinds() []*kind.Kind {
	apis, products, groups, tags, subscriptions, issues := c.api(), product(), group(), tag(), subscription(), issue()
	kinds := []*kind.Kind{
		certificate(),
		logger(),
		diagnostic(),
		apiSchema(),
		c.globalSchema(),
		documentation(),
		wiki(),
		tagDescription(),
		issues,
		issueComment(),
		issueAttachment(),
		issuesOfService(issues),
		notification(),
		recipientEmail(),
		recipientUser(),
		policyRestriction(),
		allPolicies(),
		c.policyDescriptions(),
		c.effectivePolicies(),
		resolver(),
		c.resolverPolicy(),
		productAPIs(apis),
		productGroups(groups),
		productTags(tags),
		productSubscriptions(subscriptions),
		apiTags(tags),
		apiProducts(products),
		operationTags(tags),
		userGroups(groups),
		userSubscriptions(subscriptions),
		userIdentities(),
	}
	return append(kinds, taggedLists()...)
}
