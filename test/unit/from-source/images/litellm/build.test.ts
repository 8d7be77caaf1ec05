import { expect, it } from "vitest";
import { prismaVersion } from "../../../../../from-source/images/litellm/build.ts";

it("takes the Prisma that the installed client asks for", () => {
  const config =
    "    prisma_version: str = Field(\n        env='PRISMA_VERSION',\n        default='5.17.0',\n    )\n";
  expect(prismaVersion(config)).toBe("5.17.0");
  expect(prismaVersion("nothing")).toBeUndefined();
});
