#!/usr/bin/env bats
# Names, firewall, time and SSH limits of a machine.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  export FILES_ROOT=$BATS_TEST_TMPDIR/root
  mkdir -p "$FILES_ROOT/etc"
  printf '127.0.0.1 localhost\n' >"$FILES_ROOT/etc/hosts"
  : >"$BATS_TEST_TMPDIR/kernel"
  stub nft '[[ "$*" != *list* ]] || cat "$BATS_TEST_TMPDIR/kernel"'
  export BATS_TEST_TMPDIR
  stub sshd
  # A systemctl that knows what was started and enabled.
  UNITS=$BATS_TEST_TMPDIR/units
  export UNITS
  mkdir "$UNITS"
  stub systemctl '
verb=$1 unit=${!#}
case $verb in
  is-active) [[ -e "$UNITS/$unit.active" ]] ;;
  show)
    [[ ! -e "$UNITS/$unit.enabled" ]] || echo UnitFileState=enabled
    [[ ! -e "$UNITS/$unit.active" ]] || echo ActiveState=active ;;
  start | restart | reload)
    touch "$UNITS/$unit.active"
    [[ "$unit" != swarmstead-firewall ]] || "$FILES_ROOT/usr/local/lib/swarmstead/load-firewall" ;;
  enable) touch "$UNITS/$unit.enabled" ;;
esac'
  value MEMBERS $'node1 10.77.0.11\nnode2 10.77.0.12'
  value APPLY_MEMBERS "$(cat "$ROOT/components/host/scripts/apply-members.sh")"$'\n'
  value LOAD_FIREWALL "$(cat "$ROOT/components/host/scripts/load-firewall.sh")"$'\n'
  value FIREWALL $'table inet swarmstead {\n}\n'
  value CHRONY_CONF $'pool example iburst\n'
}

step() {
  run_step host/scripts/set-base.sh "$@"
}

@test "writes every file byte for byte, with its mode" {
  step
  expect_status 0
  cd "$FILES_ROOT/etc"
  diff swarmstead/members/node1 - <<<"10.77.0.11"
  diff swarmstead/members/node2 - <<<"10.77.0.12"
  diff "$FILES_ROOT/usr/local/lib/swarmstead/apply-members" "$ROOT/components/host/scripts/apply-members.sh"
  diff swarmstead/firewall.nft - <<<$'table inet swarmstead {\n}'
  diff chrony/chrony.conf - <<<"pool example iburst"
  diff ssh/sshd_config.d/10-swarmstead.conf - <<'TEXT'
MaxStartups 100:30:200
MaxSessions 100
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UseDNS no
TEXT
  grep -Fx "10.77.0.12 node2" hosts
  grep -Fx "ExecStart=/usr/local/lib/swarmstead/load-firewall" systemd/system/swarmstead-firewall.service
  run stat -c %a "$FILES_ROOT/usr/local/lib/swarmstead/apply-members" swarmstead/firewall.nft
  [[ "$output" == $'755\n644' ]]
}

@test "checks what it wrote, and starts, enables and reloads in order" {
  step
  run grep -Ev '^systemctl (is-|show)' "$CALLS"
  diff - /dev/fd/3 3<<<"${output//"$FILES_ROOT"/}" <<'TEXT'
nft -c -f /etc/swarmstead/firewall.nft
systemctl daemon-reload
systemctl enable --quiet swarmstead-firewall
systemctl start swarmstead-firewall
nft -f /etc/swarmstead/firewall.nft
nft --stateless list table inet swarmstead
systemctl restart chrony
systemctl enable --quiet chrony
sshd -t
systemctl reload ssh
TEXT
}

@test "changes nothing and restarts nothing in a second run" {
  step
  before=$(snapshot "$FILES_ROOT")
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "" && "$(snapshot "$FILES_ROOT")" == "$before" ]]
  refuse_call '^systemctl (start|restart|reload|enable|daemon)|^sshd'
}

