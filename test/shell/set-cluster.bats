#!/usr/bin/env bats
# What a Ceph cluster has beside its daemons. The monitors are a module in the place of `rados`: HAS is what they know, as
# JSON, and ASKED has a line for each command that they were given.

# shellcheck disable=SC2016,SC2034 # a stub's text is for the stub; the helper reads LIBRARIES
KEY=not-for-the-eyes-of-others

setup() {
  load helper
  LIBRARIES=(ceph/scripts/monitors.sh)
  export HAS=$BATS_TEST_TMPDIR/has ASKED=$BATS_TEST_TMPDIR/asked PYTHONPATH=$BATS_TEST_TMPDIR/python
  export PYTHONDONTWRITEBYTECODE=1 NO_QUORUM="" REFUSES="" REFUSED_WITH=""
  mkdir "$PYTHONPATH"
  : >"$ASKED"
  echo '{"entities": {"client.other": {"key": "k", "caps": {}}}, "config": {"osd other": "1"}, "pools": ["other"], "systems": ["other"]}' >"$HAS"
  cat >"$PYTHONPATH/rados.py" <<'PYTHON'
import json, os, re

class Error(Exception):
    def __init__(self, message, errno=None):
        super().__init__(f"[errno {errno}] {message}")
        self.errno = errno

class Rados:
    def __init__(self, conffile, rados_id, conf=None):
        assert (conffile, rados_id) == ("/etc/ceph/ceph.conf", "admin")
        # As with the real one, no other limit counts.
        self.limit = (conf or {}).get("client_mount_timeout", "300")

    def connect(self, timeout=0):
        if os.environ["NO_QUORUM"]:
            open(os.environ["ASKED"], "a").write(f"connect for {self.limit} s\n")
            raise Error("RADOS timed out", 110)
        if os.environ["REFUSED_WITH"]:
            raise Error("RADOS permission denied (error connecting to the cluster)", int(os.environ["REFUSED_WITH"]))

    def mon_command(self, command, stdin, timeout=0):
        words = json.loads(command)
        prefix, _ = words.pop("prefix"), words.pop("format")
        with open(os.environ["ASKED"], "a") as asked:
            print(prefix, *(f"{name}={value}" for name, value in words.items()), file=asked)
            asked.write(stdin.decode())
        if prefix == os.environ["REFUSES"]:
            return -22, b"", "not like this"
        with open(os.environ["HAS"]) as file:
            has = json.load(file)
        out = self.obey(has, prefix, words, stdin.decode())
        with open(os.environ["HAS"], "w") as file:
            json.dump(has, file)
        return 0, b"" if out is None else json.dumps(out).encode(), ""

    def obey(self, has, prefix, words, stdin):
        if prefix == "auth ls":
            return {"auth_dump": [{"entity": name, **own} for name, own in has["entities"].items()]}
        if prefix == "config dump":
            return [dict(zip(("section", "name"), name.split()), value=value) for name, value in has["config"].items()]
        if prefix == "osd pool ls":
            return has["pools"]
        if prefix == "fs ls":
            return [{"name": name} for name in has["systems"]]
        if prefix == "auth import":
            caps = dict(re.findall(r"\tcaps (\w+) = \"(.*)\"", stdin))
            has["entities"][re.match(r"\[(.*)\]", stdin)[1]] = {"key": re.search("key = (.*)", stdin)[1], "caps": caps}
        elif prefix == "config set":
            has["config"][f"{words['who']} {words['name']}"] = words["value"]
        elif prefix == "osd pool create":
            has["pools"].append(words["pool"])
        elif prefix == "fs new":
            assert {words["metadata"], words["data"]} <= set(has["pools"])
            has["systems"].append(words["fs_name"])
PYTHON
  stub python3 'PATH=${PATH#"$BIN:"}; exec python3 "$@"'
  value PLAN '{
    "entities": {"client.swarm": {"key": "'$KEY'", "caps": {"mon": "allow r fsname=data", "osd": "allow rw tag cephfs data=data"}}},
    "config": [["osd", "osd_memory_target", "1024"], ["global", "osd_pool_default_size", "3"]],
    "pools": {"data_meta": 16, "data_data": 32},
    "fileSystems": {"data": {"metadata": "data_meta", "data": "data_data"}}}'
  value TIMEOUT_SECONDS 42
}

step() {
  run_step ceph/scripts/set-cluster.sh "$@"
}

READS=$'auth ls\nconfig dump\nosd pool ls\nfs ls'

