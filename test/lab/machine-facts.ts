import type { LabStack } from "./lab-stack";

/**
 * Everything of a machine that a step could have touched: files with their times and contents, units with their start
 * times, containers by id, networks, the firewall's rules.
 */
const READ_FACTS = `
find /etc /usr/local /root /home /var/lib/swarmstead -xdev -type f -not -path '/etc/docker/key.json' -printf '%p %T@ %m %u\\n' | sort
find /etc/swarmstead /etc/docker /etc/hosts /etc/nftables.conf /var/lib/swarmstead -type f -exec sha256sum {} + | sort -k2
for unit in docker containerd chrony ssh swarmstead-firewall; do
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
