import { afterAll, beforeAll, expect, it } from "vitest";
import { script } from "../../../infra/scripts.ts";
import { docker } from "../../support/clone.ts";
import { builtImages, uniqueName } from "../../support/images.ts";

// The frame of every health check, in a container: what it looks at is a file here.

const name = uniqueName("probe");
const HEALTHY = 6;
const probe = `check() { [[ -e /tmp/ready ]] || { echo "not ready"; return 1; }; }
${script("probe.sh").replace("HEALTHY_SECONDS=15", `HEALTHY_SECONDS=${HEALTHY}`)}`;

beforeAll(async () => {
  const { postgres } = await builtImages();
  await docker("run", "--detach", "--init", "--name", name, "--entrypoint", "sleep", postgres.ref, "600");
});
afterAll(() => docker("rm", "--force", name));

const inside = (line: string) => docker("exec", name, "bash", "-c", line);

/** How a probe ends, and in how many seconds. */
async function probed() {
  const started = performance.now();
  const result = await docker("exec", name, "bash", "-c", probe).then(
    (text) => ({ healthy: true, text }),
    ({ stdout }) => ({ healthy: false, text: stdout }),
  );
  return { ...result, seconds: (performance.now() - started) / 1000 };
}

it("ends as soon as a container that starts is ready", async () => {
  const first = probed();
  await inside("sleep 1; touch /tmp/ready");
  const { healthy, seconds } = await first;
  expect(healthy).toBe(true);
  expect(seconds).toBeGreaterThan(1);
  expect(seconds).toBeLessThan(15);
});

it("leaves a healthy container in peace for a while, then looks once", async () => {
  const { healthy, seconds } = await probed();
  expect(healthy).toBe(true);
  expect(seconds).toBeGreaterThan(HEALTHY);
});

it("says what is wrong, first at once, then after a few tries, and sees it heal", async () => {
  await inside("rm /tmp/ready");
  expect(await probed()).toMatchObject({ healthy: false, text: "not ready" });
  const { healthy, seconds } = await probed();
  expect(healthy).toBe(false);
  expect(seconds).toBeGreaterThan(2);
  expect(seconds).toBeLessThan(15);
  await inside("touch /tmp/ready");
  expect((await probed()).healthy).toBe(true);
});

it("is in a hurry again after a restart, which keeps what it noted", async () => {
  expect(await inside("cat /tmp/llm-stack-probe")).toMatch(/^\d+ healthy$/);
  await docker("restart", "--time", "1", name);
  const { healthy, seconds } = await probed();
  expect(healthy).toBe(true);
  expect(seconds).toBeLessThan(HEALTHY);
});
