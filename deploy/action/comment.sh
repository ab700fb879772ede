#!/usr/bin/env bash
# Writes FILE as a comment of pull request NUMBER; the next time in the place of the one before. `gh` is on GitHub's
# runners.
set -euo pipefail

# Tells our comment from others of the same account.
mark='<!-- astlas review context -->'
comments=repos/$GITHUB_REPOSITORY/issues
body=$RUNNER_TEMP/astlas-comment.md
{
    echo "$mark"
    # GitHub takes 65,536 characters. What is cut off is in the summary of the job.
    head --bytes=60000 "$FILE"
} >"$body"

ours=".[] | select(.body | startswith(\"$mark\")) | .id"
before=$(gh api --paginate "$comments/$NUMBER/comments" --jq "$ours" | head -n 1)
if [[ -n $before ]]; then
    gh api --silent --method PATCH "$comments/comments/$before" --field body=@"$body"
else
    gh api --silent --method POST "$comments/$NUMBER/comments" --field body=@"$body"
fi
