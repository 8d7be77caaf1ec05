import { UserError } from "../../config/errors.ts";

/**
 * The pinned CLI. Later ones (3.225 and up) start Node.js policy packs through a call of the language host that the
 * one in `go/cli` does not serve.
 */
export const PULUMI_VERSION = "3.220.0";

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
