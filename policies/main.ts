/** The policy pack, as Pulumi starts it. */

import { PolicyPack } from "@pulumi/policy";
import { policy } from "./rule.ts";
import { rules } from "./rules/index.ts";

new PolicyPack("llm-stack", { policies: rules.map(policy) });
