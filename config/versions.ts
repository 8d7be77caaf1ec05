/** The versions that are deployed when the config names none. */
export const DEFAULT_VERSIONS = {
  /** As asked for by the stack this project replaces; it has known holes, see the policy pack. */
  litellm: "1.73.0",
  postgres: "16.14",
  /** The first release without CVE-2026-7482; used where the image is pulled. */
  ollamaPulled: "0.17.1",
  /** The newest release that Go builds alone (later ones fetch llama.cpp with CMake); used where the image is built. */
  ollamaBuilt: "0.9.6",
} as const;

/** Reserved first part of the names of images that are built here; nothing can be pulled from it. */
export const BUILT_IMAGE_PREFIX = "llm-stack.local";
