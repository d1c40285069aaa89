import { sshKey } from "../../../components/machine/ssh-key";
import { configFaults, manager, managers, withParts } from "../../support/config-text";

const ED25519 = sshKey("ab".repeat(32), "alice").publicKey;

const NAME_RULE =
  "must be 1 to 32 small letters, digits and dashes, from a letter on, not ending in a dash";
const MANAGERS_RULE = "machines: must hold 1, 3, 5 or 7 managers";
const HOST_RULE = "must be a host name of small letters, digits, dashes and dots, 253 at most";

/** An entry as YAML, good but for what is given. */
function entry(settings: string): string {
  const given = settings.split(",").map((setting) => setting.split(":")[0]?.trim());
  const good = ["address: 10.77.0.200", "domain: swarm.test"];
  const rest = good.filter((setting) => !given.includes(setting.split(":")[0]));
  return `{${["kind: vrrp", settings, ...rest].filter(Boolean).join(", ")}}`;
}

const BAD: readonly [string, Readonly<Record<string, string>>, readonly string[]][] = [
  [
    "an unknown platform",
    { platform: "{kind: azure}" },
    ['platform.kind: must be a known platform, got "azure"; there are lab, garage, hcloud, aws'],
  ],
  [
    "a platform of a later release",
    { platform: "{kind: aws, region: eu-central-1}" },
    [
      'platform.kind: must be lab, got "aws"; platform aws comes with a later release, use lab until then',
    ],
  ],
  [
    "a platform without a kind",
    { platform: "{memoryMiB: 4096}" },
    ["platform.kind: must be a known platform, got nothing; there are lab, garage, hcloud, aws"],
  ],
  [
    "a platform that is no map",
    { platform: "lab" },
    ['platform: must be a map of settings, got "lab"; for example {kind: lab}'],
  ],
  [
    "too little memory",
    { platform: "{kind: lab, memoryMiB: 512}" },
    ["platform.memoryMiB: must be a whole number of MiB from 1024 to 1048576, got 512"],
  ],
  [
    "a number in quotes",
    { platform: "{kind: lab, cpus: '2'}" },
    ['platform.cpus: must be a whole number of CPUs from 1 to 64, got "2"'],
  ],
  [
    "half a GiB",
    { platform: "{kind: lab, dataDiskGiB: 0.5}" },
    ["platform.dataDiskGiB: must be a whole number of GiB from 1 to 65536, got 0.5"],
  ],
  [
    "a misspelt setting",
    { platform: "{kind: lab, memoryMib: 4096}" },
    [
      "platform.memoryMib: is no setting, got 4096; there are kind, memoryMiB, cpus, diskGiB, dataDiskGiB",
    ],
  ],
  [
    "a misspelt section",
    { netwrk: "{}" },
    [
      "netwrk: is no setting, got {}; there are platform, network, machines, access, docker, swarm, storage, entry, apps",
    ],
  ],
  [
    "an address instead of a network",
    { network: "{cidr: 10.77.0.1/24}" },
    [
      'network.cidr: must be a network, not an address inside it, got "10.77.0.1/24"; write 10.77.0.0/24',
    ],
  ],
  [
    "a network that is too small",
    { network: "{cidr: 10.77.0.0/29}" },
    [
      'network.cidr: must be an IPv4 network in CIDR notation, from /16 to /28, got "10.77.0.0/29"; for example 10.77.0.0/24',
    ],
  ],
  [
    "an IPv6 network",
    { network: "{cidr: 'fd00::/64'}" },
    [
      'network.cidr: must be an IPv4 network in CIDR notation, from /16 to /28, got "fd00::/64"; for example 10.77.0.0/24',
    ],
  ],
  [
    "a network without its prefix",
    { network: "{cidr: 10.77.0.0}" },
    [
      'network.cidr: must be an IPv4 network in CIDR notation, from /16 to /28, got "10.77.0.0"; for example 10.77.0.0/24',
    ],
  ],
  [
    "the clouds' metadata network",
    { network: "{cidr: 169.254.0.0/16}", machines: "{a: {role: manager, address: 169.254.0.1}}" },
    [
      'network.cidr: must be a network for machines, got "169.254.0.0/16"; choose a private one, for example 10.77.0.0/24',
    ],
  ],
  [
    "a network with no room behind it",
    { network: "{cidr: 126.255.0.0/16}", machines: "{a: {role: manager, address: 126.255.0.1}}" },
    [
      'network.cidr: must be followed by a network for machines, where the lab\'s visitor lives, got "126.255.0.0/16"; 127.0.0.0/16 is none, choose another',
    ],
  ],
  [
    "no network",
    { network: "{}" },
    [
      "network.cidr: must be an IPv4 network in CIDR notation, from /16 to /28, got nothing; for example 10.77.0.0/24",
    ],
  ],
  [
    "a packet size out of range",
    { network: "{cidr: 10.77.0.0/24, mtu: 576}" },
    ["network.mtu: must be a whole number of bytes from 1280 to 9000, got 576"],
  ],
  [
    "bad ports",
    {
      network:
        "{cidr: 10.77.0.0/24, open: [8080, 8080/sctp, 70000/tcp, 0/tcp, 22/tcp, 4789/udp, 80/tcp, 80/tcp]}",
    },
    [
      "network.open.0: must be a port and its protocol, got 8080; for example 8080/tcp or 443/udp",
      'network.open.1: must be a port and its protocol, got "8080/sctp"; for example 8080/tcp or 443/udp',
      'network.open.2: must be a port and its protocol, got "70000/tcp"; for example 8080/tcp or 443/udp',
      'network.open.3: must be a port and its protocol, got "0/tcp"; for example 8080/tcp or 443/udp',
      'network.open.4: must be none of the cluster\'s own ports 22, 2377, 4789, 7946, got "22/tcp"; choose another',
      'network.open.5: must be none of the cluster\'s own ports 22, 2377, 4789, 7946, got "4789/udp"; choose another',
      'network.open.7: must be listed once, got "80/tcp"; remove it',
    ],
  ],
  [
    "a port instead of a list",
    { network: "{cidr: 10.77.0.0/24, open: 80/tcp}" },
    ['network.open: must be a list of ports, got "80/tcp"; for example [8080/tcp]'],
  ],
  [
    "no machine",
    { machines: "{}" },
    [
      `${MANAGERS_RULE}, got "0 managers"; make one machine a manager, or three to survive the loss of one`,
    ],
  ],
  [
    "machines without a value",
    { machines: "" },
    ["machines: must be a map of machines by name, got nothing"],
  ],
  [
    "two managers",
    { machines: managers(2) },
    [
      `${MANAGERS_RULE}, got "2 managers"; an even number survives no more losses than one less, so make one more or one less a manager`,
    ],
  ],
  [
    "nine managers",
    { machines: managers(9) },
    [
      `${MANAGERS_RULE}, got "9 managers"; make the others workers, since every manager must agree to every change`,
    ],
  ],
  [
    "an unknown role",
    { machines: "{a: {role: boss, address: 10.77.0.1}}" },
    ['machines.a.role: must be manager or worker, got "boss"'],
  ],
  [
    "a machine without settings",
    { machines: "{a: }" },
    [
      "machines.a: must be a map of settings, got nothing; there are role, address, labels, generation",
    ],
  ],
  [
    "bad names, with what is wrong inside",
    {
      machines: `{Node_1: {role: manager, address: x}, 3com: {role: worker, address: 10.77.0.2}, ${"a".repeat(33)}: {role: worker, address: 10.77.0.3}}`,
    },
    [
      `machines.Node_1: ${NAME_RULE}, got "Node_1"; rename it`,
      'machines.Node_1.address: must be an IPv4 address, got "x"; for example 10.77.0.11',
      `machines.3com: ${NAME_RULE}, got "3com"; rename it`,
      `machines.${"a".repeat(33)}: ${NAME_RULE}, got "${"a".repeat(33)}"; rename it`,
    ],
  ],
  [
    "a name that means something else",
    { machines: `{visitor: ${manager(1)}}` },
    [
      'machines.visitor: must be none of all, localhost, swarmstead, visitor, nor start with swarmstead-, got "visitor"; rename it',
    ],
  ],
  [
    "an address outside the network",
    { machines: "{a: {role: manager, address: 10.78.0.1}}" },
    [
      'machines.a.address: must lie inside network.cidr 10.77.0.0/24, got "10.78.0.1"; choose one between 10.77.0.0 and 10.77.0.255, or change network.cidr',
    ],
  ],
  [
    "the network's own addresses",
    {
      machines: "{a: {role: manager, address: 10.77.0.0}, b: {role: worker, address: 10.77.0.255}}",
    },
    [
      'machines.a.address: must not be the network\'s own address 10.77.0.0 nor its broadcast 10.77.0.255, got "10.77.0.0"; choose one between',
      'machines.b.address: must not be the network\'s own address 10.77.0.0 nor its broadcast 10.77.0.255, got "10.77.0.255"; choose one between',
    ],
  ],
  [
    "an address that two have",
    { machines: "{a: {role: manager, address: 10.77.0.5}, b: {role: worker, address: 10.77.0.5}}" },
    ['machines.b.address: must be its own, got "10.77.0.5"; a has it already'],
  ],
  [
    "an address with leading zeros",
    { machines: "{a: {role: manager, address: 10.77.0.011}}" },
    ['machines.a.address: must be an IPv4 address, got "10.77.0.011"; for example 10.77.0.11'],
  ],
  [
    "labels that a constraint cannot use",
    {
      machines: "{a: {role: manager, address: 10.77.0.5, labels: {a b: c, ssd: true, zone: a=b}}}",
    },
    [
      'machines.a.labels.a b: must be letters, digits, dots, dashes and underscores, 128 at most, got "a b"; rename the label',
      "machines.a.labels.ssd: must be text of letters, digits, spaces and : . _ - /, 256 at most, got true; put numbers, true and false into quotes",
      'machines.a.labels.zone: must be text of letters, digits, spaces and : . _ - /, 256 at most, got "a=b"; put numbers, true and false into quotes',
    ],
  ],
  [
    "a generation before the first",
    { machines: "{a: {role: manager, address: 10.77.0.5, generation: 0}}" },
    ["machines.a.generation: must be a whole number of rebuilds from 1 to 1000000, got 0"],
  ],
  [
    "a pool over the node network",
    { swarm: "{addressPool: 10.0.0.0/8}" },
    [
      "swarm.addressPool: must not overlap the lab's network, network.cidr with its visitor's, 10.77.0.0/23, got \"10.0.0.0/8\"; choose another private network for one of them",
    ],
  ],
  [
    "a pool over the visitor's network",
    {
      docker: "{addressPool: 10.77.0.0/22}",
      network: "{cidr: 10.77.4.0/24}",
      machines: "{a: {role: manager, address: 10.77.4.1}}",
      swarm: "{addressPool: 10.77.5.0/24, subnetBits: 28}",
    },
    [
      "swarm.addressPool: must not overlap the lab's network, network.cidr with its visitor's, 10.77.4.0/23, got \"10.77.5.0/24\"; choose another private network for one of them",
    ],
  ],
  [
    "a pool over the node network outside the lab",
    { platform: "{kind: garage}", docker: "{addressPool: 10.77.0.0/22}" },
    [
      'platform.kind: must be lab, got "garage"; platform garage comes with a later release, use lab until then',
      'docker.addressPool: must not overlap network.cidr 10.77.0.0/24, got "10.77.0.0/22"; choose another private network for one of them',
    ],
  ],
  [
    "pools over each other",
    { docker: "{addressPool: 10.201.4.0/22}" },
    [
      'swarm.addressPool: must not overlap docker.addressPool 10.201.4.0/22, got "10.201.0.0/16"; choose another private network for one of them',
    ],
  ],
  [
    "a pool that holds too few networks",
    { docker: "{addressPool: 172.28.0.0/24}", swarm: "{subnetBits: 17}" },
    [
      'docker.addressPool: must be an IPv4 network in CIDR notation, from /8 to /22, got "172.28.0.0/24"; for example 10.77.0.0/24',
      "swarm.subnetBits: must be at least 18, so that swarm.addressPool 10.201.0.0/16 holds 4 networks, got 17; raise it or take a larger pool",
    ],
  ],
  [
    "a heartbeat out of range",
    { swarm: "{dispatcherHeartbeatSeconds: 61}" },
    ["swarm.dispatcherHeartbeatSeconds: must be a whole number of seconds from 1 to 60, got 61"],
  ],
  [
    "data on the port of the gossip",
    { swarm: "{dataPathPort: 7946}" },
    [
      "swarm.dataPathPort: must be none of the cluster's other ports 22, 2377, 7946, got 7946; choose another",
    ],
  ],
  [
    "the data port opened to all",
    { swarm: "{dataPathPort: 5000}", network: "{cidr: 10.77.0.0/24, open: [5000/tcp, 5000/udp]}" },
    [
      'network.open.1: must not be swarm.dataPathPort, which only nodes may reach, got "5000/udp"; change one of the two',
    ],
  ],
  [
    "logs without an end",
    { docker: "{logMaxMiB: 0, logFiles: 1000}" },
    [
      "docker.logMaxMiB: must be a whole number of MiB from 1 to 10240, got 0",
      "docker.logFiles: must be a whole number of files from 1 to 100, got 1000",
    ],
  ],
  [
    "an operator's key before the first",
    { access: "{operatorKey: 0}" },
    ["access.operatorKey: must be a whole number of keys from 1 to 1000000, got 0"],
  ],
  [
    "operators that are no map",
    { access: "{operators: alice}" },
    [
      'access.operators: must be a map of public keys by name, got "alice"; for example {alice: ssh-ed25519 AAAA…}',
    ],
  ],
  [
    "operators with a bad name, and with keys that are none",
    { access: `{operators: {Al: ${ED25519}, bob: 7, carol: "ssh-ed25519 AAAA"}}` },
    [
      `access.operators.Al: ${NAME_RULE}, got "Al"; rename it`,
      "access.operators.bob: must be a public key as text, got 7; for example ssh-ed25519 AAAA…",
      'access.operators.carol: must be whole, its second word is not a key, got "ssh-ed25519 AAAA"; copy the line of the .pub file again',
    ],
  ],
  [
    "a private key, without showing it",
    { access: '{operators: {alice: "-----BEGIN PRIVATE KEY-----\\nMC4CAQAwBQYDK2VwBCIEIA"}}' },
    [
      "access.operators.alice: must be a public key, not a private one, got a private key; take the line of the .pub file, and make a new pair, as this one is written down here",
    ],
  ],
  [
    "a key that two have, whatever its comment",
    { access: `{operators: {alice: ${ED25519} a@home, bob: ${ED25519}}}` },
    [
      `access.operators.bob: must be one person's alone, got ${JSON.stringify(ED25519).slice(0, 80)}…; alice has it already, remove one of the two`,
    ],
  ],
  [
    "an unknown kind of storage",
    { storage: "{kind: longhorn}" },
    [
      'storage.kind: must be a known kind of storage, got "longhorn"; there are ceph, gluster, nfs, local',
    ],
  ],
  [
    "storage without a kind",
    { storage: "{}" },
    [
      "storage.kind: must be a known kind of storage, got nothing; there are ceph, gluster, nfs, local",
    ],
  ],
  [
    "storage that is no map",
    { storage: "ceph" },
    ['storage: must be a map of settings, got "ceph"; for example {kind: ceph}'],
  ],
  [
    "a setting of the other kind of storage",
    { storage: "{kind: local, wipe: [virtio-data]}" },
    ['storage.wipe: is no setting, got ["virtio-data"]; there are kind'],
  ],
  [
    "ceph with one manager",
    {
      storage: "{kind: ceph}",
      machines: "{a: {role: manager, address: 10.77.0.1}, b: {role: worker, address: 10.77.0.2}}",
    },
    [
      'storage.kind: must be nfs, local or left out with fewer than three managers, as ceph keeps three copies on three machines, got "ceph"; add managers, or use local with one machine',
    ],
  ],
  [
    "ceph with two managers",
    { storage: "{kind: ceph}", machines: managers(2) },
    [
      'machines: must hold 1, 3, 5 or 7 managers, got "2 managers"; an even number survives no more losses than one less, so make one more or one less a manager',
      'storage.kind: must be nfs, local or left out with fewer than three managers, as ceph keeps three copies on three machines, got "ceph"; add managers, or use local with one machine',
    ],
  ],
  [
    "gluster with one manager",
    {
      storage: "{kind: gluster}",
      machines: "{a: {role: manager, address: 10.77.0.1}, b: {role: worker, address: 10.77.0.2}}",
    },
    [
      'storage.kind: must be nfs, local or left out with fewer than three managers, as gluster keeps three copies on three machines, got "gluster"; add managers, or use local with one machine',
    ],
  ],
  [
    "gluster with five managers",
    { storage: "{kind: gluster}", machines: managers(5) },
    [
      'storage.kind: must be ceph or nfs with more than three managers, as gluster has a copy on every manager and three of them at most, got "gluster"; make the others workers, or use ceph',
    ],
  ],
  [
    "ports of GlusterFS opened to all",
    {
      storage: "{kind: gluster}",
      machines: managers(3),
      network: "{cidr: 10.77.0.0/24, open: [24007/tcp, 24007/udp, 6789/tcp, 49151/tcp, 49160/tcp]}",
    },
    [
      'network.open.0: must be none of GlusterFS\'s own ports 24007, 49152 to 49160, got "24007/tcp"; choose another',
      'network.open.4: must be none of GlusterFS\'s own ports 24007, 49152 to 49160, got "49160/tcp"; choose another',
    ],
  ],
  [
    "a setting of ceph for gluster, and a disk to erase that is a path",
    { storage: "{kind: gluster, osdMemoryMiB: 1024, wipe: [/dev/sda]}", machines: managers(3) },
    [
      "storage.osdMemoryMiB: is no setting, got 1024; there are kind, wipe",
      'storage.wipe.0: must be a disk\'s name under /dev/disk/by-id, got "/dev/sda"; for example virtio-data',
    ],
  ],
  [
    "a local folder for three machines",
    { storage: "{kind: local}", machines: managers(3) },
    [
      'storage.kind: must be ceph, gluster or nfs where there are several machines, as a folder of one is not seen by the others, got "local"; use ceph with three managers, or leave storage out',
    ],
  ],
  [
    "nfs without a server",
    { storage: "{kind: nfs}" },
    [
      "storage.server: must be the server's IPv4 address or host name, got nothing; for example 10.77.0.9",
      "storage.path: must be an absolute path of letters, digits and . _ - / without dots as a folder's name, got nothing; for example /srv/data",
    ],
  ],
  [
    "nfs with values that no mount takes",
    { storage: '{kind: nfs, server: "a b", path: /srv/../etc, version: 3}' },
    [
      'storage.server: must be the server\'s IPv4 address or host name, got "a b"; for example 10.77.0.9',
      'storage.path: must be an absolute path of letters, digits and . _ - / without dots as a folder\'s name, got "/srv/../etc"; for example /srv/data',
      'storage.version: must be "4.0", "4.1" or "4.2", in quotes, got 3',
    ],
  ],
  [
    "an NFS server that is one of the machines, by name",
    { storage: "{kind: nfs, server: n1, path: /srv/data}", machines: managers(3) },
    [
      'storage.server: must be none of the environment\'s own machines, got "n1"; name a server beside them, or use ceph',
    ],
  ],
  [
    "an NFS server that is one of the machines, by address",
    { storage: "{kind: nfs, server: 10.77.0.1, path: /srv/data}", machines: managers(3) },
    [
      'storage.server: must be none of the environment\'s own machines, got "10.77.0.1"; name a server beside them, or use ceph',
    ],
  ],
  [
    "too little memory for ceph",
    { storage: "{kind: ceph}", machines: managers(3), platform: "{kind: lab, memoryMiB: 2815}" },
    [
      "platform.memoryMiB: must be 2816 at least with storage ceph, for its daemons and what runs beside them, got 2815; raise it, or lower storage.osdMemoryMiB",
    ],
  ],
  [
    "too large OSDs for the default memory",
    { storage: "{kind: ceph, osdMemoryMiB: 1281}", machines: managers(3) },
    [
      "platform.memoryMiB: must be 3073 at least with storage ceph, for its daemons and what runs beside them, got 3072; raise it, or lower storage.osdMemoryMiB",
    ],
  ],
  [
    "too small a disk for ceph",
    { storage: "{kind: ceph}", machines: managers(3), platform: "{kind: lab, dataDiskGiB: 4}" },
    ["platform.dataDiskGiB: must be 5 at least with storage ceph, got 4; raise it"],
  ],
  [
    "ports of Ceph opened to all",
    {
      storage: "{kind: ceph}",
      machines: managers(3),
      network: "{cidr: 10.77.0.0/24, open: [8080/tcp, 6789/tcp, 6789/udp, 7000/tcp]}",
    },
    [
      'network.open.1: must be none of Ceph\'s own ports 3300, 6789, 6800 to 7568, got "6789/tcp"; choose another',
      'network.open.3: must be none of Ceph\'s own ports 3300, 6789, 6800 to 7568, got "7000/tcp"; choose another',
    ],
  ],
  [
    "disks to erase that are paths, or nothing",
    { storage: "{kind: ceph, wipe: [/dev/sda, '']}", machines: managers(3) },
    [
      'storage.wipe.0: must be a disk\'s name under /dev/disk/by-id, got "/dev/sda"; for example virtio-data',
      'storage.wipe.1: must be a disk\'s name under /dev/disk/by-id, got ""; for example virtio-data',
    ],
  ],
  [
    "disks to erase that storage does not take, or twice",
    {
      storage: "{kind: ceph, wipe: [virtio-data, sdb, virtio-data, virtio-root]}",
      machines: managers(3),
    },
    [
      'storage.wipe.1: must be a disk that storage takes, which is virtio-data alone in the lab, got "sdb"; correct it, or take it out',
      'storage.wipe.2: must be listed once, got "virtio-data"; take one of the two out',
      'storage.wipe.3: must be a disk that storage takes, which is virtio-data alone in the lab, got "virtio-root"; correct it, or take it out',
    ],
  ],
  [
    "a disk to erase instead of a list",
    { storage: "{kind: ceph, wipe: virtio-data}", machines: managers(3) },
    ['storage.wipe: must be a list of disks, got "virtio-data"; for example [virtio-data]'],
  ],
  [
    "OSDs with less memory than Ceph lets them have",
    { storage: "{kind: ceph, osdMemoryMiB: 895}", machines: managers(3) },
    ["storage.osdMemoryMiB: must be a whole number of MiB from 896 to 1048576, got 895"],
  ],
  [
    "an unknown kind of entry",
    { entry: "{kind: floatingIp}" },
    ['entry.kind: must be a known kind of entry, got "floatingIp"; there is vrrp'],
  ],
  [
    "an entry that is no map",
    { entry: "10.77.0.10" },
    [
      'entry: must be a map of settings, got "10.77.0.10"; for example {kind: vrrp, address: 10.77.0.10, domain: swarm.test}',
    ],
  ],
  [
    "an entry without its settings, and one that it does not have",
    { entry: "{kind: vrrp, vip: 10.77.0.10}" },
    [
      'entry.vip: is no setting, got "10.77.0.10"; there are kind, address, domain, routerId, advertSeconds, checkSeconds',
      "entry.address: must be an IPv4 address, got nothing; for example 10.77.0.11",
      "entry.domain: must be a host name of small letters, digits, dashes and dots, 220 at most, got nothing; for example swarm.test",
    ],
  ],
  [
    "an entry outside of the network",
    { entry: entry("address: 10.77.1.10") },
    [
      'entry.address: must lie inside network.cidr 10.77.0.0/24, got "10.77.1.10"; choose one between 10.77.0.0 and 10.77.0.255, or change network.cidr',
    ],
  ],
  [
    "an entry at the network's own address",
    { entry: entry("address: 10.77.0.255") },
    [
      'entry.address: must not be the network\'s own address 10.77.0.0 nor its broadcast 10.77.0.255, got "10.77.0.255"; choose one between',
    ],
  ],
  [
    "an entry at a machine's address",
    { entry: entry("address: 10.77.0.2"), machines: managers(3) },
    [
      'entry.address: must be nobody\'s own, as it moves from manager to manager, got "10.77.0.2"; n1 has it, choose another',
    ],
  ],
  [
    "an entry at the NFS server's address",
    {
      entry: entry("address: 10.77.0.9"),
      storage: "{kind: nfs, server: 10.77.0.9, path: /srv/data}",
    },
    [
      'entry.address: must be nobody\'s own, as it moves from manager to manager, got "10.77.0.9"; storage.server has it, choose another',
    ],
  ],
  [
    "an entry with numbers out of range",
    { entry: entry("routerId: 256, advertSeconds: 0.05, checkSeconds: 11") },
    [
      "entry.routerId: must be a VRRP router id, a whole number from 1 to 255, got 256",
      "entry.advertSeconds: must be seconds from 0.1 to 5, in steps of 0.01, got 0.05",
      "entry.checkSeconds: must be seconds from 0.2 to 10, in steps of 0.01, got 11",
    ],
  ],
  [
    "an entry with numbers that are none, or too fine",
    { entry: entry("routerId: 0, advertSeconds: 0.333, checkSeconds: 1s") },
    [
      "entry.routerId: must be a VRRP router id, a whole number from 1 to 255, got 0",
      "entry.advertSeconds: must be seconds from 0.1 to 5, in steps of 0.01, got 0.333",
      'entry.checkSeconds: must be seconds from 0.2 to 10, in steps of 0.01, got "1s"',
    ],
  ],
  [
    "ports that an entry opens, or keeps closed",
    {
      entry: entry(""),
      network: "{cidr: 10.77.0.0/24, open: [80/tcp, 80/udp, 443/udp, 8082/tcp, 8082/udp]}",
    },
    [
      'network.open.0: must be left out with entry, which opens it by itself, got "80/tcp"; take it out',
      'network.open.2: must be left out with entry, which opens it by itself, got "443/udp"; take it out',
      'network.open.3: must not be 8082/tcp with entry, as Traefik answers there for its own machine alone, got "8082/tcp"; choose another',
    ],
  ],
  [
    "host names that are none",
    {
      entry: entry("domain: Swarm.test"),
      apps: "{a: {host: 10.77.0.10}, b: {host: -x.test}, c: {host: 7}}",
    },
    [
      'entry.domain: must be a host name of small letters, digits, dashes and dots, 220 at most, got "Swarm.test"; for example swarm.test',
      `apps.a.host: ${HOST_RULE}, got "10.77.0.10"; for example hello.swarm.test`,
      `apps.b.host: ${HOST_RULE}, got "-x.test"; for example hello.swarm.test`,
      `apps.c.host: ${HOST_RULE}, got 7; for example hello.swarm.test`,
    ],
  ],
  [
    "two apps with one host name, given or not",
    {
      entry: entry(""),
      apps: "{a: {}, b: {host: a.swarm.test}, c: {host: c.test}, d: {host: c.test}}",
    },
    [
      'apps.b.host: must be one app\'s alone, got "a.swarm.test"; a has it already, choose another',
      'apps.d.host: must be one app\'s alone, got "c.test"; c has it already, choose another',
    ],
  ],
  [
    "a host name, but no entry",
    { apps: "{a: {host: a.test}}" },
    [
      'apps.a.host: must be left out without entry, which alone leads to a host name, got "a.test"; add entry, or take it out',
    ],
  ],
  [
    "apps that are named like what an entry is made of",
    { apps: "{traefik: {}, socket-proxy: {}}" },
    [
      'apps.traefik: must be none of traefik, socket-proxy, which an entry is made of, got "traefik"; rename it',
      'apps.socket-proxy: must be none of traefik, socket-proxy, which an entry is made of, got "socket-proxy"; rename it',
    ],
  ],
  [
    "apps with a bad name and a setting",
    { apps: "{../etc: {}, whoami: {replicas: 2}}" },
    [
      `apps.../etc: ${NAME_RULE}, got "../etc"; rename it`,
      "apps.whoami.replicas: is no setting, got 2; there are host",
    ],
  ],
  [
    "an app that is named like a folder of all apps",
    { apps: "{config: {}, runtime: {}}" },
    [
      'apps.config: must be none of config, runtime, which are folders of all apps under /var/data, got "config"; rename it',
      'apps.runtime: must be none of config, runtime, which are folders of all apps under /var/data, got "runtime"; rename it',
    ],
  ],
];

