/** How a request gets to its server: directly to checked addresses, or through a forward proxy. */

import { rootCertificates } from "node:tls";
import { Agent, buildConnector, type Dispatcher, ProxyAgent } from "undici";
import { isExempt, type Resolve, socketLookup } from "./addresses.ts";
import { resolvesPrivately } from "./policy.ts";

/** Forward proxies, as `http://[user:password@]host:port`. `https:` pages go by `httpProxy` too if it is the only one. */
export interface ForwardProxies {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  /** Hosts that are reached without it, as in `NO_PROXY`. */
  readonly noProxy?: string;
}

export interface Tls {
  readonly ca?: string[];
}

/** @param ca PEM certificates of authorities that are trusted besides Node's own */
export function trusting(ca: string | undefined): Tls {
  // Given authorities replace Node's own, so these are named too.
  return ca === undefined ? {} : { ca: [...rootCertificates, ca] };
}

/** The forward proxy that `url` goes through, if any. */
export function proxyFor(url: URL, { httpProxy, httpsProxy, noProxy = "" }: ForwardProxies): URL | undefined {
  const proxy = url.protocol === "https:" ? (httpsProxy ?? httpProxy) : httpProxy;
  return proxy === undefined || isExempt(url, noProxy) ? undefined : new URL(proxy);
}

/**
 * Made for one request, as what is allowed depends on its URL.
 *
 * @param allowPrivate whether private addresses are connected to as well
 */
export function direct(tls: Tls, resolve: Resolve, allowPrivate: boolean): Dispatcher {
  const lookup = socketLookup(resolve, allowPrivate ? undefined : resolvesPrivately);
  return new Agent({ connect: buildConnector({ ...tls, lookup }) });
}

/** By CONNECT for https, with an absolute URL for http: many proxies refuse CONNECT to port 80. */
export function proxied(tls: Tls, proxy: URL): Dispatcher {
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return new ProxyAgent({
    uri: proxy.origin,
    ...(login !== ":" && { token: `Basic ${Buffer.from(login).toString("base64")}` }),
    proxyTunnel: false,
    proxyTls: tls,
    requestTls: tls,
  });
}
