// Makes Pulumi's SDK load less. It has to run before the SDK is loaded.

import Module from "node:module";

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