@test "reloads only the firewall where only its text changed" {
  step
  : >"$CALLS"
  value LOAD_FIREWALL "$(cat "$ROOT/components/host/scripts/load-firewall.sh")"$'\n'
  value FIREWALL $'table inet swarmstead { }\n'
  step
  expect_status 0
  [[ "$output" == "changed /etc/swarmstead/firewall.nft" ]]
  expect_call "systemctl reload swarmstead-firewall"
  refuse_call 'restart chrony|reload ssh$'
}

@test "starts a firewall again that somebody stopped, and loads a table that somebody changed" {
  step
  rm "$UNITS/swarmstead-firewall.active"
  : >"$CALLS"
  step
  expect_call "systemctl start swarmstead-firewall"
  echo "tcp dport 9999 accept" >"$BATS_TEST_TMPDIR/kernel"
  step
  expect_call "systemctl reload swarmstead-firewall"
}

@test "says in a check what it would change, line by line, and changes nothing" {
  step
  : >"$CALLS"
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
  echo "10.66.6.6 node1" >>"$FILES_ROOT/etc/hosts"
  sed -i '/10.77.0.12/d' "$FILES_ROOT/etc/hosts"
  echo "pool elsewhere" >"$FILES_ROOT/etc/chrony/chrony.conf"
  echo "tcp dport 9999 accept" >"$BATS_TEST_TMPDIR/kernel"
  rm "$UNITS/chrony.active" "$UNITS/swarmstead-firewall.enabled"
  before=$(snapshot "$FILES_ROOT")
  : >"$CALLS"
  step check
  expect_status 0
  diff - /dev/fd/3 3<<<"$output" <<'TEXT'
/etc/hosts is not as it should be
the firewall's rules were changed by hand
swarmstead-firewall does not start at boot
/etc/chrony/chrony.conf is not as it should be
chrony does not run
TEXT
  [[ "$(snapshot "$FILES_ROOT")" == "$before" ]]
  refuse_call '^systemctl (start|restart|reload|enable|daemon)'
}

@test "mends a mode that somebody changed" {
  step
  chmod 600 "$FILES_ROOT/etc/chrony/chrony.conf"
  step
  [[ "$(stat -c %a "$FILES_ROOT/etc/chrony/chrony.conf")" == 644 ]]
}

@test "does not start a firewall that nft refuses" {
  stub nft 'echo "firewall.nft:1:1: Error: syntax error" >&2; exit 1'
  step
  [[ "$status" -ne 0 ]]
  expect_text "syntax error"
  refuse_call '^systemctl (start|reload)'
}

@test "does not pass over a reload of SSH that failed the last time" {
  stub sshd 'echo "Bad configuration option" >&2; exit 255'
  step
  [[ "$status" -ne 0 ]]
  expect_text "Bad configuration option"
  refuse_call 'reload ssh'
  stub sshd
  step
  expect_status 0
  expect_call "systemctl reload ssh"
}

@test "does not pass over a reload of the firewall that failed the last time" {
  step
  value LOAD_FIREWALL "$(cat "$ROOT/components/host/scripts/load-firewall.sh")"$'\n'
  value FIREWALL $'table inet swarmstead { }\n'
  stub nft '[[ $1 != -f ]]'
  step
  [[ "$status" -ne 0 ]]
  : >"$BATS_TEST_TMPDIR/kernel"
  stub nft '[[ "$*" != *list* ]] || cat "$BATS_TEST_TMPDIR/kernel"'
  export BATS_TEST_TMPDIR
  : >"$CALLS"
  step
  expect_status 0
  expect_call "systemctl reload swarmstead-firewall"
}

@test "names a value that is missing" {
  expect_missing_named host/scripts/set-base.sh MEMBERS APPLY_MEMBERS FIREWALL LOAD_FIREWALL CHRONY_CONF
}
