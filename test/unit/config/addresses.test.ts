import { expect, it } from "vitest";
import { isHostAddress, isLoopback } from "../../../config/addresses.ts";

it.each(["127.0.0.1", "127.255.255.254", "::1"])("`%s` is loopback", (address) => {
  expect(isLoopback(address)).toBe(true);
});

it.each([
  "0.0.0.0",
  "192.0.2.10",
  "::",
  "2001:db8::1",
  "::ffff",
])("`%s` is an address, and no loopback", (address) => {
  expect(isHostAddress(address)).toBe(true);
  expect(isLoopback(address)).toBe(false);
});

it.each([
  ...["", "localhost", "127.1", "127.0.0.999", "127.000.000.001", "0177.0.0.1", "127.0.0.1 ", "\t127.0.0.1"],
  ...["::ffff:127.0.0.1", "0:0:0:0:0:FFFF:7f00:1", "fe80::1%eth0", "[::1]", "127.0.0.1:80"],
])("`%s` is no address that Docker reads as written", (address) => {
  expect(isHostAddress(address)).toBe(false);
  expect(isLoopback(address)).toBe(false);
});
