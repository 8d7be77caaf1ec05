/** Makes parts from package registries: {@link FromSource} for `setup/`. */

import { join } from "node:path";
import type { Service } from "../config/services.ts";
import type { FromSource } from "../setup/from-source.ts";
import type { Report } from "../setup/programs.ts";
import { buildLitellm } from "./images/litellm/build.ts";
import { buildOllama } from "./images/ollama/build.ts";
import { buildPostgres } from "./images/postgres/build.ts";
import { BUILT_BIN, buildPulumi, builtKeys } from "./pulumi/build.ts";
import { prepareStandIn } from "./stand-in.ts";

const BUILDERS: Record<Service, (version: string, report: Report) => Promise<string>> = {
  postgres: buildPostgres,
  ollama: buildOllama,
  litellm: buildLitellm,
};

export const fromSource: FromSource = {
  pulumiFolders(root) {
    const { cli, home } = builtKeys();
    return { bin: join(root, cli, BUILT_BIN), home: join(root, home) };
  },
  buildPulumi,
  buildImage: (service, version, report) => BUILDERS[service](version, report),
  standInModel: prepareStandIn,
};
