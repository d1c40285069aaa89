import assert from "node:assert/strict";
import type { LabStack } from "./lab-stack";
import { awayDuring, readEverywhere } from "./page-probe";
import type { Contract } from "./storage-contract";
import { Author, read } from "./wordpress-client";

/** Makes the app part of the environment; before its first `up`, as the images are in the machines' disks. */
export function wantWordPress(lab: LabStack): void {
  lab.configure(["apps", "wordpress"], {});
  lab.configure(["network", "open"], ["8080/tcp", "8081/tcp"]);
}

/** A command that prints the machine of a service's first container that runs. */
function nodeOf(service: string): string {
  return `docker service ps --filter desired-state=running --format '{{.Node}} {{.CurrentState}}' ${service} | awk '/ Running /{print $1; exit}'`;
}

/** What a command prints on the machine that runs a service's first container, in it. */
async function inside(
  lab: LabStack,
  first: string,
  service: string,
  command: string,
): Promise<string> {
  const node = await lab.on(first, nodeOf(service));
  return lab.on(
    node,
    `docker exec "$(docker ps --quiet --filter name=${service} | head -n 1)" ${command}`,
  );
}

/** As many as WordPress makes. */
const TABLES = 12;

/** Prints a line for each table of the database: whether it is whole. */
const CHECK_TABLES = `bash -c '
export MYSQL_PWD=$(cat /run/secrets/db-password)
ask() { mariadb --user=wordpress --batch --skip-column-names wordpress --execute "$1"; }
for table in $(ask "SHOW TABLES"); do ask "CHECK TABLE $table EXTENDED"; done'`;

/** A real app on a kind's storage: a database and files. */
export interface RealApp {
  /** Goes on from an environment that has come up. */
  begin: Contract;
  /** What is done to it at last; it is taken out in the end. */
  end: Contract;
  /** Waits until all that was written is there on every machine; the seconds that took. */
  readAll: () => Promise<number>;
  /** The machine that has the database. */
  databaseNode: () => Promise<string>;
  /** Has the database read all its tables, and fails where one is not whole. */
  checkTables: () => Promise<void>;
}

/** WordPress, on the machines that have it in their disks. */
export function wordPress(lab: LabStack, machines: readonly string[]): RealApp {
  const [first = ""] = machines;
  let addresses: string[] = [];
  let page = "";
  let upload = "";
  const readAll = async (): Promise<number> => {
    await readEverywhere(addresses, upload, "an uploaded text");
    return readEverywhere(addresses, page, "Kept words");
  };
  const databaseNode = (): Promise<string> => lab.on(first, nodeOf("wordpress_db"));
  const checkTables = async (): Promise<void> => {
    const lines = (await inside(lab, first, "wordpress_db", CHECK_TABLES)).split("\n");
    assert.ok(lines.length >= TABLES, lines.join("\n"));
    assert.deepEqual(
      lines.filter((line) => !line.endsWith("\tstatus\tOK")),
      [],
    );
  };
  const begin: Contract = [
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
  ];
  const end: Contract = [
    [
      "pages are there again after the machine of WordPress's database is drained, or that has started again on the only one",
      async () => {
        const node = await databaseNode();
        const eye = machines.find((name) => name !== node) ?? first;
        const act =
          machines.length > 1
            ? `docker node update --availability drain ${node} >/dev/null
until now=$(${nodeOf("wordpress_db")}) && [ -n "$now" ] && [ "$now" != ${node} ]; do sleep 1; done`
            : "docker service update --quiet --force wordpress_db >/dev/null";
        const address = addresses[machines.indexOf(eye)] ?? "";
        const away = await awayDuring(`http://${address}${page}`, "Kept words", () =>
          lab.on(eye, act),
        );
        process.stderr.write(`      pages away for ${away.toFixed(1)} s at most\n`);
        await lab.on(eye, `docker node update --availability active ${node} >/dev/null`);
        await readAll();
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
  return { begin, end, readAll, databaseNode, checkTables };
}
