import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { prepare } from "../../../cli/prepare.ts";
import { script } from "../../../infra/scripts.ts";
import { docker } from "../../support/clone.ts";

// Volumes that the official image made, under our start script. The official entrypoint itself is not here: the
// volume is made by the steps it takes (initdb with its options, its line in pg_hba.conf, the database).

const root = fileURLToPath(new URL("../../..", import.meta.url));
const { prepared } = await prepare(root, "dev", { quiet: true });
const image = prepared.images.postgres.ref;
const volume = "e2e-official-data";
const name = "e2e-official-db";
const data = "/var/lib/postgresql/data";

beforeEach(() => docker("volume", "create", volume));
afterEach(async () => {
  await docker("rm", "--force", name);
  await docker("volume", "rm", volume);
});

/** Runs a command line as the owner of the data, in a container that ends with it. */
const asOwner = (line: string) =>
  docker(
    "run",
    "--rm",
    "--user",
    "999:999",
    "--volume",
    `${volume}:${data}`,
    "--entrypoint",
    "bash",
    image,
    "-ec",
    line,
  );

const makeOfficialVolume = () =>
  asOwner(`export PGDATA=${data}
    initdb --username=llmproxy --pwfile=<(printf '%s\\n' old-password) >/dev/null
    echo 'host all all all scram-sha-256' >> $PGDATA/pg_hba.conf
    pg_ctl -w start -o "-c listen_addresses='' -k /tmp" >/dev/null
    psql -h /tmp -U llmproxy -d postgres -c 'CREATE DATABASE litellm' -q
    psql -h /tmp -U llmproxy -d litellm -qc "CREATE TABLE kept (text text); INSERT INTO kept VALUES ('Zoë')"
    pg_ctl -w -m fast stop >/dev/null`);

const start = () =>
  docker(
    ...["run", "--detach", "--name", name, "--user", "999:999", "--cap-drop", "ALL", "--read-only"],
    ...["--tmpfs", "/tmp:mode=1777", "--tmpfs", "/var/run/postgresql:uid=999,gid=999,mode=0775"],
    ...[
      "--volume",
      `${volume}:${data}`,
      "--env",
      "POSTGRES_USER=llmproxy",
      "--env",
      "POSTGRES_PASSWORD=new-password",
    ],
    ...["--env", "POSTGRES_DB=litellm", "--env", `PGDATA=${data}`, "--env", "LANG=en_US.utf8"],
    ...["--entrypoint", "/bin/bash", image, "-c", script("postgres-start.sh"), "postgres-start"],
  );

it("goes on with a volume of the official image, and sets this stack's password on it", async () => {
  await makeOfficialVolume();
  await start();
  const address = await docker("inspect", "--format", "{{.NetworkSettings.IPAddress}}", name);
  await expect
    .poll(
      () =>
        docker(
          ...[
            "exec",
            "--env",
            "PGPASSWORD=new-password",
            name,
            "psql",
            "-h",
            address,
            "-U",
            "llmproxy",
            "-d",
            "litellm",
          ],
          ...["-Atc", "SELECT text FROM kept"],
        ).catch((error) => error.message),
      { timeout: 20_000 },
    )
    .toBe("Zoë");
});

it("does not start on data of another major version, and leaves it as it is", async () => {
  await makeOfficialVolume();
  await asOwner(`echo 15 > ${data}/PG_VERSION`);
  await start();
  expect(await docker("wait", name)).toBe("1");
  expect(await asOwner(`cat ${data}/PG_VERSION`)).toBe("15");
});

it("does not touch a volume that holds files but no database", async () => {
  await asOwner(`echo precious > ${data}/notes`);
  await start();
  expect(await docker("wait", name)).toBe("1");
  expect(await asOwner(`cat ${data}/notes; ls ${data}`)).toBe("precious\nnotes");
});

it("makes the database anew after a first start that was killed half-way", async () => {
  await asOwner(`mkdir ${data}/.llm-stack-initdb && touch ${data}/.llm-stack-initdb/half ${data}/base`);
  await start();
  await expect
    .poll(
      () =>
        docker("exec", name, "psql", "-U", "llmproxy", "-d", "litellm", "-Atc", "SELECT 1").catch(() => ""),
      {
        timeout: 30_000,
      },
    )
    .toBe("1");
});
