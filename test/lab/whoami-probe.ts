import { get } from "node:http";
import type { LabStack } from "./lab-stack";

function hostnameAt(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // A new connection each time, as the mesh chooses a replica by connection.
    const request = get(url, { agent: false, timeout: 10_000 }, (answer) => {
      let text = "";
      answer.on("data", (data: Buffer) => {
        text += data.toString();
      });
      answer.on("end", () => {
        resolve(/^Hostname: (\w+)/m.exec(text)?.[1] ?? "");
      });
    });
    request.on("timeout", () => request.destroy(new Error(`${url}: no answer in 10 s`)));
    request.on("error", reject);
  });
}

/** The replicas that answer at an address of this computer, in `tries` new connections. */
export async function replicasAt(address: string, tries = 12): Promise<Set<string>> {
  const names = new Set<string>();
  for (let attempt = 0; attempt < tries; attempt += 1) {
    names.add(await hostnameAt(`http://${address}/`));
  }
  return names;
}

/** What a load from the visitor came to. */
export interface LoadResult {
  requests: number;
  failures: string[];
  /** The most failures one after the other; as many as there are nodes, and for that long nobody served. */
  longestRun: number;
}

/**
 * Requests from the visitor by new connections, ten a second, each node in turn, until `end` is called.
 *
 * @param addresses `<address>:<port>` of each node
 */
export async function startLoad(
  lab: LabStack,
  addresses: readonly string[],
): Promise<{ end: () => Promise<LoadResult> }> {
  const script = `
rm -f /run/load.stop /run/load.log
cat >/run/load.sh <<'LOAD'
while [ ! -e /run/load.stop ]; do
  for address in ${addresses.join(" ")}; do
    curl --silent --show-error --max-time 10 --output /dev/null --write-out '%{http_code} %{time_total}' "http://$address/" >/run/load.one 2>&1
    echo "$(date +%s.%N) $address $? $(tr '\\n' ' ' </run/load.one)" >>/run/load.log
    sleep 0.05
  done
done
LOAD
setsid --fork bash /run/load.sh </dev/null >/dev/null 2>&1
`;
  await lab.on("visitor", script);
  return {
    end: async () => {
      await lab.on("visitor", "touch /run/load.stop; sleep 2");
      const lines = (await lab.on("visitor", "cat /run/load.log")).split("\n");
      const failures = lines.filter((line) => !/ 0 200 /.test(line));
      const runs = lines.map((line) => (failures.includes(line) ? "x" : " ")).join("");
      const longestRun = Math.max(...runs.split(/ +/).map(({ length }) => length));
      return { requests: lines.length, failures, longestRun };
    },
  };
}
