import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { Problem } from "../../../ops/cluster-status";
import type { Context } from "../../../ops/context";
import { askApps, type EntryLook, judgeEntry, lookAtEntry } from "../../../ops/entry-view";
import { type MachineView, unseenView } from "../../../ops/machine-view";
import { runOn } from "../../../ops/ssh-session";
import { isRouted } from "../../../stacks/apps";
import { parseClusterConfig } from "../../../stacks/config";
import { managers, withParts } from "../../support/config-text";

jest.mock("../../../ops/ssh-session", () => ({ runOn: jest.fn() }));
jest.mock("../../../stacks/apps", () => ({
  ...jest.requireActual<object>("../../../stacks/apps"),
  isRouted: jest.fn(),
}));

const ADDRESS = "10.77.0.200";
const ENTRY = `{kind: vrrp, address: ${ADDRESS}, domain: swarm.test}`;
const config = parseClusterConfig(
  parse(withParts({ machines: managers(3), entry: ENTRY, apps: "{shop: {}, blog: {}}" })),
  "test",
);

const HOSTS = { shop: "shop.swarm.test", blog: "blog.swarm.test" };
const WAYS = { 80: "127.0.0.1:20080", 443: "127.0.0.1:20443" };
const LOOK: EntryLook = { hosts: HOSTS, codes: { shop: 200, blog: 302 }, ways: WAYS };

/** Three managers, of which the named ones hold the address; each may hold it but for what is said. */
function views(
  holders: readonly string[],
  faults: Readonly<Record<string, string>> = {},
): MachineView[] {
  return ["n0", "n1", "n2"].map((name, at) => {
    const own = `10.77.0.${String(at + 1)}`;
    const addresses = [own, "172.28.0.1", ...(holders.includes(name) ? [ADDRESS] : [])];
    return {
      ...unseenView(name),
      reachable: true,
      entry: { addresses, fault: faults[name] ?? "" },
    };
  });
}

const judged = (seen: MachineView[], look = LOOK): NonNullable<ReturnType<typeof judgeEntry>> => {
  const found = judgeEntry(config, seen, look);
  if (!found) {
    throw new Error("there is an entry");
  }
  return found;
};
const problemsOf = (seen: MachineView[], look = LOOK): string[] =>
  judged(seen, look).problems.map(({ where, what }: Problem) => `${where}: ${what}`);

describe("the entry's status", () => {
  test("is who holds the address, where this computer reaches it, and each app that answers", () => {
    expect(judged(views(["n1"]))).toEqual({
      entry: {
        address: ADDRESS,
        holder: "n1",
        http: "127.0.0.1:20080",
        https: "127.0.0.1:20443",
      },
      apps: [
        { name: "shop", host: "shop.swarm.test", protected: false, ok: true },
        { name: "blog", host: "blog.swarm.test", protected: false, ok: true },
      ],
      problems: [],
    });
  });

  test("has no ports of this computer outside of the lab", () => {
    expect(judged(views(["n1"]), { ...LOOK, ways: {} }).entry).toEqual({
      address: ADDRESS,
      holder: "n1",
    });
  });

  test("is none where there is no entry", () => {
    const without = { machines: config.machines };
    expect(judgeEntry(without, views([]), undefined)).toBeUndefined();
  });

  test("is not confused by an address that begins alike", () => {
    const seen = views([]).map((view) => ({
      ...view,
      entry: { addresses: ["10.77.0.20", "10.77.0.2001"], fault: "" },
    }));
    expect(judged(seen).entry.holder).toBeNull();
  });
});

