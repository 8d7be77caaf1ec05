import { expect, it } from "vitest";
import { archiveName } from "../../../../setup/pulumi/versions.ts";

it("names the official archive, and refuses a platform that has none", () => {
  expect(archiveName("linux", "x64")).toBe("pulumi-v3.220.0-linux-x64.tar.gz");
  expect(archiveName("darwin", "arm64")).toBe("pulumi-v3.220.0-darwin-arm64.tar.gz");
  expect(() => archiveName("win32", "x64")).toThrow("Pulumi cannot be prepared on `win32/x64`");
  expect(() => archiveName("linux", "ia32")).toThrow("`linux/ia32`");
});
