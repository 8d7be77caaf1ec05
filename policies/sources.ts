/** The works that rules come from. */

import type { Source } from "./rule.ts";

/** A recommendation of the CIS Docker Benchmark 1.6.0, such as `5.5`. */
export function cis(recommendation: string): Source {
  return {
    id: `CIS Docker Benchmark 1.6.0, ${recommendation}`,
    url: "https://www.cisecurity.org/benchmark/docker",
  };
}

/** A rule of OWASP's Docker Security Cheat Sheet, such as `1`. */
export function owasp(rule: number): Source {
  return {
    id: `OWASP Docker Security Cheat Sheet, rule #${rule}`,
    url: "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html",
  };
}

/** A vulnerability, such as `CVE-2026-49468`. */
export function cve(id: string): Source {
  return { id, url: `https://nvd.nist.gov/vuln/detail/${id}` };
}

/** Vulnerabilities. */
export function cves(ids: readonly [string, ...string[]]): readonly [Source, ...Source[]] {
  const [first, ...rest] = ids;
  return [cve(first), ...rest.map(cve)];
}
