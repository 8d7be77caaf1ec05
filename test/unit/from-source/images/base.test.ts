import { describe, expect, it } from "vitest";
import { debianMirror } from "../../../../from-source/images/base.ts";

describe("the Debian mirror", () => {
  it("is the one of the host's apt, in either format", () => {
    const deb822 =
      "Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n";
    const line = "# comment\ndeb [signed-by=/k.gpg] https://mirror.example/debian bookworm main\n";
    expect(debianMirror([deb822])).toBe("http://mirror.example/debian");
    expect(debianMirror([line])).toBe("https://mirror.example/debian");
  });

  it("is not one of other suites, disabled, or of a kind that debootstrap does not know", () => {
    const others = [
      "Types: deb\nURIs: http://mirror.example/security\nSuites: bookworm-security\nComponents: main\n",
      "Types: deb\nEnabled: no\nURIs: http://mirror.example/off\nSuites: bookworm\n",
      "deb http://mirror.example/ubuntu noble main\ndeb mirror+file:/etc/apt/mirrors bookworm main\n",
    ];
    expect(debianMirror(others)).toBe("http://deb.debian.org/debian");
    expect(debianMirror([])).toBe("http://deb.debian.org/debian");
  });
});
