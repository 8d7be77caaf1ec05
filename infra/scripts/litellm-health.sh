# Healthy means: LiteLLM answers and has its database. Needs of the image: bash, cat.
set -euo pipefail
exec 3<>/dev/tcp/127.0.0.1/4000
printf 'GET /health/readiness HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
answer=$(cat <&3)
[[ "$answer" == HTTP/1.?\ 200* && "$answer" == *'"db":"connected"'* ]] || { echo "${answer##*$'\r\n'}"; exit 1; }
