const IGNORED = "must not be there, since a swarm ignores it";
const REFUSED = "must not be there, since docker stack deploy refuses it";
const LIMITS = `${REFUSED}; write deploy.resources`;
const NODE = `${IGNORED}; take it out, no container shares the node's own`;

/**
 * Keys of a service that do nothing on a swarm or that it refuses, as docker/cli lists them (unsupported, deprecated and
 * forbidden properties), each with what to write instead. `expose` and `depends_on`, which do no harm, are left out.
 */
export const REFUSED_KEYS: Readonly<Record<string, string>> = {
  build: `${IGNORED}; build and push the image elsewhere, and name it under image`,
  container_name: `${IGNORED}; take it out, others reach the service by its own name`,
  restart: `${IGNORED}; write deploy.restart_policy`,
  network_mode: `${IGNORED}; write networks`,
  privileged: `${IGNORED}; take it out, or ask for single rights by cap_add`,
  devices: `${IGNORED}; take it out, containers have no device of the node`,
  security_opt: `${IGNORED}; take it out`,
  userns_mode: NODE,
  pid: NODE,
  ipc: NODE,
  cgroupns_mode: NODE,
  cgroup_parent: NODE,
  shm_size: `${IGNORED}; mount a tmpfs at /dev/shm`,
  domainname: `${IGNORED}; write hostname`,
  mac_address: `${IGNORED}; take it out`,
  links: `${IGNORED}; services of one network reach each other by name`,
  external_links: `${IGNORED}; services of one network reach each other by name`,
  extends: `${REFUSED}; write the keys of the other service here, or share them by a YAML anchor`,
  volume_driver: `${REFUSED}; declare the volume under volumes, with its driver`,
  volumes_from: `${REFUSED}; declare the volume under volumes, and mount it in both services`,
  env_file: "must not be there, since only compose.yaml reaches the swarm; write environment",
  cpu_quota: LIMITS,
  cpu_shares: LIMITS,
  cpuset: LIMITS,
  cpus: LIMITS,
  mem_limit: LIMITS,
  mem_reservation: LIMITS,
  memswap_limit: LIMITS,
};
