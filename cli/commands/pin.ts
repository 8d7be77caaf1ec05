import { existsSync } from "node:fs";
import { realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../config/errors.ts";
import { readIfPresent, stackConfigFromFiles } from "../../config/from-files.ts";
import { NAMESPACE } from "../../config/namespace.ts";
import { type Prepared, preparedPath, readPrepared } from "../../config/prepared.ts";
import type { StackConfigShape } from "../../config/schema/stack.ts";
import { SERVICES, type Service } from "../../config/services.ts";
import { parseStackFile, stackFiles, withImages } from "../../config/stack-file.ts";
import { findEngine } from "../../setup/engine.ts";
import { choose } from "../../setup/images/choose.ts";
import { heldImages } from "../../setup/images/docker.ts";
import { pinTarget, wantedImage } from "../../setup/images/references.ts";
import { type Lookup, lookUp } from "../../setup/images/registry.ts";
import { builtImage, outdated, type PinnedImage, pinnedImage, refusals, renderPins } from "../docker/pins.ts";
import { print, printJson } from "../output/terminal.ts";

/** Options of {@link pin}. */
export interface PinOptions {
  /** Only report; write nothing. */
  readonly check?: boolean;
  readonly json?: boolean;
}

/**
 * Writes the digests that the tags of the stack's images have now into the tracked `Pulumi.<stack>.yaml`: of all that
 * can be pinned, or none. Returns whether all pins are current then.
 *
 * @throws {UserError} when a registry does not answer, or what it would write had no effect; nothing is written then
 */
export async function pin(root: string, stack: string, options: PinOptions = {}): Promise<boolean> {
  const name = stackFiles(stack).tracked;
  const file = join(root, name);
  const before = readIfPresent(file);
  const { images: config } = stackConfigFromFiles(root, stack);
  if (!options.check) refuseOverridden(root, stack);
  await findEngine(() => {});

  const previous = existsSync(preparedPath(root, stack)) ? readPrepared(root, stack).images : undefined;
  const images = await findPins(config, previous);
  const changes = options.check ? [] : outdated(images);
  if (changes.length > 0) {
    const pins = changes.flatMap(({ service, pin }) => (pin === null ? [] : [{ service, image: pin }]));
    const after = withImages(before ?? "", pins, name);
    if (readIfPresent(file) !== before)
      throw new UserError(`\`${name}\` was changed meanwhile; run this again.`);
    await replaceFile(file, after);
  }
  const written = changes.length > 0;
  const report = { stack, file: name, written, current: written || outdated(images).length === 0, images };
  if (options.json) printJson(report);
  else print(renderPins(report));
  return report.current;
}

/** Pulumi's own stack file wins section by section: a pin in the tracked one would have no effect. */
function refuseOverridden(root: string, stack: string): void {
  const { own, tracked } = stackFiles(stack);
  const key = `${NAMESPACE}:images`;
  if (!(key in parseStackFile(readIfPresent(join(root, own)) ?? "", own).values)) return;
  throw new UserError(
    `\`${key}\` is set in \`${own}\` and wins over \`${tracked}\`, so that pins would have no effect there. Move it: \`pulumi config get ${key}\`, write that into \`${tracked}\`, then \`pulumi config rm ${key}\`.`,
  );
}

/** @throws {UserError} with the reasons of all registries that gave no digest */
async function findPins(
  config: StackConfigShape["images"],
  previous: Prepared["images"] | undefined,
): Promise<PinnedImage[]> {
  const built = await builtServices(config, previous);
  const found = await Promise.all(
    SERVICES.map(async (service): Promise<{ lookup?: Lookup; image: PinnedImage | undefined }> => {
      const target = pinTarget(service, config);
      const ask = target.tagged !== undefined && config.source !== "build";
      const lookup = ask ? await lookUp(target.tagged) : undefined;
      if (built.has(service)) {
        const ref = previous?.[service].source === "built" ? previous[service].ref : undefined;
        return { ...(lookup && { lookup }), image: builtImage({ service, ref }) };
      }
      if (lookup === undefined) return { image: pinnedImage(target, undefined) };
      return { lookup, image: "digest" in lookup ? pinnedImage(target, lookup.digest) : undefined };
    }),
  );
  const images = found.flatMap(({ image }) => image ?? []);
  const reasons = refusals(found.flatMap(({ lookup }) => lookup ?? []));
  const nothing = images.every(({ state }) => state === "built");
  if (reasons.length > 0 && (images.length < SERVICES.length || nothing)) {
    const why =
      nothing && images.length > 0 ? "\nImages that were built on this machine cannot be pinned." : "";
    throw new UserError(`${reasons.join("\n")}${why}\nNothing was written.`);
  }
  return images;
}

/** The services that `up` would build, or take as they were built before, without asking a registry. */
async function builtServices(
  config: StackConfigShape["images"],
  previous: Prepared["images"] | undefined,
): Promise<ReadonlySet<Service>> {
  const wanted = SERVICES.filter((service) => config[service].image === undefined).map((service) =>
    wantedImage(service, config),
  );
  const held = await heldImages([
    ...wanted.map(({ pullRef }) => pullRef),
    ...wanted.flatMap(({ service }) => previous?.[service].ref ?? []),
  ]);
  const built = wanted.filter(
    (image) => choose(image, config.source, previous?.[image.service], held) === "build",
  );
  return new Set(built.map(({ service }) => service));
}

/** Replaces a file as a whole; the target of a link, and the file's mode, stay. */
async function replaceFile(file: string, text: string): Promise<void> {
  const target = existsSync(file) ? await realpath(file) : file;
  const mode = existsSync(file) ? (await stat(target)).mode : 0o644;
  const half = `${target}.part`;
  try {
    await writeFile(half, text, { mode });
    await rename(half, target);
  } finally {
    await rm(half, { force: true });
  }
}
