#!/usr/bin/env node
// Runs before anything is installed, so it is plain JavaScript without dependencies: checks Node.js, installs the
// npm packages when the lock file is not what is installed, bundles the CLI when its sources changed, then runs it.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `\`node\` is ${process.versions.node}; 20.19 or newer is needed. Install it from your system or https://nodejs.org.`,
  );
  process.exit(1);
}

const wanted = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
const mark = join(root, "node_modules", ".llm-stack-lock");
// A linked folder belongs to another clone, which would be emptied under it.
const linked = lstatSync(dirname(mark), { throwIfNoEntry: false })?.isSymbolicLink();
const installed = () => linked || (existsSync(mark) && readFileSync(mark, "utf8") === wanted);

if (!installed()) {
  const { takeLock } = await import("../setup/lock.mjs");
  const lock = await takeLock(join(root, ".npm-install.lock"));
  try {
    if (!installed()) {
      console.error("Installing npm packages …");
      const npm = spawn("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], {
        cwd: root,
        stdio: ["ignore", 2, 2],
      });
      npm.once("spawn", () => lock.noteChild(npm.pid));
      const status = await new Promise((ended) => npm.once("error", ended).once("close", ended));
      if (status !== 0) {
        console.error("`npm ci` failed: see above. Is the npm registry reachable (`npm ping`)?");
        process.exitCode = 1;
      } else writeFileSync(mark, wanted);
    }
  } finally {
    lock.release();
  }
  if (process.exitCode) process.exit();
}

// Where Node.js can keep compiled code (22.8 and newer), the next start is quicker.
Module.enableCompileCache?.();
process.env.LLM_STACK_ROOT = root;
await import("../setup/lean-sdk.mjs");
let cli = "./dist/main.mjs";
try {
  await (await import("./bundle.mjs")).bundleCli(root);
} catch (error) {
  if (!Array.isArray(error.errors)) throw error;
  // Such as a slip in one of the agent's tools, which must not keep anybody from `npm run down`.
  console.error("The sources above could not be bundled; running them one by one, which takes longer.");
  await import("../setup/typescript.mjs");
  cli = "./main.ts";
}
await import(cli);
