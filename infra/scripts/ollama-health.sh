# Healthy means: every declared model has answered once since the start, and the server still has it.
# A few milliseconds; loads no model and does not touch keep-alive. Needs of the image: bash.
check() {
  local tags name
  [[ -s /tmp/llm-stack-ready ]] || { echo "the models are not ready yet"; return 1; }
  exec 3<>/dev/tcp/127.0.0.1/11434 || return 1
  printf 'GET /api/tags HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
  IFS= read -r -d '' -t 5 -u 3 tags || true # to the end of the answer
  exec 3>&-
  while read -r name; do
    [[ "$tags" == *"\"name\":\"$name\""* || "$tags" == *"\"name\":\"$name:latest\""* ]] ||
      { echo "the model $name is gone"; return 1; }
  done </tmp/llm-stack-ready
}
