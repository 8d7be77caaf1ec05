# Starts an Ollama server and makes its models answer, for pulled and built images alike.
# Needs of the image: bash, coreutils, grep, ollama.
# Arguments: a model each, as NAME|SOURCE|MODE|THREADS: SOURCE is `registry` or the path of a GGUF file,
# MODE `chat` or `embedding`, THREADS a number or empty for the server's own choice.
# When every model has answered once, their names stand in $READY, which the health check reads.
set -euo pipefail
say() { echo "llm-stack: $*"; }

READY=/tmp/llm-stack-ready
volume=${OLLAMA_MODELS%/models}
notes=$volume/llm-stack
rm -f "$READY"
mkdir -p "$notes"
# The server's key, and the history of `ollama run`.
ln -sfn "$volume" "$HOME/.ollama"

# Runs a command that draws progress for a terminal; shows its words only when it fails.
quietly() {
  "$@" >/tmp/output 2>&1 || { tail -c 2000 /tmp/output | tr -d '\000-\010\033' >&2; return 1; }
}

# One HTTP request to the server; prints the whole answer, fails when it is not 200.
request() { # METHOD PATH [BODY]
  local answer body="${3-}"
  exec 3<>/dev/tcp/127.0.0.1/11434 || return 1
  printf '%s %s HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %s\r\n\r\n%s' \
    "$1" "$2" "${#body}" "$body" >&3
  answer=$(cat <&3)
  exec 3>&-
  printf '%s' "$answer"
  [[ "$answer" == HTTP/1.?\ 200* ]]
}

# Makes the model as declared; does nothing when the volume holds it already.
provide() { # NAME SOURCE THREADS
  local name=$1 source=$2 threads=$3 note modelfile=/tmp/Modelfile declared from=$1
  note="$notes/${name//[:\/]/_}"
  declared="$source|$threads"
  [[ "$source" == registry ]] || { declared+="|$(stat -c '%s %Y' "$source")"; from=$source; }
  if request GET /api/tags | grep -qF -e "\"name\":\"$name\"" -e "\"name\":\"$name:latest\"" &&
    [[ -f "$note" && "$(<"$note")" == "$declared" ]]; then
    return
  fi
  if [[ "$source" == registry ]]; then
    say "pulling $name"
    quietly ollama pull "$name"
  fi
  if [[ "$source" != registry || -n "$threads" ]]; then
    say "creating $name from $source"
    echo "FROM $from" >"$modelfile"
    [[ -z "$threads" ]] || echo "PARAMETER num_thread $threads" >>"$modelfile"
    quietly ollama create "$name" -f "$modelfile"
  fi
  printf '%s' "$declared" >"$note"
}

# Proves that the model loads; with OLLAMA_KEEP_ALIVE it then stays loaded.
load() { # NAME MODE
  local answer
  if [[ "$2" == embedding ]]; then
    answer=$(request POST /api/embed "{\"model\":\"$1\",\"input\":\"ready\"}") ||
      { say "$1 does not load: ${answer##*$'\r\n'}" >&2; return 1; }
  else
    answer=$(request POST /api/generate "{\"model\":\"$1\"}") ||
      { say "$1 does not load: ${answer##*$'\r\n'}" >&2; return 1; }
  fi
}

serve_models() {
  until (request GET /api/version) >/dev/null 2>&1; do sleep 0.05; done
  local spec name source mode threads names=""
  for spec in "$@"; do
    IFS='|' read -r name source mode threads <<<"$spec"
    provide "$name" "$source" "$threads"
    load "$name" "$mode"
    say "$name answers"
    names+="$name"$'\n'
  done
  printf '%s' "$names" >"$READY.part"
  mv "$READY.part" "$READY"
}

ollama serve &
server=$!
trap 'kill -TERM "$server"' TERM INT
serve_models "$@" &
models=$!

# Without its models the server is of no use: the restart policy tries again.
if ! wait -n "$server" "$models"; then
  kill -TERM "$server" 2>/dev/null || true
  wait "$server" || true
  exit 1
fi
wait "$server"
