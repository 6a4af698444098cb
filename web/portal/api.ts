// The portal's data API, under /api/ of the portal's own address: JSON, and ids that mean nothing to the reader. It
// answers with what the person who is signed in, or a guest, may see. A session is a cookie that scripts cannot read;
// the server takes writes only from its own pages (Sec-Fetch-Site, Origin) and only as application/json.
//
// Errors have a status and {"error":{"code","message","field"?}}: 401 SignInNeeded, 404 NotFound (also for what must
// not be seen), 400 Invalid with the field, 409 for a state that forbids it, 429 TooMany with Retry-After.

/** Session is who is signed in. GET /api/session; POST {email,password} signs in; DELETE signs out (204). */
export type Session = { readonly person: { readonly name: string; readonly email: string } | null };

/** ApiSummary is one API of the catalogue. GET /api/apis → { apis }. */
export type ApiSummary = {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly version: string;
};

/** Api is an API with the light list of its operations. GET /api/apis/{id}. */
export type Api = ApiSummary & {
  /** address is where it is called: scheme, host and path prefix, without a last slash. */
  readonly address: string;
  /** key names the header that carries the subscription key; null when calls need none. */
  readonly key: { readonly header: string } | null;
  readonly operations: readonly OperationSummary[];
  readonly products: readonly { readonly id: string; readonly title: string }[];
};

export type OperationSummary = { readonly id: string; readonly method: string; readonly path: string; readonly title: string };

/** Operation is all about one operation. GET /api/apis/{id}/operations/{operation}. */
export type Operation = OperationSummary & {
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly body?: { readonly contentType: string; readonly example?: string };
  readonly responses: readonly { readonly status: number; readonly description: string }[];
};

export type Parameter = {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly type: string;
  readonly description?: string;
  readonly example?: string;
};

/** ProductSummary is one product of the catalogue. GET /api/products → { products }. */
export type ProductSummary = { readonly id: string; readonly title: string; readonly description: string };

/** Product is a product with its APIs and terms. GET /api/products/{id}. */
export type Product = ProductSummary & {
  readonly terms: string;
  readonly approvalNeeded: boolean;
  readonly keyNeeded: boolean;
  readonly apis: readonly { readonly id: string; readonly title: string }[];
};

/**
 * Subscription is the person's own. GET /api/subscriptions → { subscriptions }; POST /api/subscriptions
 * {product, name, termsAccepted} → 201 with one; its state is submitted while it waits for approval.
 */
export type Subscription = {
  readonly id: string;
  readonly name: string;
  readonly state: "active" | "submitted" | "suspended" | "rejected" | "cancelled" | "expired";
  readonly created: string;
  readonly product: { readonly id: string; readonly title: string } | null;
  /** apis are the ids of the APIs that it opens. */
  readonly apis: readonly string[];
};

/** Keys are revealed on request only. POST /api/subscriptions/{id}/keys with {} → Keys. */
export type Keys = { readonly primary: string; readonly secondary: string };

/**
 * Call is a request for the portal to make on the person's behalf to a gateway of this installation.
 * POST /api/calls → CallReply, whatever status the gateway answered; an error only when nothing was called.
 */
export type Call = {
  readonly api: string;
  readonly operation: string;
  readonly method: string;
  /** path is below the API's address, beginning with a slash, query included. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
};

export type CallReply = {
  readonly status: number;
  readonly reason: string;
  readonly milliseconds: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** note says why the body is missing or cut: not text, or over 1 MiB. */
  readonly note?: string;
};
