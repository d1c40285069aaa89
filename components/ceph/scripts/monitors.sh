#!/usr/bin/env bash
# Put before a step that deals with Ceph's monitors: the beginning of its Python programs, `connect(limit)` and `ask`. Not by
# the `ceph` command, each start of which costs seconds where a processor is emulated.
set -euo pipefail

# shellcheck disable=SC2016,SC2034 # Python, for the step
MONITORS='
import errno, json, os, sys
import rados

cluster = None


def connect(limit):
    global cluster
    # The only time limits that librados has; the ones of connect and mon_command count for nothing.
    limits = {"client_mount_timeout": str(limit), "rados_mon_op_timeout": "60"}
    cluster = rados.Rados(conffile="/etc/ceph/ceph.conf", rados_id="admin", conf=limits)
    try:
        cluster.connect()
    except rados.Error as error:
        if error.errno in (errno.EPERM, errno.EACCES):
            sys.exit(
                f"{os.uname().nodename}: Ceph refuses the key of client.admin ({error}); ./swarmstead repair writes its file anew; "
                "where that is right, the monitors were told of another: "
                "ceph -n mon. -k /etc/ceph/founders.keyring auth import -i /etc/ceph/ceph.client.admin.keyring"
            )
        sys.exit(f"Ceph: its monitors have no quorum ({error}); bring back those that do not run: systemctl status ceph-mon@*")


def ask(prefix, stdin=b"", **words):
    code, out, said = cluster.mon_command(json.dumps({"prefix": prefix, "format": "json", **words}), stdin)
    if code:
        sys.exit(f"Ceph refuses {prefix} {words}: {said or code}")
    return json.loads(out) if out.strip() else None
'
