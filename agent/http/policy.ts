/** Which URLs may be fetched. What hosts and addresses are public is decided in `addresses.ts`. */

import { isAddress, portOf, privateAmong, type Resolve, refusedHost } from "./addresses.ts";
import { HttpError, shown } from "./errors.ts";

/**
 * Where the web is served. Other ports belong to other protocols, which a page's link must not make us talk to, and
 * pages worth reading are seldom there; `allowPrivate` names exceptions.
 */
const PORTS = [80, 443, 8080, 8443];
/** Milliseconds that a name may take to resolve here where the proxy resolves it anyway. */
const LOCAL_LOOKUP_MS = 2000;

/**
 * @param allowed `host:port` in lower case that are fetched although private or on an unusual port
 * @throws {@link HttpError} for a URL that is refused without looking its name up
 */
export function checkUrl(address: string, allowed: ReadonlySet<string>, base?: URL): URL {
  if (!URL.canParse(address, base?.href))
    throw new HttpError(
      "address",
      `\`${shown(address)}\` is not a URL; write it in full, such as \`https://example.org/\`.`,
    );
  const url = new URL(address, base?.href);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new HttpError(
      "address",
      `\`${shown(address)}\` is neither http nor https; nothing else is fetched.`,
    );
  if (url.username !== "" || url.password !== "")
    throw new HttpError("address", `A URL with a login in it is not fetched (host \`${url.hostname}\`).`);
  if (isAllowed(url, allowed)) return url;
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

/** @throws {@link HttpError} for a target that is not followed */
export function checkRedirect(from: URL, target: string, allowed: ReadonlySet<string>): URL {
  if (!URL.canParse(target, from.href))
    throw new HttpError("redirect", `\`${shown(from.href)}\` redirects to something that is not a URL.`);
  const to = checkUrl(target, allowed, from);
  if (from.protocol === "https:" && to.protocol === "http:")
    throw new HttpError(
      "redirect",
      `\`${shown(from.href)}\` redirects from https to http, which is not followed.`,
    );
  return to;
}

/** Whether `allowPrivate` names exactly this host and port. */
export const isAllowed = (url: URL, allowed: ReadonlySet<string>): boolean =>
  allowed.has(`${url.hostname.toLowerCase()}:${portOf(url)}`);

/**
 * Behind a proxy: refuses a name that resolves to a private address here. That it doesn't resolve here, or not within
 * 2 s, is no fault.
 */
export async function checkLocally(url: URL, resolve: Resolve, signal: AbortSignal): Promise<void> {
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

/** The refusal of a name with a private address. */
export const resolvesPrivately = (name: string, address: string): HttpError =>
  new HttpError(
    "private",
    `\`${name}\` is not fetched: it resolves to \`${address}\`, a private or reserved address.`,
  );
