// The error body of the management API, turned into something a screen can place: at a field, at a line, or above it all.

/** Fault is one entry of an error's details: what is wrong with which target. */
export type Fault = { readonly code: string; readonly target: string; readonly message: string };

/** Position is a place in a text that was sent, 1-based. */
export type Position = { readonly line: number; readonly column: number };

/** ArmError is a refusal by the server, or its absence (code NoAnswer). */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;
  readonly target: string;
  readonly faults: readonly Fault[];
  readonly correlationId: string;

  constructor(status: number, body: unknown, correlationId = "") {
    const error = record(record(body)["error"]);
    super(text(error["message"]) || `The server answered ${status} without saying why.`);
    this.name = "ArmError";
    this.status = status;
    this.code = text(error["code"]) || `Http${status}`;
    this.target = text(error["target"]);
    this.faults = list(error["details"]).map(fault);
    this.correlationId = correlationId;
  }
}

/** faultsOf is what went wrong, one entry a target; the error itself when the server gave no details. */
export function faultsOf(error: unknown): readonly Fault[] {
  if (!(error instanceof ArmError)) return [{ code: "Unknown", target: "", message: String(error) }];
  if (error.faults.length > 0) return error.faults;
  return [{ code: error.code, target: error.target, message: error.message }];
}

/** positionOf finds "line L, column C", which policy errors always carry, in a message. */
export function positionOf(message: string): Position | undefined {
  const found = /\bline (\d+), column (\d+)/i.exec(message);
  return found ? { line: Number(found[1]), column: Number(found[2]) } : undefined;
}

function fault(value: unknown): Fault {
  const entry = record(value);
  return { code: text(entry["code"]), target: text(entry["target"]), message: text(entry["message"]) };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
