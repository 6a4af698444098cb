import { ArmError } from "./error.ts";

/** Poll is how a long operation is watched: a read that throws refusals, and a clock. */
export type Poll = {
  readonly read: (url: string) => Promise<Response>;
  readonly wait: (milliseconds: number) => Promise<void>;
};

const maxPolls = 600;

/**
 * finish waits for the end of an answer that announces a long operation (Azure-AsyncOperation) and gives the answer
 * that was sent first; any other answer is returned at once. A failed operation throws its error.
 */
export async function finish(answer: Response, poll: Poll): Promise<Response> {
  const url = answer.headers.get("azure-asyncoperation");
  if (!url) return answer;
  let pause = pauseOf(answer);
  for (let i = 0; i < maxPolls; i++) {
    await poll.wait(pause);
    const seen = await poll.read(url);
    const state = (await seen.json()) as { status?: string; error?: unknown };
    if (state.status === "Succeeded") return answer;
    if (state.status === "Failed" || state.status === "Canceled") throw new ArmError(200, { error: state.error });
    pause = pauseOf(seen);
  }
  throw new ArmError(200, { error: { code: "OperationTimedOut", message: "The operation is still running." } });
}

function pauseOf(answer: Response): number {
  const fine = Number(answer.headers.get("retry-after-ms"));
  if (fine > 0) return fine;
  const seconds = Number(answer.headers.get("retry-after"));
  return seconds > 0 ? seconds * 1000 : 1000;
}
