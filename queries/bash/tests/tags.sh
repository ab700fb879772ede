#!/usr/bin/env bash
# Builds the shop and puts it where it is served from.
set -euo pipefail

source ./lib.sh
#      ^ import
. "$(dirname "$0")/colors.sh"
#  ^ import
#    ^ reference.call

VERSION=1.4
# <- definition.variable
HOST=localhost PORT=80;
# <- definition.variable
#              ^ definition.variable
readonly TARGET="build/$VERSION"
#        ^ definition.constant
#                       ^ reference.identifier
declare -gr STAGES=(lint pack)
#           ^ definition.constant
declare -A seen=([lint]=1)
#          ^ definition.variable
declare -i count
#          ^ definition.variable
export SHOP_HOME=/srv/shop LANG
#      ^ definition.variable
#      ^ export
#                          ^ export
[[ -n ${CI:-} ]] && quiet=yes
#       ^ reference.identifier
#                   ^ definition.variable
if [ -t 1 ]; then
  colour=always
# ^ definition.variable
fi
VERSION+=-dev

# Says what happens.
say() {
# <- definition.function
  local text=$1
  printf '%s\n' "${text}" >&2
# ^ reference.call say
#                  ^ reference.identifier say
}

function shop::build {
#        ^ definition.function
  for stage in "${STAGES[@]}"; do
#                 ^ reference.identifier shop::build
    say "$stage" | tee -a "$TARGET/log"
#   ^ reference.call shop::build
#                           ^ reference.identifier shop::build
  done
  result=$(stamp "$PORT")
#          ^ reference.call shop::build
}

stamp() ( date +%s )
# <- definition.function
#         ^ reference.call stamp

cleanup() { rm -rf "$TARGET"; }
# <- definition.function
export -f say
#         ^ export
trap cleanup EXIT
#    ^ reference.call
complete -o default -F shop::build shop
#                      ^ reference.call

shop::build "$@" || command say "failed"
# <- reference.call
#                           ^ reference.call
