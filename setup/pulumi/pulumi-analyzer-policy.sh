#!/bin/sh
# Runs a policy pack, whose folder is the working folder. One that is compiled to `dist/main.cjs` holds all it needs; any
# other is run by the @pulumi/pulumi that the folder resolves, which loads TypeScript and takes a second more.
if [ -f dist/main.cjs ]; then exec node dist/main.cjs "$@"; fi
runner=$(node --print 'require.resolve("@pulumi/pulumi/cmd/run-policy-pack")') || exit 1
exec node "$runner" "$@"
