import assert from "node:assert/strict";
import type { LabStack } from "./lab-stack";

/**
 * Everything of a machine that a step could have touched: files with their times and contents, units with their start
 * times, containers by id, networks, the firewall's rules.
 */
const READ_FACTS = `
find /etc /usr/local /root /home /var/lib/swarmstead -xdev -type f -not -path '/etc/docker/key.json' -printf '%p %T@ %m %u\\n' | sort
find /etc/swarmstead /etc/docker /etc/hosts /etc/nftables.conf /var/lib/swarmstead -type f -exec sha256sum {} + | sort -k2
for unit in docker containerd chrony ssh swarmstead-firewall keepalived; do
  echo "$unit $(systemctl show "$unit" --property ActiveEnterTimestampMonotonic,MainPID,InvocationID | tr '\\n' ' ')"
done
docker ps --no-trunc --format '{{.ID}} {{.Names}}' | sort
docker network ls --no-trunc --format '{{.ID}} {{.Name}}' | sort
docker service ls --quiet 2>/dev/null | sort | xargs -r docker service inspect --format '{{.ID}} {{.Version.Index}} {{.UpdatedAt}}'
docker node ls --format '{{.ID}} {{.Hostname}} {{.Status}} {{.Availability}}' 2>/dev/null | sort
nft --stateless list table inet swarmstead
`;

/** The facts of every machine, by its name. */
export async function readFacts(
  lab: LabStack,
  machines: readonly string[],
): Promise<Record<string, string>> {
  const entries = await Promise.all(
    machines.map(async (name) => [name, await lab.on(name, READ_FACTS)] as const),
  );
  return Object.fromEntries(entries);
}

/** Fails with the lines that differ where any fact is another than before. */
export async function expectFacts(
  lab: LabStack,
  before: Readonly<Record<string, string>>,
): Promise<void> {
  const now = await readFacts(lab, Object.keys(before));
  const changes = Object.entries(before).flatMap(([machine, text]) => {
    const was = text.split("\n");
    const is = (now[machine] ?? "").split("\n");
    const gone = was.filter((line) => !is.includes(line)).map((line) => `${machine}: - ${line}`);
    return [
      ...gone,
      ...is.filter((line) => !was.includes(line)).map((line) => `${machine}: + ${line}`),
    ];
  });
  assert.deepEqual(changes, []);
}
