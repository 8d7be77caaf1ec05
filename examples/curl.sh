#!/bin/sh
# curl, with the variables as in openai-client.ts: sh examples/curl.sh
set -eu
curl --fail-with-body --no-progress-meter "$LLM_STACK_URL/v1/chat/completions" \
  -H "Authorization: Bearer $LLM_STACK_KEY" -H 'Content-Type: application/json' \
  -d '{"model": "tinyllama", "max_tokens": 60, "messages": [{"role": "user", "content": "What is a container?"}]}'
echo
