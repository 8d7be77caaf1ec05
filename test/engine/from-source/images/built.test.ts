import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import type { Prepared } from "../../../../config/prepared.ts";
import { prepareStandIn } from "../../../../from-source/stand-in.ts";
import { prepareImages } from "../../../../setup/images/index.ts";
import {
  building,
  builtImages,
  configOf,
  HARDENED,
  imagesConfig,
  inContainer,
} from "../../../support/images.ts";

let images: Prepared["images"];
beforeAll(async () => {
  images = await builtImages();
});

describe("a built image", () => {
  it.each([
    "postgres",
    "ollama",
    "litellm",
  ] as const)("of %s carries labels with its service, version and source", async (service) => {
    const { ref, version, source } = images[service];
    expect(source).toBe("built");
    expect((await configOf(ref)).Labels).toMatchObject({
      "org.opencontainers.image.version": version,
      "llm-stack.service": service,
      "llm-stack.recipe": ref.slice(-8),
      "llm-stack.source": "built",
    });
  });

  it.each([
    "postgres",
    "ollama",
    "litellm",
  ] as const)("of %s holds nothing of the machine that built it", async (service) => {
    const printed = await inContainer(
      images[service].ref,
      "grep -v '^#' /etc/apt/sources.list; find /var/cache/apt /var/lib/apt/lists -type f",
    );
    expect(printed.split("\n")).toEqual([
      "deb http://deb.debian.org/debian bookworm main",
      "deb http://deb.debian.org/debian bookworm-updates main",
      "deb http://deb.debian.org/debian-security bookworm-security main",
    ]);
  });

  it("is taken at once when the engine holds it", async () => {
    const lines: string[] = [];
    const again = await prepareImages(
      imagesConfig({ source: "build" }),
      (line) => lines.push(line),
      building,
    );
    expect(again).toEqual(images);
    expect(lines).toEqual([]);
  });
});

describe("the built PostgreSQL image", () => {
  it("has the official data path, owner and locale", async () => {
    const config = await configOf(images.postgres.ref);
    expect(config.Volumes).toEqual({ "/var/lib/postgresql/data": {} });
    expect(config.Env).toEqual(
      expect.arrayContaining(["PGDATA=/var/lib/postgresql/data", "LANG=en_US.utf8"]),
    );
    expect(config.Cmd).toEqual(["postgres"]);
    const printed = await inContainer(
      images.postgres.ref,
      "stat -c '%u:%g' $PGDATA /var/run/postgresql; id -u postgres; id -g postgres; locale -a",
    );
    expect(printed.split("\n").slice(0, 4)).toEqual(["999:999", "999:999", "999", "999"]);
    expect(printed).toContain("en_US.utf8");
  });

  it("initialises, serves and dumps a database as user 999 without any capability", async () => {
    const script = `
      initdb --username=llmproxy --encoding=UTF8 >/dev/null
      pg_ctl -w -o '-c listen_addresses=127.0.0.1' start >/dev/null
      createdb -U llmproxy litellm
      pg_isready --quiet -h 127.0.0.1 -U llmproxy
      psql -U llmproxy -d litellm -Atc "select current_setting('server_version'), datcollate, datcollversion, current_setting('TimeZone') from pg_database where datname = 'litellm'"
      pg_dump -U llmproxy --format=custom litellm | pg_restore --list | grep -c 'Dumped from'
      pg_ctl -w stop >/dev/null`;
    const printed = await inContainer(images.postgres.ref, script, ["--user", "999:999", ...HARDENED]);
    // 2.36 is the C library of the official bookworm image: indexes over text stay valid when a volume moves.
    expect(printed.split("\n")).toEqual(["16.14|en_US.utf8|2.36|Etc/UTC", "1"]);
  });

  it("holds no extension that the official image lacks", async () => {
    const files = await inContainer(images.postgres.ref, "cd $(pg_config --sharedir)/extension && ls");
    expect(files.split("\n").filter((file) => !file.startsWith("plpgsql"))).toEqual([]);
  });
});

describe("the built Ollama image", () => {
  it("starts as the official one does", async () => {
    expect(await configOf(images.ollama.ref)).toMatchObject({ Entrypoint: ["/bin/ollama"], Cmd: ["serve"] });
  });

  it("creates the stand-in model and answers a chat without any capability", async () => {
    const { gguf } = await prepareStandIn(() => {});
    const container = await execa("docker", [
      "run",
      "--detach",
      "--rm",
      ...HARDENED,
      "--volume",
      `${gguf}:/model.gguf:ro`,
      "--publish",
      "127.0.0.1::11434",
      images.ollama.ref,
    ]);
    const id = container.stdout;
    try {
      await execa("docker", [
        "exec",
        id,
        "bash",
        "-euc",
        "until ollama list >/dev/null 2>&1; do sleep 0.2; done; echo 'FROM /model.gguf' > /tmp/Modelfile; ollama create tinyllama -f /tmp/Modelfile",
      ]);
      const { stdout: address } = await execa("docker", ["port", id, "11434"]);
      const answer = await fetch(`http://${address}/api/chat`, {
        method: "POST",
        body: JSON.stringify({
          model: "tinyllama",
          stream: false,
          messages: [{ role: "user", content: "Say hello." }],
          options: { num_predict: 16 },
        }),
      });
      expect(answer.status).toBe(200);
      const body = (await answer.json()) as { message: { content: string } };
      expect(body.message.content.length).toBeGreaterThan(0);
    } finally {
      await execa("docker", ["rm", "--force", id]);
    }
  });
});

describe("the built LiteLLM image", () => {
  it("says its version as a user that is not root, without any capability", async () => {
    const printed = await inContainer(
      images.litellm.ref,
      "id -u; pwd; litellm --version | grep Version; touch ~/ok /app/ok",
    );
    expect(printed.split("\n").map((line) => line.trim())).toEqual([
      "1000",
      "/app",
      "LiteLLM: Current Version = 1.73.0",
    ]);
  });

  it("has Prisma's client generated, and an engine in the place of the native one", async () => {
    const script = `
      python3 -c 'from prisma import Prisma; Prisma().litellm_verificationtoken'
      "$PRISMA_QUERY_ENGINE_BINARY" --version
      prisma migrate deploy`;
    expect(await inContainer(images.litellm.ref, script)).toMatch(/^query-engine [0-9a-f]{40}$/);
  });

  it("lets its user rewrite the files of the web interface, as LiteLLM does at each start", async () => {
    const script =
      "cd $(python3 -c 'import litellm, os; print(os.path.dirname(litellm.__file__))')/proxy/_experimental/out && find . ! -writable | wc -l; ls index.html";
    expect((await inContainer(images.litellm.ref, script)).split("\n")).toEqual(["0", "index.html"]);
  });

  it("holds compiled modules that Python does not check against their sources", async () => {
    const script = `cd /usr/local/lib/python3.11/dist-packages && python3 -c 'print(open("litellm/__pycache__/main.cpython-311.pyc", "rb").read(8)[4])'`;
    expect(await inContainer(images.litellm.ref, script)).toBe("1"); // PEP 552: hash-based, unchecked
  });
});
