import { UserError } from "../errors.ts";

/**
 * The pinned CLI: later ones start Node.js policy packs through a call that the language host which Go modules
 * can give (below) does not know.
 */
export const PULUMI_VERSION = "3.220.0";

/** The last releases of Pulumi's Go SDK module held the Node.js language host; this one works with the CLI. */
export const LANGUAGE_HOST_VERSION = "3.65.0";

/** Resource plug-ins; each must equal the version of its npm package. */
export const PLUGINS = { docker: "5.2.0", random: "4.21.2" } as const;

/** The name of the CLI's official archive for a platform, as Node names both. */
export function archiveName(platform: string, arch: string): string {
  if (!["linux", "darwin"].includes(platform) || !["x64", "arm64"].includes(arch)) {
    throw new UserError(
      `Pulumi cannot be prepared on \`${platform}/${arch}\`: Linux and macOS on x64 and arm64 are supported (on Windows: WSL).`,
    );
  }
  return `pulumi-v${PULUMI_VERSION}-${platform}-${arch}.tar.gz`;
}
