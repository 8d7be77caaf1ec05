import { describe, expect, it } from "vitest";
import { exploitedBecause, officialTag, versionInOfficialTag } from "../../../litellm/versions.ts";

describe("officialTag", () => {
  it("is the tag of a version, which tells that version", () => {
    expect(officialTag("1.73.0")).toBe("main-v1.73.0-stable");
    expect(versionInOfficialTag(officialTag("1.106.2"))).toBe("1.106.2");
  });

  it.each([
    "1.73.0",
    "v1.84.0-stable.patch.2",
    "main-v1.84.0-nightly",
    "main-stable",
    "main-v1-stable",
    "latest",
  ])("is not `%s`", (tag) => {
    expect(versionInOfficialTag(tag)).toBeUndefined();
  });
});

describe("exploitedBecause", () => {
  it.each(["1.74.2", "1.80.11", "1.83.6"])("names the vulnerabilities of %s", (version) => {
    expect(exploitedBecause(version)).toBe(
      "whose vulnerabilities CVE-2026-42271 and CVE-2026-42208 are actively exploited",
    );
  });

  it.each(["1.82.7", "1.82.8"])("says that %s was malware", (version) => {
    expect(exploitedBecause(version)).toBe("whose package on PyPI was malware");
  });

  it.each(["1.73.0", "1.74.1", "1.83.7", "1.84.0", "1.106.2"])("has nothing against %s", (version) => {
    expect(exploitedBecause(version)).toBeUndefined();
  });
});
