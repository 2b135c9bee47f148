#!/bin/sh
# Brings Temporal's two databases to the schema of the server that this image belongs to. Runs before every start of
# the server: what is there already is left as it is, and a newer image adds its schema versions.
#
# Needs POSTGRES_SEEDS (host), POSTGRES_USER and SQL_PASSWORD (read by temporal-sql-tool itself).
set -eu

: "${POSTGRES_SEEDS:?the host of PostgreSQL is needed}"
: "${POSTGRES_USER:?the user of PostgreSQL is needed}"
: "${SQL_PASSWORD:?the password of PostgreSQL is needed}"
port=${DB_PORT:-5432}
schemas=${SCHEMA_FOLDER:-/etc/temporal/schema/postgresql/v12}

sql_tool() {
  database=$1
  shift
  temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_SEEDS" -p "$port" -u "$POSTGRES_USER" --db "$database" "$@"
}

# database name, folder of its schema versions
bring_up_to_date() {
  echo "database $1: creating it unless it exists"
  sql_tool "$1" create
  echo "database $1: bringing its schema up to date"
  sql_tool "$1" setup-schema -v 0.0
  sql_tool "$1" update-schema -d "$schemas/$2/versioned"
}

bring_up_to_date "${DBNAME:-temporal}" temporal
bring_up_to_date "${VISIBILITY_DBNAME:-temporal_visibility}" visibility
echo 'schema: done'
