#!/usr/bin/env bash
# Writes FILE as a comment of pull request NUMBER; the next time in the place of the one before, which is the first one by
# AUTHOR with the mark below. `gh` and `jq` are on GitHub's runners.
set -euo pipefail

# Tells this comment from others of the same account. Anybody can write it, so it alone says nothing.
mark='<!-- astlas review context -->'
comments=repos/$GITHUB_REPOSITORY/issues
body=$RUNNER_TEMP/astlas-comment.md
{
    echo "$mark"
    # GitHub takes 65,536 characters. What is cut off is in the summary of the job.
    head --bytes=60000 "$FILE"
} >"$body"

# Each page is a list. The variables are those of jq.
# shellcheck disable=SC2016
ours='first(.[][] | select(.user.login == $author and (.body // "" | startswith($mark))) | .id)'
before=$(gh api --paginate "$comments/$NUMBER/comments" |
    jq --slurp --raw-output --arg author "$AUTHOR" --arg mark "$mark" "$ours")
if [[ -n $before ]]; then
    gh api --silent --method PATCH "$comments/comments/$before" --field body=@"$body"
else
    gh api --silent --method POST "$comments/$NUMBER/comments" --field body=@"$body"
fi
