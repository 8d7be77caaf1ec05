/** The section `images`: where the three come from, and which. */

import { z } from "zod";

/** The grammar of https://pkg.go.dev/github.com/distribution/reference, without IPv6 hosts. */
const imageReference = z
  .string()
  .regex(
    /^([a-zA-Z0-9][a-zA-Z0-9.-]*(:\d+)?\/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
    "must be an image reference such as `ghcr.io/berriai/litellm:main-v1.73.0-stable`",
  );
const version = z.string().regex(/^\d+(\.\d+){1,2}$/, "must be a version such as `1.73.0`");

const serviceImage = z
  .strictObject({ version: version.optional(), image: imageReference.optional() })
  .prefault({});

/** The section `images`. */
export const images = z
  .strictObject({
    source: z
      .enum(["auto", "pull", "build"])
      .default("auto")
      .describe("`auto`: pulled where the registry answers, else built from package registries."),
    registry: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9][a-z0-9._-]*)*$/,
        "must be a registry such as `mirror.example:5000`",
      )
      .optional()
      .describe("A mirror that holds `library/postgres`, `ollama/ollama` and `berriai/litellm`."),
    litellm: serviceImage,
    postgres: serviceImage,
    ollama: serviceImage,
  })
  .prefault({});
