/** Fetches what a model asks for: text of the public web, within limits, and nothing of this machine or its network. */

import { lookup } from "node:dns/promises";
import { rootCertificates } from "node:tls";
import { Agent, buildConnector, type Dispatcher, fetch, ProxyAgent, type Response } from "undici";
import { UserError } from "../config/errors.ts";
import {
  isAddress,
  isExempt,
  portOf,
  privateAmong,
  type Resolve,
  refusedHost,
  socketLookup,
} from "./addresses.ts";

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
  /** Forward proxies, as `http://[user:password@]host:port`. `https:` pages go by `httpProxy` too if it is the only one. */
  readonly proxy?: {
    readonly httpProxy?: string;
    readonly httpsProxy?: string;
    /** Hosts that are reached without it, as in `NO_PROXY`. */
    readonly noProxy?: string;
  };
  /** PEM certificates of authorities that are trusted besides Node's own, for servers and for the proxy. */
  readonly ca?: string;
  /** Exactly these, as `host:port`, are allowed although private or on an unusual port, such as `wiki.corp:8000`. */
  readonly allowPrivate?: readonly string[];
  /** Default: the machine's name resolution. */
  readonly resolve?: Resolve;
}

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

/** A page that was not had. The message is one sentence for a model and a user; it holds no login. */
export class HttpError extends UserError {
  override name = "HttpError";
  readonly reason: HttpReason;

