#!/usr/bin/env bash
# The shared storage on one machine: the service that mounts it, and Docker behind it.
#
# Reads: MOUNT_POINT      where
#        PROGRAM          text of the program that mounts and unmounts
#        PROGRAM_PATH     where that lies
#        SERVICE          name of the service
#        UNIT             text of its unit
#        DOCKER_DROP_IN   text of docker.service's drop-in
#        TIMEOUT_SECONDS  how long the mount may take
#
# What is mounted stays mounted: a changed program counts from the next start on. A second run changes nothing. Follows
# step.sh.
set -euo pipefail

# Not by a look at it, which may hang where the storage is gone. A mount in user space outlives the program that serves
# it, which the service has started, and is of no use then.
is_mounted() {
  local place type
  while read -r _ place type _; do
    [[ "$place" == "$MOUNT_POINT" ]] || continue
    [[ "$type" != fuse.* ]] || read -r _ 2>/dev/null <"$ROOT/sys/fs/cgroup/system.slice/$SERVICE/cgroup.procs"
    return
  done <"$ROOT/proc/self/mounts"
  return 1
}

# The service starts behind a mountpoint that holds nothing, or it would hide what is in it.
refuse_hidden_files() {
  local hidden
  ! is_mounted || return 0
  hidden=$(find "$ROOT$MOUNT_POINT" -mindepth 1 -maxdepth 1 -printf '%f ' 2>/dev/null || true)
  hidden=${hidden% }
  [[ -z "$hidden" ]] || {
    echo "$(hostname): $MOUNT_POINT: must be empty before storage is mounted there, holds $hidden; move that elsewhere, and back into the storage once it is mounted" >&2
    exit 1
  }
}

# Prints why it is not mounted, as far as anybody tells. Of a key that is refused the kernel alone does: mount takes that for
# a server that is not there (ceph_get_tree in Linux' fs/ceph/super.c).
tell_reason() {
  local said refused
  said=$(journalctl --quiet --output=cat --lines=1 "--since=-${TIMEOUT_SECONDS}s" "_SYSTEMD_UNIT=$SERVICE") || true
  echo "mount says ${said:-nothing}"
  # It is tried more than once in that time.
  refused=$(journalctl --quiet --output=cat --dmesg --since=-120s | grep '^libceph.*auth.* failed: -' | tail -n 1) || true
  [[ -z "$refused" ]] || echo "Ceph refuses this machine's key ($refused), run ./swarmstead repair, which writes it anew"
}

main() {
  : "${MOUNT_POINT:?}" "${PROGRAM:?}" "${PROGRAM_PATH:?}" "${SERVICE:?}" "${UNIT:?}" "${DOCKER_DROP_IN:?}" "${TIMEOUT_SECONDS:?}"
  local unit=/etc/systemd/system/$SERVICE drop_in=/etc/systemd/system/docker.service.d/swarmstead-storage.conf reload=no file reason
  [[ "$STEP_VERB" == check ]] || refuse_hidden_files
  install_text "$PROGRAM_PATH" 755 "$PROGRAM"
  settle "$PROGRAM_PATH"
  install_text "$unit" 644 "$UNIT"
  [[ "$CHANGED" == no ]] || reload=yes
  install_text "$drop_in" 644 "$DOCKER_DROP_IN"
  [[ "$CHANGED" == no ]] || reload=yes
  if [[ "$reload" == yes ]]; then
    systemctl daemon-reload
    for file in "$unit" "$drop_in"; do settle "$file"; done
  fi
  if ! systemctl is-enabled --quiet "$SERVICE" && to_mend "$SERVICE does not start at boot"; then
    systemctl enable --quiet "$SERVICE"
  fi
  if ! is_mounted && to_mend "$MOUNT_POINT is not mounted"; then
    # One that ran before and was unmounted by hand counts as active still; its restart takes Docker along, whose
    # containers have lost their files anyhow.
    if systemctl is-active --quiet "$SERVICE"; then
      systemctl restart --no-block "$SERVICE"
    else
      systemctl start --no-block "$SERVICE"
    fi
    for ((second = 0; second < TIMEOUT_SECONDS; second += 1)); do
      # A mount in user space is seen before it can be used.
      ! { is_mounted && systemctl is-active --quiet "$SERVICE"; } || return 0
      sleep 1
    done
    reason=$(tell_reason)
    echo "$(hostname): $MOUNT_POINT is not mounted after $TIMEOUT_SECONDS s; ${reason//$'\n'/; }; see: journalctl -u $SERVICE -n 30" >&2
    exit 1
  fi
}

main "$@" </dev/null
