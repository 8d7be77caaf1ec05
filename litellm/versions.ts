/** What is known of LiteLLM's versions: their tags and their vulnerabilities. Pure. */

import { compareVersions } from "../config/compare-versions.ts";

/** The tag under which a version's image is published: `main-v1.73.0-stable` for `1.73.0`. */
export function officialTag(version: string): string {
  return `main-v${version}-stable`;
}

/** The version of an {@link officialTag}; undefined for any other tag. */
export function versionInOfficialTag(tag: string): string | undefined {
  return /^main-v(\d+(?:\.\d+){1,2})-stable$/.exec(tag)?.[1];
}

/** The first LiteLLM without known vulnerabilities that take no more than a request. */
export const LITELLM_FIXED = "1.84.0";

/**
 * Vulnerabilities of versions before {@link LITELLM_FIXED}; the first lets in, without a key, whoever reaches the proxy
 * (by a crafted `Host` header).
 */
export const LITELLM_VULNERABILITIES = [
  "CVE-2026-49468",
  "CVE-2026-35029",
  "CVE-2026-35030",
  "CVE-2026-40217",
  "CVE-2026-47101",
  "CVE-2026-47102",
] as const;

/** Versions whose vulnerabilities are actively exploited: the first, the last, and the vulnerabilities. */
export const EXPLOITED_VERSIONS = {
  first: "1.74.2",
  last: "1.83.6",
  vulnerabilities: ["CVE-2026-42271", "CVE-2026-42208"],
} as const;

/** Versions whose package on PyPI was malware. */
const MALWARE: readonly string[] = ["1.82.7", "1.82.8"];

/** Why a LiteLLM of this version must not run anywhere, as a clause to put after it; undefined where it may. */
export function exploitedBecause(version: string): string | undefined {
  if (MALWARE.some((bad) => compareVersions(version, bad) === 0)) return "whose package on PyPI was malware";
  const { first, last, vulnerabilities } = EXPLOITED_VERSIONS;
  return compareVersions(version, first) >= 0 && compareVersions(version, last) <= 0
    ? `whose vulnerabilities ${vulnerabilities.join(" and ")} are actively exploited`
    : undefined;
}
