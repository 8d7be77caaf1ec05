// Lets Node.js run this project's TypeScript: `node --import ./setup/typescript.mjs file.ts`. Plain JavaScript,
// because it runs first. A preview starts Pulumi's SDK each time, so what it loads counts: this and `lean-sdk.mjs` take
// 3.4 s of CPU down to 2.5 s (see bench/preview.ts).

import { register } from "node:module";
import "./lean-sdk.mjs";

// Newer Node.js strips types by itself. tsx would do it here too, but it also looks into every package.
if (!process.features.typescript) register("./typescript-hooks.mjs", import.meta.url);
