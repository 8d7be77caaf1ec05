/** The three images of a stack: pulled where the registries answer, else built from package registries. */

import { UserError } from "../../config/errors.ts";
import type { Prepared, PreparedImage } from "../../config/prepared.ts";
import type { StackConfigShape } from "../../config/schema/stack.ts";
import { SERVICES } from "../../config/services.ts";
import { reachable } from "../download.ts";
import type { LoadFromSource } from "../from-source.ts";
import type { Report } from "../programs.ts";
import { choose } from "./choose.ts";
import { heldImages, pullImage } from "./docker.ts";
import { type WantedImage, wantedImage } from "./references.ts";

type ImagesConfig = StackConfigShape["images"];

export interface ImagesOptions {
  /** What was taken last time for this stack; `source: auto` stays with it (see {@link choose}). Default: nothing. */
  readonly previous?: Prepared["images"] | undefined;
  /** Builds images. Default: they are only pulled. */
  readonly fromSource?: LoadFromSource;
}

/**
 * Makes sure that the engine holds the three images that `images` asks for. An image that is there already is
 * taken without touching the network. All three are prepared at once: one waits for the network while another
 * compiles.
 *
 * @param report short lines, each with the service's name in front
 * @throws {UserError} with the reasons for all images that are unavailable, when all have been tried
 */
export async function prepareImages(
  images: ImagesConfig,
  report: Report,
  { previous, fromSource = officialOnly }: ImagesOptions = {},
): Promise<Prepared["images"]> {
  const wanted = SERVICES.map((service) => wantedImage(service, images));
  const before = SERVICES.flatMap((service) => previous?.[service].ref ?? []);
  const held = await heldImages([...wanted.map(({ pullRef }) => pullRef), ...before]);
  const means: Means = { fromSource, answers: rememberAnswers() };
  const results = await Promise.allSettled(
    wanted.map((image) => {
      const choice = choose(image, images.source, previous?.[image.service], held);
      return prepareImage(image, choice, means, (line) => report(`${image.service}: ${line}`));
    }),
  );
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (failures.length > 0) throw together(failures);
  const [postgres, ollama, litellm] = results.map(
    (result) => (result as PromiseFulfilledResult<PreparedImage>).value,
  );
  return { postgres, ollama, litellm } as Prepared["images"];
}

const officialOnly: LoadFromSource = () =>
  Promise.reject(new Error("an image cannot be pulled, and nothing was handed in that builds it"));

/** What a service's image is had by. */
interface Means {
  readonly fromSource: LoadFromSource;
  /** Whether a registry answers. */
  readonly answers: (url: string) => Promise<boolean>;
}

async function prepareImage(
  wanted: WantedImage,
  choice: ReturnType<typeof choose>,
  { fromSource, answers }: Means,
  report: Report,
): Promise<PreparedImage> {
  const { service, pullRef, pullVersion, buildVersion, probe } = wanted;
  const pulled: PreparedImage = { ref: pullRef, version: pullVersion, source: "pulled" };
  if (choice === "take pulled") return pulled;
  if (choice === "pull") {
    await pullImage(pullRef, report);
    return pulled;
  }
  if (choice === "pull, else build") {
    const refused = await tryPull(pullRef, probe, answers, report);
    if (refused === undefined) return pulled;
    report(`${refused}; taking one built from package registries`);
  }
  if (buildVersion === undefined) throw new Error(`an image named in full, ${pullRef}, is not built`);
  const { buildImage } = await fromSource();
  return { ref: await buildImage(service, buildVersion, report), version: buildVersion, source: "built" };
}

/** Pulls `ref`; returns why it could not. */
async function tryPull(
  ref: string,
  probe: string | undefined,
  answers: (url: string) => Promise<boolean>,
  report: Report,
): Promise<string | undefined> {
  if (probe !== undefined && !(await answers(probe))) return `\`${new URL(probe).host}\` cannot be reached`;
  try {
    await pullImage(ref, report);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** Asks each registry once. */
function rememberAnswers(): (url: string) => Promise<boolean> {
  const asked = new Map<string, Promise<boolean>>();
  return (url) => {
    const answer = asked.get(url) ?? reachable(url);
    asked.set(url, answer);
    return answer;
  };
}

function together(failures: readonly unknown[]): unknown {
  const [first] = failures;
  if (failures.length === 1 || !failures.every((failure) => failure instanceof UserError)) return first;
  const messages = new Set(failures.map(({ message }) => message));
  return new UserError([...messages].join("\n"), { cause: new AggregateError(failures) });
}
