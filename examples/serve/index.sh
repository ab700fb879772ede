#!/bin/sh
# Indexes a folder with a service of its own, which ends then: sh index.sh FOLDER REPO_ID COMMIT_SHA INDEX
# What was indexed is in INDEX/blobs/local.
set -eu
folder=$1 commit="{\"repo_id\":\"$2\",\"commit_sha\":\"$3\"}" index=$4
address=127.0.0.1:${PORT:-8090}
api=http://$address/api/v1
mkdir -p "$index"
"${ASTLAS:-../../target/release/astlas}" --cache-dir "$index" serve --listen "$address" --blobs "$index/blobs" \
    2>"$index/log" &
service=$!
trap 'kill $service 2>/dev/null || true' EXIT
ask() { curl --silent --show-error --fail --output /dev/null "$@"; }
# Asks until it is answered, for a quarter of an hour: the service is not up at once, and then the index is not there.
until_there() {
    tries=0
    until ask "$@" 2>/dev/null; do
        tries=$((tries + 1))
        kill -0 $service 2>/dev/null && [ $tries -le 900 ] || { cat "$index/log" >&2; exit 1; }
        sleep 1
    done
}
until_there "http://$address/health/ready"
tar -C "$folder" -cf - . | ask --upload-file - "$api/repos/$2/$3/archive"
ask --data "$commit" "$api/jobs/index_repo"
until_there --data "$commit" "$api/graph/cycles"
