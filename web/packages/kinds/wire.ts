// Wire shapes, with Azure's names and only the properties that a page shows or sends.

/** Resource is the envelope of everything the management API answers. */
export type Resource<P> = {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** etag is the entity tag as the header gives it; absent in lists of most kinds. */
  readonly etag?: string;
  readonly properties: P;
};

export type Service = Resource<{ readonly gatewayUrl?: string; readonly developerPortalUrl?: string; readonly provisioningState?: string }> & {
  readonly location: string;
};

export type Workspace = Resource<{ readonly displayName: string; readonly description?: string }>;

export type Gateway = Resource<{
  readonly frontend?: { readonly defaultHostname?: string };
  readonly provisioningState?: string;
}> & { readonly location: string; readonly sku?: { readonly name: string; readonly capacity?: number } };

export type ConfigConnection = Resource<{ readonly sourceId?: string; readonly defaultHostname?: string }>;

export type Api = Resource<{
  readonly displayName?: string;
  readonly description?: string;
  readonly path: string;
  /** type is absent for APIs over HTTP that were made by older versions. */
  readonly type?: string;
  readonly protocols?: readonly string[];
  readonly serviceUrl?: string;
  readonly apiRevision?: string;
  readonly subscriptionRequired?: boolean;
}>;

export type Operation = Resource<{
  readonly displayName: string;
  readonly method: string;
  readonly urlTemplate: string;
  readonly description?: string;
}>;

export type Product = Resource<{
  readonly displayName: string;
  readonly state?: "published" | "notPublished";
  readonly subscriptionRequired?: boolean;
}>;

export type Subscription = Resource<{
  readonly displayName?: string;
  readonly scope: string;
  readonly state: string;
  readonly createdDate?: string;
}>;

export type Policy = Resource<{ readonly format?: string; readonly value: string }>;

/** EffectivePolicy is one section of what runs for an operation; its name is that of the section. */
export type EffectivePolicy = Resource<{ readonly lines: readonly PolicyLine[] }>;

/** PolicyLine says where a line comes from. The line is that of the fragment when it names one. A document that may not be read is one line 0 without an id. */
export type PolicyLine = {
  readonly text: string;
  readonly scope: string;
  readonly document?: string;
  readonly fragment?: string;
  readonly line: number;
};

export type Schema = Resource<{ readonly contentType: string; readonly document?: { readonly value?: string } }>;

export type RoleDefinition = Resource<{
  readonly roleName: string;
  readonly description?: string;
  readonly type: string;
  readonly permissions: readonly { readonly actions: readonly string[]; readonly notActions: readonly string[] }[];
}>;

export type RoleAssignment = Resource<{
  readonly roleDefinitionId: string;
  readonly principalId: string;
  readonly principalType?: string;
  readonly scope: string;
  readonly createdOn?: string;
}>;

/** DirectoryEntry is a user, a group or a program of the directory. */
export type DirectoryEntry = {
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName?: string;
  readonly appId?: string;
};
