/** Every rule of the pack: the mandatory ones, then the advisory ones. */

import type { Rule } from "../rule.ts";
import { backendsOnLoopback } from "./backends-on-loopback.ts";
import { capabilitiesDropped } from "./capabilities-dropped.ts";
import { cpuLimit } from "./cpu-limit.ts";
import { dataVolumeProtected } from "./data-volume-protected.ts";
import { deviceAccessAllowed } from "./device-access-allowed.ts";
import { groupAllowed } from "./group-allowed.ts";
import { healthcheck } from "./healthcheck.ts";
import { imagePinned } from "./image-pinned.ts";
import { imageRegistry } from "./image-registry.ts";
import { imageVersion } from "./image-version.ts";
import { keyLimits } from "./key-limits.ts";
import { litellmCurrentVersion } from "./litellm-current-version.ts";
import { litellmExploitedVersion } from "./litellm-exploited-version.ts";
import { litellmPublishedVersion } from "./litellm-published-version.ts";
import { logRotation } from "./log-rotation.ts";
import { memoryLimit } from "./memory-limit.ts";
import { modelEndpointAllowed } from "./model-endpoint-allowed.ts";
import { networkDriverAllowed } from "./network-driver-allowed.ts";
import { noDockerSocket } from "./no-docker-socket.ts";
import { noHostNamespace } from "./no-host-namespace.ts";
import { noNewPrivileges } from "./no-new-privileges.ts";
import { noPlaceholder } from "./no-placeholder.ts";
import { noPlainSecret } from "./no-plain-secret.ts";
import { noPrivileged } from "./no-privileged.ts";
import { noPublishedPlaceholder } from "./no-published-placeholder.ts";
import { noSensitiveHostPath } from "./no-sensitive-host-path.ts";
import { noUnconfinedProfile } from "./no-unconfined-profile.ts";
import { nonRootUser } from "./non-root-user.ts";
import { ollamaCurrentVersion } from "./ollama-current-version.ts";
import { processLimit } from "./process-limit.ts";
import { proxyKeysSet } from "./proxy-keys-set.ts";
import { proxyOnLoopback } from "./proxy-on-loopback.ts";
import { readOnlyRoot } from "./read-only-root.ts";
import { resourceTypeKnown } from "./resource-type-known.ts";
import { restartPolicy } from "./restart-policy.ts";
import { runtimeAllowed } from "./runtime-allowed.ts";
import { secretEnvsMarked } from "./secret-envs-marked.ts";
import { stopGrace } from "./stop-grace.ts";
import { userDefinedNetwork } from "./user-defined-network.ts";
import { volumeNotShared } from "./volume-not-shared.ts";
import { volumeSourceAllowed } from "./volume-source-allowed.ts";

export const rules: readonly Rule[] = [
  noPrivileged,
  noDockerSocket,
  noSensitiveHostPath,
  volumeSourceAllowed,
  deviceAccessAllowed,
  noHostNamespace,
  capabilitiesDropped,
  noNewPrivileges,
  noUnconfinedProfile,
  runtimeAllowed,
  groupAllowed,
  memoryLimit,
  healthcheck,
  userDefinedNetwork,
  networkDriverAllowed,
  backendsOnLoopback,
  proxyOnLoopback,
  imageVersion,
  imageRegistry,
  noPlainSecret,
  secretEnvsMarked,
  noPublishedPlaceholder,
  proxyKeysSet,
  litellmExploitedVersion,
  litellmPublishedVersion,
  modelEndpointAllowed,
  dataVolumeProtected,
  volumeNotShared,
  resourceTypeKnown,
  noPlaceholder,
  litellmCurrentVersion,
  ollamaCurrentVersion,
  imagePinned,
  keyLimits,
  cpuLimit,
  processLimit,
  readOnlyRoot,
  nonRootUser,
  logRotation,
  stopGrace,
  restartPolicy,
];
