#!/bin/sh
# Runs a command as a container would: in a root directory of its own that cannot be written to,
# as a user who is not root, with /proc, /dev and a /tmp. Called in new user, mount and process
# namespaces:
#   unshare --user --map-root-user --mount --pid --fork run.sh ROOT [SOURCE:TARGET]... -- COMMAND...
set -e
root=$1
shift
mount --bind "$root" "$root"
while [ "$1" != -- ]; do
  mount --rbind "${1%%:*}" "$root${1#*:}"
  mount -o remount,bind,ro "$root${1#*:}"
  shift
done
shift
mount -t proc proc "$root/proc"
for device in null random urandom zero; do
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -o remount,bind,ro "$root"
exec unshare --user --map-user=65532 --map-group=65532 --root="$root" --wd=/ "$@"
