#!/usr/bin/env bats
# keepalived on a manager.

# shellcheck disable=SC2016 # a stub's text is for the stub
CONF=/etc/keepalived/keepalived.conf
CHECK=/usr/local/lib/swarmstead/check-entry
DROP_IN=/etc/systemd/system/keepalived.service.d/swarmstead.conf

setup() {
  load helper
  export FILES_ROOT=$BATS_TEST_TMPDIR/root WORLD=$BATS_TEST_TMPDIR/world
  mkdir -p "$FILES_ROOT" "$WORLD"
  stub hostname 'echo node1'
  stub ip 'cat <<TEXT
lo               UNKNOWN        127.0.0.1/8
ens3@if7         UP             10.77.0.110/24 10.77.0.11/23 metric 1024 10.77.0.10/32
docker0          DOWN           172.28.0.1/24
TEXT'
  stub keepalived '
file=${2#--use-file=}
[[ "$1" == --config-test && -x "$FILES_ROOT'$CHECK'" ]] || exit 2
cp "$file" "$WORLD/tried"
! grep -q broken "$file" || { echo "Unknown keyword broken"; exit 4; }'
  stub systemctl '
case $1 in
  show)
    [[ "$*" != *FragmentPath* ]] || { [[ -e "$WORLD/gone" ]] || echo /usr/lib/systemd/system/keepalived.service; exit 0; }
    cat "$WORLD/enabled" "$WORLD/active" 2>/dev/null; true ;;
  is-active) [[ -e "$WORLD/active" ]] ;;
  enable) echo UnitFileState=enabled >"$WORLD/enabled" ;;
  start) echo ActiveState=active >"$WORLD/active" ;;
  disable) rm -f "$WORLD/enabled" "$WORLD/active" ;;
esac'
  value CONF $'interface @interface@\ndev @interface@\n'
  value ADDRESS 10.77.0.11
  value CHECK $'#!/bin/bash\ntrue\n'
  value CHECK_PROGRAM "$CHECK"
  value DROP_IN $'[Service]\nRestart=always\n'
}

step() {
  run_step vip/scripts/set-vip.sh "$@"
}

@test "puts program, configuration and drop-in in place, with the interface of the machine's address, and starts it" {
  step
  expect_status 0
  diff "$FILES_ROOT$CONF" - <<<$'interface ens3\ndev ens3'
  diff "$FILES_ROOT$CHECK" - <<<$'#!/bin/bash\ntrue'
  diff "$FILES_ROOT$DROP_IN" - <<<$'[Service]\nRestart=always'
  [[ "$(stat -c %a "$FILES_ROOT$CHECK")" == 755 ]]
  grep '^systemctl' "$CALLS" | grep -v '^systemctl show' | diff - /dev/fd/3 3<<'TEXT'
systemctl daemon-reload
systemctl is-active --quiet keepalived.service
systemctl enable --quiet keepalived.service
systemctl start keepalived.service
TEXT
}

@test "changes nothing in a second run" {
  step
  before=$(snapshot "$FILES_ROOT")
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "" && "$(snapshot "$FILES_ROOT")" == "$before" ]]
  refuse_call '^systemctl (daemon|reload|restart|enable|start|stop)|^keepalived'
}

@test "has a changed configuration taken over by a reload, and never by a restart" {
  step
  value CONF $'interface @interface@\npriority 215\n'
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "changed $CONF" ]]
  expect_call "systemctl reload keepalived.service"
  refuse_call 'restart|daemon-reload| stop'
}

@test "needs no reload for a changed program, which keepalived starts anew each time" {
  step
  value CHECK $'#!/bin/bash\nfalse\n'
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "changed $CHECK" ]]
  refuse_call 'systemctl (reload|restart|daemon)'
}

@test "makes up for a reload that a run before was cut off from" {
  step
  value CONF $'interface @interface@\npriority 215\n'
  stub systemctl '[[ $1 != reload ]]'
  step
  expect_status 1
  stub systemctl 'echo UnitFileState=enabled ActiveState=active'
  step check
  [[ "$output" == "$CONF has not been taken over yet" ]]
  : >"$CALLS"
  step
  expect_status 0
  expect_call "systemctl reload keepalived.service"
}

@test "leaves the old configuration where keepalived refuses the new one, and says why" {
  step
  before=$(snapshot "$FILES_ROOT/etc")
  value CONF $'broken @interface@\n'
  : >"$CALLS"
  step
  expect_status 1
  expect_text "node1: keepalived refuses its new configuration, the old one stays: Unknown keyword broken"
  [[ "$(snapshot "$FILES_ROOT/etc")" == "$before" && "$(cat "$WORLD/tried")" == "broken ens3" ]]
  refuse_call '^systemctl (reload|restart|start)'
}

@test "fails where no interface has the address, not even a longer one" {
  value ADDRESS 10.77.0.1
  step
  expect_status 1
  expect_text "node1: no interface has the address 10.77.0.1"
  [[ ! -e "$FILES_ROOT$CONF" ]]
}

@test "says in a check what it would change, and changes nothing" {
  before=$(snapshot "$FILES_ROOT")
  step check
  expect_status 0
  diff - /dev/fd/3 3<<<"$output" <<TEXT
$CHECK is not as it should be
$CONF is not as it should be
$DROP_IN is not as it should be
keepalived.service does not start at boot
keepalived.service does not run
TEXT
  [[ "$(snapshot "$FILES_ROOT")" == "$before" ]]
  refuse_call '^systemctl [^si]|^keepalived'
  step
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
}

@test "finds a configuration that was changed by hand" {
  step
  echo "priority 254" >>"$FILES_ROOT$CONF"
  step check
  [[ "$status" -eq 0 && "$output" == "$CONF is not as it should be" ]]
}

@test "delete stops it first, and leaves nothing of its own behind, and what is another's alone" {
  step
  mkdir -p "$FILES_ROOT/run/swarmstead/vip"
  touch "$FILES_ROOT/run/swarmstead/vip/seen" "${FILES_ROOT}${DROP_IN%/*}/other.conf"
  : >"$CALLS"
  step delete
  expect_status 0
  diff - /dev/fd/3 3< <(grep -v '^systemctl show' "$CALLS") <<'TEXT'
systemctl disable --now --quiet keepalived.service
systemctl daemon-reload
TEXT
  [[ "$(cd "$FILES_ROOT" && find . -type f)" == ".${DROP_IN%/*}/other.conf" ]]
  step delete
  expect_status 0
}

@test "delete succeeds where keepalived is gone" {
  step
  touch "$WORLD/gone"
  : >"$CALLS"
  step delete
  expect_status 0
  refuse_call disable
  [[ ! -e "$FILES_ROOT$CONF" ]]
}

@test "names a value that is missing" {
  expect_missing_named vip/scripts/set-vip.sh CONF ADDRESS CHECK CHECK_PROGRAM DROP_IN
}
