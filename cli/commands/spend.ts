import { UserError } from "../../config/errors.ts";
import { dailyActivity, lastDays } from "../../litellm/activity.ts";
import { LiteLlmError, Unreachable } from "../../litellm/errors.ts";
import { liveKeys } from "../../litellm/keys.ts";
import type { Toolchain } from "../../setup/prepare.ts";
import { proxyApi } from "../litellm/proxy-api.ts";
import { groupSpend, keyNames } from "../litellm/spend-report.ts";
import { renderSpend } from "../output/spend.ts";
import { print, printJson } from "../output/terminal.ts";
import { ensureStack, stackOutputs } from "../pulumi/stack.ts";

/** Shows what was spent, as LiteLLM's own API tells it. */
export async function spend(toolchain: Toolchain, options: { days: number; json?: boolean }): Promise<void> {
  const period = lastDays(options.days, new Date());
  await ensureStack(toolchain);
  const outputs = await stackOutputs(toolchain);
  if (outputs === undefined)
    throw new UserError(`Stack \`${toolchain.stack}\` is not deployed: \`npm run up\` does it.`);
  const api = proxyApi(outputs);
  const [days, keys] = await Promise.all([dailyActivity(api, period), liveKeys(api)]).catch((error) => {
    if (!(error instanceof Unreachable || error instanceof LiteLlmError)) throw error;
    throw new UserError(`${error.message}. \`npm run status\` tells more.`, { cause: error });
  });
  const found = groupSpend(period, days, keyNames(keys, outputs.masterKey));
  if (options.json) printJson(found);
  else print(renderSpend(found));
}
