# Healthy means: LiteLLM answers and has its database. Needs of the image: bash.
check() {
  local answer
  exec 3<>/dev/tcp/127.0.0.1/4000 || return 1
  printf 'GET /health/readiness HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
  IFS= read -r -d '' -t 5 -u 3 answer || true # to the end of the answer
  exec 3>&-
  [[ "$answer" == HTTP/1.?\ 200* && "$answer" == *'"db":"connected"'* ]] || { echo "${answer##*$'\r\n'}"; return 1; }
}
