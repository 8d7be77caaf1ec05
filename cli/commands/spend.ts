import { LiteLlmError, Unreachable } from "../../provider/api.ts";
import { UserError } from "../../setup/errors.ts";
import type { Tools } from "../../setup/prepare.ts";
import { liveKeys, proxyApi } from "../by-hand.ts";
import { ensureStack, stackOutputs } from "../pulumi.ts";
import { dailyActivity, groupSpend, keyNames, lastDays, renderSpend } from "../spend.ts";

/** Shows what was spent, as LiteLLM's own API tells it. */
export async function spend(tools: Tools, options: { days: number; json?: boolean }): Promise<void> {
  const period = lastDays(options.days, new Date());
  await ensureStack(tools);
  const outputs = await stackOutputs(tools);
  if (outputs === undefined)
    throw new UserError(`Stack \`${tools.stack}\` is not deployed: \`npm run up\` does it.`);
  const api = proxyApi(outputs);
  const [days, keys] = await Promise.all([dailyActivity(api, period), liveKeys(api)]).catch((error) => {
    if (!(error instanceof Unreachable || error instanceof LiteLlmError)) throw error;
    throw new UserError(`${error.message}. \`npm run status\` tells more.`, { cause: error });
  });
  const found = groupSpend(period, days, keyNames(keys, outputs.masterKey));
  console.log(options.json ? JSON.stringify(found, null, 2) : renderSpend(found));
}
