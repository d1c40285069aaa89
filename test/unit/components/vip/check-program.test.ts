import { valueIn } from "../../../../components/lib/shell";
import { renderCheckProgram } from "../../../../components/vip/check-program";

const SPEC = {
  pingUrl: "http://127.0.0.1:8082/ping",
  checkSeconds: 0.5,
  peers: ["10.77.0.12", "10.77.0.13"],
};

test("the check is a program with what it has to know in it", () => {
  const text = renderCheckProgram(SPEC);
  expect(text.split("\n").slice(0, 7)).toEqual([
    "#!/bin/bash",
    "PING_HOST='127.0.0.1'",
    "PING_PORT='8082'",
    "PING_PATH='/ping'",
    "ANSWER_SECONDS='0.40'",
    "PEERS='10.77.0.12 10.77.0.13'",
    "SILENT_SECONDS='5.00'",
  ]);
  expect(text).toContain('\nmain "$@" </dev/null\n');
});

test.each([
  [0.2, "0.16", "4.40"],
  [0.57, "0.46", "5.14"],
  [10, "8.00", "24.00"],
])(
  "with a check every %d s Traefik has %s s to answer, the others %s s",
  (every, answer, silent) => {
    const text = renderCheckProgram({ ...SPEC, checkSeconds: every });
    expect(valueIn(text, "ANSWER_SECONDS")).toBe(answer);
    expect(valueIn(text, "SILENT_SECONDS")).toBe(silent);
    // So that a check is over before the next.
    expect(Number(answer)).toBeLessThan(every);
  },
);

test("the only manager has no others", () => {
  expect(valueIn(renderCheckProgram({ ...SPEC, peers: [] }), "PEERS")).toBe("");
});
