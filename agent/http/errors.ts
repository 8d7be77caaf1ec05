/** Why a page was not fetched. */

import { UserError } from "../../config/errors.ts";

/**
 * - `address`: not a URL that is fetched (malformed, another scheme, a login, an unusual port)
 * - `private`: of this machine or its network
 * - `proxy`: the forward proxy is not there, or refuses
 * - `certificate`: not trusted
 * - `unreachable`: any other failure of name resolution or network
 * - `redirect`: too many, from https to http, or to nowhere
 * - `type`: not text
 * - `timeout`: took too long
 */
export type HttpReason =
  | "address"
  | "private"
  | "proxy"
  | "certificate"
  | "unreachable"
  | "redirect"
  | "type"
  | "timeout";

/** A page that could not be fetched. The message is one sentence for a model and a user; it holds no login. */
export class HttpError extends UserError {
  override name = "HttpError";
  readonly reason: HttpReason;

  constructor(reason: HttpReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** What undici hides in `cause`, in a sentence. What is not the network's fault comes back as it is. */
export function fetchFailure(error: unknown, url: URL, byProxy: boolean): unknown {
  let cause = error;
  while (!(cause instanceof HttpError) && cause instanceof Error && cause.cause !== undefined)
    cause = cause.cause;
  if (cause instanceof HttpError || !(cause instanceof Error)) return cause;
  const code = (cause as NodeJS.ErrnoException).code;
  const refused = /^Proxy response \((\d+)\)/.exec(cause.message)?.[1];
  const page = `\`${shown(url.href)}\``;
  const failed = (reason: HttpReason, message: string) => new HttpError(reason, message, { cause: error });
  if (refused === "407" || cause.message.includes("(407)"))
    return failed("proxy", `${page} was not fetched: the forward proxy requires a login (407).`);
  if (refused !== undefined)
    return failed("proxy", `${page} was not fetched: the forward proxy refuses it (${refused}).`);
  if (cause.message === "bad port")
    return failed("address", `${page} is not fetched: its port belongs to another protocol.`);
  if (typeof code !== "string") return cause;
  if (/CERT|SIGNATURE|ERR_TLS|ISSUER/.test(code))
    return failed("certificate", `${page} was not fetched: its certificate is not trusted (${code}).`);
  if (byProxy)
    return failed("proxy", `${page} was not fetched: no connection through the forward proxy (${code}).`);
  return failed("unreachable", `${page} was not fetched: the network or its server refuses it (${code}).`);
}

/** An address as messages show it: short, on one line, without a login. */
export function shown(address: string): string {
  const plain = address.replace(/\/\/[^/?#\s]*@/, "//").replace(/[\s`]+/g, " ");
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain;
}
