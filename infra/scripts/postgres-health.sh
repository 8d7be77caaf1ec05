# Healthy means: PostgreSQL accepts connections over TCP; while the cluster is made, no server listens there.
# Needs of the image: bash, pg_isready.
check() { pg_isready --quiet --timeout=5 --host=127.0.0.1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB"; }
