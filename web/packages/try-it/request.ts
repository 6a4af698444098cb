/** Parameter is one value that an operation takes, by its place in the request. */
export type Parameter = {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly type: string;
  readonly description?: string;
  readonly example?: string;
};

/** Operation is what must be known of an operation to call it. path is a template such as /orders/{id}. */
export type Operation = {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body?: { readonly contentType: string; readonly example?: string };
};

/** Values is what was filled in: parameters by place and name, the body as text. */
export type Values = { readonly parameters: Readonly<Record<string, string>>; readonly body: string };

/** Request is what is sent. path begins with a slash and ends with the query. */
export type Request = {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
};

/** keyOf names a parameter's value: a path and a query parameter may share a name. */
export function keyOf(parameter: Parameter): string {
  return `${parameter.in}:${parameter.name}`;
}

/** startValues fills in the examples that the operation's description gives. */
export function startValues(operation: Operation): Values {
  const parameters = operation.parameters.flatMap((each) => (each.example ? [[keyOf(each), each.example]] : []));
  return { parameters: Object.fromEntries(parameters) as Record<string, string>, body: operation.body?.example ?? "" };
}

/** missing names the required parameters that have no value. */
export function missing(operation: Operation, values: Values): string[] {
  return operation.parameters.filter((each) => each.required && !values.parameters[keyOf(each)]).map((each) => each.name);
}

/** compose makes the request from the values; optional parameters without a value are left out. */
export function compose(operation: Operation, values: Values, extra: Request["headers"] = []): Request {
  const query = new URLSearchParams();
  const headers: (readonly [string, string])[] = [...extra];
  let path = operation.path;
  for (const parameter of operation.parameters) {
    const value = values.parameters[keyOf(parameter)] ?? "";
    if (parameter.in === "path") path = path.replaceAll(`{${parameter.name}}`, encodeURIComponent(value));
    else if (value === "") continue;
    else if (parameter.in === "query") query.append(parameter.name, value);
    else headers.push([parameter.name, value]);
  }
  const body = takesBody(operation.method) ? values.body : "";
  if (body !== "" && operation.body) headers.push(["Content-Type", operation.body.contentType]);
  return { method: operation.method, path: query.size > 0 ? `${path}?${query}` : path, headers, body };
}

/** takesBody tells whether a method carries a body. */
export function takesBody(method: string): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(method.toUpperCase());
}
