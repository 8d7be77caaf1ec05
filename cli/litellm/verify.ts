/** Asks the running proxy whether each declared model answers. */

import type { Deployment, ResolvedModel } from "../../config/stack-config.ts";
import type { LiteLlmApi } from "../../litellm/client.ts";
import { LiteLlmError, Unreachable } from "../../litellm/errors.ts";
import { type ProxyAccess, proxyApi } from "./proxy-api.ts";

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
 * @param seconds how long one call may take. Default: 120
 */
export async function verifyModels(
  access: ProxyAccess,
  models: readonly ResolvedModel[],
  seconds = 120,
): Promise<DeploymentResult[]> {
  const api = proxyApi(access);
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
        await call(api, model.mode, deployment.id, seconds);
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

/**
 * One short real answer of a chat model.
 *
 * @param seconds how long it may take. Default: 120
 * @throws with LiteLLM's reason
 */
export async function askModel(
  access: ProxyAccess,
  model: string,
  question: string,
  maxTokens: number,
  seconds = 120,
): Promise<string> {
  const answer = await post(
    proxyApi(access),
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
  api: LiteLlmApi,
  mode: ResolvedModel["mode"],
  id: string,
  seconds: number,
): Promise<void> {
  const direct = { model: id, num_retries: 0, disable_fallbacks: true };
  if (mode === "embedding") {
    const answer = await post(api, "/embeddings", { ...direct, input: "ready?" }, seconds);
    const vector = (answer as { data?: { embedding?: unknown[] }[] }).data?.[0]?.embedding;
    if (!vector?.length) throw new Error("the answer holds no embedding");
  } else {
    const answer = await post(
      api,
      "/chat/completions",
      { ...direct, messages: [{ role: "user", content: "Hi" }], max_tokens: 1 },
      seconds,
    );
    if (!(answer as { choices?: unknown[] }).choices?.length) throw new Error("the answer holds no choice");
  }
}

/** @throws with the reason alone: the caller says of which model and proxy */
async function post(api: LiteLlmApi, path: string, body: unknown, seconds: number): Promise<unknown> {
  try {
    return await api.ask(`/v1${path}`, body, seconds);
  } catch (error) {
    if (error instanceof LiteLlmError) throw new Error(`${error.status}: ${error.detail}`, { cause: error });
    if (!(error instanceof Unreachable)) throw error;
    const reason = error.timedOut ? error.reason : `the proxy does not answer: ${error.reason}`;
    throw new Error(reason, { cause: error });
  }
}
