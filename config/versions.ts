/** The vulnerability of Ollama before {@link OLLAMA_FIXED}. */
export const OLLAMA_VULNERABILITY = "CVE-2026-7482";

/** The first Ollama without {@link OLLAMA_VULNERABILITY}. */
export const OLLAMA_FIXED = "0.17.1";

/** The versions that are deployed when the config names none. */
export const DEFAULT_VERSIONS = {
  /** As asked for by the stack this project replaces; it has known vulnerabilities, see `litellm/versions.ts`. */
  litellm: "1.73.0",
  postgres: "16.14",
  /** Used where the image is pulled. */
  ollamaPulled: OLLAMA_FIXED,
  /** The newest release that Go builds alone (later ones fetch llama.cpp with CMake); used where the image is built. */
  ollamaBuilt: "0.9.6",
} as const;

/** Reserved first part of the names of images that are built here; nothing can be pulled from it. */
export const BUILT_IMAGE_PREFIX = "llm-stack.local";
