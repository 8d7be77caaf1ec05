/** The Ollama servers: their names, and what they serve. */

import { DATABASE, PROXY, weightsVolume } from "../names.ts";
import { bareName } from "../resolve.ts";
import type { ServerShape } from "../schema/ollama.ts";
import { checkNames, type Entry, type Report } from "./entries.ts";
import type { FileCheck } from "./files.ts";

/** What else in the stack has a server's name, for its container, its host or its volume. */
function holderOf(name: string): string | undefined {
  switch (name) {
    case PROXY.container:
      return "the proxy's container";
    case DATABASE.container:
      return "the database's container";
    case DATABASE.hostName:
      return "the database's host name";
    case "localhost":
      return "the host name of each container for itself";
    default:
      return weightsVolume(name) === DATABASE.volume
        ? `the database's volume, \`${DATABASE.volume}\``
        : undefined;
  }
}

/** Server names: unique, ignoring case as host names do, and none that another service has. */
export function checkServerNames(servers: readonly Entry<ServerShape>[], report: Report): void {
  checkNames(servers, report, (name) => name.toLowerCase());
  for (const { at, name } of servers) {
    const holder = name === undefined ? undefined : holderOf(name.toLowerCase());
    if (holder !== undefined) report(`${at}.name`, `\`${name}\` is ${holder}; choose another`);
  }
}

/** What each server serves: no model twice, and every GGUF file exists. */
export function checkServedModels(
  servers: readonly Entry<ServerShape>[],
  checkFile: FileCheck,
  report: Report,
): void {
  for (const { at: serverAt, value } of servers) {
    const models = (value?.models ?? []).map((model, index) => ({
      ...model,
      at: `${serverAt}.models[${index}]`,
    }));
    checkNames(models, report, bareName);
    for (const { at, gguf } of models) if (gguf !== undefined) checkFile(`${at}.gguf`, gguf);
  }
}
