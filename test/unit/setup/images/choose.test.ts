import { describe, expect, it } from "vitest";
import type { PreparedImage } from "../../../../config/prepared.ts";
import { choose } from "../../../../setup/images/choose.ts";
import type { WantedImage } from "../../../../setup/images/references.ts";

const wanted: WantedImage = {
  service: "ollama",
  pullRef: "ollama/ollama:0.17.1",
  pullVersion: "0.17.1",
  buildVersion: "0.9.6",
  probe: "https://registry.example/v2/",
};
const built: PreparedImage = {
  ref: "llm-stack.local/ollama:0.9.6-01234567",
  version: "0.9.6",
  source: "built",
};
const none = new Set<string>();
const both = new Set([wanted.pullRef, built.ref]);

describe("the choice between pulling and building", () => {
  it("asks the registry first on a new machine, and builds when it does not answer", () => {
    expect(choose(wanted, "auto", undefined, none)).toBe("pull, else build");
  });

  it("takes an image that the engine holds without asking the registry", () => {
    expect(choose(wanted, "auto", undefined, new Set([wanted.pullRef]))).toBe("take pulled");
    expect(choose(wanted, "pull", undefined, new Set([wanted.pullRef]))).toBe("take pulled");
  });

  it("stays with a built image when the registry comes back", () => {
    expect(choose(wanted, "auto", built, both)).toBe("build");
  });

  it("stays with a pulled image when the registry is gone", () => {
    const pulled: PreparedImage = { ref: wanted.pullRef, version: "0.17.1", source: "pulled" };
    expect(choose(wanted, "auto", pulled, both)).toBe("take pulled");
  });

  it("is made anew when another version is asked for, or the built image is gone", () => {
    expect(choose({ ...wanted, buildVersion: "0.9.5" }, "auto", built, new Set([built.ref]))).toBe(
      "pull, else build",
    );
    expect(choose(wanted, "auto", built, none)).toBe("pull, else build");
  });

  it("never builds with `pull`, and never pulls with `build`", () => {
    expect(choose(wanted, "pull", built, new Set([built.ref]))).toBe("pull");
    expect(choose(wanted, "build", undefined, both)).toBe("build");
  });

  it("pulls an image that is named in full, whatever the source", () => {
    const named = { ...wanted, buildVersion: undefined };
    expect(choose(named, "auto", built, none)).toBe("pull");
    expect(choose(named, "build", built, none)).toBe("pull");
  });
});
