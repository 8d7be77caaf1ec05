/** Why LiteLLM refuses a call of a model. */

/**
 * - `keyRefused`: the proxy does not know the key, or it has expired
 * - `modelNotAllowed`: the key or its team may not use this model
 * - `budgetSpent`: the key, its team or its user has spent its budget
 * - `rateLimit`: too many requests or tokens in a minute
 * - `modelUnknown`: the proxy has no such model
 * - `timeout`: no answer in time
 * - `contextTooLong`: the request does not fit into the model's context
 * - `upstream`: the model behind the proxy fails
 */
export type Refusal =
  | "keyRefused"
  | "modelNotAllowed"
  | "budgetSpent"
  | "rateLimit"
  | "modelUnknown"
  | "timeout"
  | "contextTooLong"
  | "upstream";

const MODEL_DENIED = /^(key|team|user|org|project)_model_access_denied$/;
const KEY_TYPES = new Set(["token_not_found_in_db", "auth_error", "expired_key"]);
const CONTEXT =
  /context_length_exceeded|ContextWindowExceeded|maximum context length|exceeds? the context window|exceed_context_size/i;
const UNKNOWN_MODEL = /Invalid model name|model_not_found|There is no 'model_name' with this string/i;
/** Every server of a model failed a moment ago: LiteLLM answers 429 for itself, without asking them. */
const COOLING_DOWN = /No deployments available/i;
/** A provider behind the proxy refuses its key, which is not the client's. */
const PROVIDER_KEY = /litellm\.(AuthenticationError|PermissionDeniedError)/;
const BUDGET = /budget has been exceeded|ExceededBudget|BudgetExceeded|over budget|exceeded budget/i;

/** What an error of LiteLLM says. */
export interface RefusalSigns {
  /** LiteLLM's `type`; 1.73.0 sends the text `None` for many. */
  readonly type: string;
  readonly code: string;
  /** All that the error says, its type and code too. */
  readonly text: string;
}

/** The reason by LiteLLM's own words; undefined where only the status can tell: see {@link refusalByStatus}. */
export function refusalOf({ type, code, text }: RefusalSigns): Refusal | undefined {
  if (MODEL_DENIED.test(type)) return "modelNotAllowed";
  if (type === "budget_exceeded" || code === "budget_exceeded") return "budgetSpent";
  if (PROVIDER_KEY.test(text) || COOLING_DOWN.test(text)) return "upstream";
  if (KEY_TYPES.has(type)) return "keyRefused";
  if (CONTEXT.test(text)) return "contextTooLong";
  if (type === "throttling_error" || type === "rate_limit_error")
    return BUDGET.test(text) ? "budgetSpent" : "rateLimit";
  return UNKNOWN_MODEL.test(text) ? "modelUnknown" : undefined;
}

/** The reason by the status, for errors without a type. LiteLLM's versions answer one failure with several statuses. */
export function refusalByStatus(status: number, text: string): Refusal | undefined {
  if (BUDGET.test(text)) return "budgetSpent";
  if (status === 429) return "rateLimit";
  if (status === 408 || status === 504) return "timeout";
  if (status >= 500) return "upstream";
  return status === 401 ? "keyRefused" : undefined;
}
