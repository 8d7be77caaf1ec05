/** Asks the running proxy whether each declared model answers. */

import type { Deployment, ResolvedModel } from "../../config/stack-config.ts";

/** Where the proxy is, and what opens it. */
export interface ProxyAccess {
  /** Such as `http://localhost:4444/v1`. */
  readonly openaiBaseUrl: string;
  readonly masterKey: string;
}

/** What came of one deployment. */
export interface DeploymentResult {
  readonly model: string;
  /** LiteLLM's id of the deployment. */
  readonly id: string;
  readonly server?: string;
  readonly verdict: "answers" | "fails" | "not verified";
  /** Why it fails, or is not verified. */
  readonly reason?: string;
}

/** Whether a deployment is called: a provider's call costs money, so only on request. */
export function isVerified(
  model: Pick<ResolvedModel, "verify">,
  deployment: Pick<Deployment, "kind">,
): boolean {
  return deployment.kind === "server" || model.verify;
}

/**
 * Calls every deployment once by its own id, for one token, without retries and fallbacks: a balanced name would
 * hide a dead server.
 *
 * @param seconds how long one call may take
 */
export async function verifyModels(
  access: ProxyAccess,
  models: readonly ResolvedModel[],
  seconds = 120,
): Promise<DeploymentResult[]> {
  const calls = models.flatMap((model) =>
    model.deployments.map(async (deployment): Promise<DeploymentResult> => {
      const result = {
        model: model.name,
        id: deployment.id,
        ...(deployment.kind === "server" && { server: deployment.server }),
      };
      if (!isVerified(model, deployment)) {
        return {
          ...result,
          verdict: "not verified",
          reason: "a call costs money; set `verify: true` to make one",
        };
      }
      try {
        await call(access, model.mode, deployment.id, seconds);
        return { ...result, verdict: "answers" };
      } catch (error) {
        return {
          ...result,
          verdict: "fails",
          reason: error instanceof Error ? error.message : String(error),
        };
      }
    }),
  );
  return Promise.all(calls);
}

/** One short real answer of a chat model. */
export async function askModel(
  access: ProxyAccess,
  model: string,
  question: string,
  maxTokens: number,
  seconds = 120,
): Promise<string> {
  const answer = await post(
    access,
    "/chat/completions",
    { model, messages: [{ role: "user", content: question }], max_tokens: maxTokens },
    seconds,
  );
  const content: unknown = (answer as { choices?: { message?: { content?: unknown } }[] }).choices?.[0]
    ?.message?.content;
  if (typeof content !== "string") throw new Error(`the answer of \`${model}\` holds no text`);
  return content.trim();
}

async function call(
  access: ProxyAccess,
  mode: ResolvedModel["mode"],
  id: string,
  seconds: number,
): Promise<void> {
  const direct = { model: id, num_retries: 0, disable_fallbacks: true };
  if (mode === "embedding") {
    const answer = await post(access, "/embeddings", { ...direct, input: "ready?" }, seconds);
    const vector = (answer as { data?: { embedding?: unknown[] }[] }).data?.[0]?.embedding;
    if (!vector?.length) throw new Error("the answer holds no embedding");
  } else {
    const answer = await post(
      access,
      "/chat/completions",
      { ...direct, messages: [{ role: "user", content: "Hi" }], max_tokens: 1 },
      seconds,
    );
    if (!(answer as { choices?: unknown[] }).choices?.length) throw new Error("the answer holds no choice");
  }
}

async function post(access: ProxyAccess, path: string, body: unknown, seconds: number): Promise<unknown> {
  let answer: Response;
  try {
    answer = await fetch(`${access.openaiBaseUrl}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${access.masterKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(seconds * 1000),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
    const what =
      error instanceof Error && error.name === "TimeoutError"
        ? `no answer within ${seconds} s`
        : `the proxy does not answer${cause}`;
    throw new Error(what, { cause: error });
  }
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status}: ${errorMessage(text)}`);
  return JSON.parse(text);
}

/** LiteLLM's own message in the body of an error, at most 500 characters of it. */
function errorMessage(body: string): string {
  try {
    const message: unknown = JSON.parse(body)?.error?.message;
    if (typeof message === "string") return message.slice(0, 500);
  } catch {
    // not JSON: the text itself is the message
  }
  return body.slice(0, 500);
}
