/** The base of built images: Debian 12 from a Debian mirror. */

import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { UserError } from "../../config/errors.ts";
import { holdsImage } from "../../setup/images/docker.ts";
import { needProgram, type Report, run } from "../../setup/programs.ts";
import { type Arch, buildOnce } from "./build-once.ts";
import { type Recipe, recipe } from "./recipe.ts";

const SUITE = "bookworm";
/**
 * Beside minbase: locales and time zones as the official PostgreSQL image has them, certificates for model
 * providers, the C++ runtime of Ollama and Node, LiteLLM's Python. One base for all three images is smaller on
 * disk than three of their own.
 */
const PACKAGES = ["ca-certificates", "libstdc++6", "locales", "python3", "tzdata"];
const OFFICIAL_MIRROR = "http://deb.debian.org/debian";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Makes the locale of the official PostgreSQL image, and removes what no container needs and what is this machine's. */
const FINISH = `set -eu
localedef -i en_US -c -f UTF-8 -A /usr/share/locale/locale.alias en_US.UTF-8
find /usr/share/doc -depth -type f ! -name copyright -delete
find /usr/share/doc -depth -type d -empty -delete
rm -rf /usr/share/man/* /usr/share/info/* /usr/share/i18n
find /usr/share/locale -mindepth 1 -maxdepth 1 ! -name locale.alias -exec rm -rf {} +
rm -rf /var/cache/apt/* /var/lib/apt/lists/* /var/log/* /var/cache/debconf/*-old /tmp/*
rm -f /etc/hostname /etc/resolv.conf
cat > /etc/apt/sources.list <<END
deb ${OFFICIAL_MIRROR} ${SUITE} main
deb ${OFFICIAL_MIRROR} ${SUITE}-updates main
deb ${OFFICIAL_MIRROR}-security ${SUITE}-security main
END
`;

/** The base image's recipe. */
export function baseRecipe(arch: Arch): Recipe {
  return recipe("base", SUITE, { arch, SUITE, PACKAGES, FINISH });
}

/**
 * Fails early, before anything is compiled for minutes.
 *
 * @throws {UserError} when the base image has to be made and this is not root
 */
export async function refuseWithoutRoot(arch: Arch): Promise<void> {
  const { ref } = baseRecipe(arch);
  if (process.getuid?.() === 0 || (await holdsImage(ref))) return;
  throw new UserError(
    "`images.source`: no image registry can be used, and building images takes root (`debootstrap`). Run `npm run up` once as root, or name a registry that can be reached in `images.registry`.",
  );
}

/**
 * Makes the base image unless the engine holds it.
 *
 * @throws {UserError} when not root, or without debootstrap where it cannot be installed
 */
export async function prepareBase(arch: Arch, report: Report): Promise<Recipe> {
  const base = baseRecipe(arch);
  await refuseWithoutRoot(arch);
  const fill = async (context: string) => {
    await needProgram(
      ["debootstrap", "--version"],
      ["debootstrap"],
      "build images from Debian packages",
      report,
    );
    await needProgram(["test", "-r", KEYRING], ["debian-archive-keyring"], "verify Debian packages", report);
    const mirror = debianMirror(await aptSources());
    report(`gathering Debian ${SUITE} from ${mirror}`);
    const root = join(context, "root");
    // In a mount namespace of its own, so that a killed run leaves no /proc mounted below the cache folder.
    await run(
      "unshare",
      [
        ...[
          "--mount",
          "debootstrap",
          "--variant=minbase",
          `--arch=${arch}`,
          "--force-check-gpg",
          `--keyring=${KEYRING}`,
        ],
        ...[`--include=${PACKAGES.join(",")}`, SUITE, root, mirror],
      ],
      { env: await aptProxy() },
    );
    await writeFile(join(root, "finish.sh"), FINISH);
    await run("chroot", [root, "sh", "/finish.sh"]);
    await rm(join(root, "finish.sh"));
  };
  const make = async (context: string, labels: Record<string, string>) => {
    const changes = [
      ...Object.entries(labels).map(([name, value]) => `LABEL ${name}=${JSON.stringify(value)}`),
      "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      'CMD ["bash"]',
    ];
    const archive = join(context, "base.tar");
    await run("tar", [
      "--numeric-owner",
      "--create",
      "--file",
      archive,
      "--directory",
      join(context, "root"),
      ".",
    ]);
    await run("docker", ["import", ...changes.flatMap((change) => ["--change", change]), archive, base.ref]);
  };
  await buildOnce({ recipe: base, title: `Debian ${SUITE}`, fill, make }, report);
  return base;
}

/**
 * The Debian mirror that the host's own apt uses, else the official one.
 *
 * @param sources text of apt's source files, of both formats (one line, deb822)
 */
export function debianMirror(sources: readonly string[]): string {
  for (const text of sources) {
    for (const stanza of text.split(/\n\s*\n/)) {
      const field = (name: string) =>
        new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(stanza)?.[1]?.split(/\s+/) ?? [];
      if (field("Suites").includes(SUITE) && field("Enabled")[0] !== "no") {
        const uri = field("URIs").find(isHttp);
        if (uri !== undefined) return uri;
      }
    }
    for (const line of text.split("\n")) {
      const [, uri, suite] = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line) ?? [];
      if (uri !== undefined && suite === SUITE && isHttp(uri)) return uri;
    }
  }
  return OFFICIAL_MIRROR;
}

function isHttp(uri: string): boolean {
  return /^https?:\/\//.test(uri);
}

async function aptSources(): Promise<string[]> {
  const folder = "/etc/apt/sources.list.d";
  const more = existsSync(folder) ? (await readdir(folder)).sort().map((name) => join(folder, name)) : [];
  const files = ["/etc/apt/sources.list", ...more].filter(
    (file) => /\.(list|sources)$/.test(file) && existsSync(file),
  );
  return Promise.all(files.map((file) => readFile(file, "utf8")));
}

/** debootstrap reads the environment's proxy, not apt's own. */
async function aptProxy(): Promise<Record<string, string>> {
  const { stdout } = await execa("apt-config", ["shell", "PROXY", "Acquire::http::Proxy"], { reject: false });
  const proxy = /^PROXY='(https?:.*)'$/m.exec(stdout ?? "")?.[1];
  return proxy === undefined ? {} : { http_proxy: proxy };
}
