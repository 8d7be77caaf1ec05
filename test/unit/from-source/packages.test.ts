import { expect, it } from "vitest";
import { wheelPlatforms } from "../../../from-source/packages.ts";

it("asks for wheels that Debian 12's C library can run, newest first", () => {
  const platforms = wheelPlatforms("arm64");
  expect(platforms[0]).toBe("manylinux_2_36_aarch64");
  expect(platforms).toContain("manylinux_2_17_aarch64");
  expect(platforms).toContain("manylinux2014_aarch64");
  expect(platforms).not.toContain("manylinux_2_37_aarch64");
});
