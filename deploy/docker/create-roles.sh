#!/bin/bash
# First start of PostgreSQL: a schema and a role per service, with rights on its own alone.
set -euo pipefail
psql() { command psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname p2p "$@"; }
psql -c 'revoke all on schema public from public' -c 'revoke connect, temporary on database p2p from public'
while read -r service schema; do
  password=$(cat "/run/p2p-secrets/$service-password")
  psql -v schema="$schema" -v password="$password" <<'SQL'
create role :"schema" login password :'password';
grant connect on database p2p to :"schema";
create schema :"schema" authorization :"schema";
SQL
done <<'EOT'
host-registry registry
map-assignment assignment
security-validator security
metrics metrics
db-proxy gamedata
relay relay
EOT