  constructor(reason: HttpReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/**
 * Where the web is served. Other ports belong to other protocols, which a page's link must not make us talk to, and
 * pages worth reading are seldom there; `allowPrivate` names exceptions.
 */
const PORTS = [80, 443, 8080, 8443];
const MAX_REDIRECTS = 5;
/** Milliseconds that a name may take to resolve here where the proxy resolves it anyway. */
const LOCAL_LOOKUP_MS = 2000;
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
 * - In neither case: a public address that leads to a machine of one's own, and what a model writes into the address of
 *   a public page, which its server reads.
 */
export function createHttp(options: HttpOptions = {}): Http {
  const settings: Settings = {
    proxy: options.proxy ?? {},
    // Given authorities replace Node's own, so these are named too.
    tls: options.ca === undefined ? {} : { ca: [...rootCertificates, options.ca] },
    allowed: new Set(options.allowPrivate?.map((entry) => entry.toLowerCase())),
    resolve: options.resolve ?? resolveHere,
  };
  return { get: (url, request = {}) => get(settings, url, request) };
}

interface Settings {
  readonly proxy: NonNullable<HttpOptions["proxy"]>;
  readonly tls: { ca?: string[] };
  readonly allowed: ReadonlySet<string>;
  readonly resolve: Resolve;
}

async function resolveHere(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

async function get(settings: Settings, address: string, request: HttpRequest): Promise<HttpAnswer> {
  const { signal: outer, timeoutMs = 15_000 } = request;
  outer?.throwIfAborted();
  // AbortSignal.any over AbortSignal.timeout may be collected before it fires on Node 20, hence both by hand.
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
      if (url.protocol === "https:" && answer.protocol === "http:")
        throw new HttpError(
          "redirect",
          `\`${shown(url.href)}\` redirects from https to http, which is not followed.`,
        );
      url = answer;
    }
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", stop);
  }
}

/** One request: its answer, or where it redirects to. */
async function visit(
  settings: Settings,
  url: URL,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer | URL> {
  const proxy = proxyFor(url, settings.proxy);
  const allowed = settings.allowed.has(hostAndPort(url));
  if (proxy !== undefined && !allowed) await checkHere(url, settings.resolve, signal);
  const dispatcher = proxy === undefined ? direct(settings, allowed) : proxied(settings, proxy);
  try {
    const answer = await fetch(url, {
      dispatcher,
      signal,
      redirect: "manual",
      headers: { accept: request.accept ?? ACCEPT, "user-agent": USER_AGENT },
    });
    const target = answer.headers.get("location");
    if ([301, 302, 303, 307, 308].includes(answer.status) && target !== null)
      return redirectTarget(url, target, settings.allowed);
    const contentType = (answer.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    const found = { url: url.href, status: answer.status, contentType };
    if (!isText(contentType)) {
      if (answer.status >= 400 || answer.body === null) return { ...found, text: "", cut: false };
      throw new HttpError(
        "type",
        `\`${shown(url.href)}\` is not text but ${contentType ? `\`${contentType.slice(0, 100)}\`` : "of a type that its server does not tell"}.`,
      );
    }
    return { ...found, ...(await readText(answer, contentType, request.maxBytes ?? 1_000_000)) };
  } catch (error) {
    throw signal.aborted ? signal.reason : failure(error, url, proxy !== undefined);
  } finally {
    await dispatcher.destroy();
  }
}

/** @throws {@link HttpError} for whatever is not fetched by the looks of its address */
function checkUrl(address: string, allowed: ReadonlySet<string>, base?: URL): URL {
  if (!URL.canParse(address, base?.href))
    throw new HttpError(
      "address",
      `\`${shown(address)}\` is not a URL; write it whole, such as \`https://example.org/\`.`,
    );
  const url = new URL(address, base?.href);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new HttpError(
      "address",
      `\`${shown(address)}\` is neither http nor https; nothing else is fetched.`,
    );
  if (url.username !== "" || url.password !== "")
    throw new HttpError(
      "address",
      `An address with a login in it is not fetched (host \`${url.hostname}\`).`,
    );
  if (allowed.has(hostAndPort(url))) return url;
  const refused = refusedHost(url.hostname);
  if (refused !== undefined)
    throw new HttpError("private", `\`${shown(url.href)}\` is not fetched: \`${url.hostname}\` ${refused}.`);
  if (!PORTS.includes(portOf(url)))
    throw new HttpError(
      "address",
      `\`${shown(url.href)}\` is not fetched: only the ports ${PORTS.join(", ")} are allowed.`,
    );
  return url;
}

function redirectTarget(from: URL, target: string, allowed: ReadonlySet<string>): URL {
  if (!URL.canParse(target, from.href))
    throw new HttpError("redirect", `\`${shown(from.href)}\` redirects to something that is not a URL.`);
  return checkUrl(target, allowed, from);
}

const hostAndPort = (url: URL) => `${url.hostname.toLowerCase()}:${portOf(url)}`;

function proxyFor(url: URL, { httpProxy, httpsProxy, noProxy = "" }: Settings["proxy"]): URL | undefined {
  const proxy = url.protocol === "https:" ? (httpsProxy ?? httpProxy) : httpProxy;
  return proxy === undefined || isExempt(url, noProxy) ? undefined : new URL(proxy);
}

/** Behind a proxy: refuses a name that resolves to a private address here. That it doesn't resolve here is no fault. */
async function checkHere(url: URL, resolve: Resolve, signal: AbortSignal): Promise<void> {
  if (isAddress(url.hostname)) return;
  const addresses = await new Promise<readonly string[]>((done, fail) => {
    const timer = setTimeout(() => done([]), LOCAL_LOOKUP_MS);
    const stop = () => fail(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    resolve(url.hostname)
      .catch((error) => {
        if (typeof error?.code === "string") return [];
        throw error;
      })
      .then(done, fail)
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
      });
  });
  const hidden = privateAmong(addresses);
  if (hidden !== undefined) throw resolvesPrivately(url.hostname, hidden);
}

const resolvesPrivately = (name: string, address: string) =>
  new HttpError(
    "private",
    `\`${name}\` is not fetched: it leads to \`${address}\`, a private or reserved address.`,
  );

/** Connects to checked addresses only. Made for one request, as what is allowed depends on its address. */
function direct({ tls, resolve }: Settings, allowed: boolean): Dispatcher {
  const lookup = socketLookup(resolve, allowed ? undefined : resolvesPrivately);
  return new Agent({ connect: buildConnector({ ...tls, lookup }) });
}

/** By CONNECT for https, with an absolute address for http: many proxies refuse CONNECT to port 80. */
function proxied({ tls }: Settings, proxy: URL): Dispatcher {
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return new ProxyAgent({
    uri: proxy.origin,
    ...(login !== ":" && { token: `Basic ${Buffer.from(login).toString("base64")}` }),
    proxyTunnel: false,
    proxyTls: tls,
    requestTls: tls,
  });
}

function isText(contentType: string): boolean {
  return /^(text\/.+|application\/(json|xml|([\w.-]+\+(json|xml))))$/.test(contentType);
}

/** Reads no more than `maxBytes` of the body. undici unpacks it, so a small packed body can't become a huge one. */
async function readText(
  answer: Response,
  contentType: string,
  maxBytes: number,
): Promise<{ text: string; cut: boolean }> {
  if (answer.body === null) return { text: "", cut: false };
  const chunks: Uint8Array[] = [];
  let left = maxBytes;
  let cut = false;
  const reader = answer.body.getReader();
  while (!cut) {
    const { done, value } = await reader.read();
    if (done) break;
    const bytes: Uint8Array = value;
    chunks.push(bytes.subarray(0, left));
    cut = bytes.length > left;
    left -= bytes.length;
  }
  if (cut) await reader.cancel();
  const bytes = Buffer.concat(chunks);
  // As a stream, half a character at the cut is left out.
  return { text: decoder(answer, contentType, bytes).decode(bytes, { stream: cut }), cut };
}

/** For the encoding that the header names, else the page itself, else UTF-8. */
function decoder(answer: Response, contentType: string, bytes: Buffer): InstanceType<typeof TextDecoder> {
  const header = /charset=["']?([\w.:-]+)/i.exec(answer.headers.get("content-type") ?? "")?.[1];
  const page = contentType.includes("html")
    ? /<meta[^>]{0,200}charset=["']?([\w.:-]+)/i.exec(bytes.toString("latin1", 0, 1024))?.[1]
    : undefined;
  try {
    return new TextDecoder(header ?? page ?? "utf-8");
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new TextDecoder();
  }
}

/** What undici hides in `cause`, in a sentence. What is not the network's fault comes back as it is. */
function failure(error: unknown, url: URL, byProxy: boolean): unknown {
  let cause = error;
  while (!(cause instanceof HttpError) && cause instanceof Error && cause.cause !== undefined)
    cause = cause.cause;
  if (cause instanceof HttpError) return cause;
  if (!(cause instanceof Error)) return cause;
  const code = (cause as NodeJS.ErrnoException).code;
  const refused = /^Proxy response \((\d+)\)/.exec(cause.message)?.[1];
  const page = `\`${shown(url.href)}\``;
  const options = { cause: error };
  if (refused === "407" || cause.message.includes("(407)"))
    return new HttpError("proxy", `${page} was not fetched: the forward proxy wants a login (407).`, options);
  if (refused !== undefined)
    return new HttpError(
      "proxy",
      `${page} was not fetched: the forward proxy refuses it (${refused}).`,
      options,
    );
  if (cause.message === "bad port")
    return new HttpError("address", `${page} is not fetched: its port belongs to another protocol.`, options);
  if (typeof code !== "string") return cause;
  if (/CERT|SIGNATURE|ERR_TLS|ISSUER/.test(code))
    return new HttpError(
      "certificate",
      `${page} was not fetched: its certificate is not trusted (${code}).`,
      options,
    );
  if (byProxy)
    return new HttpError(
      "proxy",
      `${page} was not fetched: no connection by the forward proxy (${code}).`,
      options,
    );
  return new HttpError(
    "unreachable",
    `${page} was not fetched: the network or its server refuses it (${code}).`,
    options,
  );
}

/** An address as messages show it: short, on one line, without a login. */
function shown(address: string): string {
  const plain = address.replace(/\/\/[^/?#\s]*@/, "//").replace(/[\s`]+/g, " ");
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain;
}
