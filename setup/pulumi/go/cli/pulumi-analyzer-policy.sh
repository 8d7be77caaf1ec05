#!/bin/sh
# Runs a policy pack, whose folder is the working folder, with the @pulumi/pulumi that this folder resolves.
runner=$(node --print 'require.resolve("@pulumi/pulumi/cmd/run-policy-pack")') || exit 1
exec node "$runner" "$@"
