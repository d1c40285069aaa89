import type { Problem } from "../cluster-status";

/** The findings for people, the cure under each. */
export function renderFindings(problems: readonly Problem[]): string {
  const lines = problems.flatMap(({ where, what, cure }) => [
    `found: ${where}: ${what}`,
    `  cure: ${cure}`,
  ]);
  const count =
    problems.length === 0
      ? "all well"
      : `${String(problems.length)} finding${problems.length === 1 ? "" : "s"}`;
  return [...lines, count].join("\n");
}
