import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FromSource } from "../../../../setup/from-source.ts";
import { preparePulumi } from "../../../../setup/pulumi/index.ts";
import { archiveName } from "../../../../setup/pulumi/versions.ts";

const ARCHIVE = `/releases/sdk/${archiveName(process.platform, process.arch)}`;

let folder: string;
let server: Server | undefined;
let requests: string[];
let archive: Buffer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "llm-stack-pulumi-"));
  requests = [];
  archive = await fakeArchive(
    'echo "$PULUMI_HOME $*" >> "$(dirname "$0")/calls"; mkdir -p "$PULUMI_HOME/plugins"',
  );
});

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((closed) => (server ? server.close(closed) : closed(undefined)));
  server = undefined;
  await rm(folder, { recursive: true });
});

describe("preparing the official Pulumi", () => {
  it("downloads the CLI once, and has it install both plug-ins into the home it will use", async () => {
    const baseUrl = await serve((request, response) => {
      response.end(request.url === ARCHIVE ? archive : "install script");
    });
    const lines: string[] = [];

    const first = await prepare(baseUrl, (line) => lines.push(line));
    const again = await prepare(baseUrl, (line) => lines.push(line));

    expect(first).toEqual({
      bin: join(folder, "llm-stack/pulumi/3.220.0-official/pulumi"),
      home: join(folder, "llm-stack/pulumi-home/3.220.0-docker-5.2.0-random-4.21.2-official"),
      version: "3.220.0",
      source: "official",
    });
    expect(again).toEqual(first);
    expect(requests).toEqual(["/", ARCHIVE]);
    expect(lines).toEqual([
      `downloading Pulumi 3.220.0 from ${new URL(baseUrl).host}`,
      "downloading Pulumi's plug-in docker 5.2.0",
      "downloading Pulumi's plug-in random 4.21.2",
    ]);
    expect(await readFile(join(first.bin, "calls"), "utf8")).toBe(
      `${first.home}.part plugin install resource docker 5.2.0\n` +
        `${first.home}.part plugin install resource random 4.21.2\n`,
    );
    expect(existsSync(join(first.home, "plugins"))).toBe(true);
    expect(await readdir(join(first.bin, ".."))).toEqual(["pulumi"]);
  });

  it("asks for no built one where the official one is in the cache", async () => {
    const baseUrl = await serve((_request, response) => response.end(archive));
    const made = await prepare(baseUrl);
    const env = { PATH: process.env.PATH, XDG_CACHE_HOME: folder };

    await expect(preparePulumi(() => {}, refuse, { baseUrl, env })).resolves.toEqual(made);
  });

  it("takes one that was built before, and asks nobody", async () => {
    const baseUrl = await serve((_request, response) => response.end(archive));
    await mkdir(join(folder, "llm-stack/built"), { recursive: true });

    await expect(prepare(baseUrl)).resolves.toMatchObject({ source: "built" });
    expect(requests).toEqual([]);
  });

  it("leaves nothing of a download that broke off, and succeeds when run again", async () => {
    let whole = false;
    const baseUrl = await serve((request, response) => {
      if (request.url !== ARCHIVE) return response.end();
      response.writeHead(200, { "content-length": archive.length });
      if (whole) return response.end(archive);
      response.write(archive.subarray(0, 20), () => response.destroy());
      whole = requests.length === 4;
    });

    await expect(prepare(baseUrl)).rejects.toThrow(`\`${baseUrl}${ARCHIVE}\` could not be downloaded`);
    expect(requests).toEqual(["/", ARCHIVE, ARCHIVE, ARCHIVE]);
    expect(existsSync(join(folder, "llm-stack/pulumi/3.220.0-official"))).toBe(false);

    await expect(prepare(baseUrl)).resolves.toMatchObject({ source: "official" });
  });

  it("says so when the server gives something that is no archive", async () => {
    const baseUrl = await serve((_request, response) => response.end("<html>Please log in</html>"));

    await expect(prepare(baseUrl)).rejects.toThrow(
      `what \`${baseUrl}${ARCHIVE}\` gave could not be unpacked`,
    );
  });

  it("names the plug-in that could not be installed, and installs it when run again", async () => {
    archive = await fakeArchive('[ -e "$(dirname "$0")/ok" ] || { echo "no route" >&2; exit 1; }');
    const baseUrl = await serve((_request, response) => response.end(archive));

    await expect(prepare(baseUrl)).rejects.toThrow(
      "Pulumi's plug-in `docker` 5.2.0 could not be installed: no route",
    );

    await writeFile(join(folder, "llm-stack/pulumi/3.220.0-official/pulumi/ok"), "");
    await expect(prepare(baseUrl)).resolves.toMatchObject({ source: "official" });
  });
});

const refuse = () => Promise.reject(new Error("nothing is built in this test"));
/** Nothing was built before, and nothing may be. */
const fromSource: FromSource = {
  pulumiFolders: (root) => ({ bin: join(root, "built"), home: join(root, "built") }),
  buildPulumi: refuse,
  buildImage: refuse,
  standInModel: refuse,
};

function prepare(baseUrl: string, report: (line: string) => void = () => {}) {
  return preparePulumi(report, async () => fromSource, {
    baseUrl,
    env: { PATH: process.env.PATH, XDG_CACHE_HOME: folder },
  });
}

async function serve(answer: RequestListener): Promise<string> {
  server = createServer((request, response) => {
    requests.push(request.url ?? "");
    answer(request, response);
  });
  await new Promise<void>((listening) => server?.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An archive laid out as Pulumi's own; its `pulumi` is a shell script. */
async function fakeArchive(script: string): Promise<Buffer> {
  const tree = join(folder, "tree");
  await mkdir(join(tree, "pulumi"), { recursive: true });
  await writeFile(join(tree, "pulumi/pulumi"), `#!/bin/sh\n${script}\n`);
  await chmod(join(tree, "pulumi/pulumi"), 0o755);
  const { stdout } = await execa("tar", ["-czf", "-", "-C", tree, "pulumi"], { encoding: "buffer" });
  return Buffer.from(stdout);
}
