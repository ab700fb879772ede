#!/usr/bin/env bash
# Makes the context of a pull request, and shows it in the summary of the job. Reads TOKENS, FOLDER, PROGRAM, SERVICE,
# TOKEN, CLOUD_RUN_TOKEN, BASE and HEAD, and what GitHub sets: GITHUB_REPOSITORY, GITHUB_STEP_SUMMARY, GITHUB_OUTPUT, RUNNER_TEMP.
set -euo pipefail

fail() {
    echo "::error::$1"
    exit 1
}

[[ -n ${BASE:-} && -n ${HEAD:-} ]] || fail 'no pull request: run this on: pull_request'
[[ $TOKENS =~ ^[0-9]+$ ]] || fail "tokens is '$TOKENS'; give a whole number"
file=$RUNNER_TEMP/astlas-context.md

from_program() {
    git -C "$FOLDER" cat-file -e "$BASE^{commit}" 2>/dev/null ||
        fail "the checkout does not have $BASE; give actions/checkout fetch-depth: 0"
    "$PROGRAM" context "$FOLDER" --diff "$BASE...$HEAD" --tokens "$TOKENS" --format markdown >"$file" ||
        fail "$PROGRAM ended with $?: the lines above say why"
}

# What lets us in, as curl's configuration.
credentials() {
    if [[ -n $TOKEN ]]; then printf 'header = "Authorization: Bearer %s"\n' "$TOKEN"; fi
    if [[ -n ${CLOUD_RUN_TOKEN:-} ]]; then
        printf 'header = "X-Serverless-Authorization: Bearer %s"\n' "$CLOUD_RUN_TOKEN"
    fi
}

# The events of the push may still be worked on, so a commit that is not known yet is asked for again: for ten minutes.
from_service() {
    local body answer status why
    body=$(jq --null-input --arg repo "$GITHUB_REPOSITORY" --arg head "$HEAD" --arg base "$BASE" \
        --argjson tokens "$TOKENS" \
        '{repo_id: $repo, commit_sha: $head, base_sha: $base, max_tokens: $tokens, format: "markdown"}')
    answer=$RUNNER_TEMP/astlas-answer.json
    for _ in $(seq "${TRIES:-60}"); do
        # Tokens go in by standard input: arguments are seen by every process.
        status=$(credentials |
            curl --config - --silent --show-error --retry 3 --max-time 120 --output "$answer" \
                --write-out '%{http_code}' --header 'content-type: application/json' --data "$body" "${SERVICE%/}/api/v1/pr/context") ||
            fail "$SERVICE cannot be asked: the line above says why"
        case $status in
        200) jq --raw-output .context.text "$answer" >"$file" && return ;;
        404) sleep "${PAUSE:-10}" ;;
        *) break ;;
        esac
    done
    why=$(jq --raw-output '.detail // .title // "no reason"' "$answer" 2>/dev/null || true)
    fail "the service answered with $status: $why"
}

if [[ -n ${SERVICE:-} ]]; then from_service; else from_program; fi

# GitHub refuses a summary of more than 1 MiB as a whole.
head --bytes=1000000 "$file" >>"$GITHUB_STEP_SUMMARY"
echo "file=$file" >>"$GITHUB_OUTPUT"
