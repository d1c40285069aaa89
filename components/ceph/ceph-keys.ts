import { CLIENT, CLIENT_SECRET, FILE_SYSTEM } from "./ceph-mount";
import { cephxKey } from "./cephx";

type Caps = Readonly<Record<string, string>>;

const ALL = "allow *";
const ADMIN_CAPS: Caps = { mon: ALL, osd: ALL, mds: ALL, mgr: ALL };

/** An entity that Ceph knows, its key and what it may do. */
export interface CephEntity {
  key: string;
  caps: Caps;
}

/** Who works with the cluster beside the OSDs, which make themselves known: each manager's daemons, the mount, the admin. */
export function cephEntities(
  seed: string,
  managers: readonly string[],
): Record<string, CephEntity> {
  const caps: Record<string, Caps> = {
    "client.admin": ADMIN_CAPS,
    // What `ceph fs authorize data client.swarm / rw` gives: this file system, and nothing of the cluster's own.
    [`client.${CLIENT}`]: {
      mon: `allow r fsname=${FILE_SYSTEM}`,
      mds: `allow rw fsname=${FILE_SYSTEM}`,
      osd: `allow rw tag cephfs data=${FILE_SYSTEM}`,
    },
  };
  for (const name of managers) {
    caps[`mgr.${name}`] = { mon: "allow profile mgr", osd: ALL, mds: ALL };
    caps[`mds.${name}`] = {
      mon: "allow profile mds",
      osd: "allow rw tag cephfs *=*",
      mds: "allow",
      mgr: "allow profile mds",
    };
  }
  return Object.fromEntries(
    Object.entries(caps).map(([entity, own]) => [
      entity,
      { key: cephxKey(seed, entity), caps: own },
    ]),
  );
}

/** A keyring file's text. */
export function renderKeyring(entities: Readonly<Record<string, CephEntity>>): string {
  return Object.entries(entities)
    .map(([name, { key, caps }]) =>
      [
        `[${name}]`,
        `\tkey = ${key}`,
        ...Object.entries(caps).map(([service, cap]) => `\tcaps ${service} = "${cap}"`),
        "",
      ].join("\n"),
    )
    .join("");
}

/** A file that holds a secret, as `set-key-files.sh` reads it. */
export interface KeyFile {
  path: string;
  /** The user and group that it belongs to. */
  owner: "root" | "ceph";
  text: string;
}

/**
 * The files with keys that a machine needs, and no others: of its own daemons, the monitors' common one, the admin's where
 * the cluster is administered, and that of the mount.
 */
export function keyFiles(
  seed: string,
  machine: { name: string; isManager: boolean },
  managers: readonly string[],
): KeyFile[] {
  const entities = cephEntities(seed, managers);
  const one = (entity: string): string => {
    const found = entities[entity];
    return found ? renderKeyring({ [entity]: found }) : "";
  };
  const mount: KeyFile = {
    path: CLIENT_SECRET,
    owner: "root",
    text: `${cephxKey(seed, `client.${CLIENT}`)}\n`,
  };
  if (!machine.isManager) {
    return [mount];
  }
  const { name } = machine;
  const monitor = { key: cephxKey(seed, "mon."), caps: { mon: ALL } };
  const founders = renderKeyring({ "mon.": monitor }) + one("client.admin");
  return [
    mount,
    { path: "/etc/ceph/ceph.client.admin.keyring", owner: "root", text: one("client.admin") },
    { path: "/etc/ceph/founders.keyring", owner: "ceph", text: founders },
    { path: `/var/lib/ceph/mgr/ceph-${name}/keyring`, owner: "ceph", text: one(`mgr.${name}`) },
    { path: `/var/lib/ceph/mds/ceph-${name}/keyring`, owner: "ceph", text: one(`mds.${name}`) },
    { path: "/etc/ceph/osd.key", owner: "root", text: `${cephxKey(seed, `osd:${name}`)}\n` },
  ];
}

/** What `set-key-files.sh` reads: a line `<path> <owner> <base64>` each. */
export function renderKeyFiles(files: readonly KeyFile[]): string {
  return files
    .map(({ path, owner, text }) => `${path} ${owner} ${Buffer.from(text).toString("base64")}`)
    .join("\n");
}
