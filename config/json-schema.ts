/** The JSON Schema of a stack file, for completion in editors: `npm run schema` writes `config/schema.json`. */

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { NAMESPACE } from "./namespace.ts";
import { stackConfigSchema } from "./schema/stack.ts";
import { SECRET_NAMES } from "./secrets.ts";

/** Where the schema is kept. */
export const SCHEMA_PATH = fileURLToPath(new URL("schema.json", import.meta.url));

/**
 * The JSON Schema of a whole `Pulumi.<stack>.yaml`, as text. Draft 7 is what YAML's language server knows best. Other
 * namespaces' keys are allowed; a secret is never plain text.
 */
export function stackFileSchema(): string {
  const { $schema, properties = {} } = z.toJSONSchema(stackConfigSchema, { io: "input", target: "draft-7" });
  const secret = { $ref: "#/definitions/secret" };
  const schema = {
    $schema,
    title: "A stack of llm-stack: Pulumi.<stack>.yaml",
    type: "object",
    properties: {
      config: {
        type: ["object", "null"],
        properties: {
          ...Object.fromEntries(
            Object.entries(properties).map(([key, value]) => [`${NAMESPACE}:${key}`, value]),
          ),
          ...Object.fromEntries(SECRET_NAMES.map((key) => [`${NAMESPACE}:${key}`, secret])),
        },
        patternProperties: {
          [`^${NAMESPACE}:[a-z][a-zA-Z0-9]*ApiKey$`]: secret,
          [`^(?!${NAMESPACE}:)[^:]+:`]: {},
        },
        additionalProperties: false,
      },
    },
    definitions: {
      secret: {
        description: "A secret: set it with `pulumi config set --secret`, which encrypts it.",
        type: "object",
        properties: { secure: { type: "string" } },
        required: ["secure"],
        additionalProperties: false,
      },
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(SCHEMA_PATH, stackFileSchema());
