/** Problem is an error in the shape that a screen can tell: words, a code to search for, an id to hand on. */
export type Problem = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly correlationId: string;
};

/** problemOf reads whatever was thrown; what carries no code is a fault of the page itself. */
export function problemOf(error: unknown): Problem {
  const from = (typeof error === "object" && error !== null ? error : {}) as Record<string, unknown>;
  return {
    status: typeof from["status"] === "number" ? from["status"] : 0,
    code: word(from["code"]),
    message: word(from["message"]) || String(error),
    correlationId: word(from["correlationId"]),
  };
}

function word(value: unknown): string {
  return typeof value === "string" ? value : "";
}
