#!/usr/bin/env bats
# Folders of the data layout.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  export FILES_ROOT=$BATS_TEST_TMPDIR/root
  DATA=$FILES_ROOT/var/data
  mkdir -p "$FILES_ROOT/var"
  OWNER=$(id -un):$(id -gn)
  stub install 'PATH=${PATH#"$BIN:"}; exec install "$@"'
  value FOLDERS "/var/data $OWNER 755"$'\n'"/var/data/config $OWNER 750"$'\n'"/var/data/config/web $OWNER 1777"
}

step() {
  run_step storage/scripts/set-folders.sh "$@"
}

# every_entry  files and folders with mode, time of change and inode
every_entry() {
  find "$FILES_ROOT" -printf '%p %m %T@ %i\n' | sort
}

@test "makes every folder with its owner and mode" {
  step
  expect_status 0
  [[ "$output" == $'changed /var/data\nchanged /var/data/config\nchanged /var/data/config/web' ]]
  diff - /dev/fd/3 3< <(stat -c '%F %U:%G %a' "$DATA" "$DATA/config" "$DATA/config/web") <<TEXT
directory $OWNER 755
directory $OWNER 750
directory $OWNER 1777
TEXT
}

@test "gives a folder that it makes to another user and group" {
  stub install
  value FOLDERS "/var/data alice:staff 2775"
  step
  expect_status 0
  expect_call "install -d -o alice -g staff -m 2775 $DATA"
}

@test "knows users and groups by number, too, as those of a container have no name here" {
  value FOLDERS "/var/data $(id -u):$(id -g) 700"
  step
  [[ "$status" -eq 0 && "$output" == "changed /var/data" ]]
  step
  [[ "$status" -eq 0 && "$output" == "" ]]
  stub install
  value FOLDERS "/var/data 4711:4712 700"
  step
  expect_call "install -d -o 4711 -g 4712 -m 700 $DATA"
}

@test "changes nothing in a second run" {
  step
  before=$(every_entry)
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "" && "$(every_entry)" == "$before" && ! -s "$CALLS" ]]
}

@test "mends the mode of a folder, and leaves what is in it alone" {
  step
  mkdir -m 711 "$DATA/config/web/own"
  echo data >"$DATA/config/web/own/file"
  before=$(every_entry)
  chmod 700 "$DATA/config/web"
  step
  expect_status 0
  [[ "$output" == "changed /var/data/config/web" && "$(every_entry)" == "$before" ]]
}

@test "removes no folder that is not wanted any more" {
  step
  value FOLDERS "/var/data $OWNER 755"
  step
  [[ "$status" -eq 0 && "$output" == "" && -d "$DATA/config/web" ]]
}

@test "fails at a file in a folder's place, and keeps it" {
  echo data >"$DATA"
  step
  [[ "$status" -ne 0 ]]
  expect_text "$DATA"
  [[ "$(cat "$DATA")" == data ]]
}

@test "says in a check what it would change, and changes nothing" {
  step check
  expect_status 0
  [[ "${lines[0]}" == "/var/data is not a folder of $OWNER with mode 755" && "${#lines[@]}" -eq 3 ]]
  [[ ! -e "$DATA" ]]
  step
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
  chmod 700 "$DATA/config"
  value FOLDERS "/var/data alice:staff 755"$'\n'"/var/data/config $OWNER 750"
  before=$(every_entry)
  : >"$CALLS"
  step check
  expect_status 0
  [[ "$output" == $'/var/data is not a folder of alice:staff with mode 755\n'"/var/data/config is not a folder of $OWNER with mode 750" ]]
  [[ "$(every_entry)" == "$before" && ! -s "$CALLS" ]]
}

@test "names a value that is missing" {
  expect_missing_named storage/scripts/set-folders.sh FOLDERS
}
