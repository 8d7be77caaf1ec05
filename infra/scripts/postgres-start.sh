# Starts PostgreSQL on the data folder of the official image, for pulled and built images alike.
# Needs of the image: bash, coreutils, initdb, postgres. Runs as the owner of the data (uid 999), without capabilities.
# Environment: PGDATA, POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB.
set -euo pipefail
say() { echo "llm-stack: $*"; }

image_major=$(postgres --version | sed -E 's/.* ([0-9]+)[.0-9]*.*/\1/')
making="$PGDATA/.llm-stack-initdb"

if [[ ! -s "$PGDATA/PG_VERSION" ]]; then
  shopt -s dotglob nullglob
  # A first start that was killed half-way left this folder: whatever it made is made again.
  [[ -d "$making" ]] && half_made=yes || half_made=no
  for entry in "$PGDATA"/*; do
    [[ "$entry" != "$PGDATA/lost+found" ]] || continue
    if [[ "$half_made" == no ]]; then
      say "\`$PGDATA\` holds files but no database (no PG_VERSION): not touched. Restore a backup, or remove the volume." >&2
      exit 1
    fi
    rm -rf "$entry"
  done
  chmod 0700 "$PGDATA"
  mkdir "$making"
  say "making the database cluster"
  initdb --pgdata="$making" --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") \
    --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 >/dev/null
  echo 'host all all all scram-sha-256' >>"$making/pg_hba.conf"
  echo "CREATE DATABASE \"$POSTGRES_DB\";" | postgres --single -j -D "$making" postgres >/dev/null
  for entry in "$making"/*; do
    [[ "$entry" == "$making/PG_VERSION" ]] || mv "$entry" "$PGDATA/"
  done
  mv "$making/PG_VERSION" "$PGDATA/"
  rmdir "$making"
else
  data_major=$(<"$PGDATA/PG_VERSION")
  if [[ "$data_major" != "$image_major" ]]; then
    say "the data is of PostgreSQL $data_major, the image of $image_major: not started. Go back to $data_major, or dump and restore." >&2
    exit 1
  fi
  # The password is otherwise set only when the cluster is made: a changed one has to work on old data.
  escaped=${POSTGRES_PASSWORD//\'/\'\'}
  echo "ALTER ROLE \"$POSTGRES_USER\" PASSWORD '$escaped';" |
    postgres --single -j -D "$PGDATA" postgres >/dev/null
fi

unset POSTGRES_PASSWORD
# Clients look for the socket in the first folder, or, by another build's default, in the second.
exec postgres -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql,/tmp