describe("a config", () => {
  test.each(BAD)("with %s is refused", (_, parts, faults) => {
    expect(configFaults(withParts(parts))).toEqual(faults);
  });

  test.each([
    ["nothing", "", "nothing"],
    ["a word", "lab", '"lab"'],
    ["a list", "[]", "[]"],
  ])("that is %s instead of the whole is refused", (_, text, got) => {
    expect(configFaults(text)).toEqual([
      `swarmstead:cluster: must be a map of settings, got ${got}; there are platform, network, machines, access, docker, swarm, storage, entry, apps`,
    ]);
  });

  test.each([
    ["{kind: lab, memoryMiB: 2816, dataDiskGiB: 5}", "{kind: ceph}"],
    ["{kind: lab}", "{kind: ceph, osdMemoryMiB: 1280, wipe: [virtio-data]}"],
    ["{kind: lab, memoryMiB: 2688}", "{kind: ceph, osdMemoryMiB: 896}"],
    ["{kind: lab, memoryMiB: 1024, dataDiskGiB: 1}", "{kind: gluster, wipe: [virtio-data]}"],
  ])("with %s and storage %s, the least of it, is accepted", (platform, storage) => {
    expect(configFaults(withParts({ platform, storage, machines: managers(3) }))).toEqual([]);
  });

  test.each([
    entry(""),
    entry("routerId: 1, advertSeconds: 0.1, checkSeconds: 0.2"),
    entry("routerId: 255, advertSeconds: 5, checkSeconds: 10"),
    entry("advertSeconds: 0.29, checkSeconds: 0.57"),
    entry("domain: localhost"),
  ])("with entry %s is accepted", (text) => {
    expect(configFaults(withParts({ entry: text, apps: "{a: {}, b: {host: b.test}}" }))).toEqual(
      [],
    );
  });

  test("has its faults shown in the file's order, what is missing last", () => {
    const text = "apps: {A: {}}\nmachines: {b: {address: 1}, a: {role: x}}\nnetwork: {mtu: 1}";
    expect(configFaults(text).map((fault) => fault.split(":")[0])).toEqual([
      "apps.A",
      "machines.b.address",
      "machines.b.role",
      "machines.a.role",
      "machines.a.address",
      "network.mtu",
      "network.cidr",
      "platform",
    ]);
  });

  test("has a long value shortened", () => {
    const [fault] = configFaults(withParts({ platform: `{kind: ${"x".repeat(500)}}` }));
    expect(fault).toBe(
      `platform.kind: must be a known platform, got "${"x".repeat(79)}…; there are lab, garage, hcloud, aws`,
    );
  });
});