describe("a problem of the entry", () => {
  test("is that nobody holds the address, with every manager's reason", () => {
    const [first, second, third] = views([], { n0: "Traefik does not answer within 0.40 s" });
    const silent = { ...unseenView("n1"), error: "timed out" };
    const seen = [first, second && silent, third].filter((view) => view !== undefined);
    const codes = { shop: 0, blog: 0 };
    expect(problemsOf(seen, { ...LOOK, codes })).toEqual([
      `entry: nobody holds ${ADDRESS}; n0: Traefik does not answer within 0.40 s; n1: does not answer; n2: may take it at any moment`,
    ]);
  });

  test("is that it is not known who holds it, where it answers", () => {
    const seen = views([]).map((view) => (view.name === "n2" ? unseenView("n2") : view));
    expect(problemsOf(seen)[0]).toMatch(
      `entry: nobody who can be asked holds ${ADDRESS}, yet it answers; n0: may take it at any moment; n1: may take it at any moment; n2: does not answer`,
    );
  });

  test("is a manager that has not been made a candidate", () => {
    const seen = views([]).map(({ name }) => ({ ...unseenView(name), reachable: true }));
    expect(problemsOf(seen)[0]).toContain("n0: has no part in it");
  });

  test("is that two hold it", () => {
    const { entry, problems } = judged(views(["n0", "n2"]));
    expect(entry.holder).toBeNull();
    expect(problems).toEqual([
      {
        where: "entry",
        what: `n0 and n2 hold ${ADDRESS} at the same time`,
        cure: "wait where it has just moved; else see whether VRRP gets through between them: ./swarmstead ssh n0 sudo journalctl -u keepalived -n 20",
      },
    ]);
  });

  test("is a manager that could not take it over, or is about to give it up", () => {
    const faults = { n0: "nothing listens on Traefik's port 8082", n1: "it is tired" };
    expect(problemsOf(views(["n1"], faults))).toEqual([
      `n0: could not take over ${ADDRESS}: nothing listens on Traefik's port 8082`,
      `n1: is about to give up ${ADDRESS}: it is tired`,
    ]);
  });

  test.each([
    [0, "nothing in time"],
    [404, "HTTP 404"],
    [502, "HTTP 502"],
  ])("is an app that answers with %i", (code, said) => {
    const look = { ...LOOK, codes: { shop: code, blog: 401 } };
    const { apps, problems } = judged(views(["n1"]), look);
    expect(apps.map(({ ok }) => ok)).toEqual([false, true]);
    expect(problems).toEqual([
      {
        where: "shop",
        what: `does not answer at https://shop.swarm.test/ through the entry: ${said}`,
        cure: "docker stack ps --no-trunc shop; where its tasks run, see its labels and networks in apps/shop/compose.yaml",
      },
    ]);
  });

  test("is not an app that nobody could ask", () => {
    const { apps, problems } = judged(views(["n1"]), { ...LOOK, codes: {} });
    expect([apps.map(({ ok }) => ok), problems]).toEqual([[false, false], []]);
  });
});

describe("a look at the entry", () => {
  const ask = jest.mocked(runOn);
  let state: string;

  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "entry-"));
    mkdirSync(join(state, "lab"));
    const ports = { [ADDRESS]: { 80: 20_080, 443: 20_443 } };
    writeFileSync(join(state, "lab", "ports.json"), JSON.stringify(ports));
    ask.mockReset();
    jest.mocked(isRouted).mockImplementation((app) => app === "shop");
  });

  afterEach(() => {
    rmSync(state, { recursive: true });
  });

  function look(stdout: string, of = config): Promise<EntryLook | undefined> {
    ask.mockResolvedValue({ code: 0, stdout, stderr: "", firstWordAt: 0 });
    const context = { stack: "dev", state, isLab: true, config: () => of };
    return lookAtEntry(context as unknown as Context, 30);
  }

  test("asks any live manager for every app that the entry leads to", async () => {
    expect(await look("shop 200\n")).toEqual({
      hosts: { shop: "shop.swarm.test" },
      codes: { shop: 200 },
      ways: WAYS,
    });
    const script = askApps(ADDRESS, { shop: "shop.swarm.test" });
    expect(ask.mock.calls.map((words) => words.slice(1))).toEqual([["swarmstead-dev", script, 30]]);
  });

  test("passes over a line that was cut off", async () => {
    expect((await look("shop 20"))?.codes).toEqual({});
  });

  test("asks nobody where no app is to be reached, or there is no entry", async () => {
    jest.mocked(isRouted).mockReturnValue(false);
    expect(await look("")).toEqual({ hosts: {}, codes: {}, ways: WAYS });
    expect(await look("", parseClusterConfig(parse(withParts({})), "test"))).toBeUndefined();
    expect(ask).not.toHaveBeenCalled();
  });

  test("asks by the address, without a name server, all at once", () => {
    const script = askApps(ADDRESS, HOSTS);
    expect(script).toContain(`--resolve "$2:443:${ADDRESS}" "https://$2/"`);
    expect(script).toContain("ask shop shop.swarm.test &\nask blog blog.swarm.test &\nwait\n");
  });
});
