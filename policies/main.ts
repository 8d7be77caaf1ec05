/** The policy pack, as Pulumi starts it. */

import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules/index.ts";
import { policy } from "./run.ts";

new PolicyPack("llm-stack", { policies: rules.map(policy) });
