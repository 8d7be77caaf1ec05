/** What is pinned, what has moved, and how it is shown. Pure. */

import type { Service } from "../../config/services.ts";
import type { PinTarget } from "../../setup/images/references.ts";
import type { Lookup } from "../../setup/images/registry.ts";
import { table } from "../output/table.ts";

/** One image of the stack. */
export interface PinnedImage {
  readonly service: Service;
  /**
   * `current`: pinned to what its tag is now; `moved`: pinned, and its tag (or `version`) is another image now;
   * `unpinned`: named by its tag alone; `built`: built on this machine, so no registry has a digest of it.
   */
  readonly state: "current" | "moved" | "unpinned" | "built";
  /** Name and tag; the whole reference where it has no tag, or where it is a built image. */
  readonly image: string;
  /** Digest in the config. */
  readonly pinned: string | null;
  /** Digest of the tag now; null where nothing was asked. */
  readonly now: string | null;
  /** The reference that pins it. */
  readonly pin: string | null;
}

/** A service that is built on this machine. */
export interface BuiltImage {
  readonly service: Service;
  /** Reference of the built image; undefined until it is built. */
  readonly ref: string | undefined;
}

/** Compares what the config holds with what the registry said. */
export function pinnedImage({ service, tagged, pinned }: PinTarget, digest: string | undefined): PinnedImage {
  const held = pinned?.split("@")[1] ?? null;
  if (tagged === undefined || digest === undefined)
    return { service, state: "current", image: pinned ?? "", pinned: held, now: null, pin: pinned ?? null };
  const pin = `${tagged}@${digest}`;
  const state = pinned === undefined ? "unpinned" : pinned === pin ? "current" : "moved";
  return { service, state, image: tagged, pinned: held, now: digest, pin };
}

export function builtImage({ service, ref }: BuiltImage): PinnedImage {
  return { service, state: "built", image: ref ?? "built from packages", pinned: null, now: null, pin: null };
}

/** Why nothing may be written: the registries' reasons, each once. */
export function refusals(lookups: readonly Lookup[]): string[] {
  return [...new Set(lookups.flatMap((lookup) => ("refusal" in lookup ? [lookup.refusal] : [])))];
}

/** The parts whose line in the config has to change. */
export const outdated = (parts: readonly PinnedImage[]) =>
  parts.filter(({ state }) => state === "moved" || state === "unpinned");

/** What `--json` prints. */
export interface PinReport {
  readonly stack: string;
  readonly file: string;
  /** Whether the file was changed. */
  readonly written: boolean;
  /** Whether every image that can be pinned is, to what its tag is now. */
  readonly current: boolean;
  readonly images: readonly PinnedImage[];
}

/** Lines for people. */
export function renderPins(report: PinReport): string {
  const built = report.images.filter(({ state }) => state === "built");
  const rows = report.images
    .filter(({ state }) => state !== "built")
    .map(({ service, image, pinned, now, state }) => [
      service,
      image.replace(/@.*/, ""),
      short(pinned) ?? "not pinned",
      now === null ? "no tag" : (short(now) ?? ""),
      ...(report.written
        ? []
        : [state === "moved" ? "moved" : state === "unpinned" ? "not pinned" : "current"]),
    ]);
  const header = report.written
    ? ["SERVICE", "IMAGE", "OLD DIGEST", "NEW DIGEST"]
    : ["SERVICE", "IMAGE", "PINNED", "TAG IS NOW", ""];
  return [
    `Stack ${report.stack}: ${heading(report)}`,
    ...(rows.length > 0 ? ["", table([header, ...rows])] : []),
    ...(built.length > 0 ? [""] : []),
    ...built.map(
      ({ service, image }) =>
        `${service}: built on this machine (${image}) and deployed by its image id; cannot be pinned`,
    ),
  ].join("\n");
}

function heading({ written, current, file, images }: PinReport): string {
  if (written) return `written to ${file}; \`npm run up\` deploys it.`;
  if (images.every(({ state }) => state === "built")) return "nothing can be pinned.";
  return current
    ? `all pins in ${file} are current.`
    : `not every image is pinned to the current digest of its tag; \`npm run pin\` writes the digests to ${file}.`;
}

/** As Docker shortens digests. */
const short = (digest: string | null) => digest?.slice(0, "sha256:".length + 12);
