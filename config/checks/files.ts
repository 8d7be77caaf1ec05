/** Files that the config names. */

import { isAbsolute, join } from "node:path";
import type { StackConfigShape } from "../schema/stack.ts";
import type { Report } from "./entries.ts";

/** Reports, under `at`, a path of the config at which there is no file. */
export type FileCheck = (at: string, path: string) => void;

/**
 * Docker separates the two paths of a mount with a colon.
 *
 * @param root the project's folder, where relative paths start
 */
export function mountCheck(root: string, report: Report): FileCheck {
  return (at, path) => {
    const whole = isAbsolute(path) ? path : join(root, path);
    if (whole.includes(":"))
      report(
        at,
        `\`${whole}\` has a \`:\`, at which Docker would cut it; rename or move the file, or link to it by an absolute path without one`,
      );
  };
}

/**
 * @param root the project's folder, where relative paths start
 * @param exists whether there is a file at an absolute path
 */
export function fileCheck(root: string, exists: (path: string) => boolean, report: Report): FileCheck {
  return (at, path) => {
    if (!exists(isAbsolute(path) ? path : join(root, path)))
      report(at, `there is no file \`${path}\` (a relative path starts at the project's folder)`);
  };
}

/**
 * A model server runs as a user that owns nothing on this machine.
 *
 * @param root the project's folder, where relative paths start
 * @param isReadableByAll whether every user may read the file at an absolute path
 */
export function readableCheck(
  root: string,
  isReadableByAll: (path: string) => boolean,
  report: Report,
): FileCheck {
  return (at, path) => {
    const whole = isAbsolute(path) ? path : join(root, path);
    if (!isReadableByAll(whole))
      report(
        at,
        `the model server, which runs as a user of its own, may not read \`${path}\`: \`chmod o+r ${path}\``,
      );
  };
}

/** The CA bundle exists. */
export function checkCaBundle({ caBundle }: StackConfigShape["network"], checkFile: FileCheck): void {
  if (caBundle !== undefined) checkFile("network.caBundle", caBundle);
}
