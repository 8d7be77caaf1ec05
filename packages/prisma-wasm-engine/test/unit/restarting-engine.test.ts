import { describe, expect, it, vi } from "vitest";
import { type Engine, RestartingEngine, type StartEngine } from "../../src/restarting-engine.ts";

function fakeEngine() {
  return {
    query: vi.fn<Engine["query"]>(async () => ({ data: { result: 1 } })),
    startTransaction: vi.fn<Engine["startTransaction"]>(async () => ({ id: "t" })),
    endTransaction: vi.fn<Engine["endTransaction"]>(async () => ({})),
    holds: vi.fn<Engine["holds"]>((id) => id === "old"),
    stop: vi.fn<Engine["stop"]>(async () => {}),
    retire: vi.fn<Engine["retire"]>(async () => {}),
  };
}

/** Starts the engines in turn; an error stands for one that does not start. */
async function restarting(...engines: (Engine | Error)[]) {
  const panics: ((error: Error) => void)[] = [];
  const start = vi.fn<StartEngine>(async (onPanic) => {
    panics.push(onPanic);
    const engine = engines[panics.length - 1];
    if (!engine || engine instanceof Error) throw engine ?? new Error("no more engines");
    return engine;
  });
  const log = vi.fn();
  const engine = await RestartingEngine.start(start, log);
  return { engine, start, log, panic: (index: number) => panics[index]?.(new Error("unreachable")) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("after a panic", () => {
  it("new calls go to a new engine, and those of open transactions to the old one until it has retired", async () => {
    const [first, second] = [fakeEngine(), fakeEngine()];
    let retired = () => {};
    first.retire.mockReturnValueOnce(new Promise((resolve) => (retired = resolve)));
    const { engine, panic } = await restarting(first, second);
    panic(0);
    await settled();
    await engine.query({ query: "new" });
    await engine.query({ query: "in old" }, "old");
    await engine.startTransaction({});
    await engine.endTransaction("old", "commit");
    expect(first.query.mock.calls).toEqual([[{ query: "in old" }, "old"]]);
    expect(first.endTransaction).toHaveBeenCalledWith("old", "commit");
    expect(second.query.mock.calls).toEqual([[{ query: "new" }, undefined]]);
    expect(second.startTransaction).toHaveBeenCalledOnce();
    retired();
    await settled();
    await engine.query({ query: "late" }, "old");
    expect(second.query).toHaveBeenLastCalledWith({ query: "late" }, "old");
    await engine.stop();
    expect(second.stop).toHaveBeenCalledOnce();
  });

  it("what is under way goes on", async () => {
    const first = fakeEngine();
    let answer = (_: object) => {};
    first.query.mockReturnValueOnce(new Promise((resolve) => (answer = resolve as typeof answer)));
    const { engine, panic } = await restarting(first, fakeEngine());
    const running = engine.query({ query: "q" });
    await settled();
    panic(0);
    answer({ data: { result: 2 } });
    expect(await running).toEqual({ data: { result: 2 } });
    expect(first.retire).toHaveBeenCalledOnce();
  });

  it("an engine that does not start is told to each call, and the next call tries again", async () => {
    const third = fakeEngine();
    const { engine, panic, start, log } = await restarting(fakeEngine(), new Error("no memory"), third);
    panic(0);
    await settled();
    expect(log).toHaveBeenLastCalledWith("the engine did not start: no memory");
    expect(await engine.query({ query: "q" })).toEqual({ data: { result: 1 } });
    expect(third.query).toHaveBeenCalledOnce();
    expect(start).toHaveBeenCalledTimes(3);
  });

  it("a panic of an engine that is retiring starts no further one", async () => {
    const { engine, panic, start } = await restarting(fakeEngine(), fakeEngine());
    panic(0);
    await settled();
    panic(0);
    await engine.query({ query: "q" });
    expect(start).toHaveBeenCalledTimes(2);
  });
});

it("the first engine must start", async () => {
  await expect(restarting(new Error("no memory"))).rejects.toThrow("no memory");
});
