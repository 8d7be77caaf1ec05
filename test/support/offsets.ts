/** How far the ports of each test's stack are from the default ones: the files run side by side. */
export const OFFSETS = {
  lifecycle: 10_000,
  changes: 12_000,
  objects: 15_000,
  clones: 16_500,
  clonesBeside: 17_500,
  ui: 20_000,
  agent: 22_000,
  upgrade: 25_000,
  deaths: 27_000,
  drift: 30_000,
} as const;
