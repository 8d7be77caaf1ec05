import { expect, it } from "vitest";
import { networkDriverAllowed } from "../../../../policies/rules/network-driver-allowed.ts";
import { container, resource, UNKNOWN, violations } from "../../../support/policies.ts";

const message = (problem: string) => `${problem}. ${networkDriverAllowed.remediation}`;
const network = (props: object, from = {}) => resource("docker:index/network:Network", "n", props, { from });

it("accepts bridges", () => {
  const options = { "com.docker.network.driver.mtu": "1400" };
  const stack = [container(), network({}), network({ driver: "bridge", ipamDriver: "default", options })];
  expect(violations(networkDriverAllowed, stack)).toEqual([]);
});

it.each([
  [{ driver: "macvlan" }, "`driver` of network `n` is `macvlan`, which is not allowed"],
  [{ driver: "ipvlan" }, "`driver` of network `n` is `ipvlan`, which is not allowed"],
  [{ driver: "host" }, "`driver` of network `n` is `host`, which is not allowed"],
  [{ driver: "weave" }, "`driver` of network `n` is `weave`, which is not allowed"],
  [{ ipamDriver: "dhcp" }, "`ipamDriver` of network `n` is `dhcp`, which is not the engine's"],
  ...["com.docker.network.bridge.name", "com.docker.network.bridge.gateway_mode_ipv4", "parent"].map(
    (option) =>
      [{ options: { [option]: "x" } }, `\`options["${option}"]\` of network \`n\` is not allowed`] as [
        object,
        string,
      ],
  ),
])("rejects %j", (props, problem) => {
  expect(violations(networkDriverAllowed, [network(props)])).toEqual([message(problem)]);
});

it("takes other drivers and options by config", () => {
  const config = { drivers: ["macvlan"], options: ["parent"] };
  const macvlan = network({ driver: "macvlan", options: { parent: "eth0" } });
  expect(violations(networkDriverAllowed, [macvlan], config)).toEqual([]);
  expect(violations(networkDriverAllowed, [network({})], config)).toHaveLength(1);
});

it("finds what is known beside the unknown, and otherwise leaves that open", () => {
  expect(violations(networkDriverAllowed, [network({ driver: UNKNOWN })])).toEqual([]);
  expect(violations(networkDriverAllowed, [network({ driver: UNKNOWN }, { driver: ["x"] })])).toEqual([
    "unknown: .driver",
  ]);
  expect(
    violations(networkDriverAllowed, [network({ options: UNKNOWN }), network({ driver: "macvlan" })]),
  ).toEqual([message("`driver` of network `n` is `macvlan`, which is not allowed"), "unknown: .options"]);
});
