/** Proxy and certificate settings from an environment, as other programs read them. */

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../../config/errors.ts";
import type { HttpOptions } from "./index.ts";

const PROXY = "must be the address of an HTTP proxy, such as `http://proxy.example.org:3128`, or be unset";

/** An absent scheme means http, as for curl. */
const proxyAddress = z
  .string()
  .transform((value) => (value.includes("://") ? value : `http://${value}`))
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), PROXY)
  .refine((value) => wellEncoded(value), "holds a login with a `%` that is not an escape; write `%25` for it")
  .optional();

const schema = z.object({
  HTTP_PROXY: proxyAddress,
  HTTPS_PROXY: proxyAddress,
  ALL_PROXY: proxyAddress,
  NO_PROXY: z.string().optional(),
  SSL_CERT_FILE: z.string().optional(),
  NODE_EXTRA_CA_CERTS: z.string().optional(),
});

const CERTIFICATE_FILES = ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"] as const;

/**
 * The part of {@link HttpOptions} that `env` decides. Names in lower case win over upper case, as for curl; empty ones
 * count as unset; `ALL_PROXY` stands in for both proxies. Certificates of both files are trusted besides Node's own.
 *
 * @param env the caller passes `process.env`
 * @param readFile of a certificate file
 * @throws UserError with every problem, each naming its variable; values are not shown, as they may hold a login
 */
export function proxySettings(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string = (path) => readFileSync(path, "utf8"),
): Pick<HttpOptions, "proxy" | "ca"> {
  const names: Record<string, string> = {};
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const set = [name.toLowerCase(), name].find((spelling) => env[spelling]?.trim());
    if (set === undefined) continue;
    names[name] = set;
    values[name] = env[set]?.trim() ?? "";
  }
  const problems: string[] = [];
  const read = schema.safeParse(values);
  for (const issue of read.error?.issues ?? []) {
    const name = String(issue.path[0]);
    problems.push(`\`${names[name] ?? name}\` ${issue.message}.`);
  }
  const certificates = CERTIFICATE_FILES.flatMap((name) => {
    const file = values[name];
    if (file === undefined) return [];
    const text = certificatesIn(file, readFile);
    if (text !== undefined) return [text];
    problems.push(`\`${names[name]}\` must name a readable file of PEM certificates, or be unset.`);
    return [];
  });
  if (!read.success || problems.length > 0) throw new UserError(problems.join("\n"));
  const { HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY } = read.data;
  const httpProxy = HTTP_PROXY ?? ALL_PROXY;
  const httpsProxy = HTTPS_PROXY ?? ALL_PROXY;
  return {
    ...((httpProxy ?? httpsProxy) !== undefined && {
      proxy: {
        ...(httpProxy !== undefined && { httpProxy }),
        ...(httpsProxy !== undefined && { httpsProxy }),
        ...(NO_PROXY !== undefined && { noProxy: NO_PROXY }),
      },
    }),
    ...(certificates.length > 0 && { ca: [...new Set(certificates)].join("\n") }),
  };
}

function wellEncoded(address: string): boolean {
  if (!URL.canParse(address)) return true;
  const { username, password } = new URL(address);
  try {
    decodeURIComponent(`${username}${password}`);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

const BEGIN = "-----BEGIN CERTIFICATE-----";
const END = "-----END CERTIFICATE-----";

/** The file's certificates; undefined when it can't be read, has none, or one is broken. */
function certificatesIn(file: string, readFile: (path: string) => string): string | undefined {
  try {
    const [, ...pieces] = readFile(file).split(BEGIN);
    const found = pieces.map((piece) => `${BEGIN}${piece.split(END, 1)[0]}${END}`);
    for (const certificate of found) new X509Certificate(certificate);
    return found.length === 0 ? undefined : found.join("\n");
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
