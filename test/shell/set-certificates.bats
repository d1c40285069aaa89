#!/usr/bin/env bats
# Certificates of a local authority on a manager, with the real openssl.

# shellcheck disable=SC2016 # a stub's text is for the stub
FOLDER=/etc/swarmstead/certificates
CONF=/etc/swarmstead/entry/traefik.d/swarmstead.yaml

setup() {
  load helper
  command -v openssl >/dev/null || skip "openssl is not installed, so no certificate was made"
  export FILES_ROOT=$BATS_TEST_TMPDIR/root TMPDIR=$BATS_TEST_TMPDIR/work
  CERTIFICATES=$FILES_ROOT$FOLDER
  mkdir -p "$TMPDIR" "$FILES_ROOT${CONF%/*}"
  : >"$FILES_ROOT$CONF"
  use_authority
  value FOLDER "$FOLDER"
  value AUTHORITY swarmstead-test
  value NAMES "blog.swarm.test hello.example.test"
  # A file that a test makes belongs to its own group.
  value GROUP "$(id -g)"
  value CONF "$CONF"
}

# use_authority  another key for the authority
use_authority() {
  KEY=$(openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256)
  value AUTHORITY_KEY "$KEY"$'\n'
  value AUTHORITY_PUBLIC "$(openssl pkey -pubout <<<"$KEY")"$'\n'
}

step() {
  run_step traefik/scripts/set-certificates.sh "$@"
}

# verify NAME [FOLDER]  whether the authority of that folder takes the certificate for the name
verify() {
  openssl verify -purpose sslserver -verify_hostname "$1" -x509_strict -CAfile "${2:-$CERTIFICATES}/ca.pem" "$CERTIFICATES/leaf.pem"
}

