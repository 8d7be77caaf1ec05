import { describe, expect, it } from "vitest";
import { compilerFlags, goBuildsOllama } from "../../../../../from-source/images/ollama/build.ts";

describe("the compiler flags for Ollama", () => {
  it("use the processor's vector units when it has all of them", () => {
    const cpuinfo = "processor\t: 0\nflags\t\t: fpu sse4_2 fma f16c avx avx2 bmi1 bmi2\nbugs\t\t: none\n";
    expect(compilerFlags(cpuinfo)).toBe("-O3 -mavx2 -mfma -mf16c -mbmi2");
  });

  it("are plain when the processor lacks one of them or says nothing", () => {
    expect(compilerFlags("flags\t\t: fpu fma f16c avx2 bmi1\n")).toBe("-O3");
    expect(compilerFlags("Features\t: fp asimd\n")).toBe("-O3");
  });

  it("exist only for versions that Go builds alone", () => {
    expect(["0.9.6", "0.9.0", "0.10.0", "0.17.1", "1.0.0"].filter(goBuildsOllama)).toEqual([
      "0.9.6",
      "0.9.0",
    ]);
  });
});
