// Lets Node.js run this project's TypeScript: `node --import ./setup/typescript.mjs file.ts`. Plain JavaScript,
// because it runs first. A preview starts Pulumi's SDK each time, so what it loads counts: this takes 3.4 s of CPU
// down to 2.5 s (see bench/preview.ts).

import Module, { register } from "node:module";

// Newer Node.js strips types by itself. tsx would do it here too, but it also looks into every package.
if (!process.features.typescript) register("./typescript-hooks.mjs", import.meta.url);

// Pulumi's SDK loads these to serialise closures, which this project never does: they wait for their first use.
const LATE = new Set(["typescript", "@npmcli/arborist"]);
// It would read the source map of every file in a stack trace, and the SDK makes one for each promise. Types are
// blanked out with every line in its place, so there is nothing to map.
const LEFT_OUT = "source-map-support/register";

const load = Module._load;
Module._load = function (request, ...rest) {
  if (request === LEFT_OUT) return {};
  if (!LATE.has(request)) return load.call(this, request, ...rest);
  const module = () => load.call(this, request, ...rest);
  return new Proxy(class {}, {
    get: (_, name) => (name === "__esModule" ? undefined : module()[name]),
    construct: (_, args) => new (module())(...args),
  });
};
