/** The sections `keys` and `teams`: LiteLLM's virtual keys, and the limits that several share. */

import { z } from "zod";
import { modelName } from "./values.ts";

/** As LiteLLM writes it: a number and a unit. */
const duration = z
  .string()
  .regex(
    /^[1-9]\d*(s|m|h|d|w|mo)$/,
    "must be a number and a unit (`s`, `m`, `h`, `d`, `w`, `mo`), such as `30d`",
  );
const apiKeyName = z
  .string()
  .regex(
    /^[a-z][a-zA-Z0-9]*ApiKey$/,
    "must be the name of a secret that ends in `ApiKey`, such as `officeApiKey`",
  );

/** Limits of keys and teams. */
const limits = {
  maxBudget: z.number().min(0).optional().describe("US dollars; when they are spent, requests are refused."),
  budgetDuration: duration
    .optional()
    .describe("After which time spend counts from zero again. Default: never."),
  rpmLimit: z.int().min(1).optional().describe("Requests a minute."),
  tpmLimit: z.int().min(1).optional().describe("Tokens a minute."),
  blocked: z.boolean().default(false).describe("Refuse every request."),
  metadata: z.record(z.string(), z.unknown()).optional().describe("Kept and shown by LiteLLM."),
};
const objectName = z
  .string()
  .regex(
    /^[a-zA-Z0-9][\w.-]{0,62}$/,
    "must start with a letter or digit, then letters, digits, `_`, `.` or `-`",
  );

/** One entry of `teams`. */
export const teamEntry = z.strictObject({
  name: objectName.describe("Name in LiteLLM's UI and reports."),
  models: z
    .array(modelName)
    .min(1)
    .optional()
    .describe("Models that its keys may use. Default: all declared ones."),
  ...limits,
});

/** One entry of `keys`. */
export const keyEntry = z.strictObject({
  name: objectName.describe("Name (alias) in LiteLLM's UI and reports."),
  models: z
    .array(modelName)
    .min(1)
    .optional()
    .describe("Models that it may use. Default: those of its team, or all declared ones."),
  team: objectName.optional().describe("A team of `teams`, whose limits count too."),
  ...limits,
  maxParallelRequests: z.int().min(1).optional().describe("Requests at the same time."),
  duration: duration.optional().describe("How long it is valid. Default: for ever."),
  value: apiKeyName
    .optional()
    .describe(
      "Name of the secret config value that holds the key, which starts with `sk-`. Default: generated.",
    ),
});

export type KeyShape = z.output<typeof keyEntry>;
export type TeamShape = z.output<typeof teamEntry>;
