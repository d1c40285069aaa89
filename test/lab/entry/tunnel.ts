import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { LabStack } from "../lab-stack";
import { SshStream } from "../ssh-stream";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Lets this computer reach a port of a machine that no port here leads to, while it is used.
 *
 * @param place `<address>:<port>`, as the machine itself reaches it
 */
export async function throughMachine<T>(
  lab: LabStack,
  machine: string,
  place: string,
  use: (here: string) => Promise<T>,
): Promise<T> {
  const here = `127.0.0.1:${String(await freePort())}`;
  let opened = (): void => undefined;
  const open = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const tunnel = new SshStream(lab, machine, {
    command: "echo open; cat >/dev/null",
    options: ["-o", "ExitOnForwardFailure=yes", "-L", `${here}:${place}`],
    onLine: () => {
      opened();
    },
  });
  try {
    const early = tunnel.ended.then(() => {
      throw new Error(`${machine}: no way to ${place}: ${tunnel.words}`);
    });
    await Promise.race([open, early]);
    return await use(here);
  } finally {
    await tunnel.finish();
  }
}
