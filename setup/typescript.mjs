// Lets Node.js run this project's TypeScript: `node --import ./setup/typescript.mjs file.ts`. Plain JavaScript,
// because it runs first. Only the project's own files are transpiled: tsx also looks into every package that is
// loaded, which doubles the time to load Pulumi's SDK (0.7 s → 1.4 s). Newer Node.js does it by itself.

import Module, { register } from "node:module";

if (!process.features.typescript) register("./typescript-hooks.mjs", import.meta.url);

// Pulumi's SDK loads the TypeScript compiler (0.3 s) to serialise closures, which this project never does: it is
// loaded when it is first used.
const load = Module._load;
Module._load = function (request, ...rest) {
  if (request !== "typescript") return load.call(this, request, ...rest);
  const compiler = () => load.call(this, request, ...rest);
  return new Proxy({}, { get: (_, name) => compiler()[name], has: (_, name) => name in compiler() });
};