@test "makes everything that is missing, in order, and leaves what else is there" {
  step
  expect_status 0
  diff "$ASKED" - <<TEXT
auth ls
auth import
[client.swarm]
	key = $KEY
	caps mon = "allow r fsname=data"
	caps osd = "allow rw tag cephfs data=data"
config dump
config set who=osd name=osd_memory_target value=1024
config set who=global name=osd_pool_default_size value=3
osd pool ls
osd pool create pool=data_meta pg_num=16 pgp_num=16
osd pool create pool=data_data pg_num=32 pgp_num=32
fs ls
fs new fs_name=data metadata=data_meta data=data_data
TEXT
  diff - /dev/fd/3 3<<<"$output" <<'TEXT'
changed: Ceph does not know client.swarm as it should
changed: Ceph setting osd_memory_target is not as it should be
changed: Ceph setting osd_pool_default_size is not as it should be
changed: Ceph has no pool data_meta
changed: Ceph has no pool data_data
changed: Ceph has no file system data
TEXT
  [[ "$(jq -c '[.entities["client.other"].key, .config["osd other"], .pools[0], .systems[0]]' "$HAS")" == '["k","1","other","other"]' ]]
}

@test "asks only what there is in a second run, and changes nothing" {
  step
  before=$(cat "$HAS")
  : >"$ASKED"
  step
  expect_status 0
  [[ "$output" == "" && "$(cat "$HAS")" == "$before" && "$(cat "$ASKED")" == "$READS" ]]
}

@test "mends a key, what somebody may do and a setting that were changed, and only those" {
  step
  local change wanted
  wanted=$(jq -S . "$HAS")
  for change in '.entities["client.swarm"].key = "other"' '.entities["client.swarm"].caps.osd = "allow *"' \
    '.entities["client.swarm"].caps.mgr = "allow *"' '.config["osd osd_memory_target"] = "1"'; do
    jq "$change" "$HAS" >"$HAS.new"
    mv "$HAS.new" "$HAS"
    : >"$ASKED"
    step
    expect_status 0
    [[ "${#lines[@]}" -eq 1 && "$(jq -S . "$HAS")" == "$wanted" ]]
    [[ "$(grep -Ec '^(auth import|config set)' "$ASKED")" -eq 1 ]]
  done
}

@test "asks for nothing to be made that the plan does not have" {
  value PLAN '{"pools": {"other": 8}}'
  step
  expect_status 0
  [[ "$output" == "" && "$(cat "$ASKED")" == "$READS" ]]
}

@test "says in a check what it would change, and changes nothing" {
  before=$(cat "$HAS")
  step check
  expect_status 0
  diff - /dev/fd/3 3<<<"$output" <<'TEXT'
Ceph does not know client.swarm as it should
Ceph setting osd_memory_target is not as it should be
Ceph setting osd_pool_default_size is not as it should be
Ceph has no pool data_meta
Ceph has no pool data_data
Ceph has no file system data
TEXT
  [[ "$(cat "$HAS")" == "$before" && "$(cat "$ASKED")" == "$READS" ]]
  step
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
}

@test "shows a key on no command line and in no output" {
  step
  expect_status 0
  grep -Fq "$KEY" "$HAS"
  refuse_call "$KEY"
  [[ "$output" != *"$KEY"* ]]
}

@test "says so where the monitors have no quorum" {
  NO_QUORUM=yes step
  expect_status 1
  [[ "$output" == "Ceph: its monitors have no quorum ([errno 110] RADOS timed out); bring back those that do not run: systemctl status ceph-mon@*" ]]
}

@test "tells a key that is refused from a quorum that is missing" {
  local code
  for code in 1 13; do
    REFUSED_WITH=$code step
    expect_status 1
    [[ "$output" == "$(uname -n): Ceph refuses the key of client.admin ([errno $code] RADOS permission denied (error connecting to the cluster)); ./swarmstead repair writes its file anew; where that is right, the monitors were told of another: ceph -n mon. -k /etc/ceph/founders.keyring auth import -i /etc/ceph/ceph.client.admin.keyring" ]]
  done
}

@test "waits for a quorum as long as it is told to, and in a check not for long" {
  NO_QUORUM=yes step
  NO_QUORUM=yes step check
  expect_status 1
  [[ "$(cat "$ASKED")" == $'connect for 42 s\nconnect for 10 s' ]]
}

@test "stops at what Ceph refuses, with its words and no stack trace" {
  REFUSES="osd pool create" step
  expect_status 1
  [[ "${lines[-1]}" == "Ceph refuses osd pool create "*": not like this" && "$output" != *Traceback* ]]
  [[ "$(tail -n 1 "$ASKED")" == "osd pool create "* ]]
}

@test "names a value that is missing" {
  expect_missing_named ceph/scripts/set-cluster.sh PLAN TIMEOUT_SECONDS
}