@test "makes an authority, and a certificate of it for each name" {
  step
  expect_status 0
  [[ "$output" == $'changed '"$FOLDER/ca.pem"$'\nchanged '"$FOLDER/leaf.key"$'\nchanged '"$FOLDER/leaf.pem" ]]
  verify blog.swarm.test
  verify hello.example.test
  run ! verify swarm.test
  [[ "$(stat -c '%n %a' "$CERTIFICATES"/*)" == "$CERTIFICATES/ca.pem 644
$CERTIFICATES/leaf.key 640
$CERTIFICATES/leaf.pem 644" ]]
  openssl x509 -in "$CERTIFICATES/ca.pem" -noout -subject -nameopt RFC2253 | grep -Fx subject=CN=swarmstead-test
}

@test "gives the certificate the life and the key that Mozilla's profile allows" {
  step
  openssl x509 -in "$CERTIFICATES/leaf.pem" -noout -checkend $((364 * 86400))
  run ! openssl x509 -in "$CERTIFICATES/leaf.pem" -noout -checkend $((366 * 86400))
  openssl x509 -in "$CERTIFICATES/leaf.pem" -noout -text >"$BATS_TEST_TMPDIR/text"
  grep -F 'ASN1 OID: prime256v1' "$BATS_TEST_TMPDIR/text"
  grep -F 'Signature Algorithm: ecdsa-with-SHA256' "$BATS_TEST_TMPDIR/text"
  grep -F 'CA:FALSE' "$BATS_TEST_TMPDIR/text"
}

@test "changes nothing in a second run" {
  step
  before=$(snapshot "$FILES_ROOT")
  step
  [[ "$status" -eq 0 && "$output" == "" && "$(snapshot "$FILES_ROOT")" == "$before" ]]
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
}

@test "makes what any other manager's authority verifies" {
  step
  FILES_ROOT=$BATS_TEST_TMPDIR/other step
  expect_status 0
  local other=$BATS_TEST_TMPDIR/other$FOLDER
  run ! cmp -s "$other/ca.pem" "$CERTIFICATES/ca.pem"
  verify blog.swarm.test "$other"
  serial() { openssl x509 -in "$1" -noout -serial; }
  [[ "$(serial "$other/leaf.pem")" != "$(serial "$CERTIFICATES/leaf.pem")" ]]
}

@test "renews the certificate in its last 30 days, and not before" {
  step
  cp "$CERTIFICATES/leaf.pem" "$BATS_TEST_TMPDIR/leaf.pem"
  stub date 'echo $(($(command -p date +%s) + 334 * 86400))'
  step
  [[ "$status" -eq 0 && "$output" == "" ]]
  stub date 'echo $(($(command -p date +%s) + 336 * 86400))'
  step check
  expect_text "$FOLDER/leaf.pem is not the authority's for blog.swarm.test hello.example.test, or ends within 30 days"
  step
  expect_status 0
  run ! cmp -s "$BATS_TEST_TMPDIR/leaf.pem" "$CERTIFICATES/leaf.pem"
}

@test "makes another for other names, of the same authority" {
  step
  cp "$CERTIFICATES/ca.pem" "$BATS_TEST_TMPDIR/ca.pem"
  value NAMES blog.swarm.test
  step
  expect_status 0
  verify blog.swarm.test
  run ! verify hello.example.test
  cmp "$BATS_TEST_TMPDIR/ca.pem" "$CERTIFICATES/ca.pem"
}

@test "makes all anew for another authority" {
  step
  use_authority
  step check
  [[ "$output" == "$FOLDER/ca.pem is not of the local authority, or ends within 30 days" ]]
  step
  [[ "$output" == $'changed '"$FOLDER/ca.pem"$'\nchanged '"$FOLDER/leaf.key"$'\nchanged '"$FOLDER/leaf.pem" ]]
  verify blog.swarm.test
}

@test "makes another where others could read its key, or the key is not its own" {
  step
  chmod 644 "$CERTIFICATES/leaf.key"
  step
  expect_text "changed $FOLDER/leaf.key"
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 >"$CERTIFICATES/leaf.key"
  step
  expect_text "changed $FOLDER/leaf.key"
  [[ "$(openssl pkey -in "$CERTIFICATES/leaf.key" -pubout)" == "$(openssl x509 -in "$CERTIFICATES/leaf.pem" -noout -pubkey)" ]]
}

@test "makes no certificate without names, and takes the one away that is there" {
  value NAMES ""
  step
  expect_status 0
  [[ -e "$CERTIFICATES/ca.pem" && ! -e "$CERTIFICATES/leaf.pem" ]]
  value NAMES blog.swarm.test
  step
  value NAMES ""
  step check
  [[ "$output" == "$FOLDER/leaf.pem is there without a name to serve" ]]
  step
  expect_status 0
  [[ ! -e "$CERTIFICATES/leaf.pem" && ! -e "$CERTIFICATES/leaf.key" ]]
}

@test "has Traefik read a new certificate, even where the last run was cut off before" {
  touch -d '1 hour ago' "$FILES_ROOT$CONF"
  step
  [[ ! "$CERTIFICATES/leaf.pem" -nt "$FILES_ROOT$CONF" && -n "$(find "$FILES_ROOT$CONF" -mmin -50)" ]]
  touch -d '1 hour ago' "$FILES_ROOT$CONF"
  step check
  [[ "$output" == "Traefik has not been told of its certificate" ]]
  step
  expect_status 0
  [[ "$FILES_ROOT$CONF" -nt "$CERTIFICATES/leaf.pem" && ! -s "$FILES_ROOT$CONF" ]]
}

@test "writes the authority's key nowhere, and leaves no file behind" {
  step
  local line
  line=$(sed -n 2p <<<"$KEY")
  run ! grep -rqF -- "$line" "$FILES_ROOT" "$TMPDIR"
  [[ -z "$(ls -A "$TMPDIR")" ]]
  [[ "$(ls "$CERTIFICATES")" == $'ca.pem\nleaf.key\nleaf.pem' ]]
}

@test "says in a check what it would change, and changes nothing" {
  before=$(snapshot "$FILES_ROOT")
  step check
  expect_status 0
  diff - /dev/fd/3 3<<<"$output" <<TEXT
$FOLDER/ca.pem is not of the local authority, or ends within 30 days
$FOLDER/leaf.pem is not the authority's for blog.swarm.test hello.example.test, or ends within 30 days
TEXT
  [[ "$(snapshot "$FILES_ROOT")" == "$before" && ! -e "$CERTIFICATES" && -z "$(ls -A "$TMPDIR")" ]]
}

@test "takes the certificates away with delete" {
  step
  step delete
  expect_status 0
  [[ ! -e "$CERTIFICATES" && -e "$FILES_ROOT$CONF" ]]
  step delete
  expect_status 0
}

@test "names a value that is missing" {
  expect_missing_named traefik/scripts/set-certificates.sh FOLDER AUTHORITY AUTHORITY_KEY AUTHORITY_PUBLIC GROUP CONF
}
