import { describe, expect, it } from "vitest";
import { chooseChromium, chromiumOn } from "../../../setup/chromium.ts";

describe("chromiumOn", () => {
  const on = (path: string, ...files: string[]) => chromiumOn(path, (file) => files.includes(file));

  it("finds Chromium before Chrome, wherever on PATH they are", () => {
    expect(on("/a:/b", "/a/google-chrome", "/b/chromium")).toBe("/b/chromium");
  });

  it("takes Chrome where there is no Chromium", () => {
    expect(on("/a:/b", "/b/google-chrome")).toBe("/b/google-chrome");
  });

  it("finds nothing beside PATH", () => {
    expect(on("/a::/b", "/c/chromium", "chromium")).toBeUndefined();
  });
});

describe("chooseChromium", () => {
  it("takes the one that is there as it is, whoever runs it", () => {
    const found = "/usr/bin/chromium";
    for (const root of [true, false]) {
      for (const aptGet of [true, false])
        expect(chooseChromium({ found, aptGet, root })).toEqual({ path: found });
    }
  });

  it("installs one as root where there is apt-get", () => {
    expect(chooseChromium({ found: undefined, aptGet: true, root: true })).toBe("install");
  });

  it("tells how to fix it where it may not or cannot install one", () => {
    expect(() =>
      chooseChromium({ found: undefined, aptGet: true, root: false }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[UserError: \`chromium\`: not found, and only root may install it. Install Chromium (Debian: \`sudo apt-get install chromium\`) or Google Chrome, so that one of \`chromium\`, \`chromium-browser\`, \`google-chrome\` is on \`PATH\`.]`,
    );
    expect(() =>
      chooseChromium({ found: undefined, aptGet: false, root: true }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[UserError: \`chromium\`: not found. Install Chromium (Debian: \`sudo apt-get install chromium\`) or Google Chrome, so that one of \`chromium\`, \`chromium-browser\`, \`google-chrome\` is on \`PATH\`.]`,
    );
  });
});
