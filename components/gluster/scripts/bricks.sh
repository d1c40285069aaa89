#!/usr/bin/env bash
# Put before a step that has to know this machine's brick. Defines only functions, which follow step.sh.
set -euo pipefail

# is_ours DEVICE UUID  whether the disk holds that file system, be it only begun
is_ours() {
  local found
  found=$(wipefs --noheadings --output TYPE,UUID "$1" 2>/dev/null) || return
  grep -Eq "^xfs +$2 *$" <<<"$found"
}
