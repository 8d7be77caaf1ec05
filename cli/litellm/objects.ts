/** Compares LiteLLM's objects with the stack's state, as Pulumi's refresh does in several seconds. */

import type { LiteLlmApi } from "../../litellm/client.ts";
import { LiteLlmError, Unreachable } from "../../litellm/errors.ts";
import { RESOURCE_TYPES } from "../../provider/resource-types/index.ts";
import { changesOf } from "../../provider/resource-types/resource-type.ts";
import type { StateResource } from "../pulumi/stack.ts";

/**
 * Whether a key, team, budget or model of the state is gone or changed in LiteLLM. False where LiteLLM does not
 * answer: a refresh could not compare them either.
 */
export async function objectsMoved(api: LiteLlmApi, resources: readonly StateResource[]): Promise<boolean> {
  const moved = await Promise.all(
    resources.map(async ({ type, id, inputs = {} }) => {
      const resourceType = RESOURCE_TYPES.get(type);
      if (resourceType === undefined || id === undefined) return false;
      try {
        const live = await resourceType.read(api, id, inputs);
        return live === undefined || changesOf(resourceType, id, live.inputs, inputs).length > 0;
      } catch (error) {
        if (error instanceof Unreachable || error instanceof LiteLlmError) return false;
        throw error;
      }
    }),
  );
  return moved.includes(true);
}
