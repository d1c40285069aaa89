/** What befalls the machine that holds the address, in the order of the table. */
export const FAILURE_ROWS = {
  power: { what: "its power is cut", planned: false },
  docker: { what: "its Docker is stopped", planned: false },
  "traefik-killed": { what: "its Traefik is killed", planned: false },
  "traefik-hung": { what: "its Traefik hangs (SIGSTOP)", planned: false },
  "proxy-killed": { what: "its socket proxy is killed", planned: false },
  cable: { what: "its cable is pulled, and put back", planned: false },
  drain: { what: "it is drained", planned: true },
  reboot: { what: "it is rebooted", planned: true },
  update: { what: "Traefik is updated, on every machine", planned: true },
} as const;

export type FailureKind = keyof typeof FAILURE_ROWS;

export const FAILURE_KINDS = Object.keys(FAILURE_ROWS) as FailureKind[];
