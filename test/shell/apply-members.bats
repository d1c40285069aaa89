#!/usr/bin/env bats
# The program on every machine that makes /etc/hosts and the firewall's set of nodes.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  export FILES_ROOT=$BATS_TEST_TMPDIR/root
  mkdir -p "$FILES_ROOT/etc/swarmstead/members"
  printf '127.0.0.1\tlocalhost\n127.0.1.1 node1.lan node1\n192.0.2.7 printer\n' >"$FILES_ROOT/etc/hosts"
  echo 10.77.0.11 >"$FILES_ROOT/etc/swarmstead/members/node1"
  echo 10.77.0.9 >"$FILES_ROOT/etc/swarmstead/members/node2"
  stub systemctl
}

apply() {
  run bash "$ROOT/components/host/scripts/apply-members.sh"
}

@test "writes the members in the order of their addresses, and keeps the lines of others" {
  apply
  expect_status 0
  diff "$FILES_ROOT/etc/hosts" - <<'TEXT'
127.0.0.1	localhost
192.0.2.7 printer
# swarmstead begin
10.77.0.9 node2
10.77.0.11 node1
# swarmstead end
TEXT
  diff "$FILES_ROOT/etc/swarmstead/nodes.nft" - <<'TEXT'
set nodes {
  type ipv4_addr
  elements = { 10.77.0.9, 10.77.0.11 }
}
TEXT
  [[ "$(stat -c %a "$FILES_ROOT/etc/hosts")" == 644 ]]
  expect_call "systemctl reload swarmstead-firewall"
}

@test "changes nothing and reloads nothing in a second run" {
  apply
  before=$(snapshot "$FILES_ROOT")
  : >"$CALLS"
  apply
  expect_status 0
  [[ "$output" == "" && "$(snapshot "$FILES_ROOT")" == "$before" && ! -s "$CALLS" ]]
}

@test "takes a member away that is no longer one" {
  apply
  rm "$FILES_ROOT/etc/swarmstead/members/node2"
  apply
  run ! grep node2 "$FILES_ROOT/etc/hosts"
  grep -Fx '  elements = { 10.77.0.11 }' "$FILES_ROOT/etc/swarmstead/nodes.nft"
}

@test "makes an empty set where there is no member" {
  rm "$FILES_ROOT/etc/swarmstead/members/"*
  apply
  expect_status 0
  diff "$FILES_ROOT/etc/swarmstead/nodes.nft" - <<<$'set nodes {\n  type ipv4_addr\n}'
}

@test "keeps a loopback line of another name" {
  echo "127.0.1.1 laptop" >>"$FILES_ROOT/etc/hosts"
  apply
  grep -Fx "127.0.1.1 laptop" "$FILES_ROOT/etc/hosts"
}

@test "does not reload a firewall that is not up yet" {
  stub systemctl '[[ $1 != is-active ]]'
  apply
  expect_status 0
  refuse_call reload
}

@test "reloads the firewall in the next run where the reload failed" {
  stub systemctl '[[ $1 != reload ]]'
  apply
  [[ "$status" -ne 0 ]]
  stub systemctl
  : >"$CALLS"
  apply
  expect_status 0
  expect_call "systemctl reload swarmstead-firewall"
}

@test "takes a half-written member's file for no member" {
  echo 10.77.0.14 >"$FILES_ROOT/etc/swarmstead/members/node4.new"
  apply
  run ! grep -F node4 "$FILES_ROOT/etc/hosts"
}

@test "may run several times at once" {
  local jobs=() job failed=0
  for number in {20..35}; do
    (
      echo "10.77.0.$number" >"$FILES_ROOT/etc/swarmstead/members/worker$number"
      bash "$ROOT/components/host/scripts/apply-members.sh" >/dev/null
    ) &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do
    wait "$job" || failed=1
  done
  [[ "$failed" -eq 0 ]]
  [[ "$(grep -c worker "$FILES_ROOT/etc/hosts")" -eq 16 ]]
  [[ "$(grep -o '10\.77' "$FILES_ROOT/etc/swarmstead/nodes.nft" | wc -l)" -eq 18 ]]
}
