import { readFileSync } from "node:fs";
import { join } from "node:path";
import { quote } from "../../../components/lib/shell";
import type { LabStack } from "../lab-stack";
import { findService, MACHINES, MANAGER } from "./environment";
import { settle } from "./settle";

const FOLDER = join(__dirname, "seeds");
const read = (name: string): string => readFileSync(join(FOLDER, name), "utf8");

/** A step of a script that writes a file. */
function write(path: string, text: string): string {
  return `printf '%s' ${quote(text)} >${path}\n`;
}

const USE_KEEPALIVED = `set -euo pipefail
systemctl disable --quiet --now keepalived
mkdir -p /etc/seeds
${write("/etc/seeds/keepalived.conf", read("keepalived.conf"))}
${write("/etc/systemd/system/seeds-keepalived.service", read("seeds-keepalived.service"))}
own=$(cat "/etc/swarmstead/members/$(hostname)")
read -r interface prefix < <(ip -o -4 addr show | awk -v own="$own/" 'index($4, own) == 1 { sub(/.*\\//, "", $4); print $2, $4 }')
sed -i "s/INTERFACE/$interface/; s/PREFIX/$prefix/" /etc/seeds/keepalived.conf
systemctl daemon-reload
systemctl enable --quiet --now seeds-keepalived`;

const LEAVE_KEEPALIVED = `set -euo pipefail
systemctl disable --quiet --now seeds-keepalived
rm -r /etc/seeds /etc/systemd/system/seeds-keepalived.service
systemctl daemon-reload`;

function imageOf(lab: LabStack, service: string): Promise<string> {
  const format = "{{.Spec.TaskTemplate.ContainerSpec.Image}}";
  return lab.on(MANAGER, `docker service inspect ${service} --format '${format}'`);
}

/**
 * Puts the settings that the seeds tell of in the place of ours, by hand, on the machines of the same lab: keepalived's, one
 * Traefik on the routing mesh behind one socket proxy, and Swarm's own heartbeat. The app and its labels stay.
 */
export async function useSeedsSettings(lab: LabStack): Promise<void> {
  const [traefik, proxy] = [
    await findService(lab, "swarmstead/traefik"),
    await findService(lab, "swarmstead/haproxy"),
  ];
  const compose = read("compose.yaml")
    .replace("image: TRAEFIK", `image: ${await imageOf(lab, traefik.name)}`)
    .replace("image: HAPROXY", `image: ${await imageOf(lab, proxy.name)}`);
  for (const machine of MACHINES) {
    await lab.on(machine, USE_KEEPALIVED);
  }
  await lab.on(MANAGER, `docker service rm ${traefik.name} ${proxy.name} >/dev/null`);
  for (const machine of MACHINES) {
    // The ports are free once the tasks that have them are gone.
    await lab.until(machine, `[ -z "$(docker ps --quiet --filter name=${traefik.name})" ]`);
  }
  await lab.on(
    MANAGER,
    `set -euo pipefail
docker swarm update --dispatcher-heartbeat 5s >/dev/null
folder=$(mktemp -d)
cd "$folder"
${write("compose.yaml", compose)}
${write("haproxy.cfg", read("haproxy.cfg"))}
${write("tls.yaml", read("tls.yaml"))}
docker stack deploy --detach=true --resolve-image never --compose-file compose.yaml seeds >/dev/null
rm -r "$folder"`,
  );
  await settle(lab);
}

/** Takes them away again; `up` brings ours back. */
export async function leaveSeedsSettings(lab: LabStack): Promise<void> {
  await lab.on(MANAGER, "docker stack rm seeds >/dev/null");
  for (const machine of MACHINES) {
    await lab.on(machine, LEAVE_KEEPALIVED);
  }
  await lab.must("up");
  await settle(lab);
}
