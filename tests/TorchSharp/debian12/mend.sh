#!/usr/bin/env bash
# Puts a mended copy of TorchSharp's library into the build's output, where a link to the package lies.
# usage: mend.sh NATIVE CACHE   where NATIVE holds libLibTorchSharp.so and CACHE keeps what was mended before.
# Does nothing where the machine's libstdc++ is new enough, and fails quietly where python3, g++ or patchelf are missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
native=$1
cache=$2
library="$native/libLibTorchSharp.so"
[ -e "$library" ] || exit 0
[ -L "$library" ] || [ ! -e "$native/libios-init.so" ] || exit 0   # mended already
for libstdcxx in $(ldconfig -p 2>/dev/null | awk '/libstdc\+\+\.so\.6/ {print $NF}'); do
  if grep -q GLIBCXX_3.4.32 "$libstdcxx"; then exit 0; fi
done
if [ ! -e "$cache/libios-init.so" ]; then
  rm -rf "$cache.new"
  mkdir -p "$cache.new"
  cp -L "$library" "$cache.new/libLibTorchSharp.so"
  chmod u+w "$cache.new/libLibTorchSharp.so"
  bash "$here/fix.sh" "$cache.new"
  rm -rf "$cache"
  mv "$cache.new" "$cache"
fi
# The link goes first: the package itself must stay as it was published.
rm -f "$library"
cp "$cache/libLibTorchSharp.so" "$cache/libios-init.so" "$native/"
