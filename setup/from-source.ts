/**
 * What `setup/` asks of `from-source/`: a part, of a version, made from package registries because its official form is
 * unavailable. `setup/` imports nothing of it: `cli/prepare.ts` hands it in, and it is loaded when it is first needed.
 */

import type { Prepared } from "../config/prepared.ts";
import type { Service } from "../config/services.ts";
import type { Report } from "./programs.ts";

/** Where a Pulumi is, or will be. */
export interface PulumiFolders {
  /** Folder to put first on PATH: `pulumi`, the Node.js language host, the script that starts policy packs. */
  readonly bin: string;
  /** For `PULUMI_HOME`: holds the plug-ins docker and random. */
  readonly home: string;
}

/** Makes parts, each at most once: what is in the cache folder, or in the engine, is taken as it is. */
export interface FromSource {
  /** Where the pinned Pulumi stands below the cache folder `root`, once {@link buildPulumi} has made it. */
  pulumiFolders(root: string): PulumiFolders;
  /**
   * Builds the pinned Pulumi with its plug-ins.
   *
   * @param env the environment of the programs that build it
   * @throws {UserError} when Go is missing or too old, the module proxy is not reachable, or the disk is full
   */
  buildPulumi(report: Report, env: NodeJS.ProcessEnv, root: string): Promise<void>;
  /**
   * Makes the engine hold an image of a service.
   *
   * @returns its reference
   * @throws {UserError} for a version that cannot be built, and when this machine cannot build images
   */
  buildImage(service: Service, version: string, report: Report): Promise<string>;
  /**
   * Fetches the model that stands in for one of the Ollama registry.
   *
   * @throws {UserError} when PyPI cannot be reached
   */
  standInModel(report: Report): Promise<NonNullable<Prepared["standIn"]>>;
}

/** Loads it. */
export type LoadFromSource = () => Promise<FromSource>;
