import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { LabStack } from "./lab-stack";
import type { Contract } from "./storage-contract";
import { Author, read } from "./wordpress-client";

/** How long a page may be away while its database moves, which on emulated processors starts slowly. */
const AWAY_SECONDS = 240;

/** Makes the app part of the environment; before its first `up`, as the images are in the machines' disks. */
export function wantWordPress(lab: LabStack): void {
  lab.configure(["apps", "wordpress"], {});
  lab.configure(["network", "open"], ["8080/tcp", "8081/tcp"]);
}

/** Waits until a page says something on every machine; the seconds that took. */
async function readEverywhere(
  addresses: readonly string[],
  path: string,
  words: string,
): Promise<number> {
  const started = Date.now();
  const seconds = (): number => (Date.now() - started) / 1000;
  for (const address of addresses) {
    let said = "";
    while (!said.includes(words)) {
      assert.ok(seconds() < AWAY_SECONDS, `${address}${path}: ${said.slice(0, 300)}`);
      said = await read(`http://${address}${path}`).catch(String);
      await sleep(said.includes(words) ? 0 : 1000);
    }
  }
  return seconds();
}

/** What a command prints on the machine that runs a service's first container, in it. */
async function inside(
  lab: LabStack,
  first: string,
  service: string,
  command: string,
): Promise<string> {
  const nodes = await lab.on(
    first,
    `docker service ps --filter desired-state=running --format '{{.Node}}' ${service}`,
  );
  const [node = ""] = nodes.split("\n");
  return lab.on(
    node,
    `docker exec "$(docker ps --quiet --filter name=${service} | head -n 1)" ${command}`,
  );
}

/** A database and files of an app that is real, on a kind's storage. Goes on from an environment that has come up. */
export function wordPress(lab: LabStack, machines: readonly string[]): Contract {
  const [first = ""] = machines;
  let addresses: string[] = [];
  let page = "";
  let upload = "";
  const readAll = async (): Promise<number> => {
    await readEverywhere(addresses, upload, "an uploaded text");
    return readEverywhere(addresses, page, "Kept words");
  };
  return [
    [
      "WordPress is installed with no hand, and answers on every machine under the address that is asked",
      async () => {
        const status = await lab.status();
        addresses = status.machines.map(({ ports }) => ports?.["8081"] ?? "");
        for (const address of addresses) {
          assert.match(await read(`http://${address}/?p=1`), /Hello world!/);
          assert.ok((await read(`http://${address}/`)).includes(`http://${address}/wp-includes/`));
        }
      },
    ],
    [
      "a page and a file of WordPress, once written, are there on every machine",
      async () => {
        const secret = "cat /run/secrets/admin-password";
        const password = await inside(lab, first, "wordpress_wordpress", secret);
        const author = await Author.logIn(addresses[0] ?? "", "admin", password);
        page = `/?page_id=${String(await author.publish("Kept", "Kept words"))}`;
        upload = await author.upload("kept.txt", "an uploaded text");
        await readAll();
      },
    ],
    [
      "they are there after WordPress's database has moved, or has started again on the only machine",
      async () => {
        const was = await inside(lab, first, "wordpress_db", "cat /proc/sys/kernel/random/boot_id");
        const change = machines.length > 1 ? "--constraint-add node.id!=$node" : "--force";
        await lab.on(
          first,
          `node=$(docker node inspect --format '{{.ID}}' "$(docker service ps --filter desired-state=running --format '{{.Node}}' wordpress_db)")
docker service update --quiet ${change} wordpress_db >/dev/null`,
        );
        const seconds = await readAll();
        process.stderr.write(
          `      pages again ${seconds.toFixed(0)} s after the database's move\n`,
        );
        const is = await inside(lab, first, "wordpress_db", "cat /proc/sys/kernel/random/boot_id");
        assert.equal(is === was, machines.length === 1, "it runs on another machine now");
      },
    ],
    [
      "an update of WordPress that cannot start is rolled back, and pages are served meanwhile",
      async () => {
        await lab.on(
          first,
          "docker service update --quiet --no-resolve-image --image swarmstead/none:1 wordpress_wordpress >/dev/null 2>&1 || true",
        );
        assert.equal(
          await lab.on(
            first,
            "docker service inspect --format '{{.UpdateStatus.State}} {{.Spec.TaskTemplate.ContainerSpec.Image}}' wordpress_wordpress",
          ),
          "rollback_completed swarmstead/wordpress:6.8",
        );
        await readAll();
      },
    ],
    [
      "what WordPress has written stays where the app is taken out, and is there when it comes back",
      async () => {
        lab.configure(["apps", "wordpress"], undefined);
        await lab.must("up");
        lab.configure(["apps", "wordpress"], {});
        await lab.must("up");
        await readAll();
        lab.configure(["apps", "wordpress"], undefined);
        await lab.must("up");
      },
    ],
  ];
}
