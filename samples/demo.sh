#!/bin/sh
# The demonstration: sample minutes into a fresh ledger, the log verified, a newcomer's question answered.
# usage: sh samples/demo.sh BIN [DIR]
# BIN is the directory of the `ledger` program; DIR, an empty directory, keeps the ledger that is made.
# Everything else, the key included, lies in a temporary directory that is removed at the end.
set -eu

samples=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

PATH=$1:$PATH
HOME=$work/home
XDG_CONFIG_HOME=$HOME/config
XDG_STATE_HOME=$HOME/state
XDG_CACHE_HOME=$HOME/cache
export PATH HOME XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME
unset LEDGER_DIR LEDGER_PASSPHRASE LEDGER_STORE
group=${2:-$work/group}
mkdir -p "$HOME" "$group/minutes"
cp "$samples"/*.md "$group/minutes"
cd "$group"

run() {
    printf '\n$ %s\n' "$1"
    eval "$1"
}

run 'ledger init --group "CPAN Security Group" --origin example.org/ledger --no-passphrase'
run 'ledger record --yes minutes/*.md'
run 'ledger verify'
run 'ledger find code of conduct'
