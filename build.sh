#!/usr/bin/env bash
# usage: ./build.sh build | test | golden | bench [inference|training|tokenization|generator|coldstart …] | format | check | pack | quickstart
set -euo pipefail
cd "$(dirname "$0")"
command=${1:-build}
shift || true
case "$command" in
  build) dotnet build BertGen.sln -c Release "$@" ;;
  test) exec tests/run.sh "$@" ;;
  golden) BERTGEN_UPDATE_GOLDENS=1 dotnet test tests/Generator.Tests -c Release "$@" && git --no-pager diff --stat -- tests ;;
  bench) dotnet run --project tests/Benchmarks -c Release -- "$@" ;;
  format) dotnet format BertGen.sln "$@" ;;
  check) dotnet build BertGen.sln -c Release -p:RunAnalyzers=true "$@" && dotnet format whitespace BertGen.sln --verify-no-changes ;;
  pack) dotnet pack BertGen.sln -c Release -o artifacts/packages "$@" ;;
  quickstart) dotnet run --project samples/QuickStart -c Release -- "$@" ;;
  *) sed -n 2p "$0" >&2; exit 2 ;;
esac
