/** Fetches what a model asks for: text of the public web, within limits, and nothing of this machine or its network. */

import { lookup } from "node:dns/promises";
import { fetch } from "undici";
import type { Resolve } from "./addresses.ts";
import { contentTypeOf, isText, readText } from "./body.ts";
import { fetchFailure, HttpError, shown } from "./errors.ts";
import { checkLocally, checkRedirect, checkUrl, isAllowed } from "./policy.ts";
import { direct, type ForwardProxies, proxied, proxyFor, type Tls, trusting } from "./transport.ts";

export { HttpError, type HttpReason } from "./errors.ts";

export interface HttpRequest {
  /** Stops the request; `get` then rejects with the signal's own reason. */
  readonly signal?: AbortSignal;
  /** Bytes of the unpacked body that are read. Default 1,000,000; the rest is left (see {@link HttpAnswer.cut}). */
  readonly maxBytes?: number;
  /** Milliseconds for all of it: name resolution, redirects and body. Default 15,000. */
  readonly timeoutMs?: number;
  /** The `Accept` header. Default: pages, then other text. */
  readonly accept?: string;
}

export interface HttpAnswer {
  /** The address that answered, after redirects. */
  readonly url: string;
  /** Whatever the server said: 404 is an answer, not an error. */
  readonly status: number;
  /** Lower case, without parameters, such as `text/html`; empty when the server gave none. */
  readonly contentType: string;
  /** Empty where an answer of 400 and above is not text. */
  readonly text: string;
  /** Whether the body was longer than `maxBytes`. */
  readonly cut: boolean;
}

export interface Http {
  /** @throws {@link HttpError}; the signal's reason when `signal` stops it */
  get(url: string, request?: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpOptions {
  /** Default: none. */
  readonly proxy?: ForwardProxies;
  /** PEM certificates of authorities that are trusted besides Node's own, for servers and for the proxy. */
  readonly ca?: string;
  /** Exactly these, as `host:port`, are allowed although private or on an unusual port, such as `wiki.corp:8000`. */
  readonly allowPrivate?: readonly string[];
  /** Default: the machine's name resolution. */
  readonly resolve?: Resolve;
}

const MAX_REDIRECTS = 5;
const ACCEPT = "text/html, application/xhtml+xml, text/plain;q=0.9, application/json;q=0.9, */*;q=0.1";
const USER_AGENT = "Mozilla/5.0 (compatible; llm-stack-agent)";

/**
 * What holds:
 *
 * - Without a forward proxy (or for hosts in `noProxy`): every address of a name is checked, and the socket connects to
 *   one of these very addresses. A private address is not reached, whatever a name answers later and wherever a page
 *   redirects to.
 * - Behind a forward proxy the proxy resolves names, and connects. Refused here, at each redirect too: private
 *   addresses in any spelling, names of this machine or its network (`localhost`, names without a dot, `.local`,
 *   `.internal` …), and names that resolve to a private address here, if they resolve here at all within 2 s. Not
 *   refused: a public-looking name that only the proxy can resolve, or that answers differently to it. What is then
 *   reached is what the proxy reaches and allows: it must refuse private addresses itself.
 * - Refused in neither case: a public address that is routed to a private machine, and what a model writes into the URL of a
 *   public page, which its server reads.
 */
export function createHttp(options: HttpOptions = {}): Http {
  const settings: Settings = {
    proxy: options.proxy ?? {},
    tls: trusting(options.ca),
    allowed: new Set(options.allowPrivate?.map((entry) => entry.toLowerCase())),
    resolve: options.resolve ?? resolveHere,
  };
  return { get: (url, request = {}) => get(settings, url, request) };
}

interface Settings {
  readonly proxy: ForwardProxies;
  readonly tls: Tls;
  readonly allowed: ReadonlySet<string>;
  readonly resolve: Resolve;
}

async function resolveHere(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

async function get(settings: Settings, address: string, request: HttpRequest): Promise<HttpAnswer> {
  const { signal: outer, timeoutMs = 15_000 } = request;
  outer?.throwIfAborted();
  // AbortSignal.any over AbortSignal.timeout may be collected before it fires on Node 20, hence a controller and a timer.
  const controller = new AbortController();
  const stop = () => controller.abort(outer?.reason);
  outer?.addEventListener("abort", stop, { once: true });
  const late = new HttpError("timeout", `\`${shown(address)}\` did not answer within ${timeoutMs / 1000} s.`);
  const timer = setTimeout(() => controller.abort(late), timeoutMs);
  try {
    let url = checkUrl(address, settings.allowed);
    for (let redirects = 0; ; redirects++) {
      const answer = await visit(settings, url, request, controller.signal);
      if (!(answer instanceof URL)) return answer;
      if (redirects === MAX_REDIRECTS)
        throw new HttpError("redirect", `\`${shown(address)}\` redirects more than ${MAX_REDIRECTS} times.`);
      url = answer;
    }
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", stop);
  }
}

/** One request: its answer, or where it redirects to. */
async function visit(
  { proxy: proxies, tls, allowed, resolve }: Settings,
  url: URL,
  { accept = ACCEPT, maxBytes = 1_000_000 }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer | URL> {
  const proxy = proxyFor(url, proxies);
  const allowedHere = isAllowed(url, allowed);
  if (proxy !== undefined && !allowedHere) await checkLocally(url, resolve, signal);
  const dispatcher = proxy === undefined ? direct(tls, resolve, allowedHere) : proxied(tls, proxy);
  try {
    const answer = await fetch(url, {
      dispatcher,
      signal,
      redirect: "manual",
      headers: { accept, "user-agent": USER_AGENT },
    });
    const target = answer.headers.get("location");
    if ([301, 302, 303, 307, 308].includes(answer.status) && target !== null)
      return checkRedirect(url, target, allowed);
    const contentType = contentTypeOf(answer);
    const found = { url: url.href, status: answer.status, contentType };
    if (isText(contentType)) return { ...found, ...(await readText(answer, maxBytes)) };
    if (answer.status >= 400 || answer.body === null) return { ...found, text: "", cut: false };
    throw new HttpError(
      "type",
      `\`${shown(url.href)}\` is not text${contentType === "" ? ": its server names no content type" : ` but \`${contentType.slice(0, 100)}\``}.`,
    );
  } catch (error) {
    throw signal.aborted ? signal.reason : fetchFailure(error, url, proxy !== undefined);
  } finally {
    await dispatcher.destroy();
  }
}
