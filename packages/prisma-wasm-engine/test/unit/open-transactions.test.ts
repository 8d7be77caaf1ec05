import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EngineError } from "../../src/engine-errors.ts";
import { OpenTransactions, transactionOptions } from "../../src/open-transactions.ts";

describe("the options of a transaction", () => {
  it("have Prisma's defaults", () => {
    expect(transactionOptions({})).toEqual({ max_wait: 2000, timeout: 5000 });
    expect(transactionOptions({ max_wait: 0, isolation_level: "Serializable" })).toEqual({
      max_wait: 0,
      timeout: 5000,
      isolation_level: "Serializable",
    });
  });

  it("beyond what a timer takes are as long as that is", () => {
    expect(transactionOptions({ timeout: 1e12 })).toMatchObject({ timeout: 2 ** 31 - 1 });
  });

  it.each([
    { timeout: -1 },
    { timeout: "5" },
    { max_wait: 1.5 },
    { max_wait: null },
    { isolation_level: 1 },
  ])("%j are refused", (given) => {
    const { errors } = transactionOptions(given) as { errors: readonly EngineError[] };
    expect(errors[0]?.user_facing_error).toMatchObject({ error_code: "P2028" });
  });
});

describe("open transactions", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("are forgotten a while after they have expired, when nobody ends them", () => {
    const transactions = new OpenTransactions();
    transactions.add("short", 1000);
    transactions.add("long", 600_000);
    vi.advanceTimersByTime(2000);
    expect([transactions.open, transactions.has("short")]).toEqual([1, true]);
    vi.advanceTimersByTime(70_000);
    transactions.add("new", 1000);
    expect(["short", "long", "new"].map((id) => transactions.has(id))).toEqual([false, true, true]);
    transactions.delete("long");
    expect(transactions.has("long")).toBe(false);
  });
});
